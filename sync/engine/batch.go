package engine

import (
	"cmp"
	"slices"

	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
)

// load is something of a plan whose bytes must be sent.
type load struct {
	at    int // in the plan
	size  int64
	first bool // a person wants it
}

// part takes what goes into the next batch: everything that needs no bytes to be sent, and some of the files that do: those alone that a person wants first,
// or the small ones. When there is none but huge ones, they go on their way, and one that a person wants does so in any case. next is what may be sent while
// the batch is told. Where that was done before, the batch has no other files.
func (e *Engine) part(in plan.Input, ups []plan.Up, have cloud.Have) (part, next []plan.Up) {
	first := e.wantedFirst()
	var light, huge []load
	for i, u := range ups {
		if (u.Kind == merge.Create || u.Kind == merge.Put) && !e.Cloud.Has(in, u, have) {
			x := load{i, in.Local.Get(u.ID).Disk.Size, first[u.Path]}
			if x.size < e.Huge {
				light = append(light, x)
			} else {
				huge = append(huge, x)
			}
		}
	}
	for _, loads := range [][]load{light, huge} {
		// Small ones stay in the order of the tree: those of one folder go together.
		slices.SortStableFunc(loads, func(a, b load) int {
			if a.first != b.first {
				if a.first {
					return -1
				}
				return 1
			}
			return cmp.Compare(max(a.size, cloud.Small), max(b.size, cloud.Small))
		})
	}
	n := e.some(light, e.chunk)
	begin, end := n, n
	if len(first) == 0 {
		if e.early.isIn(in, ups) {
			begin, n = 0, 0
		}
		for end = begin; end < len(light) && light[end].size <= cloud.Small; end++ {
		}
		end = begin + e.some(light[begin:end], min(e.chunk*4, maxChunk))
	}
	later := make([]bool, len(ups))
	for _, x := range light[n:] {
		later[x.at] = true
	}
	for _, x := range huge {
		later[x.at] = true
		if len(light) == 0 || x.first {
			e.carryUp(in, ups[x.at])
		}
	}
	for _, x := range light[begin:end] {
		if !e.early.hasFailed(ups[x.at]) {
			next = append(next, ups[x.at])
		}
	}
	if now := light[:n]; n > 0 {
		e.queuedUp(ups, now, light[n:], huge)
	} else {
		e.queuedUp(ups, light[:end], light[end:], huge)
	}
	part = make([]plan.Up, 0, len(ups)-len(light)-len(huge)+n)
	for i, u := range ups {
		if !later[i] {
			part = append(part, u)
		}
	}
	return part, next
}

// some tells how many of these go together, up to so many.
func (e *Engine) some(light []load, most int) (n int) {
	for bytes := int64(0); n < len(light) && n < most && bytes < chunkBytes && light[n].first == light[0].first; n++ {
		bytes += light[n].size
	}
	return n
}

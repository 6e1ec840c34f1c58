package transfer

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"
)

// near is an opened Near. nil is one that holds nothing.
type near struct {
	*source
	held []place // by key and offset
}

// openNear returns nil when the file is not what it should be: then nothing is copied from it.
func openNear(ctx context.Context, f *Near) *near {
	if f == nil {
		return nil
	}
	src, err := openSource(ctx, f.FS, f.Path, f.Want)
	if err != nil {
		return nil
	}
	return &near{src, hold(f.Ranges)}
}

// hold says where in a file the bytes of ranges are that lie in it one after the other.
func hold(ranges []Range) []place {
	var held []place
	at := int64(0)
	for _, r := range ranges {
		if r.Length > 0 {
			held = append(held, place{r, true, at})
			at += r.Length
		}
	}
	slices.SortFunc(held, func(a, b place) int { return compare(a.Range, b.Range) })
	return held
}

func compare(a, b Range) int {
	if d := strings.Compare(a.Key, b.Key); d != 0 {
		return d
	}
	return int(min(1, max(-1, a.Offset-b.Offset)))
}

func (n *near) close() {
	if n != nil {
		n.source.close()
	}
}

// places returns the ranges, cut into what is near by and what is not.
func (n *near) places(ranges []Range) iter.Seq[place] {
	return func(yield func(place) bool) {
		for _, r := range ranges {
			for rest := (place{Range: r}); rest.Length > 0; {
				var p place
				p, rest = rest.first(rest.Length)
				if n != nil {
					p, rest = n.split(p)
				}
				if !yield(p) {
					return
				}
			}
		}
	}
}

// split returns the beginning of a place that is near by as a whole, or not at all, and the rest.
func (n *near) split(p place) (place, place) {
	i, same := slices.BinarySearchFunc(n.held, p.Range, func(h place, r Range) int { return compare(h.Range, r) })
	if !same {
		i--
	}
	if i >= 0 {
		h := n.held[i]
		if in := p.Offset - h.Offset; h.Key == p.Key && in < h.Length {
			p, rest := p.first(min(p.Length, h.Length-in))
			p.near, p.offset = true, h.offset+in
			return p, rest
		}
	}
	if i++; i < len(n.held) && n.held[i].Key == p.Key {
		return p.first(min(p.Length, n.held[i].Offset-p.Offset))
	}
	return p.first(p.Length)
}

// copyNear fills the piece from the file near by. What cannot be read there comes from the store.
func (t *Transfer) copyNear(ctx context.Context, n *near, p *piece) bool {
	if !p.near || n.read(ctx, p.buf.b, p.offset, io.Discard) != nil {
		return false
	}
	p.got = len(p.buf.b)
	t.o.Progress(int64(p.got))
	return true
}

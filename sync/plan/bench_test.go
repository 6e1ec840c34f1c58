package plan

import (
	"fmt"
	"runtime"
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

const benchFiles = 100_000

// benchTrees is a device with files in folders of a hundred, all equal to the cloud.
type benchTrees struct {
	entries []Entry
	base    *Bases
	log     *merge.Log
}

func newBenchTrees(files int) *benchTrees {
	t := &benchTrees{base: BasesOf(), log: merge.NewLog(nil)}
	b := &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: 1, Run: 1}, Time: 1}
	next := uint64(1)
	disk := func(size int64) Signature {
		next++
		return Signature{Size: size, Mtime: int64(next), Ctime: int64(next), Number: next, Birth: int64(next)}
	}
	for i := 0; i < files; i++ {
		if i%100 == 0 {
			t.entries = append(t.entries, Entry{Path: fmt.Sprintf("folder %04d", i/100), Dir: true, Disk: disk(0)})
			b.Ops = append(b.Ops, merge.Op{Kind: merge.Mkdir, Name: fmt.Sprintf("folder %04d", i/100)})
		}
		in := b.Stamp(len(b.Ops) - 1 - i%100)
		name, h := fmt.Sprintf("document %02d.txt", i%100), simHash(fmt.Sprint("c", i))
		t.entries = append(t.entries, Entry{Path: tree.Join(fmt.Sprintf("folder %04d", i/100), name), Disk: disk(int64(i + 1))})
		b.Ops = append(b.Ops, merge.Op{Kind: merge.Create, Parent: in, Name: name, Content: &tree.Content{Hash: h, Size: int64(i + 1)}})
	}
	t.log.Add(b)
	t.bind(b)
	return t
}

func (t *benchTrees) bind(b *merge.Batch) {
	folder := Handle(0)
	for i, e := range t.entries {
		st := b.Stamp(i)
		_, name := tree.Split(e.Path)
		r := &Base{ID: Handle(i + 1), Parent: folder, Name: name, Dir: e.Dir, Nodes: []Member{{st, st}}, Disk: e.Disk}
		if e.Dir {
			folder, r.Parent = r.ID, 0
		} else {
			r.Version, r.Hash = st, b.Ops[i].Content.Hash
		}
		t.base.Append(r)
	}
}

func (t *benchTrees) input() Input {
	return Input{Local: Match(EntriesOf(t.entries...), t.base), Base: t.base, State: t.log.State()}
}

func (t *benchTrees) edited() *benchTrees {
	c := *t
	c.entries = append([]Entry(nil), t.entries...)
	c.entries[50].Disk.Mtime++
	return &c
}

func benchKinds(b *testing.B, run func(b *testing.B, t *benchTrees)) {
	all := newBenchTrees(benchFiles)
	empty := &benchTrees{base: BasesOf(), log: merge.NewLog(nil)}
	kinds := []struct {
		name string
		t    *benchTrees
	}{
		{"nothing to do", all},
		{"one change", all.edited()},
		{"all new here", &benchTrees{entries: all.entries, base: empty.base, log: empty.log}},
		{"all new there", &benchTrees{base: empty.base, log: all.log}},
	}
	for _, k := range kinds {
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			run(b, k.t)
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	benchKinds(b, func(b *testing.B, t *benchTrees) {
		entries := EntriesOf(t.entries...)
		for b.Loop() {
			Match(entries, t.base)
		}
	})
}

func BenchmarkPlanUp(b *testing.B) {
	benchKinds(b, func(b *testing.B, t *benchTrees) {
		in := t.input()
		for b.Loop() {
			PlanUp(in)
		}
	})
}

func BenchmarkPlanDown(b *testing.B) {
	benchKinds(b, func(b *testing.B, t *benchTrees) {
		in := t.input()
		for b.Loop() {
			PlanDown(in)
		}
	})
}

func BenchmarkBatch(b *testing.B) {
	t := newBenchTrees(benchFiles)
	in := Input{Local: Match(EntriesOf(t.entries...), nil), State: merge.New()}
	ups := PlanUp(in).Do
	sent := map[Handle]Sent{}
	for _, u := range ups {
		sent[u.ID] = Sent{}
	}
	b.ReportAllocs()
	for b.Loop() {
		Batch(in, merge.Stamp{Time: 1, Device: 1, Run: 1}, ups, sent)
	}
}

// BenchmarkMemory says what one node costs in Base and Local.
func BenchmarkMemory(b *testing.B) {
	t := newBenchTrees(benchFiles)
	entries := EntriesOf(t.entries...)
	for b.Loop() {
		before := heap()
		base := BasesOf()
		for _, r := range t.base.All {
			base.Append(r)
		}
		middle := heap()
		local := Match(entries, base)
		b.ReportMetric((middle-before)/float64(base.Len()), "base-B/node")
		b.ReportMetric((heap()-middle)/float64(local.Len()), "local-B/node")
		runtime.KeepAlive(base)
		runtime.KeepAlive(local)
	}
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

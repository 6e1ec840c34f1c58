package merge

import (
	"fmt"
	"runtime"
	"testing"

	"elkjopcloud/sync/tree"
)

// build returns batches of one device that make n files in n/100 folders, each batch a folder with its files.
func build(n int) []*Batch {
	var bs []*Batch
	for i := 0; i < n; i += 100 {
		b := &Batch{BatchID: BatchID{Device: 1, Seq: uint64(len(bs) + 1), Run: 1}, Time: int64(i/100 + 1), DeviceName: "A"}
		if len(bs) > 0 {
			b.Parents = []BatchID{bs[len(bs)-1].BatchID}
		}
		b.Ops = append(b.Ops, Op{Kind: Mkdir, Name: fmt.Sprintf("folder %d", i/100)})
		for k := range 100 {
			c := &tree.Content{Hash: tree.Hash{byte(i), byte(i >> 8), byte(i >> 16), byte(k), 1}, Size: 100, Mtime: int64(i), Extents: []tree.Extent{{Key: fmt.Sprintf("folder %d/file %d.jpg/01JD8W%020d.jpg", i/100, k, i+k), Length: 100}}}
			b.Ops = append(b.Ops, Op{Kind: Create, Parent: b.Stamp(0), Name: fmt.Sprintf("file %d.jpg", k), Content: c})
		}
		bs = append(bs, b)
	}
	return bs
}

func folded(n int) *Log {
	l := NewLog(nil)
	l.Add(build(n)...)
	return l
}

const many = 100_000

func BenchmarkFold100kCreates(b *testing.B) {
	bs := build(many)
	b.ReportAllocs()
	for b.Loop() {
		NewLog(nil).Add(bs...)
	}
}

func BenchmarkFold100kOneByOne(b *testing.B) {
	bs := build(many)
	for b.Loop() {
		l := NewLog(nil)
		for _, x := range bs {
			l.Add(x)
		}
	}
}

// next returns a batch after all in the log.
func next(l *Log, ops ...Op) *Batch {
	return &Batch{BatchID: BatchID{Device: 1, Seq: uint64(len(l.Batches()) + 1), Run: 1}, Time: l.Clock() + 1, DeviceName: "A", Parents: l.Heads(), Ops: ops}
}

func BenchmarkPutOn100k(b *testing.B) {
	l := folded(many)
	f := l.Batches()[500].Stamp(50)
	v := f
	b.ReportAllocs()
	for b.Loop() {
		x := next(l, Op{Kind: Put, Node: f, Version: v, Content: &tree.Content{Hash: tree.Hash{9}}})
		l.Add(x)
		v = x.Stamp(0)
	}
}

func BenchmarkStalePutOn100k(b *testing.B) {
	l := folded(many)
	f := l.Batches()[500].Stamp(50)
	l.Add(next(l, Op{Kind: Put, Node: f, Version: f, Content: &tree.Content{Hash: tree.Hash{9}}}))
	for n := byte(0); b.Loop(); n++ {
		x := next(l, Op{Kind: Put, Node: f, Version: f, Content: &tree.Content{Hash: tree.Hash{10, n}}}, Op{Kind: Delete})
		x.Ops[1].List = []Entry{{Node: x.Stamp(0), Version: x.Stamp(0), Place: f}}
		l.Add(x)
	}
}

func BenchmarkMoveFolderOf5000(b *testing.B) {
	l := folded(many)
	first := next(l, Op{Kind: Mkdir, Name: "big"})
	for i := range 5000 {
		first.Ops = append(first.Ops, Op{Kind: Create, Parent: first.Stamp(0), Name: fmt.Sprintf("file %d.jpg", i), Content: &tree.Content{Hash: tree.Hash{7, byte(i), byte(i >> 8)}}})
	}
	l.Add(first)
	for n := 0; b.Loop(); n++ {
		l.Add(next(l, Op{Kind: Move, Members: []ID{first.Stamp(0)}, Name: fmt.Sprintf("big %d", n%2)}))
	}
}

// A batch that is older than the newest folds everything again.
func BenchmarkRefold100k(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		l := folded(many)
		x := next(l, Op{Kind: Mkdir, Name: "old"})
		x.Device, x.Seq, x.Time, x.Parents = 2, 1, 500, nil
		b.StartTimer()
		l.Add(x)
	}
}

func BenchmarkCheckpointOf100k(b *testing.B) {
	l := folded(many)
	b.ReportAllocs()
	for b.Loop() {
		l.Checkpoint(l.Clock() + 1)
	}
}

func BenchmarkStateOfCheckpointOf100k(b *testing.B) {
	l := folded(many)
	c := l.Checkpoint(l.Clock() + 1)
	b.ReportAllocs()
	for b.Loop() {
		c.State()
	}
}

func BenchmarkMemoryOf100k(b *testing.B) {
	for b.Loop() {
		bs := build(many)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := New()
		for _, x := range bs {
			s.Apply(x)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/many, "B/node")
		runtime.KeepAlive(s)
		runtime.KeepAlive(bs)
	}
}

package space

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// build folds a volume of n files in folders of a hundred, in batches of a thousand operations.
func build(n int) []*merge.Batch {
	var out []*merge.Batch
	rnd := rand.New(rand.NewPCG(1, 2))
	var folder merge.ID
	b := &merge.Batch{}
	for i := range n {
		if i%1000 == 0 {
			b = &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: uint64(len(out) + 1), Run: 7}, Time: int64(1_700_000_000_000 + i), DeviceName: "PC", Stored: int64(1_700_000_000_000+i) * 1e6}
			if len(out) > 0 {
				b.Parents = []merge.BatchID{out[len(out)-1].BatchID}
			}
			out = append(out, b)
		}
		if i%100 == 0 {
			b.Ops = append(b.Ops, merge.Op{Kind: merge.Mkdir, Name: fmt.Sprintf("folder %d", i/100)})
			folder = b.Stamp(len(b.Ops) - 1)
		}
		b.Ops = append(b.Ops, merge.Op{Kind: merge.Create, Parent: folder, Name: fmt.Sprintf("file %d.txt", i), Content: content(rnd, int64(i))})
	}
	return out
}

func content(rnd *rand.Rand, i int64) *tree.Content {
	c := &tree.Content{Size: 1000 + i, Mtime: 1_690_000_000_000_000_000 + i}
	var random [10]byte
	for j := range c.Hash {
		c.Hash[j] = byte(rnd.Uint32())
		random[j%10] = byte(rnd.Uint32())
	}
	key := layout.Content(fmt.Sprintf("folder %d/file %d.txt", i/100, i), layout.NewULID(1_700_000_000_000, random))
	c.Extents = []tree.Extent{{Key: key, Length: c.Size}}
	return c
}

func fold(bs []*merge.Batch) *merge.Log {
	l := merge.NewLog(nil)
	for _, b := range bs {
		l.Add(b)
	}
	return l
}

func TestBatchRoundTrip(t *testing.T) {
	b := build(2500)[1]
	b.Confirmed, b.Zone = true, -7200
	b.Ops = append(b.Ops, merge.Op{Kind: merge.Delete, List: []merge.Entry{{Node: b.Stamp(0), Dir: true, Place: b.Stamp(0)}}},
		merge.Op{Kind: merge.Mkdir, Name: "{\"[\\{{{{ <b>"})
	body, err := EncodeBatch(b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeBatch(b.BatchID, body)
	if err != nil {
		t.Fatal(err)
	}
	got.Stored = b.Stored
	if d := cmp.Diff(b, got); d != "" {
		t.Error(d)
	}
	other := b.BatchID
	other.Run++
	if _, err := DecodeBatch(other, body); !errors.Is(err, ErrDamaged) {
		t.Errorf("under another name: %v", err)
	}
}

func TestBatchesThatAreNone(t *testing.T) {
	id := merge.BatchID{Device: 1, Seq: 1, Run: 1}
	head := `{"format":1,"d":"0000000000000001","s":1,"r":1,"t":5,"n":"PC","ops":[`
	for _, c := range []struct {
		name, json string
		want       error
	}{
		{"good", head + `{"op":"mkdir","name":"a"}]}`, nil},
		{"no operations", head + `]}`, nil},
		{"newer", `{"format":2,"ops":"other"}`, ErrNewer},
		{"no format", `{"d":"0000000000000001","s":1,"r":1,"t":5,"ops":[]}`, ErrDamaged},
		{"cut", head, ErrDamaged},
		{"no time", strings.Replace(head, `"t":5`, `"t":0`, 1) + `]}`, ErrDamaged},
		{"a time that spoils all clocks", strings.Replace(head, `"t":5`, `"t":9223372036854775807`, 1) + `]}`, ErrDamaged},
		{"a name that leaves the volume", head + `{"op":"mkdir","name":"../x"}]}`, ErrDamaged},
		{"not known", head + `{"op":"format disk"}]}`, ErrDamaged},
		{"many empty values", head + strings.Repeat(`{},`, 1<<20) + `{}]}`, ErrDamaged},
		{"long", head + `{"op":"mkdir","name":"` + strings.Repeat("a", maxBatch), ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := pack([]byte(c.json))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := DecodeBatch(id, body); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := DecodeBatch(id, []byte(head)); !errors.Is(err, ErrDamaged) {
		t.Errorf("not packed: %v", err)
	}
}

func TestTooManyOperationsForABatch(t *testing.T) {
	b := &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: 1}, Time: 1}
	for range 200_000 {
		b.Ops = append(b.Ops, merge.Op{Kind: merge.Mkdir, Name: strings.Repeat("a", 250)})
	}
	if _, err := EncodeBatch(b); !errors.Is(err, ErrTooBig) {
		t.Errorf("%v", err)
	}
}

// lived returns a log with all that a checkpoint can hold: conflict copies, aliases, trash, purged files, merged folders.
func lived(t *testing.T) *merge.Log {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	for i := range 3 {
		for j, d := range []*device{a, b} {
			d.send(merge.Op{Kind: merge.Mkdir, Name: "Folder"})
			d.save("same", "same bytes")
			d.save("other", fmt.Sprint(i, j))
		}
		a.pull(List)
		b.pull(List)
		a.pull(List)
	}
	p := a.delete("other")
	a.send(merge.Op{Kind: merge.Purge, Node: p.Batch.Ops[0].List[0].Node, Version: p.Batch.Ops[0].List[0].Version})
	a.delete("same")
	return a.log
}

func TestCheckpointRoundTrip(t *testing.T) {
	for name, l := range map[string]*merge.Log{"empty": merge.NewLog(nil), "lived": lived(t), "large": fold(build(3000))} {
		t.Run(name, func(t *testing.T) {
			want := Snapshot{l.Checkpoint(1 << 60), map[tree.Device]string{1: "Kari's <PC>"}}
			body, err := EncodeCheckpoint(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeCheckpoint(body)
			if err != nil && name != "empty" {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" && err == nil {
				t.Error(d)
			}
			if err == nil && !sameTree(got.State().Root(), l.State().Root()) {
				t.Error("its state shows another tree")
			}
		})
	}
}

// loose is a checkpoint that may be changed.
type loose struct {
	merge.Checkpoint
	Nodes    []merge.Node
	Versions []merge.Version
}

func loosened(c *merge.Checkpoint) *loose {
	l := &loose{Checkpoint: *c}
	for _, n := range c.Nodes.All {
		l.Nodes = append(l.Nodes, n)
	}
	for _, v := range c.Versions.All {
		l.Versions = append(l.Versions, v)
	}
	return l
}

func (l *loose) packed() *merge.Checkpoint {
	c := l.Checkpoint
	c.Nodes, c.Versions = merge.NodesOf(l.Nodes...), merge.VersionsOf(l.Versions...)
	return &c
}

func TestCheckpointsThatAreNone(t *testing.T) {
	at := func(i uint32) merge.Stamp { return merge.Stamp{Time: 5, Device: 1, Run: 1, Index: i} }
	good := func() *merge.Checkpoint {
		c := fold(build(3)).Checkpoint(1 << 60)
		return c
	}
	for _, c := range []struct {
		name  string
		spoil func(*loose)
	}{
		{"a node twice", func(c *loose) { c.Nodes = append(c.Nodes, c.Nodes[0]) }},
		{"the root as a node", func(c *loose) { c.Nodes[0].ID = merge.ID{} }},
		{"no such parent", func(c *loose) { c.Nodes[1].Parent = at(99) }},
		{"a file as parent", func(c *loose) { c.Nodes[1].Parent = c.Nodes[2].ID }},
		{"a circle of folders", func(c *loose) {
			c.Nodes = append(c.Nodes, merge.Node{ID: at(1), Parent: at(2), Name: "a", Dir: true}, merge.Node{ID: at(2), Parent: at(1), Name: "b", Dir: true})
		}},
		{"a bad name", func(c *loose) { c.Nodes[1].Name = ".." }},
		{"no content", func(c *loose) { c.Nodes[1].Current = at(99) }},
		{"a version twice", func(c *loose) { c.Versions = append(c.Versions, c.Versions[0]) }},
		{"extents that do not add up", func(c *loose) { c.Versions[0].Content.Size++ }},
		{"a version before itself", func(c *loose) { c.Versions[0].Base = c.Versions[0].ID }},
		{"an alias of itself", func(c *loose) { c.Aliases = [][2]merge.ID{{at(1), at(2)}, {at(2), at(1)}} }},
		{"an alias of nothing", func(c *loose) { c.Aliases = [][2]merge.ID{{at(1), at(2)}} }},
		{"equal in a circle", func(c *loose) { c.Equal = [][2]merge.Stamp{{at(1), at(2)}, {at(2), at(1)}} }},
		{"an end beyond all reason", func(c *loose) { c.Last.Time = maxTime }},
		{"without what it has seen", func(c *loose) { c.Seen = nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := loosened(good())
			c.spoil(l)
			cp := l.packed()
			body, err := EncodeCheckpoint(Snapshot{cp, nil})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := DecodeCheckpoint(body); !errors.Is(err, ErrDamaged) {
				t.Errorf("it was read: %v", err)
			}
		})
	}
	body, _ := EncodeCheckpoint(Snapshot{good(), nil})
	for n := range body {
		if _, err := DecodeCheckpoint(body[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut at %d it was read: %v", n, err)
		}
	}
	newer, _ := pack([]byte(`{"format":3,"nodes":"many"}` + "\n"))
	if _, err := DecodeCheckpoint(newer); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	bomb, _ := pack([]byte(`{"format":1,"nodes":1}` + "\n" + strings.Repeat(" ", 200<<20)))
	if _, err := DecodeCheckpoint(bomb); !errors.Is(err, ErrDamaged) {
		t.Errorf("a bomb of %d bytes: %v", len(bomb), err)
	}
}

func FuzzUnpack(f *testing.F) {
	body, _ := EncodeBatch(build(5)[0])
	f.Add(body)
	f.Fuzz(func(t *testing.T, packed []byte) {
		if data, err := unpack(packed, 1<<20); err == nil && len(data) > 1<<20 {
			t.Fatalf("%d bytes", len(data))
		}
	})
}

func FuzzParseBatch(f *testing.F) {
	f.Add([]byte(`{"format":1,"d":"0000000000000001","s":1,"r":7,"t":5,"ops":[{"op":"mkdir","name":"a"}]}`))
	id := merge.BatchID{Device: 1, Seq: 1, Run: 7}
	body, _ := EncodeBatch(build(5)[0])
	plain, _ := unpack(body, 1<<20)
	f.Add(plain)
	f.Fuzz(func(t *testing.T, plain []byte) {
		b, err := parseBatch(id, "batch", plain)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		l := merge.NewLog(nil)
		l.Add(b)
		if c := l.Checkpoint(maxTime); len(b.Parents) == 0 && checkSnapshot(c) != nil {
			t.Fatalf("its checkpoint is none: %v", checkSnapshot(c))
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	c := fold(build(5)).Checkpoint(1 << 60)
	body, _ := EncodeCheckpoint(Snapshot{c, map[tree.Device]string{1: "PC"}})
	plain, _ := unpack(body, 1<<20)
	f.Add(plain)
	f.Fuzz(func(t *testing.T, plain []byte) {
		s, err := parseCheckpoint(bytes.NewReader(plain), 4)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		st := s.State()
		st.Trash()
		for n := range st.Nodes {
			st.Versions(n.ID)
			st.Path(n.ID)
		}
	})
}

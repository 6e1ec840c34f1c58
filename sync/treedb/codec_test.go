package treedb

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

func sample() *plan.Base {
	made := tree.Stamp{Time: 1, Device: 2, Run: 3, Index: 4}
	return &plan.Base{ID: 7, Parent: 3, Name: "a.txt", Nodes: []plan.Member{{ID: made, Place: made}}, Version: made, Hash: tree.Hash{1}}
}

// The bytes are on people's disks: a change of them needs a new format number.
func TestLeafIsSmallAndStays(t *testing.T) {
	second := sample()
	second.ID, second.Version.Index = 8, 9
	var e encoder
	got := e.leaf(0, []*plan.Base{sample(), second})
	signature := make([]byte, 26)
	hash := append([]byte{1}, make([]byte, 31)...)
	want := slices.Concat([]byte{1, 2, // format, rows
		14, 6, 5, 'a', '.', 't', 'x', 't', 4, 0}, signature, // id, parent, name, flags, signature
		[]byte{1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 1, // one member, made and placed by one operation
			1}, hash, // which wrote its version, too
		[]byte{16, 6, 5, 'a', '.', 't', 'x', 't', 4, 0}, signature, []byte{1, 1, 1, 3, 10}, hash) // and one whose version is of the same batch, five operations later
	if d := cmp.Diff(want, got[:len(got)-sumSize]); d != "" {
		t.Errorf("the encoding has changed: %s", d)
	}
}

// Every bit of a leaf counts, and which one it is.
func TestEveryFlippedBitIsSeen(t *testing.T) {
	var e encoder
	value := e.leaf(0, []*plan.Base{sample()})
	for i := range len(value) * 8 {
		value[i/8] ^= 1 << (i % 8)
		if _, err := unseal(value, number(0)); !errors.Is(err, statedb.ErrDamaged) {
			t.Fatalf("bit %d: %v, want ErrDamaged", i, err)
		}
		value[i/8] ^= 1 << (i % 8)
	}
	if _, err := unseal(value, number(0)); err != nil {
		t.Fatal(err)
	}
	if _, err := unseal(value, number(1)); !errors.Is(err, statedb.ErrDamaged) {
		t.Errorf("another leaf: %v, want ErrDamaged", err)
	}
	if err := readLeaf(1, e.leaf(1, []*plan.Base{sample()}), func() *plan.Base { return &plan.Base{} }, &shelf{}, func(*plan.Base) {}); !errors.Is(err, statedb.ErrDamaged) {
		t.Errorf("a row in the leaf of others: %v, want ErrDamaged", err)
	}
}

func TestNewerFormatIsToldFromDamage(t *testing.T) {
	e := encoder{b: []byte{format + 1}}
	if _, err := unseal(e.seal()); !errors.Is(err, statedb.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

// Whatever bytes a sealed value has: it decodes or is refused, and takes no more memory than it has bytes.
func FuzzDecode(f *testing.F) {
	var e encoder
	e.begin()
	e.baseBody(sample())
	f.Add(e.b[1:])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		readers := []func(d *decoder){
			func(d *decoder) { d.baseBody(&plan.Base{}, &shelf{}) },
			func(d *decoder) { d.rowTo(&plan.Base{}, &shelf{}) },
			func(d *decoder) { d.commit(); d.hashes() },
			func(d *decoder) { d.signature(); d.content() },
			func(d *decoder) { d.text(); d.diskSignature(); d.meta(); d.time(); d.parts() },
		}
		for _, read := range readers {
			d := decoder{b: b}
			if read(&d); d.bad && d.err() == nil {
				t.Error("bad bytes without an error")
			}
		}
	})
}

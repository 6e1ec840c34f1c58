package treedb

import (
	"errors"
	"testing"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

func sample() *plan.Base {
	made := tree.Stamp{Time: 1, Device: 2, Run: 3, Index: 4}
	return &plan.Base{ID: 7, Parent: 3, Name: "a.txt", Nodes: []plan.Member{{ID: made, Place: made}}, Version: made, Hash: tree.Hash{1}}
}

// The bytes are on people's disks: a change of them needs a new format number.
func TestBaseRowIsSmallAndStays(t *testing.T) {
	var e encoder
	got := e.base(sample())
	want := []byte{1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // flags, signature
		1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 1, // one member, made and placed by one operation
		1} // which wrote its version, too
	if string(got[:len(want)]) != string(want) || len(got) != len(want)+32+sumSize {
		t.Errorf("the encoding has changed: %v", got)
	}
}

// Every bit of a row counts, those of its other columns too.
func TestEveryFlippedBitIsSeen(t *testing.T) {
	var e encoder
	value := e.base(sample())
	name := []byte("a.txt")
	for i := range len(value) * 8 {
		value[i/8] ^= 1 << (i % 8)
		if _, err := unseal(value, columns(7, 3), name); !errors.Is(err, statedb.ErrDamaged) {
			t.Fatalf("bit %d: %v, want ErrDamaged", i, err)
		}
		value[i/8] ^= 1 << (i % 8)
	}
	if _, err := unseal(value, columns(7, 3), name); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][][]byte{{columns(8, 3), name}, {columns(7, 4), name}, {columns(7, 3), []byte("b.txt")}, {append(columns(7, 3), name...), nil}} {
		if _, err := unseal(value, row...); !errors.Is(err, statedb.ErrDamaged) {
			t.Errorf("row %q: %v, want ErrDamaged", row, err)
		}
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

package engine_test

import (
	"errors"
	"maps"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
)

// The program dies when the others' change is on the disk and not yet in Base; then the user works on that very file. It is one file that
// both have changed, one after the other, and no conflict.
func TestEditAfterAnActThatWasCutOff(t *testing.T) {
	fetch := func(a, _ *pair) { a.write("docs/new", "by A") }
	replace := func(a, _ *pair) { a.write("docs/old", "by A") }
	moved := func(a, _ *pair) {
		if err := a.disk.Move("docs/old", "docs/new"); err != nil {
			a.t.Fatal(err)
		}
	}
	inPlace := func(path string) func(*pair) { return func(b *pair) { b.write(path, "edited by B") } }
	edited := func(path string) map[string]string {
		want := map[string]string{"docs/stays": "here", path: "edited by B"}
		if path != "docs/old" {
			want["docs/old"] = "first"
		}
		return want
	}
	gone := map[string]string{"docs/stays": "here", "docs/new": "edited by B"}
	tests := []struct {
		name   string
		others func(a, b *pair)
		user   func(b *pair)
		want   map[string]string
	}{
		{"fetched, written to", fetch, inPlace("docs/new"), edited("docs/new")},
		{"replaced, written to", replace, inPlace("docs/old"), edited("docs/old")},
		{"moved, written to", moved, inPlace("docs/new"), gone},
	}
	disks := map[string]disktest.Options{"": {}, ", no birth times": {NoBirth: true}, ", no exchange": {NoExchange: true}}
	for _, tt := range tests {
		for kind, o := range disks {
			t.Run(tt.name+kind, func(t *testing.T) {
				h := newHouse(t)
				a, b := h.synced(disktest.Options{}), h.synced(o)
				a.write("docs/old", "first")
				a.write("docs/stays", "here")
				settle(a, b)
				tt.others(a, b)
				a.ok()
				b.dies()
				tt.user(b)
				settle(b, a)
				for _, d := range []*pair{a, b} {
					if got := d.files(); !maps.Equal(got, tt.want) {
						t.Errorf("%s has %q, want %q", d.name(), got, tt.want)
					}
				}
			})
		}
	}
}

// TestNameOfOurs: what stands under a name by which this program puts things aside, and is not put aside, is its user's: it comes in sight, and is told then.
func TestNameOfOurs(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("letter", "first")
	settle(a, b)
	a.write(plan.ParkPrefix+"1", "from somewhere")
	settle(a, b)
	want := map[string]string{"letter": "first", "Recovered file": "from somewhere"}
	for _, d := range []*pair{a, b} {
		if got := d.files(); !maps.Equal(got, want) {
			t.Errorf("%s has %q, want %q", d.name(), got, want)
		}
	}
}

// A file that was saved as a new one in that moment proves nothing: both are kept.
func TestNewFileAfterAnActThatWasCutOff(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("new", "by A")
	a.ok()
	b.dies()
	if err := b.disk.SaveFile("new", "saved by B"); err != nil {
		t.Fatal(err)
	}
	settle(b, a)
	for _, d := range []*pair{a, b} {
		if !d.holds("by A") || !d.holds("saved by B") || len(d.files()) != 2 {
			t.Errorf("%s has %q", d.name(), d.files())
		}
	}
}

// TestNewFolderAfterAnActThatWasCutOff: the file came with its folders. It is the same file in the same folder then, with and without an edit, and
// nothing is told of it but the edit.
func TestNewFolderAfterAnActThatWasCutOff(t *testing.T) {
	for name, o := range map[string]disktest.Options{"disk": {}, "no birth times": {NoBirth: true, ReuseNumbers: true}, "no execute bit": {NoExec: true, NoCtime: true}} {
		for _, edit := range []string{"", "edited by B"} {
			h := newHouse(t)
			a, b := h.synced(disktest.Options{}), h.synced(o)
			a.write("sub/deep/new", "by A")
			a.ok()
			b.dies()
			a.write("sub/deep/new", "by A again")
			want := map[string]string{"sub/deep/new": "by A again"}
			if edit != "" {
				b.write("sub/deep/new", edit)
				a.write("sub/deep/new", "by A")
				want["sub/deep/new"] = edit
			}
			settle(b, a)
			if !maps.Equal(a.files(), want) || !maps.Equal(b.files(), want) {
				t.Errorf("%s, edit %q: a %q, b %q", name, edit, a.files(), b.files())
			}
		}
	}
}

// dies lets the program end between what it did on the disk and the row that says so.
func (d *pair) dies() {
	d.t.Helper()
	died := errors.New("the program is dead")
	d.memory.fail = func(c engine.Change) error {
		if c.Open != nil && len(c.Open) == 0 {
			return died
		}
		return nil
	}
	if err := d.cycle(); !errors.Is(err, died) {
		d.t.Fatalf("the program does not die: %v", err)
	}
	d.memory.fail = nil
	d.start()
}

// TestBeginningCutOff: a folder with copies that are behind begins, and the program dies at any moment of it. The copies are earlier versions also
// for the next run: no file gets a second one beside it.
func TestBeginningCutOff(t *testing.T) {
	died := errors.New("it dies")
	for step := 0; ; step++ {
		h := newHouse(t)
		a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
		a.many(4, "one")
		b.many(4, "one")
		a.ok()
		a.many(4, "two")
		a.ok()
		n := 0
		b.memory.fail = func(engine.Change) error {
			if n++; n > step {
				return died
			}
			return nil
		}
		err := b.cycle()
		b.memory.fail = nil
		b.start()
		settle(b, a)
		if !maps.Equal(a.files(), b.files()) || len(b.files()) != 4 || b.files()["docs/f003"] != "two 3" {
			t.Errorf("at %d: a %v, b %v", step, a.files(), b.files())
		}
		if err == nil {
			return
		}
	}
}

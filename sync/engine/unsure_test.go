package engine_test

import (
	"io/fs"
	"maps"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

// Others move a file into a folder that cannot be read here now. That says nothing of the file: it stays where it is, and goes on when the
// folder can be read again.
func TestMovedIntoUnreadableFolder(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("docs/there", "in the folder")
	a.write("f", "moves")
	settle(a, b)
	if err := a.disk.Move("f", "docs/f"); err != nil {
		t.Fatal(err)
	}
	a.ok()
	b.disk.SetFaults(func(op, path string) error {
		if op == "readdir" && path == "docs" {
			return fs.ErrPermission
		}
		return nil
	}, nil)
	b.ok()
	if b.files()["f"] != "moves" {
		t.Errorf("the file has left its place: %q", b.files())
	}
	b.disk.SetFaults(nil, nil)
	settle(b, a)
	want := map[string]string{"docs/there": "in the folder", "docs/f": "moves"}
	for _, d := range []*pair{a, b} {
		if got := d.files(); !maps.Equal(got, want) {
			t.Errorf("%s has %q, want %q", d.name(), got, want)
		}
	}
}

// Others give a folder a name that this disk cannot hold, so that its files go here; the program dies before Base knows, and then the name
// changes back. That the files are missing here must not be told as a deletion.
func TestRemovalThatWasCutOffIsNoDeletion(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{WindowsNames: true})
	a.write("docs/f", "everybody's")
	a.write("stays", "here")
	settle(a, b)
	b.write("docs/left.part", "keeps the folder")
	if err := a.disk.Move("docs", "docs?"); err != nil {
		t.Fatal(err)
	}
	a.ok()
	b.dies()
	if err := a.disk.Move("docs?", "docs"); err != nil {
		t.Fatal(err)
	}
	a.ok()
	settle(b, a)
	for _, d := range []*pair{a, b} {
		if got := d.files(); got["docs/f"] != "everybody's" || got["stays"] != "here" {
			t.Errorf("%s has %q", d.name(), got)
		}
	}
}

package cloud_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// files makes n files of a size in a folder.
func (d *desk) files(dir string, n, size int) {
	for i := range n {
		path := tree.Join(dir, fmt.Sprintf("f%03d", i))
		d.file(path, fmt.Sprintf("%-*s", size, path), false)
	}
}

// TestTogether: small files that wait go in one object below their common folder, which says so; large ones go alone.
func TestTogether(t *testing.T) {
	d := newDesk(t, cloud.Options{Parallel: 1})
	d.files("docs/a", 8, 20)
	d.files("docs/b", 4, 20)
	d.file("film", strings.Repeat("x", 300<<10), false)
	d.file("empty", "", true)
	d.contents(nil)
	if len(d.src.packs) != 1 || len(d.told) != 14 || len(d.failed) > 0 {
		t.Fatalf("%d objects of small files, %d told, failed %v", len(d.src.packs), len(d.told), d.failed)
	}
	p := d.src.packs[0]
	o, ok := layout.ParseContent(p.key)
	if !ok || o.Path != "docs" || o.Ext != "zip" || p.meta["path"] != "docs" || p.meta["device"] == "" || p.meta["sha256"] != "" || len(p.files) != 12 {
		t.Errorf("%+v with %v and %d files", o, p.meta, len(p.files))
	}
	if m := p.files[0].Meta; m["mtime"] == "" || m["path"] != "" || m["sha256"] != "" {
		t.Errorf("beside a file: %v", m)
	}
	if x := d.told["docs/b/f001"].Content; x.Extents[0].Key != p.key || x.Extents[0].Offset == 0 || !d.fresh["docs/b/f001"] {
		t.Errorf("%+v", x)
	}
	if x := d.told["film"].Content; x.Extents[0].Offset != 0 || x.Extents[0].Length != x.Size {
		t.Errorf("%+v", x)
	}
}

// TestFewAreSentAlone: what a person saves has an object of its own.
func TestFewAreSentAlone(t *testing.T) {
	d := newDesk(t, cloud.Options{})
	d.files("docs", 7, 20)
	d.contents(nil)
	if len(d.src.packs) > 0 || len(d.src.keys) != 7 {
		t.Errorf("%d and %d objects", len(d.src.packs), len(d.src.keys))
	}
}

// TestOneOfManyFails: the others go.
func TestOneOfManyFails(t *testing.T) {
	d := newDesk(t, cloud.Options{Parallel: 1})
	d.files("docs", 20, 20)
	delete(d.src.files, "docs/f003")
	d.contents(nil)
	if len(d.told) != 19 || len(d.failed) != 1 || d.failed[0] != "docs/f003" {
		t.Errorf("%d told, failed %v", len(d.told), d.failed)
	}
}

// TestRefusedTogether: where the store takes no object like that, each file is tried alone; where it does not answer, none is.
func TestRefusedTogether(t *testing.T) {
	for kind, alone := range map[objstore.Kind]bool{objstore.Full: true, objstore.Invalid: true, objstore.Unreachable: false, objstore.KeyRefused: false} {
		d := newDesk(t, cloud.Options{Parallel: 1})
		d.files("docs", 20, 20)
		d.src.refuse = &objstore.Error{Kind: kind, Op: "put", Err: errors.New("no")}
		d.contents(nil)
		if (len(d.told) == 20) != alone || (len(d.failed) == 20) == alone {
			t.Errorf("%v: %d told, %d failed", kind, len(d.told), len(d.failed))
		}
	}
}

// TestPacksGrow: as long as the line is quick the objects grow, up to 4 MiB; on a slow one they shrink, so that little is sent again when it is cut.
func TestPacksGrow(t *testing.T) {
	for took, want := range map[time.Duration]string{
		time.Second:      "[16 32 64 64 64 64 64 32]",
		5 * time.Second:  "[16 16 16 16",
		20 * time.Second: "[16 8 4 4 4",
	} {
		now := time.Now()
		d := newDesk(t, cloud.Options{Parallel: 1, Now: func() time.Time { return now }})
		d.files("docs", 400, 63<<10)
		files := 0
		d.src.wait = func(string) {
			if n := len(d.src.packs); n > files {
				files, now = n, now.Add(took)
			}
		}
		d.contents(nil)
		var sizes []int
		for _, p := range d.src.packs {
			sizes = append(sizes, len(p.files))
		}
		if got := fmt.Sprint(sizes); !strings.HasPrefix(got, want) {
			t.Errorf("%v: %v, want %s", took, got, want)
		}
	}
}

// TestHeldAmongMany: of small files that go together those that the volume has are read and not sent; what only an old version holds is sent, and who does
// not look sends everything.
func TestHeldAmongMany(t *testing.T) {
	for _, look := range []bool{true, false} {
		d := newDesk(t, cloud.Options{Parallel: 1})
		d.files("", 10, 20)
		old := d.file("old", "first", false)
		d.contents(nil)
		d.publish()
		d.put(old, "second")
		d.told, d.fresh = map[string]plan.Sent{}, map[string]bool{}
		for i := range 10 {
			d.file(fmt.Sprintf("copy %d", i), fmt.Sprintf("%-20s", fmt.Sprintf("f%03d", i)), false)
		}
		d.file("copy old", "first", false)
		d.file("copy new", "new", false)
		d.look = look
		if !d.Together(d.in, d.ups, cloud.Have{}) {
			t.Fatal("they do not go together")
		}
		d.contents(nil)
		sent := 0
		for path, fresh := range d.fresh {
			if fresh {
				sent++
			}
			if got := d.told[path]; got.Content.Hash != hash(d.src.files[path]) || len(got.Content.Extents) != 1 {
				t.Errorf("%s: %+v", path, got)
			}
		}
		if len(d.told) != 12 || len(d.failed) > 0 || look && sent != 2 || !look && sent != 12 {
			t.Errorf("look %v: %d told, %d sent, failed %v", look, len(d.told), sent, d.failed)
		}
		if look && (!d.fresh["copy old"] || !d.fresh["copy new"] || d.told["copy 3"].Content.Extents[0].Key != d.src.packs[0].key) {
			t.Errorf("%v, %+v", d.fresh, d.told["copy 3"])
		}
	}
}

// TestHeldNoMore: what many files hold and only an old version held is sent, for each of them.
func TestHeldNoMore(t *testing.T) {
	d := newDesk(t, cloud.Options{Parallel: 1})
	old := d.file("old", "first", false)
	d.contents(nil)
	d.publish()
	d.put(old, "second")
	d.told = map[string]plan.Sent{}
	for i := range 10 {
		d.file(fmt.Sprintf("copy %d", i), "first", false)
	}
	d.look = true
	d.contents(nil)
	if len(d.told) != 10 || len(d.failed) > 0 {
		t.Errorf("%d told, failed %v", len(d.told), d.failed)
	}
}

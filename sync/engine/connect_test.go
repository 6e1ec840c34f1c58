package engine_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/local"
)

var pulls = map[string]func(*disktest.Disk){"unmounted": (*disktest.Disk).Unplug, "cable pulled": (*disktest.Disk).UnplugHard}

// TestUnplugged: a drive that is out is "not connected", nothing is concluded from it, and nothing is written where it was.
func TestUnplugged(t *testing.T) {
	for name, pull := range pulls {
		t.Run(name, func(t *testing.T) {
			a, b := two(t, 60)
			pull(b.disk)
			a.write("new", "meanwhile")
			a.ok()
			for range 2 {
				if err := b.cycle(); !errors.Is(err, engine.ErrNotConnected) {
					t.Fatalf("%v, want not connected", err)
				}
				b.wants(engine.NotConnected, engine.CodeNoRoot)
				b.start()
			}
			if name == "unmounted" && len(b.disk.Tree()) > 0 {
				t.Errorf("written behind the drive: %v", b.disk.Tree())
			}
			a.ok()
			if len(a.files()) != 61 {
				t.Fatalf("%d files are left at a", len(a.files()))
			}
			b.disk.Replug()
			settle(b, a)
			if !maps.Equal(a.files(), b.files()) || len(b.files()) != 61 {
				t.Errorf("%d files at a, %d at b", len(a.files()), len(b.files()))
			}
			b.wants(engine.UpToDate)
		})
	}
}

// TestUnpluggedAtAnyMoment: the drive goes away at any operation of a cycle that has nothing to tell, and of one that has much to do. No file goes
// that nobody deleted, and when the drive is back everything is as if it had never been away.
func TestUnpluggedAtAnyMoment(t *testing.T) {
	for name, pull := range pulls {
		every := map[string]int{"unmounted": 1, "cable pulled": 3}[name] // a silent disk is the more dangerous one
		for step := 0; ; step += every {
			a, b := two(t, 8)
			a.write("docs/f001", "changed")
			a.remove("docs/f002")
			if err := a.disk.Move("docs/f003", "moved"); err != nil {
				t.Fatal(err)
			}
			a.write("new", "new")
			a.ok()
			n, pulled := 0, false
			b.disk.SetFaults(func(string, string) error {
				if n++; n > step && !pulled {
					pulled = true
					pull(b.disk)
				}
				return nil
			}, nil)
			err := b.cycle()
			b.disk.SetFaults(nil, nil)
			if !pulled {
				break
			}
			if err != nil {
				b.wants(engine.NotConnected, engine.CodeNoRoot)
			}
			a.ok()
			if len(a.files()) != 8 {
				t.Fatalf("%s at %d: %d files at a", name, step, len(a.files()))
			}
			b.disk.Replug()
			if step%2 == 0 {
				b.start()
			}
			settle(b, a)
			if !maps.Equal(a.files(), b.files()) || len(a.files()) != 8 {
				t.Fatalf("%s at %d: a %v, b %v", name, step, a.files(), b.files())
			}
			b.wants(engine.UpToDate)
		}
	}
}

// TestStranger: a folder with another mark, a damaged one or none is not the pair's.
func TestStranger(t *testing.T) {
	for name, spoil := range map[string]func(d *pair){
		"another mark": func(d *pair) { _ = local.Claim(d.disk, "somebody else's") },
		"damaged":      func(d *pair) { d.write(local.Own+"/folder.json", "\x00\x00") },
		"no mark":      func(d *pair) { d.remove(local.Own) },
	} {
		a, b := two(t, 60)
		spoil(b)
		b.remove("docs")
		if err := b.cycle(); !errors.Is(err, engine.ErrNotConnected) {
			t.Errorf("%s: %v", name, err)
		}
		b.wants(engine.NotConnected, engine.CodeNoRoot)
		a.ok()
		if len(a.files()) != 60 {
			t.Errorf("%s: %d files are left", name, len(a.files()))
		}
	}
}

// TestGoneBeforeDeleting: whether the folder is there is asked once more right before deletions are told, and before files are removed.
func TestGoneBeforeDeleting(t *testing.T) {
	for side, before := range map[string]int{"here": 2, "there": 3} {
		for n := 1; n <= before; n++ {
			h := newHouse(t)
			asked, away := 0, false
			var b *pair
			opt := engine.Options{Present: func(ctx context.Context) error {
				if asked++; away && asked > n {
					return errors.New("no such drive")
				}
				return b.present(ctx)
			}}
			a := h.synced(disktest.Options{})
			b = &pair{}
			b = h.add(disktest.Options{}, "Synced", opt)
			a.many(4, "first")
			settle(a, b)
			away, asked = true, 0
			if side == "here" {
				b.remove("docs/f001")
			} else {
				a.remove("docs/f001")
				a.ok()
			}
			if err := b.cycle(); !errors.Is(err, engine.ErrNotConnected) {
				t.Fatal(err)
			}
			a.ok()
			if side == "here" && len(a.files()) != 4 || side == "there" && len(b.files()) != 4 {
				t.Errorf("%s, gone after %d looks: %v %v", side, n, a.files(), b.files())
			}
		}
	}
}

// TestBackupEmpty: a backup whose folder is suddenly empty takes it for a drive that is not there, where the drive cannot be told by itself.
func TestBackupEmpty(t *testing.T) {
	for name, empty := range map[string]func(d *pair){
		"unmounted":    func(d *pair) { d.disk.Unplug() },
		"cable pulled": func(d *pair) { d.disk.UnplugHard() },
		"emptied":      func(d *pair) { d.remove("docs") },
	} {
		a := newHouse(t).backup(disktest.Options{})
		a.many(3, "first")
		a.ok()
		empty(a)
		for range 2 {
			if err := a.cycle(); !errors.Is(err, engine.ErrNotConnected) {
				t.Errorf("%s: %v", name, err)
			}
			a.wants(engine.NotConnected, engine.CodeNoRoot)
			a.start()
		}
		a.disk.Replug()
		if name == "emptied" {
			a.many(3, "first")
		}
		a.ok()
		a.wants(engine.UpToDate)
		if got := a.cloudFiles(); len(got) != 3 {
			t.Errorf("%s: the volume has %v", name, got)
		}
	}
}

// TestBackupOnlyReads: a backup writes nothing into its root, whatever others do to the volume.
func TestBackupOnlyReads(t *testing.T) {
	h := newHouse(t)
	a := h.backup(disktest.Options{})
	b := h.add(disktest.Options{}, a.vol.Prefix(), engine.Options{})
	a.disk.SetFaults(func(op, path string) error {
		switch op {
		case "readdir", "stat", "open", "read", "info", "close", "syncdir", "free":
			return nil
		}
		t.Errorf("%s %s in the root of a backup", op, path)
		return nil
	}, nil)
	a.many(20, "first")
	settle(a, b)
	b.write("docs/f001", "changed by another device")
	b.remove("docs/f002")
	b.write("new", "from another device")
	b.ok()
	a.write("docs/f003", "changed here")
	a.remove("docs/f004")
	settle(a)
	a.start()
	settle(a)
	if len(a.files()) != 19 || a.files()["docs/f001"] != "first 1" {
		t.Errorf("%v", a.files())
	}
	if s := strings.Join(a.cloudFiles(), " "); strings.Contains(s, "f004") {
		t.Errorf("the volume has %s", s)
	}
}

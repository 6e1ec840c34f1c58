package disktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func create(t testing.TB, d disk.FS, path, content string, sync bool) {
	t.Helper()
	w, err := d.Create(path)
	must(t, err)
	_, err = io.WriteString(w, content)
	must(t, err)
	if sync {
		must(t, w.Sync())
	}
	must(t, w.Close())
}

// outcomes cuts the power over many seeds and counts the trees that come out.
func outcomes(t *testing.T, act func(d *disktest.Disk)) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for seed := range uint64(400) {
		d := disktest.New(disktest.Options{})
		act(d)
		d.PowerCut(dice(seed))
		seen[fmt.Sprint(d.Tree())]++
	}
	return seen
}

func only(t *testing.T, seen map[string]int, want ...string) {
	t.Helper()
	for _, tree := range want {
		if seen[tree] == 0 {
			t.Errorf("never %s", tree)
		}
		delete(seen, tree)
	}
	if len(seen) > 0 {
		t.Errorf("also %v", seen)
	}
}

func TestWhatIsSyncedSurvives(t *testing.T) {
	only(t, outcomes(t, func(d *disktest.Disk) {
		must(t, d.Mkdir("d"))
		must(t, d.SyncDir(""))
		create(t, d, "d/f", "content", true)
		must(t, d.SyncDir("d"))
	}), "map[d/: d/f:content]")
}

func TestEntriesNeedTheFolder(t *testing.T) {
	only(t, outcomes(t, func(d *disktest.Disk) { create(t, d, "f", "content", true) }), "map[]", "map[f:content]")
}

func TestBytesNeedTheFile(t *testing.T) {
	seen := outcomes(t, func(d *disktest.Disk) {
		create(t, d, "f", "abc", false)
		must(t, d.SyncDir(""))
	})
	for _, tree := range []string{"map[f:abc]", "map[f:]", "map[f:\x00\x00\x00]", "map[f:ab\x00]", "map[f:a]"} {
		if seen[tree] == 0 {
			t.Errorf("never %q", tree)
		}
	}
}

func TestTornEditOfASyncedFile(t *testing.T) {
	seen := outcomes(t, func(d *disktest.Disk) {
		create(t, d, "f", "aaaa", true)
		must(t, d.SyncDir(""))
		w, err := d.OpenWrite("f")
		must(t, err)
		_, err = w.WriteAt([]byte("bbbb"), 0)
		must(t, err)
	})
	for _, tree := range []string{"map[f:aaaa]", "map[f:bbbb]", "map[f:bbaa]", "map[f:\x00\x00\x00\x00]"} {
		if seen[tree] == 0 {
			t.Errorf("never %q", tree)
		}
	}
}

func TestRenameIsWhole(t *testing.T) {
	only(t, outcomes(t, func(d *disktest.Disk) {
		must(t, d.Mkdir("d"))
		create(t, d, "f", "x", true)
		d.Settle()
		must(t, d.Rename("f", "d/g"))
	}), "map[d/: d/g:x]", "map[d/: f:x]")
}

// The careful replace: staged, synced, old one aside, new one in, folder synced. At no cut are both contents gone.
func TestReplaceKeepsOneContent(t *testing.T) {
	for tree := range outcomes(t, func(d *disktest.Disk) {
		create(t, d, "f", "old", true)
		d.Settle()
		create(t, d, ".new", "new", true)
		must(t, d.SyncDir(""))
		must(t, d.Rename("f", ".old"))
		must(t, d.Rename(".new", "f"))
	}) {
		switch tree {
		case "map[.new:new f:old]", "map[.new:new .old:old]", "map[.old:old f:new]":
		default:
			t.Errorf("got %s", tree)
		}
	}
}

func TestSyncDirBringsWhatItNeeds(t *testing.T) {
	only(t, outcomes(t, func(d *disktest.Disk) {
		must(t, d.Mkdir("d"))
		d.Settle()
		create(t, d, "temp", "x", true)
		must(t, d.Rename("temp", "d/f"))
		must(t, d.SyncDir("d"))
	}), "map[d/: d/f:x]")
}

// Whatever is undone, no file that was durable before and not removed is lost, and none is there twice.
func TestMovesNeverLoseFiles(t *testing.T) {
	for seed := range uint64(2000) {
		r := dice(seed)
		d := disktest.New(disktest.Options{ReuseNumbers: seed%2 == 0})
		for i := range 4 {
			must(t, d.WriteFile(fmt.Sprintf("d%d/f%d", i, i), fmt.Sprint("content ", i)))
		}
		d.Settle()
		for range 30 {
			randomMove(d, r)
		}
		d.PowerCut(r)
		count := map[string]int{}
		for path, content := range d.Tree() {
			if path[len(path)-1] != '/' {
				count[content]++
			}
		}
		want := map[string]int{"content 0": 1, "content 1": 1, "content 2": 1, "content 3": 1}
		if diff := cmp.Diff(want, count); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		d.PowerCut(r)
		if again := d.Tree(); len(again) == 0 {
			t.Fatalf("seed %d: a second cut lost everything", seed)
		}
	}
}

// randomMove does one harmless change of folders; most are refused, which is fine.
func randomMove(d *disktest.Disk, r *rand.Rand) {
	pick := func() string {
		path := fmt.Sprintf("d%d", r.IntN(4))
		switch r.IntN(3) {
		case 0:
			return path
		case 1:
			return path + fmt.Sprintf("/f%d", r.IntN(4))
		}
		return path + fmt.Sprintf("/d%d/f%d", r.IntN(4), r.IntN(4))
	}
	switch r.IntN(5) {
	case 0:
		_ = d.Mkdir(pick())
	case 1:
		_ = d.Exchange(pick(), pick())
	case 2:
		_ = d.SyncDir(pick())
	default:
		_ = d.Rename(pick(), pick())
	}
}

func TestSameSeedSameDisk(t *testing.T) {
	var trees []map[string]string
	for range 2 {
		d := disktest.New(disktest.Options{})
		for i := range 20 {
			must(t, d.WriteFile(fmt.Sprintf("d%d/f%d", i%3, i), fmt.Sprint("some content ", i)))
		}
		d.PowerCut(dice(7))
		trees = append(trees, d.Tree())
	}
	if diff := cmp.Diff(trees[0], trees[1]); diff != "" {
		t.Error(diff)
	}
}

func TestUserSyncs(t *testing.T) {
	d := disktest.New(disktest.Options{UserSyncs: true})
	must(t, d.WriteFile("a/b", "user"))
	create(t, d, "program", "x", false)
	must(t, d.SaveFile("a/b", "saved"))
	must(t, d.Move("a/b", "c"))
	for seed := range uint64(50) {
		d.PowerCut(dice(seed))
	}
	if got := d.Tree(); got["c"] != "saved" || got["a/b"] != "" {
		t.Errorf("got %v", got)
	}
}

func TestPowerCutEndsOpenFiles(t *testing.T) {
	d := disktest.New(disktest.Options{})
	w, err := d.Create("f")
	must(t, err)
	d.PowerCut(dice(1))
	if _, err := w.Write([]byte("x")); !errors.Is(err, disk.ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestFaults(t *testing.T) {
	d := disktest.New(disktest.Options{})
	broken := errors.New("broken")
	d.SetFaults(func(op, path string) error {
		if op == "create" && path == "before" {
			return broken
		}
		return nil
	}, func(op, path string) error {
		if op == "create" && path == "after" {
			return broken
		}
		return nil
	})
	for path, there := range map[string]bool{"before": false, "after": true} {
		if w, err := d.Create(path); !errors.Is(err, broken) || w != nil {
			t.Errorf("%s: %v, %v", path, w, err)
		}
		if _, err := d.Stat(path); disk.IsNotExist(err) == there {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestFullDisk(t *testing.T) {
	d := disktest.New(disktest.Options{Capacity: 10})
	create(t, d, "a", "123456", true)
	w, err := d.Create("b")
	must(t, err)
	if n, err := w.Write([]byte("123456")); n != 4 || !errors.Is(err, disk.ErrFull) {
		t.Errorf("wrote %d, %v", n, err)
	}
	if free, err := d.Free(); free != 0 || err != nil {
		t.Errorf("free %d, %v", free, err)
	}
	must(t, d.Remove("a"))
	if _, err := w.Write([]byte("56")); err != nil {
		t.Error(err)
	}
	if free, _ := d.Free(); free != 4 {
		t.Errorf("free %d", free)
	}
	d.SetCapacity(6)
	if _, err := w.WriteAt([]byte("x"), 0); err != nil {
		t.Errorf("an overwrite in place needs no room: %v", err)
	}
}

func TestUnplug(t *testing.T) {
	d := disktest.New(disktest.Options{})
	must(t, d.WriteFile("a/b", "x"))
	d.Unplug()
	if infos, err := d.ReadDir(context.Background(), ""); err != nil || len(infos) != 0 {
		t.Errorf("unmounted: %v, %v", infos, err)
	}
	must(t, d.Mkdir("written behind"))
	d.Replug()
	if diff := cmp.Diff(map[string]string{"a/": "", "a/b": "x"}, d.Tree()); diff != "" {
		t.Error(diff)
	}
	r, err := d.Open("a/b")
	must(t, err)
	d.UnplugHard()
	if _, err := d.Stat("a/b"); !errors.Is(err, disk.ErrGone) || disk.IsNotExist(err) {
		t.Errorf("pulled: %v", err)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, disk.ErrGone) {
		t.Errorf("open file: %v", err)
	}
	d.Replug()
	if got, err := d.ReadFile("a/b"); got != "x" || err != nil {
		t.Errorf("back: %q, %v", got, err)
	}
}

func info(t *testing.T, d *disktest.Disk, path string) disk.Info {
	t.Helper()
	i, err := d.Stat(path)
	must(t, err)
	return i
}

func TestIdentities(t *testing.T) {
	d := disktest.New(disktest.Options{ReuseNumbers: true, NoBirth: true})
	must(t, d.WriteFile("a", "1"))
	first := info(t, d, "a")
	must(t, d.RemoveAll("a"))
	must(t, d.WriteFile("b", "2"))
	if second := info(t, d, "b"); second.ID != first.ID {
		t.Errorf("%+v is not reused as %+v", first.ID, second.ID)
	}
	must(t, d.SaveFile("b", "3"))
	must(t, d.EditKeepingMtime("b", "4"))
	before := info(t, d, "b")
	must(t, d.EditKeepingMtime("b", "5"))
	after := info(t, d, "b")
	if after.Mtime != before.Mtime || after.Size != before.Size || after.ID != before.ID || after.Ctime == before.Ctime {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestUserSide(t *testing.T) {
	d := disktest.New(disktest.Options{})
	must(t, d.WriteFile("a/f", "1"))
	id := info(t, d, "a/f").ID
	must(t, d.WriteFile("a/f", "22"))
	if info(t, d, "a/f").ID != id {
		t.Error("an edit in place changed the identity")
	}
	must(t, d.SaveFile("a/f", "333"))
	if info(t, d, "a/f").ID == id {
		t.Error("an atomic save kept the identity")
	}
	must(t, d.WriteFile("b", "over"))
	must(t, d.Move("b", "a/f"))
	must(t, d.Touch("a/f", 42))
	must(t, d.SetExec("a/f", true))
	must(t, d.Put("a/l", disk.Symlink))
	if i := info(t, d, "a/f"); i.Mtime != 42 || !i.Exec {
		t.Errorf("%+v", i)
	}
	must(t, d.Deny("a/f", true))
	if _, err := d.Open("a/f"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("denied: %v", err)
	}
	if diff := cmp.Diff(map[string]string{"a/": "", "a/f": "over", "a/l@": ""}, d.Tree()); diff != "" {
		t.Error(diff)
	}
	clone := d.Clone()
	must(t, d.RemoveAll("a"))
	must(t, d.RemoveAll("never there"))
	clone.PowerCut(dice(1))
	if got := clone.Tree(); got["a/f"] != "over" {
		t.Errorf("clone: %v", got)
	}
	if len(d.Tree()) != 0 {
		t.Errorf("left: %v", d.Tree())
	}
}

func TestClock(t *testing.T) {
	now := int64(1_000_000_000_123)
	d := disktest.New(disktest.Options{Now: func() int64 { return now }, Granularity: time.Second})
	must(t, d.WriteFile("f", "1"))
	if i := info(t, d, "f"); i.Mtime != 1000e9 || i.Ctime != 1000e9 {
		t.Errorf("%+v", i)
	}
}

func BenchmarkNewAndTenFiles(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		d := disktest.New(disktest.Options{})
		for i := range 10 {
			must(b, d.WriteFile(fmt.Sprintf("d/f%d", i), "content"))
		}
	}
}

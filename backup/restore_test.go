package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// cloud is a store with the content of some files.
type cloud struct {
	t     *testing.T
	store *memstore.Store
	fault func(objstore.Call) error
	gets  int
	items []selection.Item
}

func newCloud(t *testing.T) *cloud { return &cloud{t: t, store: memstore.New(time.Now)} }

func (c *cloud) transfer() *transfer.Transfer {
	return transfer.New(objstore.WithHooks(c.store, objstore.Hooks{Around: func(ctx context.Context, call objstore.Call, act objstore.Act) error {
		if call.Op == objstore.OpGet {
			c.gets++
		}
		if c.fault != nil {
			if err := c.fault(call); err != nil {
				return err
			}
		}
		return act(ctx)
	}}), transfer.Options{Parallel: 1})
}

var mtime = time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)

func (c *cloud) file(path, content string) {
	c.t.Helper()
	stamp := merge.Stamp{Time: mtime.UnixMilli(), Device: 7, Index: uint32(len(c.items) + 1)}
	con := tree.Content{Hash: sha256.Sum256([]byte(content)), Size: int64(len(content)), Mtime: mtime.UnixNano()}
	if content != "" {
		con.Extents = []tree.Extent{{Key: fmt.Sprintf("%s/%s", layout.Path("x"), stamp), Length: con.Size}}
		key := "V/" + con.Extents[0].Key
		if _, err := c.store.Put(c.t.Context(), key, strings.NewReader(content), con.Size, objstore.PutOptions{}); err != nil {
			c.t.Fatal(err)
		}
	}
	c.items = append(c.items, selection.Item{Path: path, Node: stamp, Version: merge.Version{ID: stamp, Content: con}})
}

func (c *cloud) folder(path string) {
	c.items = append(c.items, selection.Item{Path: path, Dir: true})
}

func (c *cloud) restore(dir string) (Report, error) {
	c.t.Helper()
	fs, err := disk.Open(dir)
	if err != nil {
		c.t.Fatal(err)
	}
	return Restore(c.t.Context(), c.transfer(), "V/", c.items, fs, Options{Parallel: 1, Device: func(tree.Device) string { return "PC" }})
}

func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if d.IsDir() {
			out[rel+"/"] = ""
			return nil
		}
		b, err := os.ReadFile(path)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRestore(t *testing.T) {
	c := newCloud(t)
	c.folder("a")
	c.folder("a/empty")
	c.file("a/f.txt", "content")
	c.file("none.txt", "")
	dir := t.TempDir()
	r, err := c.restore(dir)
	if err != nil || r.Files != 2 || r.Folders != 2 || r.Bytes != 7 || len(r.Failures) > 0 {
		t.Errorf("%+v %v", r, err)
	}
	if d := cmp.Diff(map[string]string{"a/": "", "a/empty/": "", "a/f.txt": "content", "none.txt": ""}, read(t, dir)); d != "" {
		t.Error(d)
	}
	i, err := os.Stat(filepath.Join(dir, "a/f.txt"))
	if err != nil || !i.ModTime().Equal(mtime) {
		t.Errorf("%v %v", i.ModTime(), err)
	}
}

func TestRestoreNeverOverwrites(t *testing.T) {
	c := newCloud(t)
	c.file("f.txt", "from the cloud")
	c.file("same.txt", "same")
	c.folder("d")
	c.file("d/g.txt", "g")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "f.txt"), "mine")
	write(t, filepath.Join(dir, "same.txt"), "same")
	write(t, filepath.Join(dir, "d"), "a file where a folder should be")
	want := map[string]string{
		"f.txt": "mine", "same.txt": "same", "d": "a file where a folder should be", "d (2)/": "", "d (2)/g.txt": "g",
		"f (restored, PC, 2020-02-03 04.05).txt": "from the cloud",
	}
	for run := range 2 {
		gets := c.gets
		r, err := c.restore(dir)
		if err != nil || len(r.Failures) > 0 {
			t.Fatalf("%+v %v", r, err)
		}
		if d := cmp.Diff(want, read(t, dir)); d != "" {
			t.Errorf("run %d: %s", run, d)
		}
		if run == 1 && (r.Files != 0 || r.Present != 3 || c.gets != gets) {
			t.Errorf("the second run brought something: %+v", r)
		}
	}
}

func TestRestoreFollowsNoLinks(t *testing.T) {
	c := newCloud(t)
	c.folder("d")
	c.file("d/f.txt", "secret")
	c.file("l.txt", "bytes")
	dir, outside := t.TempDir(), t.TempDir()
	for _, name := range []string{"d", "l.txt"} {
		if err := os.Symlink(outside, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.restore(dir); err != nil {
		t.Fatal(err)
	}
	if got := read(t, outside); len(got) > 0 {
		t.Errorf("written outside: %v", got)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "d (2)/f.txt")); string(b) != "secret" {
		t.Errorf("%q", b)
	}
}

func TestRestoreGoesOnWithOtherFiles(t *testing.T) {
	c := newCloud(t)
	c.file("a.txt", "aaaa")
	c.file("bad\x00name", "x")
	c.file("damaged.txt", "damaged")
	c.file("gone.txt", "gone")
	c.file("z.txt", "zzzz")
	key := func(i int) string { return "V/" + c.items[i].Version.Content.Extents[0].Key }
	if _, err := c.store.Put(t.Context(), key(2), strings.NewReader("DAMAGED"), 7, objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.store.Delete(t.Context(), key(3)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r, err := c.restore(dir)
	if err != nil || r.Files != 2 || len(r.Failures) != 3 {
		t.Errorf("%+v %v", r, err)
	}
	if d := cmp.Diff(map[string]string{"a.txt": "aaaa", "z.txt": "zzzz"}, read(t, dir)); d != "" {
		t.Error(d)
	}
	kinds := map[string]error{}
	for _, f := range r.Failures {
		kinds[f.Path] = f.Err
	}
	if !errors.Is(kinds["bad\x00name"], ErrName) || objstore.KindOf(kinds["damaged.txt"]) != objstore.Damaged || objstore.KindOf(kinds["gone.txt"]) != objstore.NotFound {
		t.Errorf("%v", kinds)
	}
}

// TestRestoreInterrupted: at every request the network may fail; a second run ends with the same files and nothing else.
// TestRestoreToAFullDisk: what still fits comes, and nothing half stays.
func TestRestoreToAFullDisk(t *testing.T) {
	c := newCloud(t)
	c.file("big", strings.Repeat("x", 8000))
	c.file("d/small", "s")
	c.file("e", "e")
	d := disktest.New(disktest.Options{Capacity: 4000})
	r, err := Restore(t.Context(), c.transfer(), "V/", c.items, d, Options{Parallel: 1})
	if err != nil || r.Files != 2 || len(r.Failures) != 1 || r.Failures[0].Path != "big" || !disk.IsFull(r.Failures[0].Err) {
		t.Errorf("%+v %v", r, err)
	}
	if diff := cmp.Diff(map[string]string{"d/": "", "d/small": "s", "e": "e"}, d.Tree()); diff != "" {
		t.Error(diff)
	}
}

func TestRestoreInterrupted(t *testing.T) {
	for at := 1; ; at++ {
		c := newCloud(t)
		c.folder("d")
		c.file("d/a.txt", strings.Repeat("a", 1000))
		c.file("d/b.txt", strings.Repeat("b", 1000))
		n := 0
		c.fault = func(call objstore.Call) error {
			if n++; n >= at {
				return objstore.Errorf(objstore.Unreachable, call.Op, call.Key, "cut")
			}
			return nil
		}
		dir := t.TempDir()
		_, err := c.restore(dir)
		if err == nil {
			return
		}
		if objstore.KindOf(err) != objstore.Unreachable {
			t.Fatalf("%v", err)
		}
		c.fault = nil
		if _, err := c.restore(dir); err != nil {
			t.Fatal(err)
		}
		got := read(t, dir)
		if len(got) != 3 || len(got["d/a.txt"]) != 1000 || len(got["d/b.txt"]) != 1000 {
			t.Errorf("cut at %d: %v", at, got)
		}
	}
}

// pack puts files into one object, one behind the other.
func (c *cloud) pack(files ...string) {
	c.t.Helper()
	all := "zip"
	for i, content := range files {
		c.file(fmt.Sprintf("p/f%02d", i), content)
		x := &c.items[len(c.items)-1].Version.Content.Extents[0]
		x.Key, x.Offset = layout.Path("x")+"/zip", int64(len(all))
		all += content + "--"
	}
	if _, err := c.store.Put(c.t.Context(), "V/"+layout.Path("x")+"/zip", strings.NewReader(all), int64(len(all)), objstore.PutOptions{}); err != nil {
		c.t.Fatal(err)
	}
}

// TestRestoreTogether: what lies together comes together; what is there already is not brought, and one damaged file leaves the others alone.
func TestRestoreTogether(t *testing.T) {
	c := newCloud(t)
	var contents []string
	for i := range 40 {
		contents = append(contents, fmt.Sprintf("content of %d", i))
	}
	c.pack(contents...)
	c.items[7].Version.Content.Hash[0] ^= 1
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p/f03"), contents[3])
	write(t, filepath.Join(dir, "p/f05"), "the user's own")
	r, err := c.restore(dir)
	if err != nil || r.Files != 38 || r.Present != 1 || len(r.Renamed) != 1 || len(r.Failures) != 1 || r.Failures[0].Path != "p/f07" {
		t.Errorf("%+v %v", r, err)
	}
	if c.gets > 5 { // all of them, twice the damaged one, the one whose name is taken, and what was beyond a gap
		t.Errorf("%d requests", c.gets)
	}
	got := read(t, dir)
	if got["p/f03"] != contents[3] || got["p/f05"] != "the user's own" || got["p/f39"] != contents[39] || len(got) != 41 {
		t.Errorf("%v", got)
	}
	c.items[7].Version.Content.Hash[0] ^= 1
	c.gets = 0
	if r, err = c.restore(dir); err != nil || r.Files != 1 || r.Present != 39 || c.gets != 1 {
		t.Errorf("again: %+v %v, %d requests", r, err, c.gets)
	}
}

// busy is a disk on which somebody saves a file at the last moment.
type busy struct {
	disk.FS
	dir   string
	saves map[string]string // once, when something is to get that name
	err   error             // of one rename to f02
}

func (b *busy) Rename(from, to string) error {
	if text, ok := b.saves[to]; ok {
		delete(b.saves, to)
		if err := os.WriteFile(filepath.Join(b.dir, to), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if to == "p/f02" && b.err != nil {
		err := b.err
		b.err = nil
		return err
	}
	return b.FS.Rename(from, to)
}

// TestRestoreTogetherAtTheLastMoment: a name that is taken after it was looked for stays with whoever took it; the same bytes are not written twice.
func TestRestoreTogetherAtTheLastMoment(t *testing.T) {
	c := newCloud(t)
	c.pack("zero", "one", "two", "three")
	dir := t.TempDir()
	fs, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &busy{FS: fs, dir: dir, saves: map[string]string{"p/f00": "the user's own", "p/f01": "one"}, err: os.ErrPermission}
	r, err := Restore(t.Context(), c.transfer(), "V/", c.items, b, Options{Parallel: 1, Device: func(tree.Device) string { return "PC" }})
	if err != nil || r.Files != 2 || r.Present != 1 || len(r.Renamed) != 1 || len(r.Failures) != 1 || r.Failures[0].Path != "p/f02" {
		t.Errorf("%+v %v", r, err)
	}
	got := read(t, dir)
	if got["p/f00"] != "the user's own" || got[r.Renamed["p/f00"]] != "zero" || got["p/f01"] != "one" || got["p/f03"] != "three" || len(got) != 5 {
		t.Errorf("%q", got)
	}
}

package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
)

func TestArchiveAddFreeAndGet(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	photos := filepath.Join(realDir(t), "Summer 2019")
	files := map[string]string{"one.jpg": "1", "sub/two.jpg": "22", "sub/copy.jpg": "1", "empty.txt": ""}
	put(t, photos, files)
	bin := filepath.Join(realDir(t), "bin")
	must(t, os.MkdirAll(bin, 0o700))
	a.parts.trash = func(path string) error {
		for _, op := range []string{objstore.OpGet, objstore.OpPut} {
			if a.count.Counts().Requests[op] < 3 {
				t.Errorf("%s went to the bin before everything was sent and read back: %v", path, a.count.Counts().Requests)
			}
		}
		return os.Rename(path, filepath.Join(bin, strings.ReplaceAll(filepath.Base(filepath.Dir(path))+"-"+filepath.Base(path), "/", "-")))
	}
	a.count.Reset()
	r, err := a.ArchiveAdd(t.Context(), []string{photos}, true, nil)
	must(t, err)
	if r.Files != 4 || r.Verified != 4 || r.Freed != 4 || len(r.Problems) > 0 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Lstat(photos); err == nil {
		t.Errorf("left: %v", read(t, photos))
	}
	if in, _ := os.ReadDir(bin); len(in) != 4 {
		t.Errorf("%d files in the bin", len(in))
	}
	to := realDir(t)
	_, err = b.ArchiveGet(t.Context(), "summer 2019", to, nil)
	must(t, err)
	same(t, filepath.Join(to, "Summer 2019"), files)

	found, err := b.ArchiveFind(t.Context(), "TWO")
	if err != nil || len(found) != 1 || found[0].Path != "Summer 2019/sub/two.jpg" || found[0].Size != 2 {
		t.Errorf("%+v %v", found, err)
	}
	list, err := b.ArchiveList(t.Context(), "Summer 2019")
	if err != nil || len(list) != 3 || !list[0].Dir || list[0].Size != 3 {
		t.Errorf("%+v %v", list, err)
	}
	must(t, b.ArchiveRemove(t.Context(), "Summer 2019/sub"))
	trash, err := a.Trash(t.Context(), "archive", "")
	if err != nil || len(trash) != 1 || trash[0].Path != "Summer 2019/sub" || trash[0].DeletedBy != "B" {
		t.Fatalf("%+v %v", trash, err)
	}
	_, err = a.TrashRestore(t.Context(), []string{trash[0].ID}, "")
	must(t, err)
	if list, err = b.ArchiveList(t.Context(), "Summer 2019/sub"); err != nil || len(list) != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if err := b.ArchiveRemove(t.Context(), "nothing"); code(err) != CodeWrongUse {
		t.Errorf("%v", err)
	}
}

func TestArchiveAddAgainSendsNothing(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, map[string]string{"a.txt": "a", "b.txt": "bb"})
	_, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	must(t, err)
	put(t, dir, map[string]string{"b.txt": "changed", "c.txt": "ccc"})
	a.restart()
	r, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	must(t, err)
	if r.Uploaded != 2 || r.Verified != 3 {
		t.Errorf("%+v", r)
	}
	to := realDir(t)
	_, err = a.ArchiveGet(t.Context(), "", to, nil)
	must(t, err)
	same(t, to, map[string]string{"d/a.txt": "a", "d/b.txt": "bb", "d/b (2).txt": "changed", "d/c.txt": "ccc"})
	if r, err = a.ArchiveAdd(t.Context(), []string{dir}, false, nil); err != nil || r.Uploaded != 0 || r.Verified != 3 {
		t.Errorf("%+v %v", r, err)
	}
}

// TestArchiveFreesOnlyWhatIsProven: a file that is damaged in the cloud, and one that changes after it was read, stay.
func TestArchiveFreesOnlyWhatIsProven(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, map[string]string{"good.txt": "good", "damaged.txt": "damaged", "changes.txt": "before"})
	var freed []string
	a.parts.trash = func(path string) error {
		freed = append(freed, filepath.Base(path))
		return os.Remove(path)
	}
	harmed := false
	progress := func(p Progress) {
		if p.Phase == "upload" && p.Files == p.FilesTotal && !harmed {
			harmed = true
			damage(t, w, "Archive/d/damaged.txt")
			put(t, dir, map[string]string{"changes.txt": "after!"})
		}
	}
	r, err := a.ArchiveAdd(t.Context(), []string{dir}, true, progress)
	must(t, err)
	if d := cmp.Diff([]string{"good.txt"}, freed); d != "" {
		t.Error(d)
	}
	same(t, dir, map[string]string{"damaged.txt": "damaged", "changes.txt": "after!"})
	if len(r.Problems) != 2 || r.Freed != 1 {
		t.Errorf("%+v", r)
	}
}

// TestArchiveInAFullStorage: what still fits goes there, and only that is said to be there.
func TestArchiveInAFullStorage(t *testing.T) {
	a := newWorld(t).computer("A")
	dir := realDir(t)
	put(t, dir, map[string]string{"big.txt": "big", "small.txt": "small"})
	a.parts.store = objstore.WithHooks(a.parts.store, objstore.Hooks{Around: full("big.txt")})
	a.unlink()
	r, err := a.ArchiveAdd(t.Context(), []string{filepath.Join(dir, "big.txt"), filepath.Join(dir, "small.txt")}, false, nil)
	must(t, err)
	if len(r.Problems) != 1 || r.Problems[0].Code != engine.CodeCloudFull || r.Verified != 1 {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff([]string{"small.txt"}, r.Paths); d != "" {
		t.Error(d)
	}
}

// manyPictures returns small files of their own bytes in two folders.
func manyPictures(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("%c/f%02d.jpg", 'a'+i%2, i)] = strings.Repeat(fmt.Sprint(i, " "), 100)
	}
	return files
}

// TestArchiveSmallFilesTogether: many small files go in one object and are read back in few requests, and each can be had alone.
func TestArchiveSmallFilesTogether(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	dir := filepath.Join(realDir(t), "d")
	files := manyPictures(60)
	files["film.mov"], files["empty"] = strings.Repeat("x", 300<<10), ""
	put(t, dir, files)
	a.count.Reset()
	r, err := a.ArchiveAdd(t.Context(), []string{dir, filepath.Join(dir, "a", "f00.jpg")}, false, nil)
	must(t, err)
	if r.Files != 63 || r.Verified != 63 || r.Uploaded != 62 || len(r.Problems) > 0 {
		t.Errorf("%+v", r)
	}
	objects, _, err := w.store.List(t.Context(), "Archive/d/", "", 0)
	must(t, err)
	if n := a.count.Counts().Requests[objstore.OpGet]; len(objects) != 2 || n > 10 {
		t.Errorf("%d objects, %d GET", len(objects), n)
	}
	to := realDir(t)
	_, err = b.ArchiveGet(t.Context(), "d", to, nil)
	must(t, err)
	same(t, filepath.Join(to, "d"), files)
	if got, err := b.ArchivePreview(t.Context(), "d/b/f33.jpg"); err != nil || string(got) != files["b/f33.jpg"] {
		t.Errorf("%q %v", got, err)
	}
	if r, err = a.ArchiveAdd(t.Context(), []string{dir}, false, nil); err != nil || r.Uploaded != 0 || r.Verified != 62 {
		t.Errorf("once more: %+v %v", r, err)
	}
	if c, err := b.Check(t.Context(), true, nil); err != nil || len(c.Problems) > 0 || c.Versions != 63 {
		t.Errorf("%+v %v", c, err)
	}
}

// TestArchiveFreesOnlyWhatIsProvenOfMany: what is damaged in an object of many files stays, and what changes while they are sent, or cannot be read.
func TestArchiveFreesOnlyWhatIsProvenOfMany(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	files := manyPictures(40)
	put(t, dir, files)
	a.parts.trash = os.Remove
	harmed := false
	progress := func(p Progress) {
		if p.Phase != "upload" || p.Files != p.FilesTotal || harmed {
			return
		}
		harmed = true
		objects, _, err := w.store.List(t.Context(), "Archive/d/", "", 0)
		must(t, err)
		body, _ := w.store.Bytes(objects[0].Key)
		bad := strings.Replace(string(body), files["b/f03.jpg"], strings.Repeat("x", len(files["b/f03.jpg"])), 1)
		w.store.Foreign(objects[0].Key, bad)
		put(t, dir, map[string]string{"a/f10.jpg": "changed"})
	}
	r, err := a.ArchiveAdd(t.Context(), []string{dir}, true, progress)
	must(t, err)
	same(t, dir, map[string]string{"b/f03.jpg": files["b/f03.jpg"], "a/f10.jpg": "changed"})
	if !harmed || r.Freed != 38 || r.Verified != 39 || len(r.Problems) != 2 {
		t.Errorf("%+v", r)
	}
}

// TestArchiveManyRefused: where the storage takes no object of many files, each is tried alone.
func TestArchiveManyRefused(t *testing.T) {
	a := newWorld(t).computer("A")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, manyPictures(20))
	a.parts.store = objstore.WithHooks(a.parts.store, objstore.Hooks{Around: full(".zip")})
	a.unlink()
	r, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	if err != nil || r.Verified != 20 || r.Uploaded != 20 || len(r.Problems) > 0 {
		t.Errorf("%+v %v", r, err)
	}
}

func damage(t *testing.T, w *world, prefix string) {
	objects, _, err := w.store.List(t.Context(), prefix, "", 0)
	must(t, err)
	if len(objects) != 1 {
		t.Fatalf("%d objects", len(objects))
	}
	o := objects[0]
	_, err = w.store.Put(t.Context(), o.Key, strings.NewReader(strings.Repeat("x", int(o.Size))), o.Size, objstore.PutOptions{})
	must(t, err)
}

func TestArchiveAddInterrupted(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("f%02d", i)] = strings.Repeat(fmt.Sprint(i), 1<<20)
	}
	put(t, dir, files)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := a.ArchiveAdd(ctx, []string{dir}, true, func(p Progress) {
		if p.Files == 10 {
			cancel()
		}
	})
	if code(err) != CodeCanceled {
		t.Fatalf("%v", err)
	}
	first := len(a.sent())
	a.restart()
	r, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	must(t, err)
	second := len(a.sent())
	if r.Verified != 20 || first < 10 || first+second > 20+8 {
		t.Errorf("%d, then %d objects were sent: %+v", first, second, r)
	}
}

func TestCheckFindsWhatIsMissingAndDamaged(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, map[string]string{"a.txt": "a", "b.txt": "b"})
	_, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	must(t, err)
	r, err := a.Check(t.Context(), true, nil)
	if err != nil || len(r.Problems) > 0 || r.Versions != 2 || r.Bytes != 2 {
		t.Errorf("%+v %v", r, err)
	}
	damage(t, w, "Archive/d/a.txt")
	if r, err = a.Check(t.Context(), true, nil); err != nil || r.Damaged != 1 {
		t.Errorf("%+v %v", r, err)
	}
	must(t, a.Sweep(t.Context()))
}

// TestCheckHeals: what the storage has lost or spoilt and a folder here still holds is sent again, the rest is said.
func TestCheckHeals(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "first a", "d/b.txt": "bb", "c.txt": "ccc"})
	a.addBackup(docs, "Docs")
	a.once()
	put(t, docs, map[string]string{"a.txt": "second a"})
	a.once()
	damage(t, w, "Backup/A/Docs/d/b.txt/")
	gone := 0
	for _, k := range w.store.Keys() {
		if strings.Contains(k, "/a.txt/") || strings.Contains(k, "/c.txt/") {
			must(t, w.store.Delete(t.Context(), k))
			gone++
		}
	}
	if gone != 3 {
		t.Fatalf("%d objects were taken away", gone)
	}
	r, err := a.Check(t.Context(), true, nil)
	if err != nil || r.Healed != 3 || r.Missing != 1 || r.Damaged != 0 || len(r.Problems) != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if r, err = a.Check(t.Context(), true, nil); err != nil || r.Healed != 0 || r.Missing != 1 {
		t.Errorf("once more: %+v %v", r, err)
	}
	if d := cmp.Diff(map[string]string{"a.txt": "second a", "d/b.txt": "bb", "c.txt": "ccc"}, a.inCloud("Docs")); d != "" {
		t.Errorf("in the cloud (-want +got)\n%s", d)
	}
}

// TestStorageSetBack: the storage is as it was days ago. What this computer knows and has goes there again, without being asked.
func TestStorageSetBack(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	put(t, da, map[string]string{"old.txt": "old", "changed.txt": "before"})
	a.once()
	b.once()
	old := w.store.Clone()
	w.pass(3 * 24 * time.Hour)
	put(t, da, map[string]string{"new.txt": "new", "changed.txt": "after", "d/more.txt": "more"})
	must(t, os.Remove(filepath.Join(da, "old.txt")))
	a.once()
	w.store.Become(old)
	a.restart()
	a.once()
	b.restart()
	b.once()
	want := map[string]string{"new.txt": "new", "changed.txt": "after", "d/more.txt": "more"}
	same(t, da, want)
	same(t, db, want)
}

func TestBatchesOfTheArchiveSurviveACrash(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, map[string]string{"a.txt": "a"})
	refuse := true
	a.parts.store = objstore.WithHooks(a.count, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		if refuse && c.Op == objstore.OpPut && strings.Contains(c.Key, "/history/") {
			_ = act(ctx) // it arrives, and nobody hears of it
			return objstore.Errorf(objstore.Unreachable, c.Op, c.Key, "cut")
		}
		return act(ctx)
	}})
	a.unlink()
	if _, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil); code(err) != "offline" {
		t.Fatalf("%v", err)
	}
	a.restart()
	a.once()
	list, err := a.ArchiveList(t.Context(), "d")
	if err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
	objects, _, err := w.store.List(t.Context(), "Archive/.volume/history/", "", 0)
	must(t, err)
	if len(objects) != 1 {
		t.Errorf("%d batches", len(objects))
	}
}

// TestArchivePreview: the very bytes, of one request, and nothing of what is large or not there.
func TestArchivePreview(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := realDir(t)
	put(t, dir, map[string]string{"p/one.jpg": "a picture", "p/empty": "", "p/film.mov": strings.Repeat("x", MaxPreview+1)})
	_, err := a.ArchiveAdd(t.Context(), []string{filepath.Join(dir, "p")}, false, nil)
	must(t, err)
	a.count.Reset()
	b, err := a.ArchivePreview(t.Context(), "p/one.jpg")
	if err != nil || string(b) != "a picture" {
		t.Errorf("%q %v", b, err)
	}
	if n := a.count.Counts().Requests; n[objstore.OpGet] != 1 || len(n) != 1 {
		t.Errorf("requests: %v", n)
	}
	if b, err := a.ArchivePreview(t.Context(), "p/empty"); err != nil || len(b) != 0 {
		t.Errorf("%q %v", b, err)
	}
	a.count.Reset()
	for _, path := range []string{"p/film.mov", "p/none.jpg", "p", ""} {
		if b, err := a.ArchivePreview(t.Context(), path); code(err) != CodeWrongUse || b != nil {
			t.Errorf("%s: %d bytes, %v", path, len(b), err)
		}
	}
	if n := a.count.Counts().Requests; len(n) != 0 {
		t.Errorf("asked for nothing: %v", n)
	}
}

// TestArchivedBytes: what lies in the Archive counts as kept, also when it was put there by another computer, and no more when it was deleted.
func TestArchivedBytes(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	dir := filepath.Join(realDir(t), "d")
	put(t, dir, map[string]string{"a.txt": "12345", "sub/b.txt": "123"})
	_, err := a.ArchiveAdd(t.Context(), []string{dir}, false, nil)
	must(t, err)
	if got := a.Status().Archived; got != 8 {
		t.Errorf("%d bytes", got)
	}
	_, err = b.ArchiveList(t.Context(), "")
	must(t, err)
	must(t, b.ArchiveRemove(t.Context(), "d/sub"))
	if got := b.Status().Archived; got != 5 {
		t.Errorf("%d bytes at the other one", got)
	}
}

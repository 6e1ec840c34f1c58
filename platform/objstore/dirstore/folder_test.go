package dirstore_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
	"github.com/google/go-cmp/cmp"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, b objstore.Bucket, key, text string, meta map[string]string) objstore.Object {
	t.Helper()
	o, err := b.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{Meta: meta})
	must(t, err)
	return o
}

func read(t testing.TB, b objstore.Bucket, key string) (string, map[string]string) {
	t.Helper()
	body, o, err := b.Get(t.Context(), key, objstore.GetOptions{})
	must(t, err)
	data, err := io.ReadAll(body)
	must(t, errors.Join(err, body.Close()))
	return string(data), o.Meta
}

func keys(t testing.TB, b objstore.Bucket, prefix string) []string {
	t.Helper()
	objects, _, err := b.List(t.Context(), prefix, "", 0)
	must(t, err)
	var all []string
	for _, o := range objects {
		all = append(all, o.Key)
	}
	return all
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	must(t, os.MkdirAll(filepath.Dir(name), 0o777))
	must(t, os.WriteFile(name, []byte(text), 0o666))
}

// files lists everything that lies in the folder, without the marker and the store's own empty folders.
func files(t testing.TB, dir string) []string {
	t.Helper()
	var all []string
	must(t, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, name)
		if rel = filepath.ToSlash(rel); err == nil && !slices.Contains([]string{".", dirstore.Marker, ".elkjop-data", ".elkjop-data/tmp", ".elkjop-data/meta", ".elkjop-data/uploads"}, rel) {
			all = append(all, rel)
		}
		return err
	}))
	return all
}

func TestFilesAreWhereAPersonLooks(t *testing.T) {
	s, dir := newStore(t)
	put(t, s, "bilder/påske 2026/sol.jpg", "picture", map[string]string{"mtime": "1"})
	data, err := os.ReadFile(filepath.Join(dir, "bilder", "påske 2026", "sol.jpg"))
	if string(data) != "picture" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	s, dir := newStore(t)
	for _, key := range []string{"a", "b/c/D", "b/c/e", strings.Repeat("long", 50)} {
		put(t, s, key, "1", map[string]string{"a": "b"})
		put(t, s, key, "2", nil)
	}
	id, err := s.NewUpload(t.Context(), "u/v", objstore.PutOptions{})
	must(t, err)
	_, err = s.PutPart(t.Context(), "u/v", id, 1, strings.NewReader("x"), 1)
	must(t, err)
	must(t, s.AbortUpload(t.Context(), "u/v", id))
	for _, key := range keys(t, s, "") {
		must(t, s.Delete(t.Context(), key))
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

func TestFilesOfOthersAreObjects(t *testing.T) {
	s, dir := newStore(t)
	put(t, s, "Docs/own.txt", "own", nil)
	for _, name := range []string{"Photos/IMG_0001.JPG", "Docs/Report.odt", "plain.txt", "a%20b.txt", "100%", "Docs/sub/ÅÆØ.txt", strings.Repeat("long", 40) + ".txt"} {
		write(t, dir, name, "bytes of "+name)
	}
	want := []string{"100%", "Docs/Report.odt", "Docs/own.txt", "Docs/sub/ÅÆØ.txt", "Photos/IMG_0001.JPG", "a%20b.txt", strings.Repeat("long", 40) + ".txt", "plain.txt"}
	if diff := cmp.Diff(want, keys(t, s, "")); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:4], keys(t, s, "Docs/")); diff != "" {
		t.Errorf("List of a folder that both made (-want +got):\n%s", diff)
	}
	for _, key := range want {
		if key == "Docs/own.txt" {
			continue
		}
		text, meta := read(t, s, key)
		if text != "bytes of "+key || len(meta) > 0 {
			t.Errorf("%s: %q, %v", key, text, meta)
		}
		put(t, s, key, "replaced", map[string]string{"by": "us"})
		if text, meta := read(t, s, key); text != "replaced" || meta["by"] != "us" {
			t.Errorf("%s: %q, %v", key, text, meta)
		}
	}
	if diff := cmp.Diff(want, keys(t, s, "")); diff != "" {
		t.Errorf("List after replacing (-want +got):\n%s", diff)
	}
	write(t, dir, "Photos/New.JPG", "x")
	for _, key := range append(want, "Photos/New.JPG") {
		must(t, s.Delete(t.Context(), key))
	}
	if diff := cmp.Diff([]string{"Docs", "Docs/sub", "Photos"}, files(t, dir)); diff != "" { // other people's folders stay
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestDecomposedNamesAreFound(t *testing.T) {
	s, dir := newStore(t)
	write(t, dir, "pa\u030aske/ma\u030al.txt", "from a Mac")
	if diff := cmp.Diff([]string{"påske/mål.txt"}, keys(t, s, "")); diff != "" {
		t.Fatal(diff)
	}
	if text, _ := read(t, s, "påske/mål.txt"); text != "from a Mac" {
		t.Errorf("%q", text)
	}
	must(t, s.Delete(t.Context(), "påske/mål.txt"))
	if got := keys(t, s, ""); len(got) > 0 {
		t.Errorf("left %q", got)
	}
}

func TestLinksAndSystemFilesAreNotObjects(t *testing.T) {
	s, dir := newStore(t)
	outside := t.TempDir()
	write(t, outside, "secret", "outside")
	for link, target := range map[string]string{"link": filepath.Join(outside, "secret"), "folder": outside, "dangling": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("this system makes no symbolic links:", err)
		}
	}
	for _, name := range []string{"desktop.ini", ".DS_Store", "._x", "lost+found/x", "System Volume Information/x", "@eaDir/x", ".Trash-1000/x"} {
		write(t, dir, name, "x")
	}
	if got := keys(t, s, ""); len(got) > 0 {
		t.Errorf("List: %q", got)
	}
	for _, key := range []string{"link", "folder/secret", "desktop.ini", "lost+found/x"} {
		if _, _, err := s.Get(t.Context(), key, objstore.GetOptions{}); err == nil {
			t.Errorf("Get(%q) succeeded", key)
		}
	}
	for _, key := range []string{"link", "folder/secret", "folder/new"} {
		if _, err := s.Put(t.Context(), key, strings.NewReader("x"), 1, objstore.PutOptions{}); err == nil {
			t.Errorf("Put(%q) succeeded", key)
		}
		_ = s.Delete(t.Context(), key) // whatever it answers, outside stays as it is
	}
	if got, err := os.ReadFile(filepath.Join(outside, "secret")); string(got) != "outside" || err != nil {
		t.Errorf("outside is %q, %v", got, err)
	}
	if got := files(t, outside); len(got) != 1 {
		t.Errorf("outside holds %q", got)
	}
}

// TestFolderGone checks that a drive that is unplugged is never an empty store.
func TestFolderGone(t *testing.T) {
	for name, vanish := range map[string]func(t *testing.T, dir string){
		"folder removed":    func(t *testing.T, dir string) { must(t, os.Rename(dir, dir+"-away")) },
		"empty mount point": func(t *testing.T, dir string) { must(t, os.Rename(dir, dir+"-away")); must(t, os.Mkdir(dir, 0o777)) },
		"marker removed":    func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, dirstore.Marker))) },
		"another store": func(t *testing.T, dir string) {
			must(t, os.Rename(dir, dir+"-away"))
			must(t, dirstore.Create(dir))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := newStore(t)
			put(t, s, "k", "x", nil)
			id, err := s.NewUpload(t.Context(), "k", objstore.PutOptions{})
			must(t, err)
			vanish(t, dir)
			wantAllGone(t, s, id)
			if name != "another store" {
				if _, err := dirstore.Open(dir, dirstore.Options{}); objstore.KindOf(err) != objstore.NoBucket {
					t.Errorf("Open: %v", err)
				}
			}
			if name == "empty mount point" && len(files(t, dir)) > 0 {
				t.Errorf("something was written to the mount point: %q", files(t, dir))
			}
		})
	}
}

func wantAllGone(t *testing.T, s *dirstore.Store, id string) {
	t.Helper()
	_, putErr := s.Put(t.Context(), "k", strings.NewReader("y"), 1, objstore.PutOptions{})
	_, _, get := s.Get(t.Context(), "k", objstore.GetOptions{})
	_, head := s.Head(t.Context(), "absent")
	_, _, list := s.List(t.Context(), "", "", 0)
	_, cp := s.Copy(t.Context(), "k", "l")
	_, create := s.NewUpload(t.Context(), "k", objstore.PutOptions{})
	_, part := s.PutPart(t.Context(), "k", id, 1, strings.NewReader("y"), 1)
	_, parts := s.ListParts(t.Context(), "k", id)
	_, complete := s.CompleteUpload(t.Context(), "k", id, []objstore.Part{{Number: 1}})
	_, uploads := s.ListUploads(t.Context(), "")
	for what, err := range map[string]error{
		"put": putErr, "get": get, "head": head, "list": list, "copy": cp, "new": create, "part": part, "parts": parts, "complete": complete, "uploads": uploads,
		"delete": s.Delete(t.Context(), "k"), "abort": s.AbortUpload(t.Context(), "k", id),
	} {
		if objstore.KindOf(err) != objstore.NoBucket {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "there before.txt", "x")
	must(t, dirstore.Create(dir))
	marker, err := os.ReadFile(filepath.Join(dir, dirstore.Marker))
	must(t, err)
	must(t, dirstore.Create(dir))
	again, err := os.ReadFile(filepath.Join(dir, dirstore.Marker))
	must(t, err)
	if string(marker) != string(again) {
		t.Error("the second Create made another store")
	}
	s, err := dirstore.Open(dir, dirstore.Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"there before.txt"}, keys(t, s, "")); diff != "" {
		t.Error(diff)
	}
	if err := dirstore.Create(filepath.Join(dir, "no", "such")); objstore.KindOf(err) != objstore.NoBucket {
		t.Errorf("Create below a folder that is not there: %v", err)
	}
}

func TestMarkers(t *testing.T) {
	for text, want := range map[string]objstore.Kind{`{"format":2,"id":"x"}`: objstore.Invalid, "": objstore.Damaged, "garbage": objstore.Damaged, `{"format":1}`: objstore.Damaged} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, dirstore.Marker), []byte(text), 0o666))
		if _, err := dirstore.Open(dir, dirstore.Options{}); objstore.KindOf(err) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestETagChangesWithinOneTick(t *testing.T) {
	s, dir := newStore(t)
	seen := map[string]bool{}
	for i := range 50 {
		o := put(t, s, "k", string(rune('a'+i%26)), nil)
		if seen[o.ETag] {
			t.Fatalf("ETag %s came twice", o.ETag)
		}
		seen[o.ETag] = true
		if i%10 == 0 { // as if the clock stood still, or went back
			later := time.Now().Add(time.Hour)
			must(t, os.Chtimes(filepath.Join(dir, "k"), later, later))
		}
	}
}

// TestMetadataSurvivesATimeShift checks what FAT does when daylight saving begins.
func TestMetadataSurvivesATimeShift(t *testing.T) {
	s, dir := newStore(t)
	put(t, s, "k", "text", map[string]string{"a": "b"})
	shifted := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(filepath.Join(dir, "k"), shifted, shifted))
	if text, meta := read(t, s, "k"); text != "text" || meta["a"] != "b" {
		t.Errorf("%q, %v", text, meta)
	}
	write(t, dir, "k", "of another size")
	if text, meta := read(t, s, "k"); text != "of another size" || len(meta) > 0 {
		t.Errorf("%q, %v", text, meta)
	}
}

func TestDamagedMetadataDoesNotHideTheObject(t *testing.T) {
	s, dir := newStore(t)
	put(t, s, "k", "text", map[string]string{"a": "b"})
	write(t, dir, ".elkjop-data/meta/k", "{garbage")
	if text, meta := read(t, s, "k"); text != "text" || len(meta) > 0 {
		t.Errorf("%q, %v", text, meta)
	}
	put(t, s, "k", "text2", map[string]string{"a": "c"})
	if text, meta := read(t, s, "k"); text != "text2" || meta["a"] != "c" {
		t.Errorf("%q, %v", text, meta)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	s, dir := newStore(t)
	put(t, s, "k", "x", nil)
	must(t, os.Chmod(filepath.Join(dir, ".elkjop-data", "tmp"), 0o500))
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, ".elkjop-data", "tmp"), 0o700) })
	_, err := s.Put(t.Context(), "k", strings.NewReader("y"), 1, objstore.PutOptions{})
	if text, _ := read(t, s, "k"); objstore.KindOf(err) != objstore.Denied || text != "x" {
		t.Errorf("%v, %q", err, text)
	}
}

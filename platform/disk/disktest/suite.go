package disktest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk"
)

// Run checks that a disk does what disk.FS promises. open gives an empty root for each test.
func Run(t *testing.T, open func(t *testing.T) disk.FS) {
	for _, c := range []struct {
		name string
		test func(*testing.T, disk.FS)
	}{
		{"list is sorted and whole", testReadDir},
		{"stat", testStat},
		{"missing entries", testMissing},
		{"paths never leave the root", testInside},
		{"create never overwrites", testCreate},
		{"write and read", testWriteRead},
		{"only regular files are opened", testNotRegular},
		{"an open file survives its name", testOpenSurvives},
		{"a path means what stands there now", testPathsAnew},
		{"remove", testRemove},
		{"rename never overwrites", testRename},
		{"rename moves folders", testRenameDir},
		{"rename can change case", testRecase},
		{"exchange", testExchange},
		{"a replaced file has another identity", testIdentity},
		{"every change changes the signature", testSignature},
		{"meta", testMeta},
		{"sync and free", testSyncFree},
		{"names", testNames},
		{"a cancelled list", testCancel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func write(t *testing.T, d disk.FS, path, content string) {
	t.Helper()
	w, err := d.Create(path)
	must(t, err)
	_, err = io.WriteString(w, content)
	must(t, err)
	must(t, w.Sync())
	must(t, w.Close())
}

func read(t *testing.T, d disk.FS, path string) string {
	t.Helper()
	r, err := d.Open(path)
	must(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	must(t, err)
	return string(b)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func stat(t *testing.T, d disk.FS, path string) disk.Info {
	t.Helper()
	info, err := d.Stat(path)
	must(t, err)
	return info
}

func testReadDir(t *testing.T, d disk.FS) {
	names := []string{"b", "a.txt", "å", "c d", "0"}
	for _, name := range names {
		write(t, d, name, name)
	}
	must(t, d.Mkdir("sub"))
	write(t, d, "sub/x", "x")
	infos, err := d.ReadDir(context.Background(), "")
	must(t, err)
	var got []string
	for _, info := range infos {
		got = append(got, info.Name)
		if info != stat(t, d, info.Name) {
			t.Errorf("list says %+v, stat %+v", info, stat(t, d, info.Name))
		}
	}
	want := append(names, "sub")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if infos, err := d.ReadDir(context.Background(), "sub"); err != nil || len(infos) != 1 || infos[0].Name != "x" {
		t.Errorf("sub: %v, %v", infos, err)
	}
	_, err = d.ReadDir(context.Background(), "b")
	wantErr(t, "list of a file", err, fs.ErrNotExist)
}

func testStat(t *testing.T, d disk.FS) {
	write(t, d, "f", "four")
	must(t, d.Mkdir("d"))
	if info := stat(t, d, "f"); info.Name != "f" || info.Type != disk.File || info.Size != 4 || info.ID.Number == 0 || info.Mtime == 0 {
		t.Errorf("file: %+v", info)
	}
	if info := stat(t, d, "d"); info.Name != "d" || info.Type != disk.Dir || info.Size != 0 || info.Exec {
		t.Errorf("folder: %+v", info)
	}
	if info := stat(t, d, ""); info.Name != "" || info.Type != disk.Dir {
		t.Errorf("root: %+v", info)
	}
}

func testMissing(t *testing.T, d disk.FS) {
	write(t, d, "f", "")
	for _, path := range []string{"x", "x/y", "f/y", "f/y/z"} {
		_, err := d.Stat(path)
		wantErr(t, "stat "+path, err, fs.ErrNotExist)
		_, err = d.Open(path)
		wantErr(t, "open "+path, err, fs.ErrNotExist)
		_, err = d.OpenWrite(path)
		wantErr(t, "openwrite "+path, err, fs.ErrNotExist)
		_, err = d.ReadDir(context.Background(), path)
		wantErr(t, "readdir "+path, err, fs.ErrNotExist)
		wantErr(t, "remove "+path, d.Remove(path), fs.ErrNotExist)
		wantErr(t, "rename "+path, d.Rename(path, "z"), fs.ErrNotExist)
		wantErr(t, "setmeta "+path, d.SetMeta(path, 1, false), fs.ErrNotExist)
		wantErr(t, "mkdir below "+path, d.Mkdir(path+"/d"), fs.ErrNotExist)
		_, err = d.Create(path + "/f")
		wantErr(t, "create below "+path, err, fs.ErrNotExist)
		wantErr(t, "rename to below "+path, d.Rename("f", path+"/g"), fs.ErrNotExist)
	}
	wantErr(t, "syncdir", d.SyncDir("x"), fs.ErrNotExist)
}

func testInside(t *testing.T, d disk.FS) {
	write(t, d, "f", "safe")
	for _, path := range []string{"..", "../f", "/f", ".", "a/../f", "f/", "a//f", "./f", "/etc/passwd", "a\x00b"} {
		_, err := d.Stat(path)
		wantErr(t, "stat "+path, err, disk.ErrNotInside)
		_, err = d.Create(path)
		wantErr(t, "create "+path, err, disk.ErrNotInside)
		wantErr(t, "remove "+path, d.Remove(path), disk.ErrNotInside)
		wantErr(t, "rename from "+path, d.Rename(path, "z"), disk.ErrNotInside)
		wantErr(t, "rename to "+path, d.Rename("f", path), disk.ErrNotInside)
	}
	wantErr(t, "remove the root", d.Remove(""), disk.ErrNotInside)
	wantErr(t, "rename the root", d.Rename("", "z"), disk.ErrNotInside)
	wantErr(t, "rename to the root", d.Rename("f", ""), disk.ErrNotInside)
	if got := read(t, d, "f"); got != "safe" {
		t.Errorf("f holds %q", got)
	}
}

func testCreate(t *testing.T, d disk.FS) {
	write(t, d, "f", "old")
	must(t, d.Mkdir("d"))
	for _, path := range []string{"f", "d"} {
		w, err := d.Create(path)
		wantErr(t, "create "+path, err, fs.ErrExist)
		if w != nil {
			t.Errorf("create %s: a writer beside the error", path)
		}
		wantErr(t, "mkdir "+path, d.Mkdir(path), fs.ErrExist)
	}
	if got := read(t, d, "f"); got != "old" {
		t.Errorf("f holds %q", got)
	}
}

func testWriteRead(t *testing.T, d disk.FS) {
	w, err := d.Create("f")
	must(t, err)
	_, err = io.WriteString(w, "hello world")
	must(t, err)
	_, err = w.WriteAt([]byte("W"), 6)
	must(t, err)
	must(t, w.Close())
	if w, err = d.OpenWrite("f"); err != nil {
		t.Fatal(err)
	}
	_, err = w.WriteAt([]byte("!!"), 11)
	must(t, err)
	must(t, w.Sync())
	must(t, w.Close())
	r, err := d.Open("f")
	must(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || string(b) != "hello World!!" {
		t.Errorf("read %q, %v", b, err)
	}
	part := make([]byte, 5)
	if n, err := r.ReadAt(part, 6); n != 5 || err != nil || string(part) != "World" {
		t.Errorf("ReadAt: %q, %d, %v", part, n, err)
	}
	if n, err := r.ReadAt(part, 11); n != 2 || err != io.EOF {
		t.Errorf("ReadAt at the end: %d, %v", n, err)
	}
	_, err = r.Seek(-3, io.SeekEnd)
	must(t, err)
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "d!!" {
		t.Errorf("after seek: %q, %v", rest, err)
	}
	if info, err := r.Info(); err != nil || info != stat(t, d, "f") || info != r.Opened() {
		t.Errorf("Info %+v, %v; stat %+v; opened %+v", info, err, stat(t, d, "f"), r.Opened())
	}
}

func testNotRegular(t *testing.T, d disk.FS) {
	must(t, d.Mkdir("d"))
	r, err := d.Open("d")
	wantErr(t, "open a folder", err, disk.ErrNotRegular)
	if r != nil {
		t.Error("a reader beside the error")
	}
	_, err = d.OpenWrite("d")
	wantErr(t, "openwrite a folder", err, disk.ErrNotRegular)
	wantErr(t, "setmeta of a folder", d.SetMeta("d", 1, false), disk.ErrNotRegular)
}

func testOpenSurvives(t *testing.T, d disk.FS) {
	write(t, d, "f", "first")
	r, err := d.Open("f")
	must(t, err)
	defer r.Close()
	before, err := r.Info()
	must(t, err)
	must(t, d.Rename("f", "g"))
	write(t, d, "f", "second")
	after, err := r.Info()
	must(t, err)
	if after.ID != before.ID || after.Size != 5 || r.Opened() != before {
		t.Errorf("the open file became %+v, was %+v, opened %+v", after, before, r.Opened())
	}
	must(t, d.Remove("g"))
	if b, err := io.ReadAll(r); err != nil || string(b) != "first" {
		t.Errorf("read %q, %v", b, err)
	}
}

// A folder goes away and another one comes in its place: whatever is asked by the path is the second's.
func testPathsAnew(t *testing.T, d disk.FS) {
	must(t, d.Mkdir("a"))
	must(t, d.Mkdir("a/b"))
	write(t, d, "a/b/f", "first")
	before := stat(t, d, "a/b/f")
	if got := read(t, d, "a/b/f"); got != "first" {
		t.Errorf("read %q", got)
	}
	must(t, d.Rename("a", "away"))
	_, err := d.Stat("a/b/f")
	wantErr(t, "stat of what has moved", err, fs.ErrNotExist)
	_, err = d.Open("a/b/f")
	wantErr(t, "open of what has moved", err, fs.ErrNotExist)
	must(t, d.Mkdir("a"))
	must(t, d.Mkdir("a/b"))
	write(t, d, "a/b/f", "second")
	if after := stat(t, d, "a/b/f"); after.ID == before.ID || read(t, d, "a/b/f") != "second" {
		t.Errorf("the path is still %+v", after)
	}
}

func testRemove(t *testing.T, d disk.FS) {
	must(t, d.Mkdir("d"))
	write(t, d, "d/f", "x")
	if err := d.Remove("d"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("remove of a full folder: %v", err)
	}
	must(t, d.Remove("d/f"))
	must(t, d.Remove("d"))
	_, err := d.Stat("d")
	wantErr(t, "stat", err, fs.ErrNotExist)
}

func testRename(t *testing.T, d disk.FS) {
	write(t, d, "a", "A")
	write(t, d, "b", "B")
	must(t, d.Mkdir("d"))
	must(t, d.Mkdir("e"))
	for _, pair := range [][2]string{{"a", "b"}, {"a", "d"}, {"d", "a"}, {"d", "e"}, {"a", "a"}, {"d", "d"}} {
		wantErr(t, "rename "+pair[0]+" to "+pair[1], d.Rename(pair[0], pair[1]), fs.ErrExist)
	}
	if read(t, d, "a") != "A" || read(t, d, "b") != "B" {
		t.Error("a refused rename changed a file")
	}
	before := stat(t, d, "a")
	must(t, d.Rename("a", "d/c"))
	if after := stat(t, d, "d/c"); after.ID != before.ID || after.Mtime != before.Mtime || read(t, d, "d/c") != "A" {
		t.Errorf("moved file: %+v, was %+v", after, before)
	}
	_, err := d.Stat("a")
	wantErr(t, "the old name", err, fs.ErrNotExist)
}

func testRenameDir(t *testing.T, d disk.FS) {
	must(t, d.Mkdir("a"))
	must(t, d.Mkdir("a/b"))
	write(t, d, "a/b/f", "deep")
	if err := d.Rename("a", "a/b/c"); err == nil {
		t.Error("a folder was moved into itself")
	}
	must(t, d.Mkdir("z"))
	must(t, d.Rename("a", "z/a"))
	if got := read(t, d, "z/a/b/f"); got != "deep" {
		t.Errorf("holds %q", got)
	}
}

func testRecase(t *testing.T, d disk.FS) {
	write(t, d, "Name", "content")
	must(t, d.Mkdir("Dir"))
	write(t, d, "Dir/f", "in")
	id := stat(t, d, "Name").ID
	must(t, d.Rename("Name", "NAME"))
	must(t, d.Rename("Dir", "dir"))
	infos, err := d.ReadDir(context.Background(), "")
	must(t, err)
	if len(infos) != 2 || infos[0].Name != "NAME" || infos[0].ID != id || infos[1].Name != "dir" {
		t.Fatalf("got %+v", infos)
	}
	if read(t, d, "NAME") != "content" || read(t, d, "dir/f") != "in" {
		t.Error("content was lost")
	}
	other, err := d.Create("name")
	if d.CaseSensitive() {
		must(t, err)
		must(t, other.Close())
		wantErr(t, "two files of one name but case", d.Rename("name", "NAME"), fs.ErrExist)
		return
	}
	wantErr(t, "create in other case", err, fs.ErrExist)
	if stat(t, d, "name").Name == "" {
		t.Error("stat in other case gives no name")
	}
}

func testExchange(t *testing.T, d disk.FS) {
	write(t, d, "a", "A")
	must(t, d.Mkdir("d"))
	write(t, d, "d/b", "B")
	idA, idB := stat(t, d, "a").ID, stat(t, d, "d/b").ID
	err := d.Exchange("a", "d/b")
	if errors.Is(err, errors.ErrUnsupported) {
		if read(t, d, "a") != "A" || read(t, d, "d/b") != "B" {
			t.Error("an unsupported exchange changed something")
		}
		return
	}
	must(t, err)
	if read(t, d, "a") != "B" || read(t, d, "d/b") != "A" {
		t.Error("contents were not exchanged")
	}
	if stat(t, d, "a").ID != idB || stat(t, d, "d/b").ID != idA {
		t.Error("identities were not exchanged")
	}
	wantErr(t, "exchange with nothing", d.Exchange("a", "nothing"), fs.ErrNotExist)
	wantErr(t, "exchange of nothing", d.Exchange("nothing", "a"), fs.ErrNotExist)
}

func testIdentity(t *testing.T, d disk.FS) {
	write(t, d, "f", "1")
	first := stat(t, d, "f")
	write(t, d, "new", "2")
	second := stat(t, d, "new")
	if first.ID == second.ID {
		t.Fatal("two files share an identity")
	}
	must(t, d.Remove("f"))
	must(t, d.Rename("new", "f"))
	if got := stat(t, d, "f").ID; got != second.ID {
		t.Errorf("identity %+v, want %+v", got, second.ID)
	}
}

func testSignature(t *testing.T, d disk.FS) {
	write(t, d, "f", "one")
	before := stat(t, d, "f").Signature
	if again := stat(t, d, "f").Signature; again != before {
		t.Errorf("looking changed the signature: %+v, %+v", before, again)
	}
	_ = read(t, d, "f")
	if again := stat(t, d, "f").Signature; again != before {
		t.Errorf("reading changed the signature: %+v, %+v", before, again)
	}
	w, err := d.OpenWrite("f")
	must(t, err)
	_, err = w.WriteAt([]byte("longer"), 0)
	must(t, err)
	must(t, w.Close())
	if stat(t, d, "f").Signature == before {
		t.Error("a write left the signature as it was")
	}
}

func testMeta(t *testing.T, d disk.FS) {
	write(t, d, "f", "x")
	const when = 1_600_000_000_000_000_000
	must(t, d.SetMeta("f", when, true))
	if info := stat(t, d, "f"); info.Mtime != when || info.Size != 1 {
		t.Errorf("after SetMeta: %+v", info)
	}
	executable := stat(t, d, "f").Exec // some disks keep no execute bit
	w, err := d.Create("g")
	must(t, err)
	_, err = io.WriteString(w, "y")
	must(t, err)
	must(t, w.SetMeta(when+2e9, executable))
	must(t, w.Sync())
	must(t, w.Close())
	if info := stat(t, d, "g"); info.Mtime != when+2e9 || info.Exec != executable {
		t.Errorf("after Writer.SetMeta: %+v", info)
	}
	must(t, d.SetMeta("f", when, false))
	if stat(t, d, "f").Exec && executable {
		t.Error("still executable")
	}
}

func testSyncFree(t *testing.T, d disk.FS) {
	must(t, d.Mkdir("d"))
	must(t, d.SyncDir("d"))
	must(t, d.SyncDir(""))
	if free, err := d.Free(); err != nil || free <= 0 {
		t.Errorf("free: %d, %v", free, err)
	}
}

func testNames(t *testing.T, d disk.FS) {
	for _, name := range []string{"a", "å", "日本語", "with space", ".hidden", strings.Repeat("n", 255)} {
		if err := d.ValidName(name); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		write(t, d, name, "x")
	}
	for _, name := range []string{"", ".", "..", "a/b", "a\x00b", strings.Repeat("n", 256)} {
		if d.ValidName(name) == nil {
			t.Errorf("%q is taken for valid", name)
		}
	}
}

func testCancel(t *testing.T, d disk.FS) {
	write(t, d, "f", "x")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := d.ReadDir(ctx, "")
	wantErr(t, "list", err, context.Canceled)
}

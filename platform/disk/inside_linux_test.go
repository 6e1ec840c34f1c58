package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// These tests look behind the contract at what Linux does when a disk lacks something.

// What os says of a disk is understood as what this package says.
func TestSystemErrors(t *testing.T) {
	for errno, is := range map[unix.Errno]func(error) bool{unix.ENOSPC: IsFull, unix.EDQUOT: IsFull, unix.EROFS: IsReadOnly, unix.EIO: IsGone} {
		if !is(&fs.PathError{Op: "mkdir", Path: "d", Err: errno}) || is(fs.ErrPermission) {
			t.Errorf("%v", errno)
		}
	}
}

// EINVAL is about a name only where the name is a bad one.
func TestInvalidIsAboutNamesThatWindowsRefuses(t *testing.T) {
	for name, want := range map[string]bool{"a:b": true, "CON": true, "trail.": true, "fine.txt": false} {
		if err := refusedName("create", name, name, unix.EINVAL); errors.Is(err, ErrName) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func openFolder(t *testing.T, path string) int {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRenameWithoutTheCall(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/a", "A")
	put(t, dir+"/b", "B")
	put(t, dir+"/d/f", "F")
	put(t, dir+"/e/g", "G")
	fd := openFolder(t, dir)
	for _, pair := range [][2]string{{"a", "b"}, {"a", "d"}, {"d", "a"}, {"d", "e"}} {
		if err := renameOld(fd, pair[0], fd, pair[1]); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%v: %v", pair, err)
		}
	}
	if err := renameOld(fd, "a", fd, "c"); err != nil || content(t, dir+"/c") != "A" {
		t.Errorf("file: %v", err)
	}
	if err := renameOld(fd, "d", fd, "h"); err != nil || content(t, dir+"/h/f") != "F" {
		t.Errorf("folder: %v", err)
	}
	if err := renameOld(fd, "a", fd, "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if content(t, dir+"/b") != "B" || content(t, dir+"/e/g") != "G" {
		t.Error("something was overwritten")
	}
}

// Between link and unlink another program saves a new file under the old name: that one stays.
func TestUnlinkSameKeepsANewFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/old", "first")
	if err := os.Link(dir+"/old", dir+"/new"); err != nil {
		t.Fatal(err)
	}
	put(t, dir+"/temp", "saved meanwhile")
	if err := os.Rename(dir+"/temp", dir+"/old"); err != nil {
		t.Fatal(err)
	}
	fd := openFolder(t, dir)
	if err := unlinkSame(fd, "old", fd, "new"); err != nil {
		t.Fatal(err)
	}
	if content(t, dir+"/old") != "saved meanwhile" || content(t, dir+"/new") != "first" {
		t.Error("a file was lost")
	}
}

func TestWalkWithoutTheCall(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/a/b/f", "F")
	for link, target := range map[string]string{"/up": "..", "/a/abs": "/", "/a/in": "b"} {
		if err := os.Symlink(target, dir+link); err != nil {
			t.Fatal(err)
		}
	}
	top := openFolder(t, dir)
	for path, want := range map[string]error{"a": nil, "a/b": nil, "up": unix.ELOOP, "a/abs/etc": unix.ELOOP, "a/in": unix.ELOOP, "a/b/f": unix.ENOTDIR, "a/x": unix.ENOENT, "a/b/f/g": unix.ENOTDIR} {
		fd, err := walk(top, path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC)
		if err != want {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if err == nil {
			unix.Close(fd)
		}
	}
}

func TestStatWithoutTheCall(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/f", "four")
	fd := openFolder(t, dir)
	for _, name := range []string{"f"} {
		want, err := statAt(fd, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fstatAt(fd, name)
		want.ID.Birth = 0
		if err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	if info, err := statAt(openFolder(t, "/"), "proc"); err != nil || info.Type != Mount {
		t.Errorf("a mount point: %+v, %v", info, err)
	}
	if info, err := fstatAt(openFolder(t, "/"), "proc"); err != nil || info.Type != Mount {
		t.Errorf("a mount point by device: %+v, %v", info, err)
	}
}

func TestKinds(t *testing.T) {
	for errno, kind := range map[unix.Errno]error{
		unix.EIO: ErrGone, unix.ENODEV: ErrGone, unix.ESTALE: ErrGone, unix.ENOTCONN: ErrGone, unix.ENOSPC: ErrFull, unix.EDQUOT: ErrFull,
		unix.EROFS: ErrReadOnly, unix.EBUSY: ErrBusy, unix.ENOENT: fs.ErrNotExist, unix.ENOTDIR: fs.ErrNotExist, unix.EEXIST: fs.ErrExist,
		unix.EACCES: fs.ErrPermission,
	} {
		if err := fail("op", "path", errno); !errors.Is(err, kind) {
			t.Errorf("%v does not match %v: %v", errno, kind, err)
		}
		if err := fail("op", "path", errno); kind == ErrGone && IsNotExist(err) {
			t.Errorf("%v looks like a missing file", errno)
		}
	}
}

// loopMount makes a file system in a file and mounts it, or skips where this machine cannot.
func loopMount(t *testing.T, mkfs []string, mount ...string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	image, dir := t.TempDir()+"/image", t.TempDir()
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 32<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(mkfs[0]); err != nil {
		t.Skipf("%s is not installed", mkfs[0])
	}
	if out, err := exec.Command(mkfs[0], append(mkfs[1:], image)...).CombinedOutput(); err != nil {
		t.Skipf("%v: %v\n%s", mkfs, err, out)
	}
	args := append([]string{"-o", "loop"}, mount...)
	if out, err := exec.Command("mount", append(args, image, dir)...).CombinedOutput(); err != nil {
		t.Skipf("mount of %s: %v\n%s", mkfs[0], err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v\n%s", err, out)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	fsys, err := Open(loopMount(t, []string{"mkfs.ext4", "-q"}))
	if err != nil {
		t.Fatal(err)
	}
	w, err := fsys.Create("big")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	block := make([]byte, 1<<20)
	for range 64 {
		if _, err = w.Write(block); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Errorf("got %v", err)
	}
}

func TestReadOnlyDisk(t *testing.T) {
	dir := loopMount(t, []string{"mkfs.ext4", "-q"})
	put(t, dir+"/f", "x")
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Fatalf("remount: %v\n%s", err, out)
	}
	fsys, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, createErr := fsys.Create("new")
	for what, err := range map[string]error{"create": createErr, "remove": fsys.Remove("f"), "rename": fsys.Rename("f", "g"), "mkdir": fsys.Mkdir("d")} {
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A folder of ext4 can be told not to tell case apart.
func TestCaseInsensitiveFolder(t *testing.T) {
	dir := loopMount(t, []string{"mkfs.ext4", "-q", "-O", "casefold"}) + "/folded"
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("chattr", "+F", dir).CombinedOutput(); err != nil {
		t.Skipf("chattr +F: %v\n%s", err, out)
	}
	testRecase(t, dir)
}

func TestCaseInsensitiveFAT(t *testing.T) {
	testRecase(t, loopMount(t, []string{"mkfs.vfat"}))
}

func testRecase(t *testing.T, dir string) {
	for _, filled := range []bool{false, true} {
		fsys, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if fsys.CaseSensitive() {
			t.Errorf("filled %v: taken for case sensitive", filled)
		}
		put(t, dir+"/Name", "content")
		put(t, dir+"/Other", "other")
	}
	fsys, _ := Open(dir)
	if err := fsys.Rename("Name", "NAME"); err != nil {
		t.Fatal(err)
	}
	if err := fsys.Rename("NAME", "other"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	infos, err := fsys.ReadDir(context.Background(), "")
	var names []string
	for _, info := range infos {
		names = append(names, info.Name)
	}
	if err != nil || !slices.Contains(names, "NAME") || slices.Contains(names, "Name") || content(t, dir+"/NAME") != "content" {
		t.Errorf("got %q, %v", names, err)
	}
}

// Another file system inside the root is not entered: unmounted, it would look like an empty folder.
func TestMountInside(t *testing.T) {
	dir := loopMount(t, []string{"mkfs.ext4", "-q"})
	put(t, dir+"/f", "x")
	fsys, err := Open(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(dir)
	if info, err := fsys.Stat(name); err != nil || info.Type != Mount {
		t.Errorf("%+v, %v", info, err)
	}
	if _, err := fsys.ReadDir(context.Background(), name); !errors.Is(err, ErrNotInside) {
		t.Errorf("list: %v", err)
	}
	if _, err := fsys.Open(name + "/f"); !errors.Is(err, ErrNotInside) {
		t.Errorf("open: %v", err)
	}
	if _, err := Open(dir); err != nil {
		t.Errorf("as a root of its own: %v", err)
	}
}

package volume

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/sys/mountinfo"
)

// newImage makes a drive in a file.
func newImage(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	if _, err := exec.LookPath("mkfs.ext4"); err != nil {
		t.Skip("mkfs.ext4 is not installed")
	}
	image := filepath.Join(t.TempDir(), "image")
	must(t, os.WriteFile(image, nil, 0o600))
	must(t, os.Truncate(image, 16<<20))
	run(t, "mkfs.ext4", "-q", image)
	return image
}

func run(t *testing.T, command ...string) {
	t.Helper()
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
}

// mount mounts until the test ends or the returned function is called.
func mount(t *testing.T, dir string, args ...string) (unmount func()) {
	t.Helper()
	if out, err := exec.Command("mount", append(args, dir)...).CombinedOutput(); err != nil {
		t.Skipf("this machine does not let tests mount: %v\n%s", err, out)
	}
	mounted := true
	unmount = func() {
		if mounted {
			mounted = false
			run(t, "umount", dir)
		}
	}
	t.Cleanup(unmount)
	return unmount
}

func TestDriveComesAndGoes(t *testing.T) {
	first, second := newImage(t), newImage(t)
	dir, elsewhere := t.TempDir(), t.TempDir()
	unmount := mount(t, dir, "-o", "loop", first)
	must(t, os.Mkdir(dir+"/photos", 0o755))
	v, err := Look(context.Background(), dir+"/photos")
	must(t, err)
	if v.MountPoint != dir || !v.Announced || v.Kind == Network || !strings.HasPrefix(v.ID, "uuid:") {
		t.Errorf("%+v", v)
	}
	wantState(t, "mounted", dir+"/photos", v.ID, Present)
	unmount()
	wantState(t, "unmounted, folder of the drive", dir+"/photos", v.ID, Missing)
	wantState(t, "unmounted, the empty mount point", dir, v.ID, OtherVolume)

	unmount = mount(t, dir, "-o", "loop", second)
	wantState(t, "another drive", dir, v.ID, OtherVolume)
	unmount()

	mount(t, elsewhere, "-o", "loop", first)
	wantState(t, "mounted elsewhere", elsewhere+"/photos", v.ID, Present)
	if found, err := Find(context.Background(), v.ID); err != nil || !slices.Contains(found, elsewhere) {
		t.Errorf("found at %v, %v", found, err)
	}
}

// A bind mount of a folder of the same drive: gone, its empty mount point is on the very drive, and must not pass for it.
func TestBindMount(t *testing.T) {
	source, dir := t.TempDir(), t.TempDir()
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	unmount := mount(t, dir, "--bind", source)
	id, err := Of(context.Background(), dir)
	must(t, err)
	wantState(t, "bound", dir, id, Present)
	unmount()
	wantState(t, "unbound", dir, id, OtherVolume)
}

// TestUnseen: in a changed root the kernel does not tell of the mount that everything lies on.
func TestUnseen(t *testing.T) {
	dir := t.TempDir()
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	a, err := unseen(dir)
	if err != nil || a.ID == "" || !holds(a.MountPoint, dir) {
		t.Errorf("%+v, %v", a, err)
	}
	if b, err := unseen(sub); err != nil || b != a {
		t.Errorf("below it: %+v, %v instead of %+v", b, err, a)
	}
	if p, err := unseen("/proc"); err != nil || p.ID == a.ID {
		t.Errorf("another file system: %+v, %v", p, err)
	}
	if _, err := unseen(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
}

func TestIdentities(t *testing.T) {
	for _, c := range []struct {
		mount mountinfo.Info
		id    string
		kind  Kind
		told  bool
	}{
		{mountinfo.Info{FSType: "nfs4", Source: "nas:/export", Root: "/"}, "net:nfs4:nas:/export", Network, false},
		{mountinfo.Info{FSType: "cifs", Source: "//nas/share", Root: "/sub"}, "net:cifs://nas/share#/sub", Network, false},
		{mountinfo.Info{FSType: "fuse.sshfs", Source: "kari@host:", Root: "/"}, "net:fuse.sshfs:kari@host:", Network, false},
		{mountinfo.Info{FSType: "zfs", Source: "pool/home", Root: "/"}, "zfs:pool/home", Local, true},
		{mountinfo.Info{FSType: "tmpfs", Source: "tmpfs", Root: "/"}, "tmpfs:tmpfs", Other, true},
	} {
		if got := identity(&c.mount, "/nonexistent"); got != c.id {
			t.Errorf("%+v: %q, want %q", c.mount, got, c.id)
		}
		if kind, told := kindOf(&c.mount), announced(c.mount.FSType); kind != c.kind || told != c.told {
			t.Errorf("%+v: %v, %v", c.mount, kind, told)
		}
	}
	for want, b := range map[string][]byte{"0102-0304": {1, 2, 3, 4}, "00010203-0405-0607-0809-0a0b0c0d0e0f": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}} {
		if got := uuidString(b); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPathPrefix(t *testing.T) {
	for _, c := range []struct {
		dir, path string
		want      bool
	}{{"/", "/a", true}, {"/a", "/a", true}, {"/a", "/a/b", true}, {"/a", "/ab", false}, {"/a/b", "/a", false}} {
		if holds(c.dir, c.path) != c.want {
			t.Errorf("%s holds %s: %v", c.dir, c.path, !c.want)
		}
	}
}

package app

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stick is a drive in a file, which tests plug in and pull out.
type stick struct {
	t     *testing.T
	image string
	dir   string // where it is mounted; "" when it is not
}

func newStick(t *testing.T) *stick {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	if _, err := exec.LookPath("mkfs.ext4"); err != nil {
		t.Skip("mkfs.ext4 is not installed")
	}
	s := &stick{t: t, image: filepath.Join(t.TempDir(), "image")}
	must(t, os.WriteFile(s.image, nil, 0o600))
	must(t, os.Truncate(s.image, 64<<20))
	s.run("mkfs.ext4", "-q", s.image)
	t.Cleanup(func() {
		if s.dir != "" {
			s.pull()
		}
	})
	return s
}

func (s *stick) run(command ...string) {
	s.t.Helper()
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		s.t.Fatalf("%v: %v\n%s", command, err, out)
	}
}

// plug mounts the drive.
func (s *stick) plug(dir string) {
	s.t.Helper()
	if out, err := exec.Command("mount", "-o", "loop", s.image, dir).CombinedOutput(); err != nil {
		s.t.Skipf("this machine does not let tests mount: %v\n%s", err, out)
	}
	s.dir = dir
	_ = os.Remove(filepath.Join(dir, "lost+found")) // mkfs made it; it is gone from the second time on
}

// pull takes the drive away, whoever uses it.
func (s *stick) pull() {
	s.t.Helper()
	s.run("umount", "-l", s.dir)
	s.dir = ""
}

// empty tells that nothing was put where the drive is not.
func (s *stick) empty(dir string) {
	s.t.Helper()
	if in, err := os.ReadDir(dir); err != nil || len(in) > 0 {
		s.t.Errorf("in the empty mount point are %v, %v", in, err)
	}
}

func away(s Status) bool {
	return s.State == StateNeedsYou && s.Pairs[0].Detail == "not-connected" && !s.Pairs[0].LastSeen.IsZero()
}

func files(n int, text string) map[string]string {
	out := map[string]string{}
	for i := range n {
		out[fmt.Sprintf("dir%d/file%03d", i%7, i)] = fmt.Sprintf("%s %d", text, i)
	}
	return out
}

// TestDriveMountedElsewhere: a drive that comes back at another place is the same drive: nothing is sent, nothing is deleted.
func TestDriveMountedElsewhere(t *testing.T) {
	for _, inside := range []string{"", "documents/mine"} {
		s := newStick(t)
		w := newWorld(t)
		a, b := w.computer("A"), w.computer("B")
		first, second := realDir(t), realDir(t)
		s.plug(first)
		must(t, os.MkdirAll(filepath.Join(first, inside), 0o700))
		want := files(20, "one")
		put(t, filepath.Join(first, inside), want)
		a.addBackup(filepath.Join(first, inside), "Docs")
		a.once()
		s.pull()
		a.sent()
		a.try()
		if st := a.Status(); !away(st) {
			t.Fatalf("it is away: %s", show(st))
		}
		s.empty(first)

		s.plug(second)
		a.once()
		if sent := a.sent(); len(sent) > 0 || a.Status().Pairs[0].Root != filepath.Join(second, inside) {
			t.Errorf("sent %v, %s at %s", sent, show(a.Status()), a.Status().Pairs[0].Root)
		}
		put(t, filepath.Join(second, inside), map[string]string{"new": "n"})
		want["new"] = "n"
		a.once()
		s.pull()
		s.plug(first)
		a.restart()
		a.once()
		if trash, err := a.Trash(t.Context(), "", ""); len(trash) > 0 || err != nil {
			t.Errorf("in the trash: %v, %v", trash, err)
		}
		to := realDir(t)
		if _, err := b.RestoreBackup(t.Context(), "A/Docs", to, w.now(), nil); err != nil {
			t.Fatal(err)
		}
		same(t, to, want)
		s.pull()
	}
}

// TestAnotherDriveInItsPlace: other files at the same path are no deletion of the ones that were there, and do not go into their backup.
func TestAnotherDriveInItsPlace(t *testing.T) {
	right, other := newStick(t), newStick(t)
	w := newWorld(t)
	a := w.computer("A")
	dir := realDir(t)
	right.plug(dir)
	put(t, filepath.Join(dir, "Data"), files(60, "right"))
	a.addBackup(filepath.Join(dir, "Data"), "Data")
	a.once()
	right.pull()
	other.plug(dir)
	strangers := files(30, "other")
	put(t, filepath.Join(dir, "Data"), strangers)
	for range 3 {
		a.sent()
		a.try()
		a.restart()
		if st := a.Status(); !away(st) {
			t.Fatalf("the right drive is not there: %s", show(st))
		}
		if sent := a.sent(); len(sent) > 0 {
			t.Errorf("sent %v", sent)
		}
	}
	same(t, filepath.Join(dir, "Data"), strangers)
	other.pull()
	right.plug(dir)
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	if trash, err := a.Trash(t.Context(), "", ""); len(trash) > 0 || err != nil {
		t.Errorf("in the trash: %v, %v", trash, err)
	}
	same(t, filepath.Join(dir, "Data"), files(60, "right"))
	right.pull()
}

// TestDrivePulledWhileItIsRead: whatever moment it is, nothing counts as deleted.
func TestDrivePulledWhileItIsRead(t *testing.T) {
	s := newStick(t)
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	dir := realDir(t)
	s.plug(dir)
	must(t, os.Mkdir(filepath.Join(dir, "x"), 0o700))
	want := files(300, "one")
	put(t, dir, want)
	must(t, a.SetSynced(t.Context(), dir))
	db := b.synced()
	a.once()
	b.once()
	for round := range 12 {
		w.pass(time.Hour) // the guard counts what was changed lately
		changed := files(40, fmt.Sprintf("round %d", round))
		put(t, dir, changed)
		maps.Copy(want, changed)
		var err error
		done := make(chan struct{})
		go func() { err = a.Once(t.Context(), nil); close(done) }()
		for range round {
			select { // each round a little later
			case <-a.Changed():
			case <-done:
			}
		}
		s.pull()
		<-done
		must(t, err)
		a.try()
		s.empty(dir)
		if st := a.Status(); !away(st) {
			t.Fatalf("round %d: %s", round, show(st))
		}
		b.once()
		if n := len(read(t, db)); n < 300 {
			t.Fatalf("round %d: the other computer has %d files", round, n)
		}
		s.plug(dir)
		a.once()
		b.once()
		want["x/"] = ""
		same(t, db, want)
		same(t, dir, want)
	}
}

// TestDrivePulledWhileFilesAreDeleted: deletions of others are half done when the drive goes; when it is back they are done whole, and nothing
// else is.
func TestDrivePulledWhileFilesAreDeleted(t *testing.T) {
	s := newStick(t)
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	dir := realDir(t)
	s.plug(dir)
	all := files(600, "one")
	must(t, a.SetSynced(t.Context(), dir))
	db := b.synced()
	put(t, db, all)
	b.once()
	a.once()
	for i := range 400 {
		name := fmt.Sprintf("dir%d/file%03d", i%7, i)
		must(t, os.Remove(filepath.Join(db, name)))
		delete(all, name)
	}
	b.try()
	must(t, b.Answer(t.Context(), "Synced", "apply"))
	b.once()
	stop := a.running()
	gone := func() bool { _, err := os.Lstat(filepath.Join(dir, "dir0/file000")); return os.IsNotExist(err) }
	until(t, "deleting begins, or the guard asks", func() bool { return gone() || a.Status().Pairs[0].Question != nil })
	if a.Status().Pairs[0].Question != nil {
		must(t, a.Answer(t.Context(), "Synced", "apply"))
		until(t, "deleting begins", gone)
	}
	s.pull()
	until(t, "it is away", func() bool { return away(a.Status()) })
	s.empty(dir)
	s.plug(dir)
	until(t, "it is done", func() bool { return a.Status().State == StateSafe })
	stop()
	b.once()
	same(t, db, all)
	same(t, dir, all)
}

// TestNetworkFolder: a folder on another computer, played by bindfs. What is changed over there is found by polling; a server that dies is no
// deletion; the same share at another place is the same folder.
func TestNetworkFolder(t *testing.T) {
	if _, err := exec.LookPath("bindfs"); err != nil {
		t.Skip("bindfs is not installed")
	}
	share, first, second := realDir(t), realDir(t), realDir(t)
	mounted := ""
	mount := func(dir string) {
		t.Helper()
		if out, err := exec.Command("bindfs", share, dir).CombinedOutput(); err != nil {
			t.Skipf("this machine does not let tests mount: %v\n%s", err, out)
		}
		mounted = dir
	}
	unmount := func() {
		if mounted != "" {
			must(t, exec.Command("umount", "-l", mounted).Run())
		}
		mounted = ""
	}
	t.Cleanup(unmount)
	mount(first)
	put(t, share, map[string]string{"docs/f": "one"})
	w := newWorld(t)
	a := w.computer("A")
	a.addBackup(filepath.Join(first, "docs"), "NAS")
	a.once()
	if o := a.all()[0].watchOptions(t.Context()); o.Poll != pollEvery {
		t.Errorf("it is polled every %v", o.Poll)
	}
	put(t, share, map[string]string{"docs/theirs": "two"}) // no event says so here
	a.sent()
	a.once()
	if sent := a.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
	unmount()
	a.try()
	if st := a.Status(); !away(st) {
		t.Errorf("it is away: %s", show(st))
	}
	mount(second)
	a.once()
	if sent := a.sent(); len(sent) > 0 || a.Status().Pairs[0].Root != filepath.Join(second, "docs") {
		t.Errorf("sent %v, %s at %s", sent, show(a.Status()), a.Status().Pairs[0].Root)
	}
	if trash, err := a.Trash(t.Context(), "", ""); len(trash) > 0 || err != nil {
		t.Errorf("in the trash: %v, %v", trash, err)
	}
}

// TestKeepAsideOfAWholeDrive: there is nowhere to put a folder, so it stays, and on.
func TestKeepAsideOfAWholeDrive(t *testing.T) {
	s := newStick(t)
	b := newWorld(t).computer("B")
	root := realDir(t)
	s.plug(root)
	must(t, b.SetSynced(t.Context(), root))
	put(t, root, map[string]string{"d/x": "1"})
	b.once()
	places, err := b.KeepAside(t.Context(), []string{"d"})
	if code(err) != CodeWrongUse || !strings.Contains(err.Error(), "whole drive") || len(places) > 0 {
		t.Errorf("%q, %v", places, err)
	}
	same(t, root, map[string]string{"d/x": "1"})
	if off := b.settings().Synced.Off; len(off) > 0 {
		t.Errorf("off: %q", off)
	}
}

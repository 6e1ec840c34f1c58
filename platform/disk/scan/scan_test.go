package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/disk/ignore"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newDisk makes a disk with these files; a path that ends in a slash is a folder.
func newDisk(t testing.TB, opt disktest.Options, paths ...string) *disktest.Disk {
	t.Helper()
	d := disktest.New(opt)
	for _, path := range paths {
		if dir, ok := strings.CutSuffix(path, "/"); ok {
			must(t, d.MkdirAll(dir))
		} else {
			must(t, d.WriteFile(path, path))
		}
	}
	return d
}

// words writes a result as one line per entry or skip.
func words(r Result) []string {
	var lines []string
	for _, e := range r.Entries {
		line := e.Path
		if e.Type == disk.Dir {
			line += "/"
		}
		lines = append(lines, line)
	}
	for _, s := range r.Skipped {
		lines = append(lines, fmt.Sprintf("%s: %s", s.Path, s.Reason))
	}
	return lines
}

func backupRules(t testing.TB, patterns ...string) *ignore.Rules {
	t.Helper()
	rules, err := ignore.New(ignore.Backup, patterns)
	must(t, err)
	return rules
}

func TestTree(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "b/2", "b/1", "a", "b/c/3", "b-/x", "empty/", "Thumbs.db", "film.part", ".elkjop-root",
		"node_modules/m/index.js", "Shared/Team/t", "Shared/own", "bad\xff", "baddir\xff/f")
	must(t, d.Put("link", disk.Symlink))
	must(t, d.Put("pipe", disk.Special))
	must(t, d.Put("cloud.doc", disk.Placeholder))
	must(t, d.Put("usb", disk.Mount))
	for _, parallel := range []int{0, 1, 7} {
		r, err := Tree(context.Background(), d, Options{Rules: backupRules(t, "node_modules/"), Exclude: []string{"Shared/Team/"}, Parallel: parallel})
		must(t, err)
		want := []string{
			"Shared/", "Shared/own", "a", "b/", "b/1", "b/2", "b/c/", "b/c/3", "b-/", "b-/x", "empty/",
			".elkjop-root: own file", "Thumbs.db: system file", "baddir\xff: name is not valid UTF-8", "bad\xff: name is not valid UTF-8",
			"cloud.doc: file kept elsewhere", "film.part: temporary file", "link: link", "node_modules: skip rule", "pipe: special file",
			"usb: another disk", "Shared/Team: another folder of this program",
		}
		if diff := cmp.Diff(want, words(r)); diff != "" {
			t.Errorf("parallel %d: (-want +got)\n%s", parallel, diff)
		}
	}
}

// Walk yields what Tree returns, however many folders are read at once.
func TestWalkIsTree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 100 {
		var all []string
		for range rng.IntN(40) {
			p := string(rune('a' + rng.IntN(4)))
			for range rng.IntN(4) {
				p += "/" + string(rune('a'+rng.IntN(4)))
			}
			all = append(all, p+"/file", p+"/x.tmp")
		}
		d := newDisk(t, disktest.Options{}, all...)
		if len(all) > 0 {
			must(t, d.Deny(path.Dir(all[rng.IntN(len(all))]), true))
		}
		opt := Options{Rules: backupRules(t, "*.tmp"), Parallel: 1 + rng.IntN(8)}
		want, err := Tree(context.Background(), d, opt)
		must(t, err)
		var got Result
		got.Skipped, err = Walk(context.Background(), d, opt, func(e Entry) { got.Entries = append(got.Entries, e) })
		must(t, err)
		if !slices.Equal(got.Entries, want.Entries) || !slices.Equal(words(got), words(want)) {
			t.Fatalf("%v instead of %v", words(got), words(want))
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := Walk(ctx, d, opt, func(e Entry) { t.Errorf("%s was told", e.Path) }); err == nil {
			t.Error("no error")
		}
	}
}

func TestEntriesCarryTheirInfo(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "dir/file")
	r, err := Tree(context.Background(), d, Options{})
	must(t, err)
	for _, e := range r.Entries {
		info, err := d.Stat(e.Path)
		if err != nil || e.Info != info {
			t.Errorf("%s: %+v, stat says %+v, %v", e.Path, e.Info, info, err)
		}
	}
}

func TestUnreadableFolderIsBlindNotEmpty(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "open/1", "secret/2", "secret/deep/3")
	must(t, d.Deny("secret", true))
	r, err := Tree(context.Background(), d, Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"open/", "open/1", "secret: unreadable"}, words(r)); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(r.Skipped[0].Err, fs.ErrPermission) {
		t.Errorf("cause: %v", r.Skipped[0].Err)
	}
	blind := r.Blind()
	for path, want := range map[string]bool{"secret": true, "secret/deep/3": true, "secretive": false, "open/1": false, "": false} {
		if blind.Covers(path) != want {
			t.Errorf("blind at %q: %v", path, !want)
		}
	}
}

func TestRootErrors(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "f")
	must(t, d.Deny("", true))
	for _, path := range []string{"", "f"} {
		r, err := Under(context.Background(), d, path, Options{})
		if path == "" && (err == nil || len(r.Entries)+len(r.Skipped) > 0) {
			t.Errorf("an unreadable root gives %v, %v", words(r), err)
		}
		if path != "" && !r.Blind().Covers(path) {
			t.Errorf("below an unreadable root: %v, %v", words(r), err)
		}
	}
}

// goneAt returns a disk whose drive goes away at one of the calls of a scan that does one after the other.
func goneAt(t *testing.T, at int) *disktest.Disk {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2", "b/c/3", "d/e/f/4")
	calls := 0
	d.SetFaults(func(op, path string) error {
		if calls++; calls == at {
			d.UnplugHard()
		}
		return nil
	}, nil)
	return d
}

// A drive that goes away half way must not leave a short list, whichever call meets it first.
func TestGoneAbortsAll(t *testing.T) {
	for at := 1; at <= 7; at++ {
		d := goneAt(t, at)
		r, err := Tree(context.Background(), d, Options{Parallel: 1})
		if !errors.Is(err, disk.ErrGone) || len(r.Entries)+len(r.Skipped) > 0 {
			t.Errorf("gone at call %d: %v, %v", at, words(r), err)
		}
	}
}

func TestGoneEndsWalk(t *testing.T) {
	for at := 1; at <= 7; at++ {
		if skipped, err := Walk(context.Background(), goneAt(t, at), Options{Parallel: 1}, func(Entry) {}); !errors.Is(err, disk.ErrGone) || skipped != nil {
			t.Errorf("gone at call %d: %v, %v", at, skipped, err)
		}
	}
}

// What was told already is let go of while later folders are still read.
func TestWalkTellsWhileItReads(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2")
	told := make(chan struct{})
	d.SetFaults(func(op, path string) error {
		if path == "b" {
			<-told
		}
		return nil
	}, nil)
	_, err := Walk(context.Background(), d, Options{Parallel: 1}, func(e Entry) {
		if e.Path == "a/1" {
			close(told)
		}
	})
	must(t, err)
}

// A walk that is ended while it tells is not taken for whole.
func TestCancelWhileWalkTells(t *testing.T) {
	for range 100 {
		ctx, cancel := context.WithCancel(context.Background())
		told := 0
		_, err := Walk(ctx, newDisk(t, disktest.Options{}, "a/1", "b/2", "c/3"), Options{}, func(Entry) { told++; cancel() })
		if err == nil && told != 6 || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("%d entries, %v", told, err)
		}
	}
}

func TestGoneAbortsUnder(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/b/1")
	d.UnplugHard()
	if _, err := Under(context.Background(), d, "a/b", Options{}); !errors.Is(err, disk.ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestErrorOfOneFolder(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2")
	broken := errors.New("too many open files")
	d.SetFaults(func(op, path string) error {
		if path == "a" {
			return broken
		}
		return nil
	}, nil)
	r, err := Tree(context.Background(), d, Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"b/", "b/2", "a: unreadable"}, words(r)); diff != "" || !errors.Is(r.Skipped[0].Err, broken) {
		t.Error(diff, r.Skipped)
	}
}

func TestVanishingFolderIsAbsent(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2")
	d.SetFaults(func(op, path string) error {
		if path == "a" {
			return d.RemoveAll("a")
		}
		return nil
	}, nil)
	r, err := Tree(context.Background(), d, Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"b/", "b/2"}, words(r)); diff != "" {
		t.Error(diff)
	}
}

func TestFolderSwappedForALink(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2")
	d.SetFaults(func(op, path string) error {
		if path == "a" {
			must(t, d.RemoveAll("a"))
			return d.Put("a", disk.Symlink)
		}
		return nil
	}, nil)
	r, err := Tree(context.Background(), d, Options{})
	must(t, err)
	if diff := cmp.Diff([]string{"b/", "b/2", "a: link"}, words(r)); diff != "" {
		t.Error(diff)
	}
}

func TestCancel(t *testing.T) {
	d := newDisk(t, disktest.Options{}, "a/1", "b/2")
	ctx, cancel := context.WithCancel(context.Background())
	d.SetFaults(func(op, path string) error {
		if path == "a" {
			cancel()
		}
		return nil
	}, nil)
	if r, err := Tree(ctx, d, Options{Parallel: 1}); !errors.Is(err, context.Canceled) || len(r.Entries) > 0 {
		t.Errorf("got %v, %v", words(r), err)
	}
}

func TestUnder(t *testing.T) {
	for _, c := range []struct {
		path string
		want []string
	}{
		{"a", []string{"a/", "a/1", "a/b/", "a/b/2"}},
		{"a/b", []string{"a/b/", "a/b/2"}},
		{"a/b/2", []string{"a/b/2"}},
		{"a/b/gone", nil},
		{"gone/too/deep", nil},
		{"file/below", nil},
		{"link/x", []string{"link: link"}},
		{"link", []string{"link: link"}},
		{"usb/x", []string{"usb: another disk"}},
		{"denied/x/y", []string{"denied/x: unreadable"}},
		{"denied", []string{"denied: unreadable"}},
		{"node_modules/m/x", []string{"node_modules: skip rule"}},
		{"node_modules", []string{"node_modules: skip rule"}},
		{"Shared/Team/t", []string{"Shared/Team: another folder of this program"}},
		{"Shared", []string{"Shared/", "Shared/Team: another folder of this program"}},
		{".elkjop-staging/1", []string{".elkjop-staging: own file"}},
		{"bad\xff/x", []string{"bad\xff: name is not valid UTF-8"}},
	} {
		d := newDisk(t, disktest.Options{}, "a/1", "a/b/2", "file", "denied/x/y", "node_modules/m/x", "Shared/Team/t", ".elkjop-staging/1", "bad\xff/x")
		must(t, d.Put("link", disk.Symlink))
		must(t, d.Put("usb", disk.Mount))
		must(t, d.Deny("denied", true))
		r, err := Under(context.Background(), d, c.path, Options{Rules: backupRules(t, "node_modules/"), Exclude: []string{"Shared/Team"}})
		must(t, err)
		if diff := cmp.Diff(c.want, words(r)); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", c.path, diff)
		}
	}
}

// After "Foo" became "foo" the old name still answers on such a disk, but is no entry any more.
func TestUnderOldSpelling(t *testing.T) {
	d := newDisk(t, disktest.Options{CaseInsensitive: true}, "dir/foo", "shared/x")
	for path, want := range map[string][]string{
		"dir/foo":  {"dir/foo"},
		"dir/Foo":  nil,
		"Dir/foo":  nil,
		"shared/x": {"shared: another folder of this program"},
	} {
		r, err := Under(context.Background(), d, path, Options{Exclude: []string{"Shared"}})
		must(t, err)
		if diff := cmp.Diff(want, words(r)); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", path, diff)
		}
	}
}

// An unmounted drive is no error of the scan: the caller asks volume.Check. But a root that is missing is one.
func TestMissingRoot(t *testing.T) {
	root := disktest.TempDir(t) + "/root"
	fsys := mkdirOpen(t, root)
	removeDir(t, root)
	for _, path := range []string{"", "a", "a/b"} {
		if _, err := Under(context.Background(), fsys, path, Options{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

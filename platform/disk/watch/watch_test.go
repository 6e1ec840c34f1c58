package watch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tree is a folder on the real disk, and a watcher on it.
type tree struct {
	t    *testing.T
	root string
	w    *Watcher
}

func newTree(t *testing.T) *tree {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &tree{t: t, root: root}
}

// watch begins to watch; a system without notices has nothing to test here.
func (tr *tree) watch(opts Options) {
	tr.t.Helper()
	opts.Quiet = 20 * time.Millisecond
	w, err := Watch(tr.t.Context(), tr.root, opts)
	if err != nil {
		tr.t.Fatal(err)
	}
	tr.t.Cleanup(w.Close)
	if why := w.Degraded(); why != nil {
		tr.t.Skipf("not watched but polled: %v", why)
	}
	tr.w = w
}

func (tr *tree) path(rel string) string { return filepath.Join(tr.root, filepath.FromSlash(rel)) }

func (tr *tree) must(err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *tree) mkdir(rel string) { tr.t.Helper(); tr.must(os.MkdirAll(tr.path(rel), 0o700)) }
func (tr *tree) write(rel string) {
	tr.t.Helper()
	tr.must(os.WriteFile(tr.path(rel), []byte(rel), 0o600))
}
func (tr *tree) rename(from, to string) {
	tr.t.Helper()
	tr.must(os.Rename(tr.path(from), tr.path(to)))
}

// covered reads reports until all wanted paths were in them, and returns how many paths were reported.
func (tr *tree) covered(want ...string) int {
	tr.t.Helper()
	open := map[string]bool{}
	for _, path := range want {
		open[path] = true
	}
	reported := 0
	ctx, cancel := context.WithTimeout(tr.t.Context(), 30*time.Second)
	defer cancel()
	for len(open) > 0 {
		paths, all, err := tr.w.Next(ctx)
		if err != nil {
			tr.t.Fatalf("%d of %d paths never reported, such as %q (%v)", len(open), len(want), first(open), err)
		}
		if all {
			return reported
		}
		reported += len(paths)
		strike(open, paths)
	}
	return reported
}

// strike takes what reports cover off the list.
func strike(open map[string]bool, paths []string) {
	set := map[string]struct{}{}
	for _, path := range paths {
		set[path] = struct{}{}
	}
	for path := range open {
		if _, ok := set[path]; ok || below(set, path) {
			delete(open, path)
		}
	}
}

func first(set map[string]bool) string {
	for path := range set {
		return path
	}
	return ""
}

// settle reads reports until a probe comes back: everything that happened before was reported.
func (tr *tree) settle(probe string) []string {
	tr.t.Helper()
	tr.write(probe)
	ctx, cancel := context.WithTimeout(tr.t.Context(), 30*time.Second)
	defer cancel()
	var seen []string
	for {
		paths, all, err := tr.w.Next(ctx)
		tr.must(err)
		seen = append(seen, paths...)
		if all || strings.Contains(strings.Join(paths, "\n"), probe) {
			return seen
		}
	}
}

func TestSingleChanges(t *testing.T) {
	tests := []struct {
		name string
		do   func(tr *tree)
		want []string
	}{
		{"create", func(tr *tree) { tr.write("new") }, []string{"new"}},
		{"write", func(tr *tree) { tr.write("docs/a") }, []string{"docs/a"}},
		{"remove", func(tr *tree) { tr.must(os.Remove(tr.path("docs/a"))) }, []string{"docs/a"}},
		{"rename", func(tr *tree) { tr.rename("docs/a", "docs/deep/b") }, []string{"docs/a", "docs/deep/b"}},
		{"new folder", func(tr *tree) { tr.mkdir("x/y/z"); tr.write("x/y/z/f") }, []string{"x/y/z/f"}},
		{"rename folder", func(tr *tree) { tr.rename("docs", "papers") }, []string{"docs/a", "papers/a", "papers/deep/c"}},
		{"remove folder", func(tr *tree) { tr.must(os.RemoveAll(tr.path("docs"))) }, []string{"docs/a", "docs/deep/c", "docs"}},
		{"atomic save", func(tr *tree) { tr.write("docs/tmp"); tr.rename("docs/tmp", "docs/a") }, []string{"docs/a"}},
		{"names", func(tr *tree) { tr.write("docs/æ ø å #%~.txt") }, []string{"docs/æ ø å #%~.txt"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := newTree(t)
			tr.mkdir("docs/deep")
			tr.write("docs/a")
			tr.write("docs/deep/c")
			tr.watch(Options{})
			tt.do(tr)
			tr.covered(tt.want...)
		})
	}
}

func TestStormInNewFoldersLosesNothing(t *testing.T) {
	tr := newTree(t)
	tr.watch(Options{})
	var files []string
	for d := range 100 {
		dir := fmt.Sprintf("new%d/a/b/c", d)
		tr.mkdir(dir)
		for f := range 100 {
			file := fmt.Sprintf("%s/f%d", dir, f)
			tr.write(file)
			files = append(files, file)
		}
	}
	tr.covered(files...)
	tr.everyFolderIsWatched()
}

// everyFolderIsWatched writes a file into every folder of the tree: none may go unnoticed.
func (tr *tree) everyFolderIsWatched() {
	tr.t.Helper()
	tr.settle("settled")
	var probes []string
	for _, dir := range tr.dirs() {
		probes = append(probes, strings.TrimPrefix(dir+"/probe", "/"))
		tr.write(probes[len(probes)-1])
	}
	if reported := tr.covered(probes...); reported < len(probes) {
		tr.t.Logf("%d probes in %d reports", len(probes), reported)
	}
}

// dirs lists the folders of the tree, the root ("") included.
func (tr *tree) dirs() []string {
	var dirs []string
	err := filepath.WalkDir(tr.root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			rel, _ := filepath.Rel(tr.root, path)
			dirs = append(dirs, strings.TrimPrefix(filepath.ToSlash(rel), "."))
		}
		return err
	})
	tr.must(err)
	return dirs
}

// Folders are made, moved and removed as fast as the disk can, into and out of each other; afterwards every folder that is left must
// be watched, under the path it has now.
func TestEveryFolderIsWatchedAfterAStormOfMoves(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			tr := newTree(t)
			tr.mkdir("a/b/c")
			tr.watch(Options{})
			for i := range 400 {
				tr.shuffle(random, i)
			}
			tr.everyFolderIsWatched()
		})
	}
}

// shuffle does one random thing to the folders; what is impossible (a folder into itself) fails and changes nothing.
func (tr *tree) shuffle(random *rand.Rand, i int) {
	dirs := tr.dirs()
	pick := func() string { return tr.path(dirs[random.IntN(len(dirs))]) }
	fresh := filepath.Join(pick(), fmt.Sprint("d", i))
	switch n := random.IntN(10); {
	case n < 4:
		_ = os.MkdirAll(filepath.Join(fresh, "deeper"), 0o700)
	case n < 6: // a folder that is not known yet takes in one that is: found twice
		_ = os.Mkdir(fresh, 0o700)
		_ = os.Rename(pick(), filepath.Join(fresh, "moved"))
	case n < 9:
		if from := pick(); from != tr.root {
			_ = os.Rename(from, fresh)
		}
	case len(dirs) > 20:
		if gone := pick(); gone != tr.root {
			_ = os.RemoveAll(gone)
		}
	}
}

func TestRenamedFolderIsReportedUnderItsNewPath(t *testing.T) {
	tr := newTree(t)
	tr.mkdir("old/deep")
	tr.watch(Options{})
	tr.rename("old", "new")
	tr.settle("one")
	tr.write("new/deep/file")
	for _, path := range tr.settle("two") {
		if strings.HasPrefix(path, "old") {
			t.Errorf("%s was reported after it was renamed", path)
		}
	}
	tr.rename("new", "newer")
	tr.mkdir("new/deep")
	tr.settle("three")
	tr.write("newer/deep/file")
	tr.write("new/deep/file")
	tr.covered("newer/deep/file", "new/deep/file")
}

func TestIgnoredFoldersAreNotReported(t *testing.T) {
	tr := newTree(t)
	tr.mkdir("node_modules/x")
	tr.mkdir("src")
	tr.watch(Options{Ignore: func(path string, isDir bool) bool {
		return isDir && filepath.Base(path) == "node_modules" || strings.HasSuffix(path, ".tmp")
	}})
	tr.write("node_modules/x/file")
	tr.write("src/half.tmp")
	tr.mkdir("src/node_modules/y")
	tr.write("src/node_modules/y/file")
	tr.write("src/real")
	seen := tr.settle("probe")
	for _, path := range seen {
		if strings.Contains(path, "node_modules") || strings.HasSuffix(path, ".tmp") {
			t.Errorf("%s was reported", path)
		}
	}
	if !strings.Contains(strings.Join(seen, "\n"), "src/real") {
		t.Errorf("src/real was not reported: %q", seen)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	tr := newTree(t)
	outside := t.TempDir()
	if err := os.Symlink(outside, tr.path("link")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	tr.watch(Options{})
	tr.must(os.WriteFile(filepath.Join(outside, "file"), nil, 0o600))
	for _, path := range tr.settle("probe") {
		if strings.HasPrefix(path, "link") {
			t.Errorf("%s was reported", path)
		}
	}
}

func TestCloseIsQuick(t *testing.T) {
	tr := newTree(t)
	for d := range 1000 {
		tr.mkdir(fmt.Sprint("d", d))
	}
	tr.watch(Options{})
	tr.write("d1/file")
	began := time.Now()
	tr.w.Close()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
}

// A file is replaced, a folder made and the file moved into it, at once and again and again.
func TestMovesIntoNewFoldersAreSeen(t *testing.T) {
	tr := newTree(t)
	tr.watch(Options{Ignore: func(path string, _ bool) bool { return strings.HasPrefix(filepath.Base(path), ".tmp") }})
	for i := range 200 {
		file, dir := fmt.Sprint("new", i, ".txt"), fmt.Sprint("folder", i)
		tr.write(".tmp")
		tr.rename(".tmp", file)
		if i%2 == 0 {
			tr.covered(file)
		}
		tr.mkdir(dir)
		tr.rename(file, dir+"/renamed.txt")
		tr.covered(file, dir+"/renamed.txt")
	}
}

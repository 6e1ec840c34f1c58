package ignore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func mustNew(t testing.TB, kind Kind, patterns ...string) *Rules {
	t.Helper()
	r, err := New(kind, patterns)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDefaults(t *testing.T) {
	synced, backup := mustNew(t, Synced), mustNew(t, Backup)
	for _, c := range []struct {
		path           string
		isDir          bool
		synced, backup Reason
	}{
		{"report.odt", false, None, None},
		{"a/b/c.txt", false, None, None},
		{"Desktop.ini", false, Junk, Junk},
		{"a/Thumbs.db", false, Junk, Junk},
		{"ehthumbs.db", false, Junk, Junk},
		{".DS_Store", false, Junk, Junk},
		{"a/._photo.jpg", false, Junk, Junk},
		{"Icon\r", false, Junk, Junk},
		{"Icon", false, None, None},
		{".localized", false, Junk, Junk},
		{".Spotlight-V100/store", false, Junk, Junk},
		{".Trashes", true, Junk, Junk},
		{"$RECYCLE.BIN/S-1/x.doc", false, Junk, Junk},
		{"System Volume Information", true, Junk, Junk},
		{".Trash-1000/files/a", false, Junk, Junk},
		{"lost+found", true, Junk, Junk},
		{".directory", false, Junk, Junk},
		{"~$report.docx", false, Junk, Junk},
		{".~lock.report.odt#", false, Junk, Junk},
		{".~lock.report.odt", false, None, None},
		{"~WRL0001.tmp", false, Junk, Temporary},
		{"data.tmp", false, None, None},
		{"name.~1", false, Junk, Temporary},
		{".note.txt.swp", false, Junk, Temporary},
		{"logo.swf", false, None, None},
		{"draft.txt~", false, Junk, Temporary},
		{"film.mkv.part", false, Junk, Temporary},
		{"film.filepart", false, Junk, Temporary},
		{"film.crdownload", false, Junk, Temporary},
		{"film.download", false, Junk, Temporary},
		{"spare.part", true, None, None},
		{"old~", true, None, None},
		{".fuse_hidden0001", false, Junk, Junk},
		{".nfs0000000000a1b2c300000001", false, Junk, Junk},
		{".nfsrc", false, None, None},
		{".nfs-exports", true, None, None},
		{"._backup", true, None, None},
		{"Thumbs.db", true, None, None},
		{"lost+found", false, None, None},
		{".elkjop-root", false, Own, Own},
		{"a/.elkjop-staging/x", false, Own, Own},
		{".", false, None, None},
		{"ends.", false, None, None},
	} {
		if got := synced.Match(c.path, c.isDir); got != c.synced {
			t.Errorf("synced %q: %v, want %v", c.path, got, c.synced)
		}
		if got := backup.Match(c.path, c.isDir); got != c.backup {
			t.Errorf("backup %q: %v, want %v", c.path, got, c.backup)
		}
	}
}

func TestPatterns(t *testing.T) {
	r := mustNew(t, Backup, "", "# caches", "node_modules/", "*.iso", "!keep.iso", "/top", "!Thumbs.db", "data/**", "!data/keep", "!.elkjop-root")
	for _, c := range []struct {
		path  string
		isDir bool
		want  Reason
	}{
		{"a/node_modules", true, Pattern},
		{"a/node_modules", false, None},
		{"a/node_modules/b/c", false, Pattern},
		{"x.iso", false, Pattern},
		{"keep.iso", false, None},
		{"top", false, Pattern},
		{"a/top", false, None},
		{"a/Thumbs.db", false, None},
		{"desktop.ini", false, Junk},
		{"data", true, None},
		{"data/x/y", false, Pattern},
		{"data/keep", false, None},
		{".elkjop-root", false, Own},
	} {
		if got := r.Match(c.path, c.isDir); got != c.want {
			t.Errorf("%q: %v, want %v", c.path, got, c.want)
		}
	}
}

func TestWrongPatterns(t *testing.T) {
	for _, pattern := range []string{`a\`, "[a", "x[[:nosuch:]]", "//", "!", "/", "a\nb", "../secret", "a/../b"} {
		_, err := New(Backup, []string{"*.ok", pattern})
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", pattern)) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

// gitSays asks git which paths the patterns leave out. Folders end in a slash.
func gitSays(t *testing.T, git string, patterns, paths []string) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	run := func(stdin string, args ...string) string {
		cmd := exec.Command(git, args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		out, err := cmd.Output()
		if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 1) {
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	run("", "init", "-q")
	for _, path := range paths {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if strings.HasSuffix(path, "/") {
			if err := os.MkdirAll(full, 0o755); err != nil {
				t.Fatal(err)
			}
		} else if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		} else if err := os.WriteFile(full, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(strings.Join(patterns, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	ignored := map[string]bool{}
	stdin := strings.ReplaceAll(strings.Join(paths, "\x00")+"\x00", "/\x00", "\x00") // with the slash git would test what is inside
	for _, line := range strings.Split(run(stdin, "check-ignore", "-z", "--no-index", "--stdin"), "\x00") {
		ignored[line] = true
	}
	return ignored
}

func TestLikeGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed, so there is nothing to compare with")
	}
	paths := []string{
		"a.log", "b.txt", "build/", "build/x.o", "build/sub/", "build/sub/y.o", "src/", "src/build/", "src/build/z",
		"src/a.log", "src/main.go", "src/foo/", "src/foo/bar/", "src/foo/bar/baz.txt", "docs/", "docs/a.md", "docs/b.md",
		"data/", "data/keep", "data/drop", "data/deep/", "data/deep/f", "with space", "file[1].txt", "file1.txt", "ünïcode.txt",
		"!bang", "#hash", "x/", "x/y/", "x/y/z/", "x/y/z/f", "foo/", "foo/a.txt",
	}
	for _, patterns := range [][]string{
		{"*.log"},
		{"build/"},
		{"/build/"},
		{"build"},
		{"*.log", "!src/a.log"},
		{"src/*", "!src/main.go"},
		{"data/**", "!data/keep"},
		{"data/*", "!data/deep/"},
		{"data/**", "!data/**/"},
		{"**/foo"},
		{"**/foo/bar"},
		{"x/**/f"},
		{"x/**/"},
		{"foo/**"},
		{"*"},
		{"*", "!*.txt"},
		{"/*", "!/src"},
		{"file[1].txt"},
		{`file\[1\].txt`},
		{"file?.txt"},
		{"[[:alpha:]].log"},
		{"[!a].txt"},
		{`\!bang`, `\#hash`},
		{"with space"},
		{"ü*"},
		{"docs/[a-b].md", "!docs/b.md"},
		{"build/", "!build/x.o"},
		{"x/y"},
		{"y/z"},
		{"**/z/**"},
		{"**"},
		{"/**"},
		{"*", "!*/", "!*.txt"},
		{"*", "!*/", "!src/**"},
		{"*.log", "!src"},
		{"src/", "!src/foo/"},
		{"a.log  ", `with\ space`, "b.txt\t"},
		{"foo/*", "!foo/a.txt"},
		{"/x/y/", "!/x/y/z/"},
		{"docs/*.md", "!**/b.md"},
		{"f*/**/*.txt"},
	} {
		t.Run(strings.Join(patterns, " "), func(t *testing.T) {
			want := gitSays(t, git, patterns, paths)
			r := mustNew(t, Backup, patterns...)
			for _, path := range paths {
				plain, isDir := strings.CutSuffix(path, "/")
				if got := r.Match(plain, isDir) == Pattern; got != want[plain] {
					t.Errorf("%q: ignored %v, git says %v", path, got, want[plain])
				}
			}
		})
	}
}

func TestNoAllocations(t *testing.T) {
	r := mustNew(t, Backup)
	n := testing.AllocsPerRun(100, func() { r.Match("documents/2026/november/report final.odt", false) })
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	for name, patterns := range map[string][]string{"defaults": nil, "ten rules": {"*.iso", "node_modules/", "*.o", "build/", "/x", "*.a", "*.b", "*.c", "y/", "!keep"}} {
		b.Run(name, func(b *testing.B) {
			r := mustNew(b, Backup, patterns...)
			b.ReportAllocs()
			for b.Loop() {
				r.Match("documents/2026/november/report final.odt", false)
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("*.log", "a/b.log", false)
	f.Add("data/**", "data/x", true)
	f.Add("!~", "~", false)
	f.Fuzz(func(t *testing.T, pattern, path string, isDir bool) {
		r, err := New(Backup, []string{pattern})
		if err != nil {
			return
		}
		_ = r.Match(path, isDir) // must not panic, whatever a user types
	})
}

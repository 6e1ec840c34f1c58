package watch

import (
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

// TestChangesInTheRoot: what happens in the folder itself is told; Wine tells of nothing below it.
func TestChangesInTheRoot(t *testing.T) {
	root, err := filepath.EvalSymlinks(disktest.TempDir(t))
	if err != nil {
		t.Fatal(err)
	}
	tr := &tree{t: t, root: root}
	tr.write("there")
	tr.watch(Options{})
	tr.write("new")
	tr.covered("new")
	tr.write("there")
	tr.covered("there")
	tr.rename("new", "newer")
	tr.covered("new", "newer")
	tr.mkdir("folder")
	tr.covered("folder")
	tr.must(os.Remove(tr.path("newer")))
	tr.covered("newer")
}

func TestLongName(t *testing.T) {
	for in, want := range map[string]string{
		"docs/report.txt": "docs/report.txt", "PROGRA~1/x/y": "", "a/b/LONGFI~2.TXT": "a/b", "~$open.docx": "~$open.docx",
		"a/backup~": "a/backup~",
	} {
		if got := longName(in); got != want {
			t.Errorf("longName(%q) = %q, want %q", in, got, want)
		}
	}
}

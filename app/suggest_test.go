package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMeasure(t *testing.T) {
	dir := realDir(t)
	for name, content := range map[string]string{"a.txt": "12345", "sub/b.txt": "678", "sub/.DS_Store": "never backed up"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := newWorld(t).computer("anna")
	got, err := c.Measure(t.Context(), dir)
	if diff := cmp.Diff(Extent{Files: 2, Bytes: 8}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := c.Measure(t.Context(), filepath.Join(dir, "nothing")); err == nil {
		t.Error("a folder that is not there was measured")
	}
}

func TestWhatTheStatusTellsOfTheWork(t *testing.T) {
	c := newWorld(t).computer("anna")
	dir := realDir(t)
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.txt", filepath.Join(dir, "link")); err != nil {
		t.Skip("this system makes no links here: ", err)
	}
	if _, err := c.AddBackup(t.Context(), dir, "Docs", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Once(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s := c.Status()
	if s.MovedFiles != 1 || s.MovedBytes < 5 || s.Pairs[0].Skipped != 1 {
		t.Errorf("%d files and %d bytes moved, %d skipped", s.MovedFiles, s.MovedBytes, s.Pairs[0].Skipped)
	}
	if got := c.Storage(); got.Kind != "folder" || got.Place == "" {
		t.Errorf("%+v", got)
	}
}

package app

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSuggestions(t *testing.T) {
	home := realDir(t)
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	for _, name := range []string{"Documents", "Pictures"} {
		if err := os.Mkdir(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c := newWorld(t).computer("anna")
	want := []Suggestion{{"documents", filepath.Join(home, "Documents")}, {"pictures", filepath.Join(home, "Pictures")}}
	if diff := cmp.Diff(want, c.Suggestions()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := c.AddBackup(t.Context(), want[0].Path, "", nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:], c.Suggestions()); diff != "" {
		t.Errorf("with one of them backed up (-want +got):\n%s", diff)
	}
}

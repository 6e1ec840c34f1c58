package ospaths

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForFollowsTheEnvironment(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, "")
	}
	got, err := For("x")
	if err != nil {
		t.Fatal(err)
	}
	want := Paths{filepath.Join(home, ".config/x"), filepath.Join(home, ".local/share/x"), filepath.Join(home, ".cache/x")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	t.Setenv("XDG_DATA_HOME", "/elsewhere")
	if got, err = For("x"); err != nil || got.Data != "/elsewhere/x" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestForNeedsAHome(t *testing.T) {
	for _, home := range []string{"", "not/full"} {
		t.Setenv("HOME", home)
		if got, err := For("x"); err == nil {
			t.Errorf("HOME=%q: %+v", home, got)
		}
	}
}

func TestMakeIsPrivate(t *testing.T) {
	p, err := In(filepath.Join(t.TempDir(), "new"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Make(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(p.Data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestUserFolders(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, ".config"))
	if err := os.MkdirAll(filepath.Join(home, ".config"), 0o700); err != nil {
		t.Fatal(err)
	}
	dirs := "XDG_DOCUMENTS_DIR=\"$HOME/Dokumenter\"\nXDG_MUSIC_DIR=\"$HOME/\"\n"
	if err := os.WriteFile(filepath.Join(home, ".config", "user-dirs.dirs"), []byte(dirs), 0o600); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range UserFolders() {
		got[f.Kind] = f.Path
	}
	if got["documents"] != filepath.Join(home, "Dokumenter") {
		t.Errorf("the folder's own name is not taken: %v", got)
	}
	if _, ok := got["music"]; ok {
		t.Errorf("the home itself is taken for a folder: %v", got)
	}
}

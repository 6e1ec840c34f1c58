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

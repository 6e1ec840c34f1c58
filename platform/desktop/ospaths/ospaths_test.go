package ospaths

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk/disktest"
)

func TestIn(t *testing.T) {
	t.Chdir(disktest.TempDir(t))
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	got, err := In("a")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(here, "a")
	if diff := cmp.Diff(Paths{Config: home, Data: home, Cache: filepath.Join(home, "cache")}, got); diff != "" {
		t.Error(diff)
	}
	if err := got.Make(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(got.Cache); err != nil || !info.IsDir() {
		t.Errorf("%v %v", info, err)
	}
}

func TestForIsAbsolute(t *testing.T) {
	got, err := For("Elkjøp Cloud")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{got.Config, got.Data, got.Cache} {
		if !filepath.IsAbs(path) || filepath.Base(path) != "Elkjøp Cloud" {
			t.Errorf("%q", path)
		}
	}
}

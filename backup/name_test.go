package backup

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/layout"
)

func TestResolve(t *testing.T) {
	vol := func(device, folder string) layout.Volume {
		v, err := layout.NewBackup(device, folder)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	known := []Known{
		{Name: "Docs", Volume: vol("PC", "Documents")},
		{Name: "PC", Volume: vol("PC", "Own")},
		{Volume: vol("PC", "Documents")},
		{Volume: vol("Mac", "Docs")},
		{Volume: vol("mac", "docs")},
	}
	for spec, want := range map[string]string{
		"Docs": "Backup/PC/Documents ", "docs/a/b": "Backup/PC/Documents a/b", "/Docs/": "Backup/PC/Documents ",
		"Mac/Docs/x": "Backup/Mac/Docs x", "mac/docs": "Backup/mac/docs ", "MAC/DOCS": "Backup/Mac/Docs ",
		"PC/Documents": "Backup/PC/Own Documents", // a name on this computer comes first
		"Nothing":      "unknown", "Mac": "unknown", "": "unknown",
	} {
		v, path, err := Resolve(spec, known)
		got := v.String() + " " + path
		if errors.Is(err, ErrUnknown) {
			got = "unknown"
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", spec, got, want, err)
		}
	}
}

func TestInside(t *testing.T) {
	root := filepath.FromSlash("/a/b")
	others := []string{"/a/b/c", "/a/b/c/d", "/a", "/a/b", "/a/bc", "/x", "/a/b/..c"}
	for i := range others {
		others[i] = filepath.FromSlash(others[i])
	}
	if d := cmp.Diff([]string{"c", "c/d", "..c"}, Inside(root, others)); d != "" {
		t.Error(d)
	}
}

func TestRootAndPresent(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real")
	if err := os.Mkdir(real, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	a, errA := Root(real)
	b, errB := Root(filepath.Join(dir, "link"))
	if a != b || errA != nil || errB != nil || !Same(real, filepath.Join(dir, "link")) {
		t.Errorf("%q %q %v %v", a, b, errA, errB)
	}
	if _, err := Root(filepath.Join(dir, "none")); err == nil {
		t.Error("a root that is not there")
	}
	if err := Present(t.Context(), real, ""); err != nil {
		t.Error(err)
	}
	if err := Present(t.Context(), real, "another drive"); !errors.Is(err, ErrOtherVolume) {
		t.Error(err)
	}
	if err := Present(t.Context(), filepath.Join(dir, "none"), ""); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
}

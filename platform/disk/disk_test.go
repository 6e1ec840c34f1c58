package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
)

func openTemp(t *testing.T) disk.FS {
	t.Helper()
	return open(t, disktest.TempDir(t))
}

func open(t *testing.T, root string) disk.FS {
	t.Helper()
	fsys, err := disk.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

func TestConformance(t *testing.T) { disktest.Run(t, openTemp) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(content), 0o644))
}

func TestOpenNeedsAFolder(t *testing.T) {
	dir := disktest.TempDir(t)
	writeFile(t, filepath.Join(dir, "file"), "")
	for _, path := range []string{"nothing", "file"} {
		if _, err := disk.Open(filepath.Join(dir, path)); !disk.IsNotExist(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestNoOpenHandleKeepsTheRoot(t *testing.T) {
	dir := disktest.TempDir(t)
	root := filepath.Join(dir, "root")
	must(t, os.Mkdir(root, 0o755))
	fsys := open(t, root)
	must(t, os.Remove(root))
	if _, err := fsys.Stat(""); !disk.IsNotExist(err) {
		t.Errorf("a removed root: %v", err)
	}
	must(t, os.Mkdir(root, 0o755))
	if _, err := fsys.Stat(""); err != nil {
		t.Errorf("the root came back: %v", err)
	}
}

func TestWriteFileAtomic(t *testing.T) {
	dir := disktest.TempDir(t)
	path := filepath.Join(dir, "settings")
	for _, content := range []string{"first", "second", ""} {
		must(t, disk.WriteFileAtomic(path, []byte(content), 0o600))
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("got %q, %v", got, err)
		}
	}
	must(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	writeFile(t, filepath.Join(dir, "folder", "inside"), "")
	if err := disk.WriteFileAtomic(filepath.Join(dir, "folder"), []byte("x"), 0o600); err == nil {
		t.Error("a folder was replaced")
	}
	if err := disk.WriteFileAtomic(filepath.Join(dir, "missing", "f"), nil, 0o600); !disk.IsNotExist(err) {
		t.Errorf("missing folder: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWindowsName(t *testing.T) {
	for name, valid := range map[string]bool{
		"report.odt": true, "å": true, ".hidden": true, "com": true, "com10": true, "console": true, "nullable.txt": true, "lpt": true,
		"": false, ".": false, "..": false, "a:b": false, "a/b": false, `a\b`: false, "a<b": false, "a|b": false, "a?": false, "a*": false,
		`a"b`: false, "a\x01": false, "trail.": false, "trail ": false, "CON": false, "nul.txt": false, "Com1": false, "lpt9.tar.gz": false,
		"aux .txt": false, "COM¹": false, "conin$": false,
	} {
		if err := disk.WindowsName(name); (err == nil) != valid {
			t.Errorf("%q: %v", name, err)
		}
	}
}

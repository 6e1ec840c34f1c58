package transfer

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore/memstore"
)

// TestRealDisk goes up and down once between the store and the disk of this computer: what fstat says of an opened file must be what
// a look at its path says, or nothing could ever be uploaded.
func TestRealDisk(t *testing.T) {
	dir := t.TempDir()
	fsys, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	x := New(memstore.New(nil), Options{MultipartFrom: 5 * mib, PartSize: 5 * mib})
	for _, size := range []int{0, 1000, 11 * mib} {
		content := noise(size, 70)
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := fsys.Stat("f")
		if err != nil {
			t.Fatal(err)
		}
		up, err := x.Upload(t.Context(), fsys, "f", info.Signature, func() string { return "v/f/" + string(rune('a'+size%7)) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := x.Hash(t.Context(), fsys, "f", info.Signature); err != nil || sum != up.SHA256 {
			t.Errorf("hash %x, %v", sum, err)
		}
		half := content[:size/2]
		if err := os.WriteFile(filepath.Join(dir, ".staging"), []byte(half), 0o600); err != nil {
			t.Fatal(err)
		}
		err = x.Download(t.Context(), []Range{{up.Key, 0, up.Size}}, up.Size, up.SHA256, fsys, ".staging")
		got, readErr := os.ReadFile(filepath.Join(dir, ".staging"))
		if err := errors.Join(err, readErr, os.Remove(filepath.Join(dir, ".staging"))); err != nil || string(got) != content {
			t.Errorf("%d bytes: %v, right: %v", size, err, string(got) == content)
		}
	}
}

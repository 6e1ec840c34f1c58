//go:build unix

package keychain

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	if err := File(path, "p").Store(t.Context(), "s", "a", "x"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Whatever is in the file: it is refused, or what was understood is what is written and read again.
func FuzzLoad(f *testing.F) {
	f.Add("format = 1\ndevice_id = \"0123456789abcdef\"\n[storage]\nkind = \"folder\"\ndir = \"/d\"\n[synced]\nroot = \"/s\"\n[[backups]]\nname = \"å\"\nskip = [\"*.iso\"]\n")
	f.Add("format = 2\nnew = {a = [1979-05-27T07:32:00Z, {b = 1}]}")
	f.Add("paused = true\npaused_until = 9999-12-31T23:59:59.999999999-23:59\n")
	f.Add("device_name = \"\\u0000\\u202e\"\n[storage]\nkind = 'x'")
	f.Fuzz(func(t *testing.T, text string) {
		home := t.TempDir()
		if err := os.WriteFile(filepath.Join(home, Name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		first, err := Load(home)
		if err != nil {
			return
		}
		if err := Save(home, first); err != nil {
			t.Fatalf("it was read as %+v and cannot be written: %v", first, err)
		}
		second, err := Load(home)
		if err != nil {
			t.Fatalf("it was read as %+v, written, and cannot be read: %v", first, err)
		}
		first.Format = Format
		if d := cmp.Diff(first.Clone(), second, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

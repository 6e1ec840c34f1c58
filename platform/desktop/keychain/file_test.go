package keychain

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

func TestFile(t *testing.T) {
	path := filepath.Join(disktest.TempDir(t), "secrets")
	roundTrip(t, File(path, "correct horse"))
	k := File(path, "correct horse")
	for _, account := range []string{"kari", "ola"} {
		if err := k.Store(t.Context(), "s", account, "secret of "+account); err != nil {
			t.Fatal(err)
		}
	}
	again := File(path, "correct horse")
	if got, err := again.Load(t.Context(), "s", "kari"); got != "secret of kari" || err != nil {
		t.Errorf("Load = %q %v", got, err)
	}
	content := fileContent(t, path)
	for _, word := range []string{"secret of", "kari", "horse"} {
		if bytes.Contains(content, []byte(word)) {
			t.Errorf("%q stands in the file", word)
		}
	}
	if err := again.Store(t.Context(), "s", "kari", "secret of kari"); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(fileContent(t, path), content) {
		t.Error("the same secret was written with the same nonce")
	}
}

func fileContent(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestTheFileDoesNotOpen(t *testing.T) {
	path := filepath.Join(disktest.TempDir(t), "secrets")
	if err := File(path, "right").Store(t.Context(), "s", "a", "x"); err != nil {
		t.Fatal(err)
	}
	good := fileContent(t, path)
	changed := func(change func(*sealed)) []byte {
		var s sealed
		if err := json.Unmarshal(good, &s); err != nil {
			t.Fatal(err)
		}
		change(&s)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tests := []struct {
		name, passphrase string
		content          []byte
		want             error
	}{
		{"another passphrase", "wrong", good, ErrPassphrase},
		{"no passphrase", "", good, ErrPassphrase},
		{"half a file", "right", good[:len(good)/2], ErrPassphrase},
		{"a changed box", "right", changed(func(s *sealed) { s.Box[0] ^= 1 }), ErrPassphrase},
		{"a changed salt", "right", changed(func(s *sealed) { s.Argon2.Salt[0] ^= 1 }), ErrPassphrase},
		{"no nonce", "right", changed(func(s *sealed) { s.Nonce = nil }), ErrPassphrase},
		{"too much memory", "right", changed(func(s *sealed) { s.Argon2.Memory = 1 << 30 }), ErrPassphrase},
		{"no time", "right", changed(func(s *sealed) { s.Argon2.Time = 0 }), ErrPassphrase},
		{"a newer format", "right", changed(func(s *sealed) { s.Format = 2 }), ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			k := File(path, tt.passphrase)
			if _, err := k.Load(t.Context(), "s", "a"); !errors.Is(err, tt.want) || errors.Is(err, ErrNotFound) {
				t.Errorf("Load = %v, want %v", err, tt.want)
			}
			if err := k.Store(t.Context(), "s", "b", "y"); !errors.Is(err, tt.want) {
				t.Errorf("Store = %v, want %v", err, tt.want)
			}
			if !bytes.Equal(fileContent(t, path), tt.content) {
				t.Error("the file was written over")
			}
		})
	}
}

func TestProbe(t *testing.T) {
	k := Memory()
	if err := Probe(t.Context(), k, "s"); err != nil || len(k.secrets) > 0 {
		t.Errorf("Probe = %v, %d secrets are left", err, len(k.secrets))
	}
	for _, kind := range []error{ErrLocked, ErrUnavailable} {
		k.Fail(kind)
		if err := Probe(t.Context(), k, "s"); !errors.Is(err, kind) {
			t.Errorf("Probe = %v, want %v", err, kind)
		}
	}
	if err := Probe(t.Context(), newSystem(&fakeRing{secrets: map[string]string{}}), "s"); err != nil {
		t.Errorf("Probe = %v", err)
	}
	if err := Session().Delete(t.Context(), "s", "a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a new session knows something: %v", err)
	}
}

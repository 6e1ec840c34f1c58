package wiring

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/statedb"
)

func open(t *testing.T, home string, o Options) *app.Client {
	t.Helper()
	c, err := Open(t.Context(), home, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func code(err error) string {
	var p *app.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

func TestTwoHomesAndOneFolder(t *testing.T) {
	store := filepath.Join(t.TempDir(), "cloud", "space")
	var roots []string
	for range 2 {
		c := open(t, filepath.Join(t.TempDir(), "home"), Options{})
		checks, err := c.ConnectFolder(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range checks {
			if !k.OK || k.Message == "" {
				t.Errorf("%+v", k)
			}
		}
		root := filepath.Join(t.TempDir(), "Synced")
		if err := c.SetSynced(t.Context(), root); err != nil {
			t.Fatal(err)
		}
		roots = append(roots, root)
		if len(roots) == 1 {
			if err := os.WriteFile(filepath.Join(root, "f.txt"), []byte("hello"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Once(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if s := c.Status(); s.State != app.StateSafe {
			t.Errorf("%+v", s)
		}
	}
	if b, err := os.ReadFile(filepath.Join(roots[1], "f.txt")); err != nil || string(b) != "hello" {
		t.Errorf("%q %v", b, err)
	}
}

func TestAStoreInsideABackupIsLeftAlone(t *testing.T) {
	docs := t.TempDir()
	c := open(t, t.TempDir(), Options{})
	if _, err := c.ConnectFolder(t.Context(), filepath.Join(docs, "space")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(docs, "f.txt"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AddBackup(t.Context(), docs, "Docs", nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Once(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if p := c.Status().Pairs[0]; p.Files != 1 || p.State != app.StateSafe {
		t.Errorf("%+v", p)
	}
	if _, err := c.AddBackup(t.Context(), filepath.Join(docs, "space"), "", nil); code(err) != app.CodeWrongUse {
		t.Errorf("the storage itself was taken: %v", err)
	}
}

func TestOneProcessHoldsTheHome(t *testing.T) {
	home := t.TempDir()
	c := open(t, home, Options{})
	if _, err := Open(t.Context(), home, Options{}); code(err) != app.CodeAnotherInstance {
		t.Errorf("%v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, home, Options{})
}

func TestStorageGone(t *testing.T) {
	store := filepath.Join(t.TempDir(), "space")
	home := t.TempDir()
	c := open(t, home, Options{})
	if _, err := c.ConnectFolder(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(store, store+"-away"); err != nil {
		t.Fatal(err)
	}
	c = open(t, home, Options{})
	if err := c.Once(t.Context(), nil); code(err) != "no-bucket" {
		t.Errorf("%v", err)
	}
	if err := os.Rename(store+"-away", store); err != nil {
		t.Fatal(err)
	}
	if err := c.Once(t.Context(), nil); err != nil {
		t.Errorf("after it came back: %v", err)
	}
}

func TestNewerFormats(t *testing.T) {
	store, home := filepath.Join(t.TempDir(), "space"), t.TempDir()
	c := open(t, home, Options{})
	if _, err := c.ConnectFolder(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	header := filepath.Join(store, "space.json")
	b, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(header, []byte(strings.Replace(string(b), `"format":1`, `"format":99`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c = open(t, home, Options{})
	if err := c.Once(t.Context(), nil); code(err) != "newer-format" {
		t.Errorf("%v", err)
	}
	if _, err := open(t, t.TempDir(), Options{}).ConnectFolder(t.Context(), store); code(err) != "newer-format" {
		t.Errorf("connecting to a newer space: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := statedb.Open(filepath.Join(home, "state.db"), newerMigrations(t, filepath.Join(home, "state.db")))
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), home, Options{}); code(err) != "newer-format" {
		t.Errorf("a newer database: %v", err)
	}
	open(t, t.TempDir(), Options{}) // the lock of a home that could not be opened does not stay
}

// newerMigrations are more than the program has: what is in the file already is not run again.
func newerMigrations(t *testing.T, _ string) []string {
	t.Helper()
	var out []string
	for range 100 {
		out = append(out, "SELECT 1")
	}
	return out
}

func TestKeysOfS3(t *testing.T) {
	env := map[string]string{}
	keys := keychain.Memory()
	c := open(t, t.TempDir(), Options{Getenv: func(k string) string { return env[k] }, Keychain: keys})
	s3 := app.S3{Endpoint: "http://127.0.0.1:1", Bucket: "b", Credentials: "env"}
	if _, err := c.ConnectS3(t.Context(), s3, ""); code(err) != "key-refused" {
		t.Errorf("without keys: %v", err)
	}
	s3.Credentials = "keyring"
	if _, err := c.ConnectS3(t.Context(), s3, ""); code(err) != app.CodeWrongUse {
		t.Errorf("without a secret: %v", err)
	}
	s3.Credentials = "somewhere"
	if _, err := c.ConnectS3(t.Context(), s3, ""); code(err) != app.CodeWrongUse {
		t.Errorf("a place that is none: %v", err)
	}
	k := &keyring{keep: keys, account: "x", access: "A"}
	if _, err := k.load(t.Context()); code(err) != "key-refused" {
		t.Errorf("no secret in the keyring: %v", err)
	}
	keys.Fail(keychain.ErrLocked)
	if _, err := k.load(t.Context()); code(err) != app.CodeKeyring {
		t.Errorf("a locked keyring: %v", err)
	}
	keys.Fail(nil)
	if err := keys.Store(context.Background(), service, "x", "secret"); err != nil {
		t.Fatal(err)
	}
	got, err := k.load(t.Context())
	if err != nil || got.SecretKey != "secret" || got.AccessKey != "A" {
		t.Errorf("%v", err)
	}
}

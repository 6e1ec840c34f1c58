package wiring

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/objstore/s3test"
)

// Without a keyring the secret is kept where the user chose, and nowhere else.
func TestSecretsWithoutAKeyring(t *testing.T) {
	srv := s3test.VersityGW(t)
	keys := keychain.Memory()
	keys.Fail(keychain.ErrUnavailable)
	passphrase := "correct horse"
	getenv := func(name string) string {
		if name == passphraseKey {
			return passphrase
		}
		return ""
	}
	for _, credentials := range []string{"keyring", "file", "session"} {
		t.Run(credentials, func(t *testing.T) {
			home := t.TempDir()
			c := open(t, home, Options{Keychain: keys, Getenv: getenv})
			s3 := app.S3{Endpoint: srv.Endpoint, Bucket: "of-" + credentials, Region: "us-east-1", Credentials: credentials, AccessKey: srv.AccessKey}
			_, err := c.ConnectS3(t.Context(), s3, srv.SecretKey)
			if credentials == "keyring" {
				var p *app.Problem
				if !errors.As(err, &p) || p.Code != app.CodeKeyring || !strings.Contains(p.Action, "--credentials file") {
					t.Errorf("ConnectS3 = %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(c.Once(t.Context(), nil), c.Close()); err != nil {
				t.Fatal(err)
			}
			again := open(t, home, Options{Keychain: keys, Getenv: getenv})
			if err := again.Once(t.Context(), nil); (err == nil) != (credentials == "file") || err != nil && code(err) != "key-refused" {
				t.Errorf("at the next start: %v", err)
			}
			secretIsNowhere(t, home, srv.SecretKey)
		})
	}
}

func TestAWrongPassphrase(t *testing.T) {
	home := t.TempDir()
	with := func(passphrase string) *parts {
		return newParts(home, Options{Getenv: func(string) string { return passphrase }}.defaults())
	}
	s := config.Storage{Kind: config.S3, Endpoint: "http://127.0.0.1:1", Bucket: "bucket", Region: "us-east-1", Credentials: config.InFile, AccessKey: "A"}
	if err := with("right").SaveSecret(t.Context(), s, "x"); err != nil {
		t.Fatal(err)
	}
	for _, passphrase := range []string{"wrong", ""} {
		_, err := with(passphrase).Store(t.Context(), s, "")
		var p *app.Problem
		if !errors.As(err, &p) || p.Code != app.CodeKeyring || !strings.Contains(p.Action, passphraseKey) {
			t.Errorf("%q: %v", passphrase, err)
		}
	}
}

func secretIsNowhere(t *testing.T, home, secret string) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), secret) {
			t.Errorf("the secret stands in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

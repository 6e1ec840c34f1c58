package app

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app/config"
)

// unzipped is what is in a zip, by name.
func unzipped(t *testing.T, path string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	must(t, err)
	defer z.Close()
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		out[f.Name] = string(b)
	}
	return out
}

// TestHelpWithoutSecrets: whatever secrets somebody has, and whatever others have said of them in the log, a help file has none of them; nor anything of what is in files.
func TestHelpWithoutSecrets(t *testing.T) {
	w := newWorld(t)
	a := w.computer("Kari's laptop")
	docs := realDir(t)
	put(t, docs, map[string]string{"diary.txt": "S3CR3T-of-a-file"})
	a.addBackup(docs, "Docs")
	a.once()
	a.o.Journal = filepath.Join(realDir(t), "elkjop.log")
	lines := []string{
		`level=INFO msg=cycle pair=Docs`,
		`level=WARN error="Get \"https://kari:S3CR3T-1@s3.example.com/b?X-Amz-Signature=S3CR3T2&X-Amz-Credential=S3CR3T3%2F2026&X-Amz-Security-Token=S3CR3T4&list-type=2\": timeout"`,
		`level=WARN error="proxy http://user:S3CR3T-5@proxy:3128 refused"`,
		`Authorization: AWS4-HMAC-SHA256 Credential=S3CR3T6/20261127, SignedHeaders=host, Signature=S3CR3T7`,
		`secret_key=S3CR3T8 SecretAccessKey: "S3CR3T9 and more" AWS_SECRET_ACCESS_KEY=S3CR3T10 password='S3CR3T 11' passphrase:S3CR3T12 session_token = S3CR3T13`,
		`{"token":"S3CR3T14","refresh_token": "S3CR3T15","name":"kept"} error="{\"password\":\"S3CR3T16\"}"`,
		`header Bearer S3CR3T17abcdef given`,
		`the key S3CR3TACCESSKEY is not known to user S3CR3T-proxyuser`,
		`opened elkjopcloud://join/S3CR3T18`,
	}
	must(t, os.WriteFile(a.o.Journal, []byte(strings.Join(lines, "\n")), 0o600))
	must(t, os.WriteFile(filepath.Join(a.home, "secrets.json"), []byte("S3CR3T-file"), 0o600))
	must(t, a.change(func(s *config.Settings) error {
		s.Storage = config.Storage{Kind: config.S3, Endpoint: "https://me:S3CR3T-ep@s3.example.com", Bucket: "family", Region: "eu-1", Credentials: config.InKeyring, AccessKey: "S3CR3TACCESSKEY",
			Proxy: "http://who:S3CR3T-px@proxy:3128", ProxyUser: "S3CR3T-proxyuser"}
		return nil
	}))
	path, err := a.SaveHelp(t.Context(), realDir(t), "1.2.3")
	must(t, err)
	got := unzipped(t, path)
	if len(got) != 4 {
		t.Errorf("%d files", len(got))
	}
	for name, text := range got {
		if i := strings.Index(text, "S3CR3T"); i >= 0 {
			t.Errorf("%s: …%s", name, text[max(i-40, 0):min(i+40, len(text))])
		}
	}
	for name, want := range map[string][]string{
		"about.txt": {"version 1.2.3", "built with go"}, "settings.toml": {"family", "s3.example.com", "access_key = (left out)", "keyring", docs},
		"state.json": {`"Docs"`, `"state"`}, "log.txt": {"msg=cycle pair=Docs", "list-type=2", "timeout", "kept", "proxy:3128"},
	} {
		for _, x := range want {
			if !strings.Contains(got[name], x) {
				t.Errorf("%s lacks %q: %s", name, x, got[name])
			}
		}
	}
	if cfg := a.settings().Storage; cfg.AccessKey != "S3CR3TACCESSKEY" || cfg.ProxyUser != "S3CR3T-proxyuser" {
		t.Errorf("the settings themselves are changed: %+v", cfg)
	}
	if d := a.Details(); strings.Contains(fmt.Sprint(d), "S3CR3T") || d.Storage.Bucket != "family" || d.Storage.Endpoint != "https://s3.example.com" || d.Home != a.home || d.Log != a.o.Journal {
		t.Errorf("details: %+v", d)
	}
}

// TestHelpPlaces: a second one has another name, where none can be written nothing is left, and a long log is told by its end.
func TestHelpPlaces(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := realDir(t)
	first, err := a.SaveHelp(t.Context(), dir, "1")
	must(t, err)
	if log := unzipped(t, first)["log.txt"]; log != "" {
		t.Errorf("there is no log, and it says %q", log)
	}
	before, err := os.ReadFile(first)
	must(t, err)
	a.o.Journal = filepath.Join(realDir(t), "log")
	if _, err := a.SaveHelp(t.Context(), dir, "1"); err != nil {
		t.Errorf("a log that is not there yet: %v", err)
	}
	must(t, os.WriteFile(a.o.Journal, []byte("password=first\n"+strings.Repeat("x", logTail-5)+"\nlast\n"), 0o600))
	third, err := a.SaveHelp(t.Context(), dir, "1")
	must(t, err)
	if filepath.Base(third) == filepath.Base(first) || !strings.HasSuffix(third, " (3).zip") {
		t.Errorf("%s after %s", third, first)
	}
	if after, _ := os.ReadFile(first); string(after) != string(before) {
		t.Error("the first one was overwritten")
	}
	if log := unzipped(t, third)["log.txt"]; log != "last\n" {
		t.Errorf("%d bytes of the log: %.20q", len(log), log)
	}
	if path, err := a.SaveHelp(t.Context(), filepath.Join(dir, "no", "such"), "1"); err == nil || path != "" {
		t.Errorf("%q %v", path, err)
	}
	a.o.Journal = dir // cannot be read as a file
	if path, err := a.SaveHelp(t.Context(), dir, "1"); err == nil || path != "" {
		t.Errorf("%q %v", path, err)
	}
	if all, _ := os.ReadDir(dir); len(all) != 3 {
		t.Errorf("%d files are left", len(all))
	}
}

// TestKeeping: what is said is what the space does; without one nothing is said.
func TestKeeping(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	k, err := a.Keeping(t.Context())
	must(t, err)
	if k != (Keeping{Days: 30, Versions: 5}) {
		t.Errorf("%+v", k)
	}
	docs := realDir(t)
	put(t, docs, map[string]string{"a": "a", "b": "b"})
	a.addBackup(docs, "Docs")
	a.once()
	must(t, os.Remove(filepath.Join(docs, "a")))
	a.once()
	all, err := a.TrashFiles(t.Context())
	must(t, err)
	if len(all) != 1 || int(all[0].ExpiresAt.Sub(all[0].DeletedAt).Hours()/24) != k.Days {
		t.Errorf("%+v", all)
	}
	c := &computer{t: t, w: w, home: realDir(t)}
	c.start()
	if _, err := c.Keeping(t.Context()); code(err) != CodeNotSetUp {
		t.Errorf("without a storage: %v", err)
	}
	if d := c.Details(); d.Storage != (S3{}) || d.Home != c.home {
		t.Errorf("%+v", d)
	}
}

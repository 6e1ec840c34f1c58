package config

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSaveAndLoad(t *testing.T) {
	home := t.TempDir()
	want := Settings{
		Format: Format, DeviceID: "0123456789abcdef", DeviceName: "Kari's \"PC\"", Paused: true, PausedUntil: time.Date(2026, 11, 22, 14, 3, 0, 0, time.UTC),
		Speed:   Speed{Up: 10_000, Pace: "gentle", Week: []string{"FFFFFFFFFFFFFFFFFFFFFFFF"}},
		Storage: Storage{Kind: S3, Endpoint: "https://s3.example", Bucket: "b", Credentials: "keyring", AccessKey: "K"},
		Synced:  &Synced{Root: "/home/kari/Elkjøp Cloud", Marker: "m", VolumeID: "v"},
		Sidebar: new(bool), Links: new(bool), Pinned: &Pinned{Root: "/home/kari", Places: map[string]string{"quick-access": "removed"}},
		Backups: []Backup{{Name: "Docs", Root: "/d\\o", VolumePrefix: "Backup/PC/Docs", Skip: []string{"*.iso", "!a b"}}},
	}
	for range 2 {
		if err := Save(home, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Load(home)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	i, err := os.Stat(filepath.Join(home, Name))
	if err != nil || i.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the settings: %v %v", i.Mode(), err)
	}
}

func TestLoadWithoutFile(t *testing.T) {
	got, err := Load(t.TempDir())
	if d := cmp.Diff(Settings{}, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{"newer": "format = 99\n", "damaged": "format = \x00"} {
		home := t.TempDir()
		if err := os.WriteFile(filepath.Join(home, Name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(home)
		if errors.Is(err, ErrNewer) != (name == "newer") || errors.Is(err, ErrDamaged) != (name == "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClone(t *testing.T) {
	made := func() Settings {
		return Settings{
			Speed: Speed{Week: []string{"F"}}, Synced: &Synced{Root: "a"}, Backups: []Backup{{Name: "a", Skip: []string{"x"}}},
			Sidebar: new(bool), Links: new(bool), Pinned: &Pinned{Root: "a", Places: map[string]string{"a": "pinned"}},
		}
	}
	a := made()
	b := a.Clone()
	*b.Links, b.Speed.Week[0] = true, "N"
	*b.Sidebar, b.Pinned.Root, b.Pinned.Places["a"] = true, "b", "removed"
	b.Synced.Root, b.Backups[0].Name, b.Backups[0].Skip[0] = "b", "b", "y"
	if d := cmp.Diff(made(), a); d != "" {
		t.Error(d)
	}
}

package urlscheme

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var linux = Handler{Scheme: "elkjopcloud", ID: "elkjop-cloud", Name: "Elkjøp Cloud", Path: "/usr/bin/elkjop", Args: []string{"open"}}

// user gives the test a home directory of nobody.
func user(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": home + "/config", "XDG_DATA_HOME": home + "/data", "XDG_CURRENT_DESKTOP": "", "XDG_DATA_DIRS": home + "/none",
		"XDG_CONFIG_DIRS": home + "/none", "DESKTOP_SESSION": "", "KDE_FULL_SESSION": "", "GNOME_DESKTOP_SESSION_ID": "", "DISPLAY": "",
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
	} {
		t.Setenv(name, value)
	}
	return home
}

func TestRegisteredWithXdgMime(t *testing.T) {
	if _, err := exec.LookPath("xdg-mime"); err != nil {
		t.Skipf("needs xdg-mime: %v", err)
	}
	home := user(t)
	if err := os.MkdirAll(home+"/config", 0o700); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(home, "config/mimeapps.list")
	if err := os.WriteFile(list, []byte("[Default Applications]\ntext/plain=x.desktop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	state(t, Nobody)
	if err := Register(t.Context(), linux); err != nil {
		t.Fatal(err)
	}
	state(t, Ours)
	moved := linux
	moved.Path = "/opt/elkjop"
	if got, err := Look(t.Context(), moved); got != Nobody || err != nil {
		t.Errorf("after a program that is gone: %s %v", got, err)
	}
	there := linux
	there.Path = filepath.Join(home, "elkjop")
	if err := errors.Join(os.WriteFile(there.Path, nil, 0o700), Register(t.Context(), there)); err != nil {
		t.Fatal(err)
	}
	if got, err := Look(t.Context(), moved); got != Other || err != nil {
		t.Errorf("another place: %s %v", got, err)
	}
	if err := Unregister(t.Context(), linux); err != nil {
		t.Fatal(err)
	}
	state(t, Nobody)
	content, err := os.ReadFile(list)
	if err != nil || strings.Contains(string(content), "elkjop") || !strings.Contains(string(content), "text/plain=x.desktop\n") {
		t.Errorf("the list is %q (%v)", content, err)
	}
	if err := Unregister(t.Context(), linux); err != nil {
		t.Errorf("again: %v", err)
	}
}

func state(t *testing.T, want State) {
	t.Helper()
	if got, err := Look(t.Context(), linux); got != want || err != nil {
		t.Errorf("Look = %s %v, want %s", got, err, want)
	}
}

func TestWithoutXdgMime(t *testing.T) {
	home := user(t)
	t.Setenv("PATH", home)
	if err := Register(t.Context(), linux); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Register = %v", err)
	}
	if err := Unregister(t.Context(), linux); err != nil {
		t.Errorf("Unregister = %v", err)
	}
}

func TestAPathThatNeedsQuotes(t *testing.T) {
	home := user(t)
	h := linux
	h.Path = "/opt/Elkjøp Cloud/elkjop"
	if err := Register(t.Context(), h); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Register = %v", err)
	}
	if _, err := os.Stat(filepath.Join(home, "data/applications")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

func TestWhatIsNoHandler(t *testing.T) {
	user(t)
	for _, change := range []func(*Handler){
		func(h *Handler) { h.Scheme = "https " }, func(h *Handler) { h.Scheme = "" }, func(h *Handler) { h.ID = "../x" }, func(h *Handler) { h.Path = "elkjop" },
	} {
		h := linux
		change(&h)
		if Register(t.Context(), h) == nil || Unregister(t.Context(), h) == nil {
			t.Errorf("%+v was accepted", h)
		}
	}
	ended, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	if err := Register(ended, linux); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Register = %v", err)
	}
}

package wiring

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app"
)

// user gives the test a home directory of nobody, with a desktop.
func user(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_DATA_HOME": filepath.Join(home, "data"), "XDG_CURRENT_DESKTOP": "KDE",
	} {
		t.Setenv(name, value)
	}
	return home
}

func content(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

func TestOnlyTheOwnHomeIsShownInTheSidebar(t *testing.T) {
	for _, own := range []bool{true, false} {
		home := user(t)
		c := open(t, filepath.Join(home, "state"), Options{Desktop: own})
		if _, err := c.ConnectFolder(t.Context(), filepath.Join(home, "cloud")); err != nil {
			t.Fatal(err)
		}
		if err := c.SetSynced(t.Context(), filepath.Join(home, "My files")); err != nil {
			t.Fatal(err)
		}
		info, err := c.Sidebar(t.Context())
		if err != nil || (info.State == app.SidebarShown) != own || info.Problem != nil {
			t.Errorf("own %t: %+v %v", own, info, err)
		}
		if got := content(t, home, "config/gtk-3.0/bookmarks"); strings.HasSuffix(got, "/My%20files Elkjøp Cloud\n") != own || !own && got != "" {
			t.Errorf("own %t: bookmarks %q", own, got)
		}
		if got := content(t, home, "data/user-places.xbel"); strings.Contains(got, "<title>Elkjøp Cloud</title>") != own {
			t.Errorf("own %t: places %q", own, got)
		}
		if info, err := c.SetSidebar(t.Context(), false); err != nil || info.State != app.SidebarOff || content(t, home, "config/gtk-3.0/bookmarks") != "" {
			t.Errorf("own %t: switched off: %+v %v", own, info, err)
		}
	}
}

func TestSignIn(t *testing.T) {
	home := user(t)
	s, err := AtSignIn("run", "--hidden")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"on", "off"} {
		if err := s.Set(t.Context(), want == "on"); err != nil {
			t.Fatal(err)
		}
		if got, err := s.State(t.Context()); got != want || err != nil {
			t.Errorf("State = %q %v, want %q", got, err, want)
		}
		if entry := content(t, home, "config/autostart/no.elkjop.cloud.desktop"); strings.Contains(entry, " run --hidden\n") != (want == "on") {
			t.Errorf("%s: %q", want, entry)
		}
	}
}

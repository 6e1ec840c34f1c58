package autostart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// steps is the life of a program in a list, with what a user does to it outside.
func TestALifeInTheList(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	file := filepath.Join(home, "config/autostart/elkjop-cloud.desktop")
	p := Program{ID: "elkjop-cloud", Name: "Elkjøp Cloud", Path: "/opt/Elkjøp Cloud/elkjop", Args: []string{"run", "--hidden"}}
	moved := p
	moved.Path = "/usr/bin/elkjop"
	state := func(p Program, want State) {
		t.Helper()
		if got, err := Look(t.Context(), p); got != want || err != nil {
			t.Fatalf("Look = %s %v, want %s", got, err, want)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	edit := func(from, to string) {
		t.Helper()
		content, err := os.ReadFile(file)
		do(err)
		do(os.WriteFile(file, []byte(strings.Replace(string(content), from, to, 1)), 0o600))
	}

	state(p, Off)
	do(Enable(t.Context(), p))
	state(p, On)
	state(moved, Other)
	do(Enable(t.Context(), moved))
	state(moved, On)

	edit("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false")
	state(p, SwitchedOff)
	do(Enable(t.Context(), p))
	state(p, On)
	edit("Terminal", "Hidden=true\nTerminal")
	state(p, SwitchedOff)
	do(os.Remove(file))
	state(p, Off)
	do(Disable(t.Context(), p))
	do(Enable(t.Context(), p))
	do(Disable(t.Context(), p))
	state(p, Off)
	if left, err := os.ReadDir(filepath.Dir(file)); len(left) > 0 || err != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestANameThatWouldBreakOut(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	if err := Enable(t.Context(), Program{ID: "x", Name: "x\nExec=rm", Path: "/bin/true"}); err == nil {
		t.Error("a line end was accepted")
	}
}

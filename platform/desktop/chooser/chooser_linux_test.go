package chooser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestChoose plays the dialog by a program of its name: what it is asked, and what its answers mean.
func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		file         bool
		want         string
		asked        string // part of the arguments
		not          string
	}{
		{name: "a folder", script: "echo '/home/kari/Mine ting'", want: "/home/kari/Mine ting", asked: "--directory"},
		{name: "a file", script: "echo /home/kari/a.jpg", file: true, want: "/home/kari/a.jpg", asked: "--file-selection", not: "--directory"},
		{name: "nothing", script: "exit 1", asked: "--title\x00Elkjøp Cloud"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			args := filepath.Join(dir, "args")
			script := "#!/bin/sh\nfor a; do printf '%s\\0' \"$a\"; done > '" + args + "'\n" + tt.script + "\n"
			if err := os.WriteFile(filepath.Join(dir, "zenity"), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			c := Chooser{Title: "Elkjøp Cloud"}
			choose := c.Folder
			if tt.file {
				choose = c.File
			}
			got, err := choose(t.Context())
			if err != nil || got != tt.want {
				t.Errorf("%q, %v", got, err)
			}
			asked, err := os.ReadFile(args)
			if err != nil || !strings.Contains(string(asked), tt.asked) || tt.not != "" && strings.Contains(string(asked), tt.not) {
				t.Errorf("asked %q, %v", asked, err)
			}
		})
	}
}

// TestNoDialog: a computer without such a program says so, for the window to show its own. The program is looked for once, so this needs a process of
// its own.
func TestNoDialog(t *testing.T) {
	const inside = "CHOOSER_TEST_INSIDE"
	if os.Getenv(inside) == "" {
		c := exec.Command(os.Args[0], "-test.run=^TestNoDialog$", "-test.v")
		c.Env = []string{inside + "=1", "PATH=" + t.TempDir()}
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoDialog") {
			t.Errorf("%v:\n%s", err, out)
		}
		return
	}
	if got, err := (Chooser{}).Folder(context.Background()); got != "" || !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%q, %v", got, err)
	}
}

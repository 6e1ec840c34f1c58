package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/app"
)

// TestSettle uses the real window for what happens when files are changed in two places: here, and on a second computer, which is the command line with a home of
// its own on the same storage. Each conflict is opened and settled by clicks, and after each the files of both computers are compared, byte by byte.
func TestSettle(t *testing.T) {
	s := newStage(t)
	here, there := s.computer("here"), s.computer("there")
	before := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		before[name+".txt"] = "as it was: " + name
	}
	here.fill(before)
	here.do("once")
	there.do("once")
	there.has("the first time", before)
	s.open()
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe })

	// Both orders: of the one half the copy is this computer's, which was paused while the other one sent its own.
	s.clash(here, there, true, "a", "c", "e", "g")
	s.clash(here, there, false, "b", "d", "f")
	there.do("once")
	want := here.files()
	there.has("in conflict", want)
	if len(want) != 14 || len(s.conflicts()) != 7 {
		s.fail("there are %d conflicts, and not two files of each: %v", len(s.conflicts()), want)
	}
	s.key("ctrl+3")

	s.ask(false)
	s.press("Keep mine")
	s.settled("the first is this computer's", want, here, there, "a.txt", "here: a")
	s.ask(true)
	s.press("Keep theirs")
	s.settled("the second is the other's", want, here, there, "b.txt", "there: b")
	s.ask(false)
	s.press("Keep both")
	s.wait("both are kept", func() bool { return len(s.conflicts()) == 4 })
	here.has("both kept", want)

	// While somebody chooses, one of the two files becomes another one: nothing is done, and nothing is lost.
	s.ask(false)
	want["d.txt"] = "here: d, and a line more"
	here.fill(want)
	s.press("Keep theirs")
	s.wait("it is refused", func() bool { s.calm(); return s.last.Label == "Close" })
	here.has("refused", want)
	s.key("Escape")
	s.wait("the line more is sent", func() bool { there.do("once"); return maps.Equal(there.files(), want) })
	s.wait("the list knows of it", func() bool {
		return slices.ContainsFunc(s.conflicts(), func(c app.Conflict) bool { return c.Original == "d.txt" && c.Other.Size == 24 })
	})
	s.key("ctrl+1") // which asks anew
	s.key("ctrl+3")
	s.ask(true)
	s.press("Keep mine")
	s.settled("with the line more", want, here, there, "d.txt", "here: d, and a line more")

	s.ask(false)
	s.press("Do this for all 3 between these two computers")
	s.press("Keep theirs")
	for _, name := range []string{"e", "f", "g"} {
		chosen(want, name+".txt", "there: "+name)
	}
	s.settled("all others are the other's", want, here, there, "g.txt", "there: g")
	if left := s.conflicts(); len(left) > 0 {
		s.fail("still to be chosen: %v", left)
	}
	for _, text := range []string{"there: a", "here: b", "there: d", "here: e", "here: f", "here: g"} {
		if !s.binned(text) {
			s.fail("%q is not in the recycle bin", text)
		}
	}
	s.leave()
}

// leave ends the program as the system does.
func (s *stage) leave() {
	s.t.Helper()
	if err := s.program.Process.Signal(os.Interrupt); err != nil {
		s.fail("it cannot be ended: %v", err)
	}
	s.end()
}

// computer is one that the command line plays, in a folder of the user's: its home and its Synced folder.
type computer struct {
	s    *stage
	name string
}

// computer sets one up on the storage of the stage. The window has the home of the one that is called here.
func (s *stage) computer(name string) computer {
	c := computer{s, name}
	s.elkjop()
	c.do("connect", "folder", filepath.Join(s.home, "cloud"))
	c.do("device", "--name", name)
	c.do("sync", "set", filepath.Join(s.home, c.synced()))
	return c
}

// elkjop builds the command line, once.
func (s *stage) elkjop() {
	if s.there("bin/elkjop") {
		return
	}
	c := exec.Command("go", "build", "-o", filepath.Join(s.home, "bin/elkjop"), "elkjopcloud/app/headless")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
}

func (c computer) synced() string { return "Synced " + c.name }

func (c computer) do(args ...string) {
	c.s.t.Helper()
	home := filepath.Join(c.s.home, "state")
	if c.name != "here" {
		home = filepath.Join(c.s.home, c.name)
	}
	x := exec.Command(filepath.Join(c.s.home, "bin/elkjop"), append([]string{"--home", home}, args...)...)
	x.Env = c.s.env()
	if out, err := x.CombinedOutput(); err != nil {
		c.s.fail("%s: %v: %v\n%s", c.name, args, err, out)
	}
}

// fill writes those files that are not so already.
func (c computer) fill(files map[string]string) {
	now := c.files()
	for name, text := range files {
		if now[name] != text {
			c.s.write(filepath.Join(c.synced(), name), text)
		}
	}
}

// files are the names and texts of all that people see in the Synced folder.
func (c computer) files() map[string]string {
	out := map[string]string{}
	root := filepath.Join(c.s.home, c.synced())
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went in this moment
		}
		name, relErr := filepath.Rel(root, path)
		if strings.HasPrefix(d.Name(), ".") && d.IsDir() && path != root {
			return fs.SkipDir
		}
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			out[name] = c.s.read(filepath.Join(c.synced(), name))
		}
		return errors.Join(err, relErr)
	})
	if err != nil {
		c.s.fail("%v", err)
	}
	return out
}

func (c computer) has(when string, want map[string]string) {
	c.s.t.Helper()
	if got := c.files(); !maps.Equal(got, want) {
		c.s.fail("%s: the computer %s has %q, and not %q", when, c.name, got, want)
	}
}

// clash changes files on both computers at one time. With paused this one sends its own only after the other one.
func (s *stage) clash(here, there computer, paused bool, names ...string) {
	s.t.Helper()
	pause := func(err error) {
		if err != nil {
			s.fail("pause: %v", err)
		}
	}
	if paused {
		pause(s.client().Pause(s.t.Context(), 0))
	}
	ours, theirs := map[string]string{}, map[string]string{}
	for _, n := range names {
		ours[n+".txt"], theirs[n+".txt"] = "here: "+n, "there: "+n
	}
	before := len(s.conflicts())
	here.fill(ours)
	if !paused {
		s.wait("ours are sent", func() bool { st := s.state(); return st.State == app.StateSafe && s.inCloud(ours) })
	}
	there.fill(theirs)
	there.do("once")
	if paused {
		pause(s.client().Resume(s.t.Context()))
	}
	s.wait("there are conflicts, on the disk too", func() bool {
		return len(s.conflicts()) == before+len(names) && len(here.files()) == 7+before+len(names)
	})
}

// inCloud tells whether the storage has these texts as what the files of Synced are now.
func (s *stage) inCloud(files map[string]string) bool {
	dir := s.t.TempDir()
	for name, text := range files {
		all, err := s.client().Versions(s.t.Context(), "Synced/"+name)
		if err != nil || len(all) == 0 || all[0].Size != int64(len(text)) {
			return false
		}
		to := filepath.Join(dir, name)
		if err := s.client().RestoreVersion(s.t.Context(), "Synced/"+name, all[0].ID, to); err != nil {
			return false
		}
		if got, _ := os.ReadFile(to); string(got) != text {
			return false
		}
	}
	return true
}

// ask opens the first conflict of the list by a click, on its row or on its button.
func (s *stage) ask(button bool) {
	s.t.Helper()
	const inRow, inButton = 26, 60 // from the upper and from the right edge of the list
	s.tab("list")
	x := s.last.X
	if button {
		x += s.last.Wide/2 - inButton
	}
	s.click(x, s.last.Y-s.last.High/2+inRow)
}

// settled waits until both computers have what was chosen, and nothing else is changed.
func (s *stage) settled(when string, want map[string]string, here, there computer, name, text string) {
	s.t.Helper()
	chosen(want, name, text)
	s.wait(when, func() bool { return maps.Equal(here.files(), want) })
	s.wait(when+", there too", func() bool { there.do("once"); return maps.Equal(there.files(), want) })
	here.has(when, want)
}

// chosen is what a choice makes of files: one text is under the name, and its copy is gone.
func chosen(files map[string]string, name, text string) {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	maps.DeleteFunc(files, func(n, _ string) bool { return strings.HasPrefix(n, stem+" (conflicted copy") })
	files[name] = text
}

func (s *stage) conflicts() []app.Conflict {
	all, err := s.client().Conflicts(s.t.Context())
	if err != nil {
		s.fail("conflicts: %v", err)
	}
	return all
}

// binned tells whether a text lies in the user's recycle bin.
func (s *stage) binned(text string) bool {
	all, _ := filepath.Glob(filepath.Join(s.home, ".local/share/Trash/files/*"))
	for _, path := range all {
		if b, _ := os.ReadFile(path); string(b) == text {
			return true
		}
	}
	return false
}

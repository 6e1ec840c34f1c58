package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
	"elkjopcloud/platform/desktop/bustest"
	"elkjopcloud/ui"
)

// TestWindow uses the real window on a display of its own, by Tab and by clicks: the first start on a storage on this computer, a backup that
// follows a change and a deletion, the Trash, the Archive. What lies on the disk is compared after each.
func TestWindow(t *testing.T) {
	s := newStage(t)
	panel := bustest.NewPanel(t)
	old := s.write("Documents/letter.txt", "Dear Kari, the boat is sold.")
	s.write("Documents/stays.txt", "This one stays.")
	s.write("Pictures/boat.jpg", strings.Repeat("a picture of a boat ", 5000))
	s.open()

	s.press("Try it on this computer")
	s.press("Continue")
	s.wait("the storage is made", func() bool { return s.there("Elkjøp Cloud storage/space.json") })
	s.wait("the computer is to get a name", func() bool { return !slices.Contains(s.round(), "Choose…") })
	s.press("Continue")
	s.wait("folders are proposed", func() bool { return slices.Contains(s.round(), "Add folder") })
	s.press("Continue")
	s.press("Start")
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe && len(s.state().Pairs) == 3 })
	s.backed("Documents", "letter.txt", old)

	changed := s.write("Documents/letter.txt", "Dear Kari, the boat is sold, and the oars with it.")
	s.wait("the change is sent", func() bool { return s.holds("Documents", "letter.txt", changed) })
	s.remove("Documents/letter.txt")
	s.wait("the deletion is sent", func() bool { return len(s.trash()) == 1 })

	s.again("elkjopcloud://join/eyJhIjoxfQ") // which the window that runs tells
	s.wait("the link is told", func() bool { s.calm(); return s.last.Label == "Close" })
	s.key("Escape")

	s.press("Trash")
	s.tab("list")
	s.key("space") // chooses the first
	s.press("Put back")
	s.wait("the file is back", func() bool { return s.read("Documents/letter.txt") == changed })
	s.wait("the Trash is empty", func() bool { return len(s.trash()) == 0 })

	film := s.write("Desktop/film.mov", strings.Repeat("a film of a boat ", 9000))
	s.choose("Desktop/film.mov")
	s.key("ctrl+5")
	s.press("Add a file")
	s.wait("the film is archived", func() bool { return len(s.archived()) == 1 })
	s.press("Keep it here too")
	s.mkdir("got")
	s.choose("got")
	s.tab("list")
	s.key("space")
	s.press("Download…")
	s.wait("the film came back", func() bool { return s.read("got/film.mov") == film })

	// Closed, it goes on in the tray, and comes back from there.
	s.key("alt+F4")
	s.wait("the window is gone", func() bool { return s.shown() == "" })
	later := s.write("Documents/later.txt", "Written while there was no window.")
	s.wait("it is sent all the same", func() bool { return s.holds("Documents", "later.txt", later) })
	s.fromTray(panel, "Open Elkjøp Cloud", func() bool { return s.shown() == s.window })
	s.fromTray(panel, "Quit", s.over)
	s.end()
}

// stage is a display, a user and the window.
type stage struct {
	t       *testing.T
	home    string // the user's
	display string
	window  string
	focus   string // file
	looks   looks  // what was read of it
	last    ui.Focus
	stderr  bytes.Buffer
	program *exec.Cmd
	ended   chan error
}

// patience is how long anything may take before the test gives up. It is long: on a busy machine a step by Tab takes seconds.
const patience = 2 * time.Minute

func newStage(t *testing.T) *stage {
	program := os.Getenv("ELKJOP_WINDOW")
	if program == "" {
		t.Skip("ELKJOP_WINDOW names no program")
	}
	for _, need := range []string{"Xvfb", "openbox", "xdotool", program} {
		if _, err := exec.LookPath(need); err != nil {
			t.Fatalf("the window cannot be used: %v", err)
		}
	}
	s := &stage{t: t, home: t.TempDir(), ended: make(chan error, 1)}
	s.focus = filepath.Join(s.home, "focus")
	s.program = exec.Command(program)
	return s
}

// open starts display, window manager and window, and a program that stands for the system's dialog for choosing files.
func (s *stage) open() {
	s.display = s.xvfb()
	s.mkdir("bin")
	s.write("bin/zenity", "#!/bin/sh\ncat '"+filepath.Join(s.home, "chosen")+"'\n")
	if err := os.Chmod(filepath.Join(s.home, "bin/zenity"), 0o755); err != nil {
		s.t.Fatal(err)
	}
	s.start(exec.Command("openbox"))
	s.program.Stderr = &s.stderr
	s.program.Env = s.env()
	if err := s.program.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() { s.ended <- s.program.Wait() }()
	s.t.Cleanup(func() { _ = s.program.Process.Kill() })
	s.wait("the window opens", func() bool {
		s.window = s.shown()
		return s.window != "" && !strings.Contains(s.window, "\n")
	})
	s.xdotool("windowfocus", "--sync", s.window)
}

// again starts the program once more, which hands over to the one that runs, and ends.
func (s *stage) again(args ...string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, s.program.Path, args...)
	c.Env = append(s.env(), "ELKJOP_UI_FOCUS=")
	if out, err := c.CombinedOutput(); err != nil {
		s.fail("a second start: %v\n%s", err, out)
	}
}

// shown is the window that is to be seen; "" when there is none.
func (s *stage) shown() string {
	return strings.TrimSpace(s.xdotool("search", "--onlyvisible", "--pid", strconv.Itoa(s.program.Process.Pid)))
}

func (s *stage) env() []string {
	return append(os.Environ(), "HOME="+s.home, "DISPLAY="+s.display, "ELKJOP_HOME="+filepath.Join(s.home, "state"), "ELKJOP_UI_FOCUS="+s.focus,
		"XDG_CONFIG_HOME="+filepath.Join(s.home, ".config"), "XDG_DATA_HOME="+filepath.Join(s.home, ".local/share"), "XDG_CACHE_HOME="+s.home,
		"DBUS_SESSION_BUS_ADDRESS="+os.Getenv("DBUS_SESSION_BUS_ADDRESS"), "WAYLAND_DISPLAY=", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "FYNE_SCALE=1", "LIBGL_ALWAYS_SOFTWARE=1",
		"PATH="+filepath.Join(s.home, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// xvfb starts a display and returns its name.
func (s *stage) xvfb() string {
	r, w, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	c := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
	c.ExtraFiles = []*os.File{w}
	s.start(c)
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		s.t.Fatalf("Xvfb does not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// start starts a program that is there until the test ends.
func (s *stage) start(c *exec.Cmd) {
	c.Env = append(os.Environ(), "DISPLAY="+s.display, "HOME="+s.home)
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

// xdotool returns what it says; a search that finds nothing is no error.
func (s *stage) xdotool(args ...string) string {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, "xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	out, err := c.Output()
	if err != nil && args[0] != "search" {
		s.fail("xdotool %v: %v", args, err)
	}
	return string(out)
}

func (s *stage) key(name string) { s.xdotool("key", name) }

// tab goes on by Tab until something that is called so has the keyboard. A screen may need a moment to come.
func (s *stage) tab(label string) {
	s.t.Helper()
	s.wait("there is "+label, func() bool {
		s.step()
		if s.last.Label == label {
			s.calm() // what comes into sight with it may move it
		}
		return s.last.Label == label && s.placed()
	})
}

// placed tells whether what has the keyboard was painted already: before, nobody knows where it is, and the window calls that the upper left corner.
func (s *stage) placed() bool { return s.last.X > s.last.Wide/2 || s.last.Y > s.last.High/2 }

// round goes on by Tab until it has come round, and returns what it met.
func (s *stage) round() []string {
	var met []string
	s.step()
	for first := s.last; ; {
		met = append(met, s.last.Label)
		if s.step(); s.last == first || len(met) > 60 {
			return met
		}
	}
}

// step presses Tab and waits for what has the keyboard then; where there is only one thing, that one keeps it. What an earlier click has moved is
// waited for first.
func (s *stage) step() {
	s.calm()
	s.key("Tab")
	s.calm()
}

// calm waits until the window has looked a few times at what has the keyboard, and has found the same. A window that is slow looks seldom: what counts is how
// far it has come, not how long that took. Between two looks it has heard of every key and click, unless its loop chose the look first each time.
func (s *stage) calm() {
	const alike = 6
	begun := s.looks.read(s.focus)
	s.wait("the window comes to rest", func() bool {
		now := s.looks.read(s.focus)
		return now-begun >= alike && s.looks.alike >= alike
	})
	s.last = s.looks.last
}

// looks is what was read of the file in which the window tells what has the keyboard.
type looks struct {
	at    int64 // bytes of whole lines
	count int
	alike int // how many of the last ones were the same
	last  ui.Focus
}

// read reads what is new, and returns how many looks there were.
func (l *looks) read(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return l.count
	}
	defer f.Close()
	b, _ := io.ReadAll(io.NewSectionReader(f, l.at, 1<<40))
	for line := range bytes.Lines(b) {
		var x ui.Focus
		if !bytes.HasSuffix(line, []byte("\n")) || json.Unmarshal(line, &x) != nil {
			break // it is being written
		}
		if l.alike++; x != l.last {
			l.alike, l.last = 1, x
		}
		l.count, l.at = l.count+1, l.at+int64(len(line))
	}
	return l.count
}

// press finds a button by Tab and clicks on it. A button that is made for a new screen a moment later is waited for.
func (s *stage) press(label string) {
	s.t.Helper()
	s.tab(label)
	s.click(s.last.X, s.last.Y)
}

// click clicks at a place in the window.
func (s *stage) click(x, y float32) {
	s.xdotool("mousemove", "--window", s.window, fmt.Sprint(int(x)), fmt.Sprint(int(y)), "click", "1")
}

// fromTray chooses an item of the icon's menu until what it is to do is done: the menu is made anew when the state changes, and a choice made in that
// very moment is of a menu that is gone.
func (s *stage) fromTray(panel *bustest.Panel, label string, done func() bool) {
	s.t.Helper()
	const again = 5 * time.Second
	s.wait("the icon's menu does "+label, func() bool {
		return done() || panel.Press(label) && s.within(again, done)
	})
}

// over tells whether the program has ended.
func (s *stage) over() bool {
	select {
	case err := <-s.ended:
		s.ended <- err
		return true
	default:
		return false
	}
}

// wait waits until something is so.
func (s *stage) wait(what string, so func() bool) {
	s.t.Helper()
	if !s.within(patience, so) {
		s.fail("it does not come to it: %s", what)
	}
}

func (s *stage) within(d time.Duration, so func() bool) bool {
	end, again := time.After(d), time.NewTicker(20*time.Millisecond)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case err := <-s.ended:
			s.ended <- err
			if !so() {
				s.fail("the window ended: %v", err)
			}
			return true
		case <-end:
			return false
		}
	}
	return true
}

// fail ends the test, and leaves a picture of the screen and the way of the keyboard where ELKJOP_PICTURES names a folder.
func (s *stage) fail(format string, args ...any) {
	s.t.Helper()
	if dir := os.Getenv("ELKJOP_PICTURES"); dir != "" {
		c := exec.Command("import", "-window", "root", filepath.Join(dir, "failed.png"))
		c.Env = append(os.Environ(), "DISPLAY="+s.display)
		_ = c.Run()
		b, _ := os.ReadFile(s.focus)
		_ = os.WriteFile(filepath.Join(dir, "failed-keyboard.json"), b, 0o600)
	}
	s.t.Fatalf(format+"\nkeyboard at %+v\n%s", append(args, s.last, s.stderr.String())...)
}

// end waits for the end of the program, and looks what it complained of.
func (s *stage) end() {
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.fail("the program does not end")
	}
	if text := s.stderr.String(); strings.Contains(text, "Error in Fyne call thread") || strings.Contains(text, "panic") {
		s.t.Errorf("the window complained:\n%s", text)
	}
}

// What the client says, asked as the command line does.

func (s *stage) client() *control.Remote {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	c, err := control.Dial(ctx, filepath.Join(s.home, "state"))
	if err != nil {
		s.fail("the window does not answer: %v", err)
	}
	return c
}

func (s *stage) state() app.Status {
	st, err := s.client().State(s.t.Context())
	if err != nil {
		s.fail("state: %v", err)
	}
	return st
}

func (s *stage) trash() []app.TrashItem {
	all, err := s.client().Trash(s.t.Context(), "", "")
	if err != nil {
		s.fail("trash: %v", err)
	}
	return all
}

func (s *stage) archived() []app.Item {
	all, err := s.client().ArchiveList(s.t.Context(), "")
	if err != nil {
		s.fail("archive: %v", err)
	}
	return all
}

// holds tells whether a backup gives these bytes for a file.
func (s *stage) holds(backup, name, want string) bool {
	dir := s.t.TempDir()
	_, err := s.client().RestoreBackup(s.t.Context(), backup+"/"+name, dir, time.Time{}, nil)
	got, _ := os.ReadFile(filepath.Join(dir, name))
	return err == nil && string(got) == want
}

func (s *stage) backed(backup, name, want string) {
	s.t.Helper()
	if !s.holds(backup, name, want) {
		s.fail("the backup of %s does not give %s as it is", backup, name)
	}
}

// What the user does with files.

func (s *stage) write(path, content string) string {
	full := filepath.Join(s.home, path)
	s.mkdir(filepath.Dir(path))
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return content
}

func (s *stage) mkdir(path string) {
	if err := os.MkdirAll(filepath.Join(s.home, path), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) remove(path string) {
	if err := os.Remove(filepath.Join(s.home, path)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) read(path string) string {
	b, _ := os.ReadFile(filepath.Join(s.home, path))
	return string(b)
}

func (s *stage) there(path string) bool {
	_, err := os.Stat(filepath.Join(s.home, path))
	return err == nil
}

// choose is what the system's dialog answers next.
func (s *stage) choose(path string) { s.write("chosen", filepath.Join(s.home, path)+"\n") }

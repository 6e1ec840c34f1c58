package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
	"elkjopcloud/platform/desktop/bustest"
)

// TestMeasure tells how long the real window takes until there is something in it, and how much memory it has then and after a while at rest: at the
// first start, and with a backup of 2 000 files. It is for people; ELKJOP_MEASURE asks for it, beside what TestWindow needs.
func TestMeasure(t *testing.T) {
	if os.Getenv("ELKJOP_MEASURE") == "" {
		t.Skip("ELKJOP_MEASURE does not ask for it")
	}
	s := newStage(t)
	s.mkdir("Documents")
	for i := range 2000 {
		s.write(fmt.Sprintf("Documents/%02d/letter %04d.txt", i%50, i), fmt.Sprint("Dear number ", i))
	}
	s.display = s.xvfb()
	s.start(exec.Command("openbox"))
	s.timed("first start")
	c := s.client()
	for _, err := range []error{second(c.ConnectFolder(t.Context(), filepath.Join(s.home, "cloud"))), second(c.AddBackup(t.Context(), filepath.Join(s.home, "Documents"), "", nil))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s.wait("everything is safe", func() bool { return s.state().State == app.StateSafe })
	for range 3 {
		s.stop()
		s.program = exec.Command(s.program.Path)
		s.ended = make(chan error, 1)
		s.timed("with 2 000 files")
	}
	s.stop()
}

func second[T any](_ T, err error) error { return err }

// timed starts the program and tells when there was a window, when there was something in it, and what memory it took.
func (s *stage) timed(what string) {
	began := time.Now()
	s.program.Env = s.env()
	if err := s.program.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := s.ended
	go func(c *exec.Cmd) { ended <- c.Wait() }(s.program)
	s.t.Cleanup(func() { _ = s.program.Process.Kill() })
	s.wait("the window opens", func() bool { s.window = s.shown(); return s.window != "" })
	window := time.Since(began)
	s.wait("there is something in it", s.painted)
	painted := time.Since(began)
	memory := s.memory("VmRSS:")
	time.Sleep(15 * time.Second)
	s.t.Logf("%s: window after %.2f s, something in it after %.2f s; %d MB then, %d MB after 15 s, %d of them its own and not of files", what,
		window.Seconds(), painted.Seconds(), memory, s.memory("VmRSS:"), s.memory("RssAnon:"))
}

// painted tells whether the middle of the screen shows something of ours: before, it is black.
func (s *stage) painted() bool {
	c := exec.Command("import", "-window", "root", "-crop", "1x1+640+450", "-depth", "8", "txt:-")
	c.Env = append(os.Environ(), "DISPLAY="+s.display)
	out, err := c.Output()
	return err == nil && !strings.Contains(string(out), "#000000")
}

// memory is one line of what the system says of the program's memory, in MB.
func (s *stage) memory(line string) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.program.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range strings.Split(string(b), "\n") {
		if f := strings.Fields(l); len(f) > 1 && f[0] == line {
			n, _ := strconv.Atoi(f[1])
			return n * 1024 / 1_000_000
		}
	}
	return 0
}

// stop ends the program as the system does.
func (s *stage) stop() {
	_ = s.program.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.fail("the program does not end")
	}
}

// TestRest tells what part of a core the program takes at rest without its window, with a backup and a Synced folder of 1 000 files each, and the command
// line with the same where ELKJOP_LINE names it. It is for people, as TestMeasure is, and takes eight minutes.
func TestRest(t *testing.T) {
	if os.Getenv("ELKJOP_MEASURE") == "" {
		t.Skip("ELKJOP_MEASURE does not ask for it")
	}
	s := newStage(t)
	window, line := s.program.Path, os.Getenv("ELKJOP_LINE")
	_ = bustest.NewPanel(t)
	for i := range 1000 {
		s.write(fmt.Sprintf("Documents/%02d/letter %04d.txt", i%50, i), fmt.Sprint("Dear number ", i))
		s.write(fmt.Sprintf("Synced/%02d/note %04d.txt", i%50, i), fmt.Sprint("Note number ", i))
	}
	s.display = s.xvfb()
	s.start(exec.Command("openbox"))
	s.begin(exec.Command(window))
	c := s.client()
	for _, err := range []error{second(c.ConnectFolder(t.Context(), filepath.Join(s.home, "cloud"))), second(c.AddBackup(t.Context(), filepath.Join(s.home, "Documents"), "", nil)),
		c.SetSynced(t.Context(), filepath.Join(s.home, "Synced"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s.restart("the window, hidden from the start", exec.Command(window, "--hidden"), func() {})
	s.restart("the window, closed to the tray", exec.Command(window), func() {
		s.wait("the window opens", func() bool { s.window = s.shown(); return s.window != "" })
		s.xdotool("windowfocus", "--sync", s.window)
		s.wait("the window is gone", func() bool { s.key("alt+F4"); return s.within(5*time.Second, func() bool { return s.shown() == "" }) })
	})
	if line != "" {
		s.restart("the command line", exec.Command(line, "--home", filepath.Join(s.home, "state"), "run"), func() {})
	}
	s.stop()
}

// begin starts a program and waits until it answers.
func (s *stage) begin(c *exec.Cmd) {
	s.program, s.ended = c, make(chan error, 1)
	s.program.Env = append(s.env(), "ELKJOP_UI_FOCUS=") // to tell of the keyboard twenty times a second would be measured, too
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := s.ended
	go func() { ended <- c.Wait() }()
	s.t.Cleanup(func() { _ = c.Process.Kill() })
	s.wait("it answers", func() bool {
		_, err := control.Dial(s.t.Context(), filepath.Join(s.home, "state"))
		return err == nil
	})
}

// restart ends the program, starts another one, does something with it, and tells what it takes once it rests.
func (s *stage) restart(what string, c *exec.Cmd, do func()) {
	const calm, long = 30 * time.Second, 120 * time.Second
	s.wait("everything is safe", func() bool { st := s.state(); return st.State == app.StateSafe && len(st.Pairs) == 2 })
	s.stop()
	s.begin(c)
	do()
	time.Sleep(calm)
	s.wait("everything is safe", func() bool { return s.state().State == app.StateSafe })
	before := s.worked()
	time.Sleep(long)
	s.t.Logf("%s: %.2f %% of a core", what, 100*(s.worked()-before).Seconds()/long.Seconds())
}

// worked is how long the program has had a core so far, in the system's ticks of 10 ms.
func (s *stage) worked() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.program.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

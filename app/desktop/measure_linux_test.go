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

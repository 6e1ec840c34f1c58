package instance

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/disk/disktest"
)

func acquire(t *testing.T, home, program string) *Lock {
	t.Helper()
	l, err := Acquire(home, program)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOneAtATime(t *testing.T) {
	home := disktest.TempDir(t)
	first := acquire(t, home, "elkjop run")
	_, err := Acquire(home, "elkjop once")
	var held *HeldError
	if !errors.Is(err, ErrHeld) || !errors.As(err, &held) {
		t.Fatalf("second Acquire = %v, want ErrHeld", err)
	}
	if h := held.Holder; h.PID != os.Getpid() || h.Program != "elkjop run" || time.Since(h.Started) > time.Minute {
		t.Errorf("holder is %+v", h)
	}
	if !strings.Contains(err.Error(), "elkjop run") {
		t.Errorf("the message does not name the holder: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	if err := acquire(t, home, "elkjop once").Release(); err != nil {
		t.Fatal(err)
	}
}

func TestOtherHomesAreFree(t *testing.T) {
	a, b := acquire(t, disktest.TempDir(t), "a"), acquire(t, disktest.TempDir(t), "b")
	if err := errors.Join(a.Release(), b.Release()); err != nil {
		t.Error(err)
	}
}

func TestWhatAnotherProcessLeftBehindDoesNotMatter(t *testing.T) {
	for name, content := range map[string]string{"a dead one": `{"pid":1,"program":"elkjop run"}`, "half a file": `{"pid":`} {
		t.Run(name, func(t *testing.T) {
			home := disktest.TempDir(t)
			for _, file := range []string{lockName, holderName} {
				if err := os.WriteFile(filepath.Join(home, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := acquire(t, home, "elkjop").Release(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnknownHolder(t *testing.T) {
	home := disktest.TempDir(t)
	l := acquire(t, home, "elkjop run")
	if err := os.WriteFile(filepath.Join(home, holderName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(home, "x"); !errors.Is(err, ErrHeld) || strings.Contains(err.Error(), "process 0") {
		t.Errorf("Acquire = %v", err)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}

func TestMissingHome(t *testing.T) {
	if _, err := Acquire(filepath.Join(disktest.TempDir(t), "none"), "x"); err == nil || errors.Is(err, ErrHeld) {
		t.Errorf("Acquire = %v", err)
	}
}

const homeOfChild = "ELKJOP_TEST_INSTANCE_HOME"

// A real second process holds the home, and is killed: its lock goes with it.
func TestKilledHolder(t *testing.T) {
	if home := os.Getenv(homeOfChild); home != "" {
		holdForEver(t, home)
		return
	}
	home := disktest.TempDir(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledHolder$")
	child.Env = append(os.Environ(), homeOfChild+"="+home)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the child said %q (%v)", line, err)
	}
	var held *HeldError
	if _, err := Acquire(home, "x"); !errors.As(err, &held) || held.Holder.PID != child.Process.Pid {
		t.Errorf("while held by %d: %v", child.Process.Pid, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	if err := acquire(t, home, "next").Release(); err != nil {
		t.Error(err)
	}
}

// holdForEver is the child: it ends only when it is killed, or its parent is gone.
func holdForEver(t *testing.T, home string) {
	acquire(t, home, "child")
	_, _ = os.Stdout.WriteString("held\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

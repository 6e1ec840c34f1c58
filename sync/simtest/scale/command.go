package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// meter runs programs and prints what they took, one row each.
type meter struct{ dir, label string }

// used is what a program took.
type used struct {
	wall, cpu time.Duration
	memory    int64 // the most that it had, bytes
	requests  int64
}

// row runs a program and prints its row of the table.
func (m *meter) row(ctx context.Context, what, database, program string, args ...string) error {
	u, err := m.watch(ctx, program, args...)
	if err != nil {
		return err
	}
	fmt.Printf("| %s | %s | %.1f s | %.1f s | %d MiB | %d | %d MiB |\n", m.label, what, u.wall.Seconds(), u.cpu.Seconds(), u.memory>>20, u.requests, m.size(database)>>20)
	return nil
}

// watch runs a program to its end. Lines that tell of a request are counted, the last others are shown when it fails.
func (m *meter) watch(ctx context.Context, program string, args ...string) (used, error) {
	c := exec.CommandContext(ctx, program, args...)
	r, w := io.Pipe()
	c.Stdout, c.Stderr = w, w
	begin := time.Now()
	if err := c.Start(); err != nil {
		return used{}, err
	}
	var u used
	var said bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		u.requests = listen(r, &said)
	}()
	var most atomic.Int64
	ended, seen := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(seen)
		highest(c.Process.Pid, &most, ended)
	}()
	err := c.Wait()
	u.wall = time.Since(begin)
	close(ended)
	<-seen
	_ = w.Close()
	<-read
	if err != nil {
		return used{}, fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, said.Bytes())
	}
	u.cpu, u.memory = c.ProcessState.UserTime()+c.ProcessState.SystemTime(), most.Load()
	return u, nil
}

// listen counts the requests that a program tells of, and keeps the rest of what it says.
func listen(r io.Reader, said io.Writer) int64 {
	n := int64(0)
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if strings.Contains(s.Text(), "store request") {
			n++
			continue
		}
		fmt.Fprintln(said, s.Text())
	}
	return n
}

// highest looks at a process every few milliseconds and keeps the most memory that the system says it had.
func highest(pid int, most *atomic.Int64, ended <-chan struct{}) {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		status, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		for line := range strings.Lines(string(status)) {
			var kib int64
			if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
				most.Store(max(most.Load(), kib<<10))
			}
		}
		select {
		case <-ended:
			return
		case <-look.C:
		}
	}
}

// size is how large a database is, with the log beside it.
func (m *meter) size(database string) int64 {
	n := int64(0)
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(m.dir, database+suffix)); err == nil {
			n += info.Size()
		}
	}
	return n
}

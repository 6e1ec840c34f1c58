package s3test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Process is a server program that a test started.
type Process struct {
	program string
	args    func(address string, flags []string) []string
	flags   []string
	env     []string
	ready   string // a path that answers 200 when the server is up; "" means that any answer will do

	address string
	cmd     *exec.Cmd
	output  lockedBuffer
	done    chan struct{} // closed when cmd has ended
}

// lockedBuffer keeps what the program printed.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Address is host:port.
func (p *Process) Address() string { return p.address }

// start starts the program on a free port; another program may take the port first, so it is tried a few times.
func (p *Process) start(t testing.TB) {
	t.Helper()
	var err error
	for range 5 {
		if p.address, err = freeAddress(); err != nil {
			t.Fatal(err)
		}
		if err = p.Start(); err == nil {
			t.Cleanup(p.Stop)
			return
		}
	}
	t.Fatalf("start %s: %v\n%s", p.program, err, p.output.String())
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// Start starts the program at its address, with the data it had, and waits until it answers.
func (p *Process) Start() error {
	p.cmd = exec.Command(p.program, p.args(p.address, p.flags)...)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		return err
	}
	cmd, done := p.cmd, make(chan struct{})
	p.done = done
	go func() {
		_ = cmd.Wait() // how it ended is of no interest
		close(done)
	}()
	if err := p.await(); err != nil {
		p.Stop()
		return err
	}
	return nil
}

// await polls until the server answers, ends, or a minute has passed.
func (p *Process) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !p.answers(ctx) {
		select {
		case <-again.C:
		case <-p.done:
			return fmt.Errorf("%s ended at once", p.program)
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer", p.program)
		}
	}
	return nil
}

func (p *Process) answers(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+p.ready, nil)
	if err != nil {
		return false
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return p.ready == "" || resp.StatusCode == http.StatusOK
}

// Stop kills the program, as a power cut would, and waits until it is gone. Start brings it back.
func (p *Process) Stop() {
	select {
	case <-p.done:
	default:
		_ = p.cmd.Process.Kill() // it may have ended in between
		<-p.done
	}
}

// Restart stops the program and starts it with other flags.
func (p *Process) Restart(t testing.TB, flags ...string) {
	t.Helper()
	p.Stop()
	p.flags = flags
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
}

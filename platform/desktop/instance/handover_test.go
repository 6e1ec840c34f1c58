package instance

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk/disktest"
)

// serving holds a home and takes requests, which come out of the channel.
func serving(t *testing.T, home string) <-chan Request {
	t.Helper()
	l := acquire(t, home, "elkjop")
	ctx, cancel := context.WithCancel(t.Context())
	came, ended := make(chan Request, 10), make(chan error, 1)
	go func() { ended <- l.Serve(ctx, func(r Request) { came <- r }) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, l.Release()); err != nil {
			t.Error(err)
		}
	})
	for readHolder(home).Door == "" {
		select {
		case err := <-ended:
			if errors.Is(err, errors.ErrUnsupported) {
				t.Skipf("needs a door: %v", err)
			}
			ended <- err
			t.Fatal(err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return came
}

func TestHandOver(t *testing.T) {
	home := disktest.TempDir(t)
	came := serving(t, home)
	const link = "elkjopcloud://join/abc-DEF_1"
	for range 3 {
		if err := errors.Join(HandOver(t.Context(), home, Request{}), HandOver(t.Context(), home, Request{Link: link})); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if d := cmp.Diff([]Request{{}, {Link: link}}, []Request{<-came, <-came}); d != "" {
			t.Error(d)
		}
	}
}

func TestWhatIsNotHandedOver(t *testing.T) {
	home := disktest.TempDir(t)
	came := serving(t, home)
	for _, link := range []string{"https://www.elkjop.no", "elkjopcloud://join/a\nshow", "elkjopcloud://delete/a", "elkjopcloud://join/" + strings.Repeat("a", longestRequest)} {
		if err := HandOver(t.Context(), home, Request{Link: link}); err == nil {
			t.Errorf("%q was handed over", link)
		}
	}
	door := readHolder(home).Door
	for _, line := range []string{"\n", "quit\n", "show x\n", "join \n", "join https://x\n", "join elkjopcloud://join/$(x)\n", "{\"method\":\"Check\"}\n"} {
		if said := talk(t, door, line); said != refused {
			t.Errorf("%q: it said %q", line, said)
		}
	}
	if said := talk(t, door, strings.Repeat("a", longestRequest)); said != "" {
		t.Errorf("a request without an end: it said %q", said)
	}
	if err := HandOver(t.Context(), home, Request{}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if got := <-came; got != (Request{}) || len(came) > 0 {
		t.Errorf("%+v came", got)
	}
}

// talk says a line at a door and returns the answer.
func talk(t *testing.T, door, line string) string {
	t.Helper()
	v, err := knock(t.Context(), door)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if err := v.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(v, line); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, len(refused))
	n, _ := io.ReadFull(v, answer) // how the other one leaves differs from system to system
	return string(answer[:n])
}

func TestNobodyToAsk(t *testing.T) {
	home := disktest.TempDir(t)
	if err := HandOver(t.Context(), home, Request{}); !errors.Is(err, ErrNotAsked) {
		t.Errorf("nobody: %v", err)
	}
	l := acquire(t, home, "elkjop")
	if err := HandOver(t.Context(), home, Request{}); !errors.Is(err, ErrNotAsked) {
		t.Errorf("somebody who takes no requests: %v", err)
	}
	dead := l.holder
	for _, address := range []string{filepath.Join(home, "gone"), filepath.Join(home, lockName), pipeLike + "gone", pipeLike + `..\x`, "127.0.0.1:1"} {
		dead.Door = address
		if err := l.announce(dead); err != nil {
			t.Fatal(err)
		}
		if err := HandOver(t.Context(), home, Request{}); !errors.Is(err, ErrNotAsked) {
			t.Errorf("at %s: %v", address, err)
		}
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
}

const pipeLike = `\\.\pipe\elkjop-start-`

func TestAHomeWithALongName(t *testing.T) {
	home := filepath.Join(disktest.TempDir(t), strings.Repeat("long", 30))
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	came := serving(t, home)
	if err := HandOver(t.Context(), home, Request{}); err != nil {
		t.Fatal(err)
	}
	<-came
}

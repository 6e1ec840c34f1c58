package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// screen remembers what was shown, and when after its making.
type screen struct {
	mu    sync.Mutex
	began time.Time
	shown []string
	err   error
}

func (s *screen) show(_ context.Context, m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = append(s.shown, fmt.Sprintf("%v %s: %s", time.Since(s.began), m.Title, m.Text))
	return s.err
}

func together(all []Message) Message {
	return Message{Kind: all[0].Kind, Title: fmt.Sprintf("%d things", len(all)), Text: all[0].Text + " … " + all[len(all)-1].Text}
}

func TestAtMostOnceAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &screen{began: time.Now()}
		n := New(s.show, together, Options{})
		ended := make(chan error, 1)
		go func() { ended <- n.Run(ctx) }()

		n.Tell(Message{"problem", "Problem", "a"})
		time.Sleep(time.Second)
		n.Tell(Message{"problem", "Problem", "b"})
		n.Tell(Message{"problem", "Problem", "b"})
		n.Tell(Message{"shared", "Shared", "with you"})
		time.Sleep(10 * time.Minute)
		for i := range 5 {
			n.Tell(Message{"problem", "Problem", fmt.Sprint("later ", i)})
		}
		n.Tell(Message{"done", "Done", "photos"})
		time.Sleep(2 * time.Hour)
		n.Tell(Message{"problem", "Problem", "next day"})
		time.Sleep(time.Minute)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run = %v", err)
		}
		want := []string{
			"3s 2 things: a … b",
			"4s Shared: with you",
			"10m4s Done: photos",
			"1h0m3s 5 things: later 0 … later 4",
			"2h10m4s Problem: next day",
		}
		if d := cmp.Diff(want, s.shown); d != "" {
			t.Error(d)
		}
	})
}

func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &screen{began: time.Now()}
		n := New(s.show, together, Options{})
		go func() { _ = n.Run(ctx) }()
		n.Tell(Message{"problem", "Problem", "a"})
		n.Forget("problem")
		n.Forget("nothing")
		time.Sleep(3 * time.Hour)
		cancel()
		synctest.Wait()
		if len(s.shown) > 0 {
			t.Errorf("shown: %v", s.shown)
		}
	})
}

func TestAFailureIsHeardOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &screen{began: time.Now(), err: errors.ErrUnsupported}
		var heard []error
		n := New(s.show, together, Options{Failed: func(err error) { heard = append(heard, err) }})
		go func() { _ = n.Run(ctx) }()
		n.Tell(Message{"problem", "Problem", "a"})
		time.Sleep(time.Minute)
		cancel()
		synctest.Wait()
		if len(heard) != 1 || !errors.Is(heard[0], errors.ErrUnsupported) {
			t.Errorf("heard %v", heard)
		}
	})
}

func TestWhatWaitsIsBounded(t *testing.T) {
	l := newLimit(time.Second, time.Hour)
	now := time.Unix(1000, 0)
	for i := range 10 * most {
		l.offer(Message{Kind: "k", Text: fmt.Sprint(i)}, now)
	}
	groups := l.take(now.Add(time.Second))
	if len(groups) != 1 || len(groups[0]) != most || groups[0][most-1].Text != fmt.Sprint(10*most-1) {
		t.Errorf("%d groups, %v", len(groups), groups)
	}
	if at, waits := l.next(); waits {
		t.Errorf("something waits until %v", at)
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text  string
		units int
		want  string
	}{
		{"short", 5, "short"}, {"longer", 5, "long…"}, {"", 5, ""}, {"😀😀😀", 6, "😀😀😀"}, {"😀😀😀", 5, "😀😀…"}, {"a😀😀", 4, "a😀…"},
	} {
		if got := cut(tt.text, tt.units); got != tt.want {
			t.Errorf("cut(%q, %d) = %q", tt.text, tt.units, got)
		}
	}
}

func TestPlain(t *testing.T) {
	if got := plain("a\x1b[31m\nb\u202egpj.exe\xff"); got != "a\uFFFD[31m\nb\uFFFDgpj.exe\uFFFD" {
		t.Errorf("%q", got)
	}
	if err := System("x")(t.Context(), Message{Text: strings.Repeat("x", 9)}); err == nil {
		t.Error("a message without a title was accepted")
	}
}

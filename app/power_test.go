package app

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// fakePower is a computer whose conditions tests change.
type fakePower struct {
	mu      sync.Mutex
	is      map[string]bool
	err     error // what it answers instead
	changed func()
	awake   int // how often it is kept awake just now
	asked   int // how often that was asked for
}

func (p *fakePower) answer(condition string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.is[condition], p.err
}

func (p *fakePower) OnBattery(context.Context) (bool, error) { return p.answer(OnBattery) }
func (p *fakePower) Metered(context.Context) (bool, error)   { return p.answer(OnMetered) }

func (p *fakePower) KeepAwake(context.Context, string) (func(), error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.awake++
	p.asked++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.awake--
	}, p.err
}

func (p *fakePower) Watch(ctx context.Context, changed func()) error {
	p.mu.Lock()
	p.changed = changed
	p.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// set changes the conditions, and tells of it as the system does.
func (p *fakePower) set(conditions ...string) {
	p.mu.Lock()
	p.is = map[string]bool{}
	for _, c := range conditions {
		p.is[c] = true
	}
	tell := p.changed
	p.mu.Unlock()
	if tell != nil {
		tell()
	}
}

func TestPausesByItself(t *testing.T) {
	for _, reason := range []string{OnMetered, OnBattery} {
		w := newWorld(t)
		power := &fakePower{}
		power.set(reason)
		a, b := w.computer("A"), w.computer("B")
		da, db := a.synced(), b.synced()
		a.power = power
		a.restart()
		stopA, stopB := a.running(), b.running()
		held := func() bool {
			s := a.Status()
			return s.State == StatePaused && s.PausedFor == reason && s.Pairs[0].State == StatePaused
		}
		safe := func() bool { s := a.Status(); return s.State == StateSafe && s.PausedFor == "" }

		until(t, "it pauses", held)
		put(t, da, map[string]string{"f": "one"})
		a.sent()
		must(t, a.Once(t.Context(), nil))
		if sent := a.sent(); len(sent) > 0 || !held() {
			t.Errorf("%s: sent %v, %s", reason, sent, show(a.Status()))
		}
		must(t, a.Resume(t.Context()))
		until(t, "it goes on anyway", there(filepath.Join(db, "f"), "one"))
		until(t, "it is safe", safe)
		power.set()
		until(t, "the condition is over", func() bool { a.Client.mu.Lock(); defer a.Client.mu.Unlock(); return len(a.held.anyway) == 0 })
		power.set(reason)
		until(t, "it pauses again", held)
		must(t, a.SetWhenToWork(t.Context(), WhenToWork{Metered: reason == OnMetered, Battery: reason == OnBattery}))
		until(t, "it works there, too", safe)
		must(t, a.SetWhenToWork(t.Context(), WhenToWork{Metered: reason != OnMetered, Battery: reason != OnBattery}))
		until(t, "it pauses there after all", held)
		must(t, a.Pause(t.Context(), 0))
		power.set()
		until(t, "a person's pause stays", func() bool { s := a.Status(); return s.State == StatePaused && s.PausedFor == "" })
		must(t, a.Resume(t.Context()))
		until(t, "until they end it", safe)
		stopA()
		stopB()
	}
}

// TestConditionsThatNobodyKnows: where the system says nothing, or does not answer, nothing is held back.
func TestConditionsThatNobodyKnows(t *testing.T) {
	for _, err := range []error{errors.ErrUnsupported, context.DeadlineExceeded} {
		w := newWorld(t)
		a := w.computer("A")
		power := &fakePower{err: err}
		power.set(OnMetered, OnBattery)
		a.power = power
		a.restart()
		a.synced()
		stop := a.running()
		until(t, "it works", func() bool { return a.Status().State == StateSafe })
		stop()
	}
}

func TestStaysAwakeWhileBytesMove(t *testing.T) {
	w := newWorld(t)
	power := &fakePower{}
	a := w.computer("A")
	a.power = power
	a.restart()
	l, err := a.open(t.Context())
	must(t, err)
	k := &conditions{c: a.Client}
	for i, step := range []struct {
		bytes  int64
		is     []string
		paused bool
		want   int
	}{
		{0, nil, false, 0},
		{100, nil, false, 1},
		{0, nil, false, 1},
		{100, nil, false, 1},
		{0, nil, false, 1},
		{0, nil, false, 1},
		{0, nil, false, 0},
		{5, nil, false, 1},
		{5, []string{OnBattery}, false, 0},
		{5, nil, false, 1},
		{5, nil, true, 0},
	} {
		l.progress(step.bytes)
		if power.set(step.is...); step.paused {
			must(t, a.Pause(t.Context(), 0))
		}
		a.hold(k.reasons(t.Context()))
		k.stayAwake(t.Context(), l)
		if power.awake != step.want {
			t.Errorf("step %d: held %d times, want %d", i, power.awake, step.want)
		}
	}
	if power.asked != 3 {
		t.Errorf("asked %d times", power.asked)
	}
}

func TestSleepIsSeenByTheClock(t *testing.T) {
	began := time.Now()
	for name, c := range map[string]struct {
		after time.Duration
		want  bool
	}{
		"a usual round": {lookEvery, false}, "poked at once": {0, false}, "a busy computer": {20 * time.Second, false},
		"a night": {8 * time.Hour, true}, "a clock that was set back": {-time.Hour, true},
	} {
		k := &conditions{}
		if k.slept(began) {
			t.Errorf("%s: the first look tells of sleep", name)
		}
		if got := k.slept(began.Add(c.after)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

package app

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// pairOf is what the client shows of a folder.
func (c *computer) pairOf(name string) PairStatus {
	for _, p := range c.Status().Pairs {
		if p.Name == name {
			return p
		}
	}
	return PairStatus{}
}

// TestPauseOneBackup: it waits until somebody lets it go on, also over a restart; the others go on, and nothing says that all is safe.
func TestPauseOneBackup(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	one, two := realDir(t), realDir(t)
	a.addBackup(one, "One")
	a.addBackup(two, "Two")
	a.once()
	must(t, a.PauseBackup(t.Context(), "one", true))
	put(t, one, map[string]string{"f": "1"})
	put(t, two, map[string]string{"f": "22"})
	a.try()
	paused := func(where string) {
		t.Helper()
		s, x := a.Status(), a.pairOf("One")
		if s.State != StatePaused || s.Paused || x.State != StatePaused || !x.Paused || a.pairOf("Two").State != StateSafe {
			t.Errorf("%s: %s", where, show(s))
		}
	}
	paused("once")
	if sent := a.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
	a.restart()
	paused("after a restart")
	a.try()
	paused("once after it")
	stop := a.running()
	until(t, "it runs, and comes to rest", func() bool {
		s := a.Status()
		if s.State == StateSafe {
			t.Errorf("running: %s", show(s))
		}
		return s.State == StatePaused && !s.Paused && s.Pairs[0].State == StatePaused && s.Pairs[1].State == StateSafe && s.Pairs[1].Files == 1
	})
	must(t, a.PauseBackup(t.Context(), "One", false))
	until(t, "it goes on", func() bool { return a.Status().State == StateSafe && a.pairOf("One").Files == 1 })
	stop()
	if err := a.PauseBackup(t.Context(), "Three", true); code(err) != CodeWrongUse {
		t.Errorf("a folder that there is not: %v", err)
	}
}

// TestEvery: a backup that has its times is made when its time comes, also over a restart, or when somebody wants it. Meanwhile it is safe for as long as
// nothing has changed.
func TestEvery(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := realDir(t)
	a.addBackup(dir, "One")
	put(t, dir, map[string]string{"f": "1"})
	must(t, a.SetEvery(t.Context(), "One", EveryHour))
	a.once()
	a.restart()
	rests := func() bool {
		a.poked()
		p := a.pairOf("One")
		if p.Detail == DetailScheduled && p.State == StatePaused {
			w.pass(time.Hour) // the watcher has told once more of what it had been made with
		}
		return p.Detail == DetailScheduled && p.State == StateSafe
	}
	made := func(bytes int64) bool {
		a.poked()
		p := a.pairOf("One")
		return p.Detail == DetailScheduled && p.Bytes == bytes
	}
	stop := a.running()
	until(t, "it was made within the hour, and waits", func() bool { return a.pairOf("One").Detail == DetailScheduled })
	if p := a.pairOf("One"); p.Next.Sub(w.now()) > time.Hour || p.Next.Sub(w.now()) <= 0 || a.Status().State != StatePaused {
		t.Errorf("next %v, now %v, %s", p.Next, w.now(), show(a.Status())) // what changed meanwhile nobody knows
	}
	put(t, dir, map[string]string{"f": "22"})
	w.pass(59 * time.Minute)
	a.poked()
	if p := a.pairOf("One"); p.State != StatePaused {
		t.Errorf("before its time: %s", show(a.Status()))
	}
	w.pass(time.Minute)
	a.poked()
	until(t, "its time comes, and it rests again", func() bool { return made(2) })
	until(t, "nothing changes, and it is safe", rests)
	put(t, dir, map[string]string{"f": "333"})
	until(t, "it is seen", func() bool { return a.pairOf("One").State == StatePaused })
	must(t, a.BackUpNow(t.Context(), "One"))
	until(t, "somebody wants it", func() bool { return made(3) })
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	until(t, "its folder is gone", func() bool {
		p := a.pairOf("One")
		return p.Detail == "not-connected" && a.Status().State == StateNeedsYou
	})
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	until(t, "it is back", func() bool { return a.pairOf("One").Detail == DetailScheduled })
	must(t, a.SetEvery(t.Context(), "One", ""))
	put(t, dir, map[string]string{filepath.Join("d", "g"): "at once"})
	until(t, "it is made at once", func() bool {
		p := a.pairOf("One")
		return p.State == StateSafe && p.Detail != DetailScheduled && p.Files == 2
	})
	stop()
	if err := a.SetEvery(t.Context(), "One", "week"); code(err) != CodeWrongUse {
		t.Errorf("a period that there is not: %v", err)
	}
}

// TestAnswerBeforeItsTime: what somebody answers is done at once, also for a backup that waits for its time.
func TestAnswerBeforeItsTime(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	dir := realDir(t)
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprint("f", i)] = fmt.Sprint(i)
	}
	put(t, dir, files)
	a.addBackup(dir, "One")
	must(t, a.SetEvery(t.Context(), "One", EveryDay))
	a.once()
	for name := range files {
		must(t, os.Remove(filepath.Join(dir, name)))
	}
	put(t, dir, map[string]string{"stays": "x"})
	a.try()
	if a.pairOf("One").Question == nil {
		t.Fatalf("nothing is asked: %s", show(a.Status()))
	}
	a.restart()
	stop := a.running()
	until(t, "it waits for its time", func() bool { return a.pairOf("One").Next.After(w.now()) })
	must(t, a.Answer(t.Context(), "One", "keep"))
	until(t, "the files are back", func() bool { all := read(t, dir); return len(all) == 61 && all["f59"] == "59" })
	stop()
}

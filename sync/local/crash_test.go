package local

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// do carries out an act as the engine does: stage, act, make durable, put away.
func (w *world) do(d plan.Down) error {
	done, err := w.r.Do(w.t.Context(), d)
	if err != nil {
		return err
	}
	if err := w.r.Sync(done.Dirs); err != nil {
		return err
	}
	if done.After != nil {
		return done.After()
	}
	return nil
}

// crash does the act and dies at the n-th operation on the disk, before or after it is done. It tells whether there were so many.
func (w *world) crash(d plan.Down, n int, after bool) bool {
	dead := false
	die := func(mine bool) disktest.Fault {
		return func(string, string) error {
			if mine && !dead {
				n--
				dead = n < 0
			}
			if dead {
				return errDead
			}
			return nil
		}
	}
	w.disk.SetFaults(die(!after), die(after))
	err := w.do(d)
	w.disk.SetFaults(nil, nil)
	if !dead && err != nil {
		w.t.Errorf("without a crash: %v", err)
	}
	return dead
}

// TestCrash: the program dies at every operation on the disk of every act, also together with the power. After the next start the old or the
// new file stands in place, and what is not known to the volume is on the disk.
func TestCrash(t *testing.T) {
	for name, r := range acts() {
		for _, cut := range []bool{false, true} {
			for _, known := range [][]string{{newText}, {oldText, newText}} {
				for _, after := range []bool{false, true} {
					for n := 0; r.crashAt(t, name, n, after, cut, known); n++ {
					}
				}
			}
		}
	}
}

func (r race) crashAt(t *testing.T, name string, n int, after, cut bool, known []string) bool {
	t.Helper()
	o := r.opt
	o.UserSyncs = true
	w := newWorld(t, o)
	d := r.prepare(w)
	w.disk.Settle()
	dead := w.crash(d, n, after)
	if cut {
		w.disk.PowerCut(rand.New(rand.NewPCG(uint64(n), 3)))
	}
	w.start()
	w.recover(known...)
	r.standing(t, name, n, w, d, len(known) == 1)
	for p := range w.disk.Tree() {
		if strings.HasPrefix(p, swap+"/") && p != swap+"/" || strings.HasPrefix(p, stage+"/") && p != stage+"/" {
			t.Errorf("%s, dead at %d: %s was left behind", name, n, p)
		}
	}
	return dead
}

// standing checks what is in place, and that nothing is lost.
func (r race) standing(t *testing.T, name string, n int, w *world, d plan.Down, oldUnknown bool) {
	t.Helper()
	here, there := w.at(path), w.at(other)
	ok := false
	switch d.Act {
	case plan.Replace:
		ok = here == oldText || here == newText
	case plan.Fetch:
		ok = here == "nothing" || here == newText
	case plan.MoveTo:
		ok = here == oldText && there == "nothing" || here == "nothing" && there == oldText
	case plan.SetMeta:
		ok = here == oldText
	case plan.RemoveFile:
		ok = here == oldText || here == "nothing" && len(w.all()[oldText]) == 1
	}
	if !ok {
		t.Errorf("%s, dead at %d: %q and %q stand there: %v", name, n, here, there, w.disk.Tree())
	}
	if oldUnknown && d.Act != plan.Fetch && len(w.all()[oldText]) == 0 && here != newText {
		t.Errorf("%s, dead at %d: the old bytes are lost: %v", name, n, w.disk.Tree())
	}
}

// TestPutBackFails: while the name of a replaced file waits for it, the file stays, even if the volume knows its bytes.
func TestPutBackFails(t *testing.T) {
	w := newWorld(t, disktest.Options{NoExchange: true, UserSyncs: true})
	d := w.replaceAct(path, w.write(path, oldText), w.version(newText))
	moved, dead := 0, false
	w.disk.SetFaults(func(op, p string) error {
		if op == "rename" {
			moved++
		}
		if dead = dead || moved == 3; dead { // staged file, old file out, new file in
			return errDead
		}
		return nil
	}, nil)
	if err := w.do(d); !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	w.start()
	w.disk.SetFaults(func(op, p string) error {
		if op == "rename" && strings.HasPrefix(p, swap) {
			return errDead
		}
		return nil
	}, nil)
	if err := w.r.Recover(t.Context(), knows(oldText, newText), nothing); !errors.Is(err, errDead) {
		t.Errorf("the recovery failed with %v", err)
	}
	w.disk.SetFaults(nil, nil)
	w.recover(oldText, newText)
	if got := w.at(path); got != oldText {
		t.Errorf("%q stands there: %v", got, w.disk.Tree())
	}
}

// TestOddNames: what our own files in between are called does not depend on what the user's are called.
func TestOddNames(t *testing.T) {
	for _, name := range []string{"f.path", "f.old", "path-f", "old-f", strings.Repeat("æ", 127), strings.Repeat("x", 240) + ".path"} {
		for _, o := range exchanges {
			w := newWorld(t, o)
			d := w.replaceAct(name, w.write(name, oldText), w.version(newText))
			if _, err := w.r.Do(t.Context(), d); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			w.recover(newText) // died before Base was written; the volume does not know the old bytes
			if got := len(w.all()[oldText]); got != 1 || w.at(name) != newText {
				t.Errorf("%s: %v", name, w.disk.Tree())
			}
		}
	}
}

// TestDurable: what Sync has made durable survives a power cut.
func TestDurable(t *testing.T) {
	want := map[plan.Act][2]string{plan.Replace: {newText, "nothing"}, plan.Fetch: {newText, "nothing"}, plan.MoveTo: {"nothing", oldText}, plan.RemoveFile: {"nothing", "nothing"}}
	for name, r := range acts() {
		for seed := range uint64(40) {
			o := r.opt
			o.UserSyncs = true
			w := newWorld(t, o)
			d := r.prepare(w)
			w.disk.Settle()
			done, err := w.r.Do(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.r.Sync(done.Dirs); err != nil {
				t.Fatal(err)
			}
			w.disk.PowerCut(rand.New(rand.NewPCG(seed, 1)))
			if x, ok := want[d.Act]; ok && (w.at(path) != x[0] || w.at(other) != x[1]) {
				t.Errorf("%s, seed %d: %v", name, seed, w.disk.Tree())
			}
			if d.Act != plan.Fetch && len(w.all()[oldText]) == 0 {
				t.Errorf("%s, seed %d: the old bytes are lost before Base knows: %v", name, seed, w.disk.Tree())
			}
		}
	}
}

// TestReplacedComesBackNoMore: a file that was replaced in steps does not return to its name after a power cut when the new one has gone elsewhere since.
func TestReplacedComesBackNoMore(t *testing.T) {
	for seed := range uint64(40) {
		w := newWorld(t, disktest.Options{NoExchange: true, UserSyncs: true})
		d := w.replaceAct(path, w.write(path, oldText), w.version(newText))
		w.disk.Settle()
		done, err := w.r.Do(t.Context(), d)
		if err = errors.Join(err, w.r.Sync(done.Dirs)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(done.After(), w.disk.Rename(path, other), w.r.Sync([]string{""})); err != nil {
			t.Fatal(err)
		}
		w.disk.PowerCut(rand.New(rand.NewPCG(seed, 1)))
		w.start()
		w.recover(oldText, newText)
		if w.at(path) != "nothing" || w.at(other) != newText {
			t.Errorf("seed %d: %v", seed, w.disk.Tree())
		}
	}
}

// TestReplacedAndStillWritten: a replaced file that a program goes on writing to is put beside the new one.
func TestReplacedAndStillWritten(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	done, err := w.r.Do(t.Context(), w.replaceAct(path, w.write(path, oldText), w.version(newText)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.all()[oldText] {
		w.write(p, "written through an open handle")
	}
	if err := done.After(); err != nil {
		t.Fatal(err)
	}
	p := w.all()["written through an open handle"]
	if len(p) != 1 || p[0] != path+" (copy 0)" || w.r.Seen() {
		t.Errorf("it lies at %v", p)
	}
}

// TestStaged: what was staged for versions that are wanted stays at the start, the rest goes.
func TestStaged(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	a, b := w.version("a"), w.version("b")
	w.write(staged(a), "half")
	w.write(staged(b), "half")
	wanted := func(name string) bool { return name == a.ID.String() }
	if err := w.r.Recover(t.Context(), knows(), wanted); err != nil {
		t.Fatal(err)
	}
	if w.at(staged(a)) != "half" || w.at(staged(b)) != "nothing" || !w.r.Untidy() {
		t.Errorf("%v", w.disk.Tree())
	}
}

// TestParked: what waits under a name of ours and is nobody's any more goes to the safety folder when the volume has it, and comes back in sight otherwise.
func TestParked(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	mine, known, unknown, folder := plan.ParkPrefix+"1", plan.ParkPrefix+"2", plan.ParkPrefix+"3", plan.ParkPrefix+"4"
	for day := range 2 { // twice, under the same name
		w.write(mine, "base knows it")
		w.write(known, "the volume has it")
		w.write(unknown, "nobody has it")
		w.write(folder+"/f", "in a folder")
		if err := w.r.Parked(t.Context(), []string{known, unknown, folder, plan.ParkPrefix + "gone"}, knows("base knows it", "the volume has it")); err != nil {
			t.Fatal(err)
		}
		if w.at(mine) == "nothing" || w.at(unknown) != "nothing" || w.at(known) != "nothing" || w.at(folder+"/f") != "nothing" ||
			w.at("Recovered file") != "nobody has it" || w.at("Recovered folder/f") != "in a folder" || len(w.all()["nobody has it"]) != day+1 || len(w.all()["in a folder"]) != day+1 || len(w.all()["the volume has it"]) != day+1 {
			t.Errorf("%v", w.disk.Tree())
		}
	}
}

// TestCrashAgainstPeople: a person does something between two steps of an act, and some steps later the program dies. After the next start nothing of
// the person's is lost, or where they do not see it.
func TestCrashAgainstPeople(t *testing.T) {
	for name, r := range acts() {
		t.Run(name, func(t *testing.T) {
			for deed := range deeds {
				for _, at := range r.touched {
					for i := 0; ; i++ {
						n := i
						for r.crashAfterDeed(t, deedAt{i, deed, at}, n) {
							n++
						}
						if n == i {
							break // there are not so many steps
						}
					}
				}
			}
		})
	}
}

// crashAfterDeed tells whether there were so many steps that the program died.
func (r race) crashAfterDeed(t *testing.T, x deedAt, death int) bool {
	t.Helper()
	w := newWorld(t, r.opt)
	d := r.prepare(w)
	p := &person{w: w, gone: map[string]bool{}}
	steps, dead := 0, false
	hook := func(string, string) error {
		if dead {
			return errDead
		}
		if steps == x.step {
			deeds[x.deed](p, x.path)
		}
		dead = steps == death
		steps++
		if dead {
			return errDead
		}
		return nil
	}
	w.disk.SetFaults(hook, hook)
	err := w.do(d)
	w.disk.SetFaults(nil, nil)
	if !dead && err != nil && !errors.Is(err, ErrChanged) {
		t.Errorf("%v: %v", x, err)
	}
	w.start()
	w.recover(oldText, newText)
	if lost, hidden := p.lost(), p.hidden(); len(lost)+len(hidden) > 0 {
		t.Errorf("%v, dead at %d: %q is lost, %q hidden: %v", x, death, lost, hidden, w.disk.Tree())
	}
	return dead
}

// TestRecoverIsInterrupted: what could not be looked at stays where it is, for the next time.
func TestRecoverIsInterrupted(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	held := tree.Join(swap, "0-1 f.txt")
	w.write(held, oldText)
	ctx, cancel := context.WithCancel(t.Context())
	w.disk.SetFaults(func(op, path string) error {
		if path == held {
			cancel()
		}
		return nil
	}, nil)
	if err := w.r.Recover(ctx, knows(oldText), nothing); !errors.Is(err, context.Canceled) || w.at(held) != oldText {
		t.Errorf("%v: %v", err, w.disk.Tree())
	}
	w.disk.SetFaults(nil, nil)
	w.recover(oldText)
	if all := w.all(); len(all) != 0 {
		t.Errorf("then %v", all)
	}
}

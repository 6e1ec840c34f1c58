package local

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// wanderer changes a disk at random and says where, as a watcher does.
type wanderer struct {
	d   *disktest.Disk
	rng *rand.Rand
}

func (w wanderer) path() string {
	names := []string{"a", "b", "é", "c.skipme", ".DS_Store", "d", "x"}
	depth := 1 + w.rng.IntN(3)
	var p string
	for range depth {
		p = tree.Join(p, names[w.rng.IntN(len(names))])
	}
	return p
}

func (w wanderer) change() []string {
	a, b := w.path(), w.path()
	switch w.rng.IntN(7) {
	case 0, 1:
		_ = w.d.WriteFile(a, fmt.Sprint(w.rng.Uint64()))
	case 2:
		_ = w.d.MkdirAll(a)
	case 3:
		_ = w.d.RemoveAll(a)
	case 4:
		if !tree.Under(b, a) && !tree.Under(a, b) {
			_ = w.d.Move(a, b)
		}
	case 5:
		_ = w.d.RemoveAll(a)
		_ = w.d.Put(a, []disk.Type{disk.Symlink, disk.Special, disk.Mount, disk.Placeholder}[w.rng.IntN(4)])
	case 6:
		_ = w.d.Deny(a, w.rng.IntN(2) == 0)
	}
	return []string{a, b}
}

// TestIncremental: looking at what changed shows the same as looking at everything.
func TestIncremental(t *testing.T) {
	for seed := range uint64(200) {
		w := newWorld(t, disktest.Options{CaseInsensitive: seed%3 == 0, NoBirth: seed%5 == 0})
		x := wanderer{w.disk, rand.New(rand.NewPCG(seed, 5))}
		if _, err := w.r.Observe(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		for round := range 12 {
			var dirty []string
			for range 1 + x.rng.IntN(4) {
				dirty = append(dirty, x.change()...)
			}
			x.rng.Shuffle(len(dirty), func(i, j int) { dirty[i], dirty[j] = dirty[j], dirty[i] })
			got, err := w.r.Observe(t.Context(), dirty)
			if err != nil {
				t.Fatal(err)
			}
			fresh := New(w.r.Options)
			want, err := fresh.Observe(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(paths(want), paths(got)); diff != "" {
				t.Fatalf("seed %d, round %d, dirty %v (-all +changed):\n%s", seed, round, dirty, diff)
			}
		}
	}
}

// TestIncrementalCase: a change of case, told under both names, is seen as one entry under its new name.
func TestIncrementalCase(t *testing.T) {
	w := newWorld(t, disktest.Options{CaseInsensitive: true})
	w.write("docs/a", "1")
	if _, err := w.r.Observe(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, m := range [][2]string{{"docs/a", "docs/A"}, {"docs", "Docs"}} {
		w.user(w.disk.Move(m[0], m[1]))
		for _, dirty := range [][]string{{m[0], m[1]}, {m[1], m[0]}} {
			got, err := w.r.Observe(t.Context(), dirty)
			if err != nil {
				t.Fatal(err)
			}
			want, err := New(w.r.Options).Observe(t.Context(), nil)
			if diff := cmp.Diff(paths(want), paths(got)); err != nil || diff != "" {
				t.Errorf("%v: %v\n%s", dirty, err, diff)
			}
		}
	}
}

// paths is what an observation says, in words.
func paths(o Observation) []string {
	var out []string
	for _, e := range o.Entries.All {
		if e.Dir {
			e.Disk = plan.Signature{Number: e.Disk.Number, Birth: e.Disk.Birth} // the rest of a folder's means nothing
		}
		out = append(out, fmt.Sprintf("%s dir=%v blind=%v %v", e.Path, e.Dir, e.Blind, e.Disk))
	}
	for _, s := range o.Skipped {
		out = append(out, fmt.Sprintf("%s skipped: %s", s.Path, s.Reason))
	}
	return out
}

// TestObserveFails: after a look that failed, nothing is concluded until everything was looked at again.
func TestObserveFails(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	w.write("a/f", "1")
	w.write("b/f", "2")
	if _, err := w.r.Observe(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w.disk.UnplugHard()
	if _, err := w.r.Observe(t.Context(), []string{"a"}); !errors.Is(err, disk.ErrGone) {
		t.Fatalf("%v, want that the drive does not answer", err)
	}
	w.disk.Replug()
	w.write("b/g", "3") // nobody told of it
	o, err := w.r.Observe(t.Context(), []string{"a"})
	if err != nil || o.Entries.Len() != 5 {
		t.Errorf("%v, %v", paths(o), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.r.Observe(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want canceled", err)
	}
}

// TestSkip: where nothing may be concluded or done.
func TestSkip(t *testing.T) {
	w := newWorld(t, disktest.Options{WindowsNames: true})
	w.r.Exclude = func() []string { return []string{"shared/with us"} }
	w.write("plain/f", "1")
	w.write("shared/with us/f", "1")
	w.write("locked/f", "1")
	w.write("half/secret", "1")
	w.user(w.disk.Put("link", disk.Symlink))
	w.user(w.disk.Deny("locked", true))
	if _, err := w.r.Observe(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	skip := w.r.Skip()
	for _, x := range []struct {
		path string
		dir  bool
		want bool
	}{
		{"", true, false}, {"plain", true, false}, {"plain/f", false, false}, {"plain/not here", false, false},
		{"plain/x.skipme", false, true}, {"x.skipme/below", false, true}, {".DS_Store", false, true}, {Own, true, true}, {Own + "/kept/f", false, true},
		{"shared", true, false}, {"shared/with us", true, true}, {"shared/with us/f", false, true},
		{"locked", true, true}, {"locked/f", false, true}, {"link", true, true}, {"link/below", false, true},
		{"plain/what?", false, true}, {"CON", false, true}, {"CON/below", false, true},
		{plan.ParkPrefix + "7", false, false}, {plan.ParkPrefix + "7/below", false, false},
	} {
		if got := skip(x.path, x.dir); got != x.want {
			t.Errorf("skip(%q, %v) = %v", x.path, x.dir, got)
		}
	}
}

// TestSkipCase: where the disk does not tell case apart, nor does the question: the cloud may spell a name otherwise.
func TestSkipCase(t *testing.T) {
	for _, fold := range []bool{false, true} {
		w := newWorld(t, disktest.Options{CaseInsensitive: fold, FormInsensitive: fold})
		w.r.Exclude = func() []string { return []string{"Shared/Åse"} }
		w.write("Shared/Åse/f", "1")
		w.user(w.disk.Put("Link", disk.Symlink))
		if _, err := w.r.Observe(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		skip := w.r.Skip()
		for _, p := range []string{"shared/åse", "shared/A\u030Ase/f", "link", "LINK/below"} {
			if got := skip(p, true); got != fold {
				t.Errorf("skip(%q) = %v where folding is %v", p, got, fold)
			}
		}
	}
}

// TestBlind: a folder that holds something which is not looked at cannot be removed; what systems strew about does not count, as removeDir takes it away.
func TestBlind(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	w.write("junk/.DS_Store", "j")
	w.write("rule/deep/x.skipme", "s")
	w.write("junkdir/.Trash-1000/f", "somebody's")
	w.write("unfinished/film.part", "half a film")
	w.write("plain/f", "f")
	w.user(w.disk.Put("links/l", disk.Symlink))
	o, err := w.r.Observe(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var blind []string
	for _, e := range o.Entries.All {
		if e.Blind {
			blind = append(blind, e.Path)
		}
	}
	if diff := cmp.Diff([]string{"junkdir", "links", "rule", "rule/deep", "unfinished"}, blind); diff != "" {
		t.Error(diff)
	}
}

// TestRemoveDir: a folder goes only when nothing is in it, or what nobody misses; that goes to the safety folder.
func TestRemoveDir(t *testing.T) {
	for _, x := range []struct {
		name string
		in   []string
		goes bool
	}{
		{"empty", nil, true}, {"junk only", []string{".DS_Store", "Thumbs.db"}, true}, {"a file", []string{"f"}, false},
		{"junk and a file", []string{".DS_Store", "f"}, false}, {"ignored by the user", []string{"x.skipme"}, false}, {"unfinished", []string{"x.part"}, false},
		{"a folder", []string{"sub/f"}, false}, {"a folder that looks like junk", []string{"Thumbs.db/f"}, false}, {"a folder of the system", []string{".Trash-1000/f"}, false},
	} {
		w := newWorld(t, disktest.Options{})
		w.user(w.disk.MkdirAll("d"))
		for _, f := range x.in {
			w.write("d/"+f, "content of "+f)
		}
		_, err := w.r.Do(t.Context(), plan.Down{Act: plan.RemoveDir, Dir: true, ID: 1, From: "d", Was: w.sig("d")})
		if (err == nil) != x.goes || err != nil && !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", x.name, err)
		}
		for _, f := range x.in {
			p := w.all()["content of "+f]
			if len(p) != 1 || strings.HasPrefix(p[0], kept) != x.goes {
				t.Errorf("%s: %s lies at %v", x.name, f, p)
			}
		}
	}
}

// TestRemoveDirMeanwhile: a file that comes into the folder at any moment stays.
func TestRemoveDirMeanwhile(t *testing.T) {
	for n := range 12 {
		came := false
		w := newWorld(t, disktest.Options{})
		w.write("d/.DS_Store", "j")
		was := w.sig("d")
		hook := func(string, string) error {
			if n--; n == 0 {
				came = true
				w.user(w.disk.WriteFile("d/new", "the user's"))
			}
			return nil
		}
		w.disk.SetFaults(hook, hook)
		_, err := w.r.Do(t.Context(), plan.Down{Act: plan.RemoveDir, Dir: true, ID: 1, From: "d", Was: was})
		w.disk.SetFaults(nil, nil)
		if came && len(w.all()["the user's"]) != 1 || err != nil && !errors.Is(err, ErrChanged) {
			t.Errorf("%v: %v", err, w.disk.Tree())
		}
	}
}

// TestMovedFolder: a folder is moved with what is in it, and not when another one stands there by now.
func TestMovedFolder(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	w.write("d/f", "1")
	was := w.sig("d")
	w.write("d/g", "2") // what is in it does not matter
	act := plan.Down{Act: plan.MoveTo, Dir: true, ID: 1, From: "d", To: "e", Was: was}
	if _, err := w.r.Do(t.Context(), act); err != nil || w.at("e/f") != "1" || w.at("e/g") != "2" {
		t.Errorf("%v: %v", err, w.disk.Tree())
	}
	w.user(w.disk.MkdirAll("d"))
	act.To = "h"
	if _, err := w.r.Do(t.Context(), act); !errors.Is(err, ErrChanged) {
		t.Errorf("another folder was moved: %v", err)
	}
}

// TestClaim: whose root it is.
func TestClaim(t *testing.T) {
	w := newWorld(t, disktest.Options{UserSyncs: true})
	if _, err := Claimed(w.disk); !errors.Is(err, ErrNotOurs) {
		t.Errorf("no marker: %v", err)
	}
	for _, id := range []string{"first", "second"} {
		if err := Claim(w.disk, id); err != nil {
			t.Fatal(err)
		}
		w.disk.PowerCut(rand.New(rand.NewPCG(1, 1)))
		if got, err := Claimed(w.disk); got != id || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	for _, damaged := range []string{"", "{", "\x00\x00\x00", `{"note":"x"}`, `[]`, `{"pair":7}`, strings.Repeat(" ", 1<<17)} {
		w.write(marker, damaged)
		if got, err := Claimed(w.disk); got != "" || !errors.Is(err, ErrNotOurs) {
			t.Errorf("marker %.20q: %q, %v", damaged, got, err)
		}
	}
	w.disk.UnplugHard()
	if _, err := Claimed(w.disk); !errors.Is(err, disk.ErrGone) {
		t.Errorf("the drive is out: %v", err)
	}
	w.disk.Unplug()
	if _, err := Claimed(w.disk); !errors.Is(err, ErrNotOurs) {
		t.Errorf("unmounted: %v", err)
	}
}

// TestPrune: the safety folder is emptied by day.
func TestPrune(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	for _, p := range []string{"2026-10-01/a", "2026-10-22/b", "2026-10-23/c", "2026-11-22/d"} {
		w.write(kept+"/"+p, p)
	}
	if err := w.r.Prune(t.Context(), "2026-10-23"); err != nil {
		t.Fatal(err)
	}
	if got := len(w.all()); got != 2 || w.at(kept+"/2026-10-23/c") == "nothing" {
		t.Errorf("%v", w.disk.Tree())
	}
}

// TestSafetyFolderFull: what cannot be put into the safety folder is not removed.
func TestSafetyFolderFull(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	was := w.write(path, oldText)
	w.disk.SetFaults(func(op, p string) error {
		if op == "mkdir" {
			return disk.ErrFull
		}
		return nil
	}, nil)
	if _, err := w.r.Do(t.Context(), plan.Down{Act: plan.RemoveFile, ID: 1, From: path, Was: was}); !errors.Is(err, disk.ErrFull) || w.at(path) != oldText {
		t.Errorf("%v: %v", err, w.disk.Tree())
	}
}

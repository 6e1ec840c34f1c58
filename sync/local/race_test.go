package local

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

const (
	path    = "f.txt"
	other   = "g.txt"
	oldText = "what was there, known to the volume"
	newText = "what the others made of it"
)

// person is a user who changes things while an act is under way, and what must not be lost of it.
type person struct {
	w       *world
	wrote   []string
	gone    map[string]bool // overwritten or removed by the person
	changes int
}

// the things that people do to the file that an act is about; where it is not there, they make it.
var deeds = map[string]func(p *person, path string){
	"edits": func(p *person, path string) {
		p.overwrites(path)
		p.w.user(p.w.disk.WriteFile(path, p.text()))
	},
	"saves": func(p *person, path string) {
		p.overwrites(path)
		p.w.user(p.w.disk.SaveFile(path, p.text()))
	},
	"removes": func(p *person, path string) {
		p.overwrites(path)
		p.w.user(p.w.disk.RemoveAll(path))
	},
	"swaps": func(p *person, path string) {
		if _, err := p.w.disk.ReadFile(path); err == nil {
			p.w.user(p.w.disk.Move(path, fmt.Sprintf("aside %d", p.changes)))
		}
		p.w.user(p.w.disk.WriteFile(path, p.text()))
	},
}

func (p *person) text() string {
	p.changes++
	p.wrote = append(p.wrote, fmt.Sprintf("the user's work %d", p.changes))
	return p.wrote[len(p.wrote)-1]
}

func (p *person) overwrites(path string) {
	if c, err := p.w.disk.ReadFile(path); err == nil {
		p.gone[c] = true
	}
}

// hidden returns what the person wrote and nobody took away, and that lies only in our own folder.
func (p *person) hidden() []string {
	all := p.w.all()
	var out []string
	for _, c := range p.wrote {
		if !p.gone[c] && !slices.ContainsFunc(all[c], func(at string) bool { return !tree.Under(at, Own) }) {
			out = append(out, c)
		}
	}
	return out
}

// lost returns what the person wrote and nobody took away, and that is nowhere on the disk now.
func (p *person) lost() []string {
	all := p.w.all()
	var out []string
	for _, c := range p.wrote {
		if !p.gone[c] && len(all[c]) == 0 {
			out = append(out, c)
		}
	}
	return out
}

// race is one act with somebody at the disk.
type race struct {
	opt     disktest.Options
	prepare func(w *world) plan.Down
	touched []string // the paths at which people are busy
}

var exchanges = map[string]disktest.Options{"exchange": {}, "in steps": {NoExchange: true}, "no birth": {NoBirth: true, ReuseNumbers: true}}

func acts() map[string]race {
	out := map[string]race{}
	for name, o := range exchanges {
		out["replace, "+name] = race{o, func(w *world) plan.Down {
			return w.replaceAct(path, w.write(path, oldText), w.version(newText))
		}, []string{path}}
	}
	out["fetch"] = race{prepare: func(w *world) plan.Down {
		v := w.version(newText)
		return plan.Down{Act: plan.Fetch, ID: 1, To: path, Version: v, Base: base(1, path, v)}
	}, touched: []string{path}}
	out["move"] = race{prepare: func(w *world) plan.Down {
		was := w.write(path, oldText)
		return plan.Down{Act: plan.MoveTo, ID: 1, From: path, To: other, Was: was, Base: base(1, other, w.version(oldText)), Fresh: true}
	}, touched: []string{path, other}}
	out["set meta"] = race{prepare: func(w *world) plan.Down {
		was := w.write(path, oldText)
		v := w.version(oldText)
		v.Content.Exec = true
		return plan.Down{Act: plan.SetMeta, ID: 1, From: path, Was: was, Version: v, Base: base(1, path, v)}
	}, touched: []string{path}}
	out["remove"] = race{prepare: func(w *world) plan.Down {
		return plan.Down{Act: plan.RemoveFile, ID: 1, From: path, Was: w.write(path, oldText)}
	}, touched: []string{path}}
	return out
}

// TestActsAgainstPeople: whatever a user does between any two steps of an act, once or twice, nothing of it is lost, neither then nor by the
// next recovery, which leaves nothing of it where people do not look, and Base never vouches for bytes that are not there.
func TestActsAgainstPeople(t *testing.T) {
	for name, r := range acts() {
		t.Run(name, func(t *testing.T) {
			steps := r.run(t, nil)
			for deed := range deeds {
				for _, at := range r.touched {
					for i := range steps {
						r.run(t, []deedAt{{i, deed, at}})
						for second := range deeds {
							for j := i + 1; j < steps+6 && j < i+7; j++ {
								r.run(t, []deedAt{{i, deed, at}, {j, second, at}})
							}
						}
					}
				}
			}
		})
	}
}

type deedAt struct {
	step int
	deed string
	path string
}

// run does the act with what people do in between, and returns how many steps it took.
func (r race) run(t *testing.T, do []deedAt) int {
	t.Helper()
	w := newWorld(t, r.opt)
	d := r.prepare(w)
	if d.Act == plan.Replace || d.Act == plan.Fetch {
		if err := w.r.Stage(t.Context(), d.Version, nil); err != nil {
			t.Fatal(err)
		}
	}
	p := &person{w: w, gone: map[string]bool{}}
	steps := 0
	hook := func(string, string) error {
		for _, x := range do {
			if x.step == steps {
				deeds[x.deed](p, x.path)
			}
		}
		steps++
		return nil
	}
	w.disk.SetFaults(hook, hook)
	done, err := w.r.Do(t.Context(), d)
	w.disk.SetFaults(nil, nil)
	if err != nil && !errors.Is(err, ErrChanged) {
		t.Errorf("%v: %v", do, err)
	}
	r.look(t, p, do, "after the act", d)
	if err == nil {
		w.vouches(t, do, done.Base)
		if done.After != nil {
			if err := done.After(); err != nil {
				t.Errorf("%v: put away what was replaced: %v", do, err)
			}
			r.look(t, p, do, "after what was replaced was put away", d)
		}
	} else if _, err := w.r.Do(t.Context(), d); err == nil && len(do) == 0 {
		t.Errorf("the act fails the first time only")
	}
	r.look(t, p, do, "after the act was tried again", d)
	w.recover(oldText, newText)
	r.look(t, p, do, "after recovery", d)
	if hidden := p.hidden(); len(hidden) > 0 {
		t.Errorf("%v: %q is where its user does not see it: %v", do, hidden, w.disk.Tree())
	}
	return steps
}

func (r race) look(t *testing.T, p *person, do []deedAt, when string, d plan.Down) {
	t.Helper()
	if lost := p.lost(); len(lost) > 0 {
		t.Errorf("%v: %s %q is lost: %v", do, when, lost, p.w.disk.Tree())
	}
	if d.Act == plan.MoveTo && !p.gone[oldText] && len(p.w.all()[oldText]) == 0 {
		t.Errorf("%v: %s the moved file is lost: %v", do, when, p.w.disk.Tree())
	}
}

// vouches checks that a row which takes the file on the disk for unchanged names its bytes.
func (w *world) vouches(t *testing.T, do []deedAt, b *plan.Base) {
	t.Helper()
	if b == nil {
		return
	}
	i, err := w.disk.Stat(b.Name)
	if err != nil || !b.Disk.Unchanged(signature(i)) {
		return
	}
	if c := w.at(b.Name); tree.Hash(sha256.Sum256([]byte(c))) != b.Hash {
		t.Errorf("%v: Base takes %q for the version", do, c)
	}
}

// TestChangedBefore: an act whose thing is not as the plan saw it does nothing at all.
func TestChangedBefore(t *testing.T) {
	for name, r := range acts() {
		for deed, do := range deeds {
			if name == "fetch" && deed == "removes" {
				continue // nothing is in the way
			}
			w := newWorld(t, r.opt)
			d := r.prepare(w)
			do(&person{w: w, gone: map[string]bool{}}, path)
			before := w.users()
			if _, err := w.r.Do(t.Context(), d); !errors.Is(err, ErrChanged) {
				t.Errorf("%s after a user %s the file: %v, want ErrChanged", name, deed, err)
			}
			if after := w.users(); before != after {
				t.Errorf("%s after a user %s the file: %s became %s", name, deed, before, after)
			}
		}
	}
}

// users is what a person sees in the root.
func (w *world) users() string {
	out := map[string]string{}
	for p, c := range w.disk.Tree() {
		if !strings.HasPrefix(p, Own) {
			out[p] = c
		}
	}
	return fmt.Sprint(out)
}

// TestGiveBack: a file of the user's that we hold goes back to its place, beside what stands there, or to the root when its folder has gone, be it
// at the last moment.
func TestGiveBack(t *testing.T) {
	const held = Own + "/replaced/1 f.txt"
	for _, tt := range []struct {
		name  string
		there []string
		gone  bool // the folder goes when the file is to be moved there
		want  string
	}{
		{"free", []string{"d/other"}, false, "d/f.txt"},
		{"taken", []string{"d/f.txt"}, false, "d/f.txt (copy 0)"},
		{"taken twice", []string{"d/f.txt", "d/f.txt (copy 0)"}, false, "d/f.txt (copy 1)"},
		{"no folder", nil, false, "f.txt"},
		{"no folder, and taken in the root", []string{"f.txt"}, false, "f.txt (copy 0)"},
		{"the folder goes in between", []string{"d/other"}, true, "f.txt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, disktest.Options{})
			for _, p := range tt.there {
				w.write(p, "there")
			}
			w.write(held, "the user's")
			w.disk.SetFaults(func(op, path string) error {
				if tt.gone && op == "rename" && path == held {
					w.user(w.disk.Move("d", "elsewhere"))
					tt.gone = false
				}
				return nil
			}, nil)
			if err := w.r.giveBack(held, "d/f.txt"); err != nil || w.at(tt.want) != "the user's" {
				t.Errorf("%v: %v", err, w.disk.Tree())
			}
		})
	}
}

package sidebar

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// list is a place that works, and the ways it fails.
type list struct {
	called  string
	at      map[string]presence // by path
	fails   error               // what every call returns
	lies    bool                // add and remove say that they did it, and do nothing
	changes int
}

func (l *list) name() string        { return l.called }
func (l *list) byHand(Entry) string { return "Drag it there." }
func (l *list) look(_ context.Context, e Entry) (presence, error) {
	return l.at[e.Path], l.fails
}

func (l *list) put(path string, p presence) error {
	l.changes++
	if l.fails == nil && !l.lies {
		l.at[path] = p
	}
	return l.fails
}
func (l *list) add(_ context.Context, e Entry) error    { return l.put(e.Path, ours) }
func (l *list) remove(_ context.Context, e Entry) error { return l.put(e.Path, absent) }
func (l *list) move(_ context.Context, from, to Entry) error {
	return errors.Join(l.put(from.Path, absent), l.put(to.Path, ours))
}

func path(t *testing.T, name string) string {
	t.Helper()
	p, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPinAndUnpin(t *testing.T) {
	here, there := path(t, "here"), path(t, "there")
	record := func(p string, m Mark) Record {
		r := Record{Path: p, Marks: map[string]Mark{}}
		if m != "" {
			r.Marks["list"] = m
		}
		return r
	}
	tests := []struct {
		name    string
		at      map[string]presence
		was     Record
		unpin   bool
		want    Record
		wantAt  map[string]presence
		changes int
	}{
		{"first time", map[string]presence{}, Record{}, false, record(here, Pinned), map[string]presence{here: ours}, 1},
		{"there already, by us", map[string]presence{here: ours}, Record{}, false, record(here, Pinned), map[string]presence{here: ours}, 0},
		{"there already, by the user", map[string]presence{here: foreign}, Record{}, false, record(here, Theirs), map[string]presence{here: foreign}, 0},
		{"again", map[string]presence{here: ours}, record(here, Pinned), false, record(here, Pinned), map[string]presence{here: ours}, 0},
		{"the user called it something else", map[string]presence{here: foreign}, record(here, Pinned), false, record(here, Pinned), map[string]presence{here: foreign}, 0},
		{"the user took it away", map[string]presence{}, record(here, Pinned), false, record(here, Removed), map[string]presence{}, 0},
		{"the user took his own away", map[string]presence{}, record(here, Theirs), false, record(here, Removed), map[string]presence{}, 0},
		{"the user hid it", map[string]presence{here: hidden}, record(here, Pinned), false, record(here, Removed), map[string]presence{here: hidden}, 0},
		{"hidden before the settings were lost", map[string]presence{here: hidden}, Record{}, false, record(here, Removed), map[string]presence{here: hidden}, 0},
		{"taken away stays away", map[string]presence{}, record(here, Removed), false, record(here, Removed), map[string]presence{}, 0},
		{"taken away stays away when the folder moves", map[string]presence{}, record(there, Removed), false, record(here, Removed), map[string]presence{}, 0},
		{"the list is new", map[string]presence{here: empty}, record(here, Pinned), false, record(here, Pinned), map[string]presence{here: ours}, 1},
		{"moved", map[string]presence{there: ours}, record(there, Pinned), false, record(here, Pinned), map[string]presence{there: absent, here: ours}, 2},
		{"moved after the user took it away", map[string]presence{}, record(there, Pinned), false, record(here, Removed), map[string]presence{}, 0},
		{"moved to where the user's is", map[string]presence{there: ours, here: foreign}, record(there, Pinned), false, record(here, Theirs), map[string]presence{there: absent, here: foreign}, 1},
		{"moved away from the user's", map[string]presence{there: foreign}, record(there, Theirs), false, record(here, Pinned), map[string]presence{there: foreign, here: ours}, 1},

		{"unpin", map[string]presence{here: ours}, record(here, Pinned), true, record(here, ""), map[string]presence{here: absent}, 1},
		{"unpin what moved meanwhile", map[string]presence{there: ours}, record(there, Pinned), true, record(there, ""), map[string]presence{there: absent}, 1},
		{"unpin what the user renamed", map[string]presence{here: foreign}, record(here, Pinned), true, record(here, ""), map[string]presence{here: absent}, 1},
		{"unpin what the user put there", map[string]presence{here: foreign}, record(here, Theirs), true, record(here, ""), map[string]presence{here: foreign}, 0},
		{"unpin what the user took away", map[string]presence{}, record(here, Removed), true, record(here, Removed), map[string]presence{}, 0},
		{"unpin what is hidden", map[string]presence{here: hidden}, record(here, Removed), true, record(here, Removed), map[string]presence{here: absent}, 1},
		{"unpin after the settings were lost", map[string]presence{here: ours}, Record{}, true, record(here, ""), map[string]presence{here: absent}, 1},
		{"unpin nothing", map[string]presence{}, Record{}, true, record(here, ""), map[string]presence{}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := &list{called: "list", at: tt.at}
			s := &Sidebar{places: []place{l}}
			do := s.Pin
			if tt.unpin {
				do = s.Unpin
			}
			got, err := do(t.Context(), Entry{Name: "Elkjøp Cloud", Path: here}, tt.was)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("record (-want +got)\n%s", d)
			}
			if d := cmp.Diff(tt.wantAt, l.at); d != "" {
				t.Errorf("list (-want +got)\n%s", d)
			}
			if l.changes != tt.changes {
				t.Errorf("%d changes, want %d", l.changes, tt.changes)
			}
		})
	}
}

func TestFailuresSayWhatToDoByHand(t *testing.T) {
	e := Entry{Name: "Elkjøp Cloud", Path: path(t, "here")}
	broken := &list{called: "broken", at: map[string]presence{}, fails: errors.New("disk on fire")}
	liar := &list{called: "liar", at: map[string]presence{}, lies: true}
	fine := &list{called: "fine", at: map[string]presence{}}
	got, err := (&Sidebar{places: []place{broken, liar, fine}}).Pin(t.Context(), e, Record{Marks: map[string]Mark{"broken": Pinned}, Path: e.Path})
	if ByHand(err) != "Drag it there." || !errors.Is(err, broken.fails) || !errors.Is(err, errNotShown) {
		t.Errorf("Pin = %v, by hand %q", err, ByHand(err))
	}
	if m := got.Marks; m["broken"] != Pinned || m["fine"] != Pinned || !got.Shown() {
		t.Errorf("record %+v", got)
	}
	liar.at[e.Path] = ours
	if got, err := (&Sidebar{places: []place{liar}}).Unpin(t.Context(), e, Record{Path: e.Path, Marks: map[string]Mark{"liar": Pinned}}); !errors.Is(err, errStill) || got.Marks["liar"] != Pinned {
		t.Errorf("Unpin = %+v %v", got, err)
	}
}

func TestASystemWithoutASidebar(t *testing.T) {
	e := Entry{Name: "Elkjøp Cloud", Path: path(t, "here")}
	none := &list{called: "none", at: map[string]presence{}, fails: errors.ErrUnsupported}
	for _, places := range [][]place{nil, {none}} {
		if r, err := (&Sidebar{places: places}).Pin(t.Context(), e, Record{}); !errors.Is(err, errors.ErrUnsupported) || r.Shown() || r.Refused() {
			t.Errorf("Pin = %+v %v", r, err)
		}
	}
	with := &Sidebar{places: []place{none, &list{called: "fine", at: map[string]presence{}}}}
	if r, err := with.Pin(t.Context(), e, Record{}); err != nil || !r.Shown() {
		t.Errorf("one of two places: %+v %v", r, err)
	}
}

func TestEntriesThatWouldBreakOut(t *testing.T) {
	for _, e := range []Entry{
		{Name: "Elkjøp Cloud", Path: "not/full"}, {Name: "Elkjøp Cloud"}, {Name: "Elkjøp Cloud", Path: path(t, "x") + "\x00"},
		{Path: path(t, "x")}, {Name: "two\nlines", Path: path(t, "x")},
	} {
		l := &list{called: "list", at: map[string]presence{}}
		if _, err := (&Sidebar{places: []place{l}}).Pin(t.Context(), e, Record{}); err == nil || l.changes > 0 {
			t.Errorf("%+v was accepted", e)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		marks          map[string]Mark
		shown, refused bool
	}{
		{nil, false, false},
		{map[string]Mark{"a": Removed}, false, true},
		{map[string]Mark{"a": Removed, "b": Theirs}, true, false},
	} {
		if r := (Record{Marks: tt.marks}); r.Shown() != tt.shown || r.Refused() != tt.refused {
			t.Errorf("%v: %t %t", tt.marks, r.Shown(), r.Refused())
		}
	}
}

package plan

import (
	"slices"
	"testing"

	"elkjopcloud/sync/merge"
)

// TestAscend: every way up ends, also where it goes round.
func TestAscend(t *testing.T) {
	long := BasesOf()
	for h := Handle(1); h <= 100; h++ {
		long.Set(&Base{ID: h, Parent: h - 1, Name: "d"})
	}
	round := BasesOf(&Base{ID: 1, Parent: 2, Name: "a"}, &Base{ID: 2, Parent: 3, Name: "b"}, &Base{ID: 3, Parent: 1, Name: "c"}, &Base{ID: 4, Parent: 2, Name: "d"}, &Base{ID: 5, Parent: 5, Name: "e"})
	for _, tt := range []struct {
		name string
		base *Bases
		from Handle
		n    int // rows met, at least; each is met at most twice as often as there are rows
	}{
		{"the root", long, 0, 0}, {"straight up", long, 100, 100}, {"not known", long, 200, 0}, {"a circle", round, 1, 3}, {"into a circle", round, 4, 4}, {"itself", round, 5, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			met := slices.Collect(ascend(tt.from, inBase(tt.base)))
			if len(met) < tt.n || len(met) > max(tt.n, 32) {
				t.Errorf("met %v", met)
			}
		})
	}
	if got := BasePath(round, 4); got == "" {
		t.Error("a row below a circle has no path")
	}
}

// TestDeletedInCircle: a folder that others have moved below one that its user had moved out of it and not told, so that Base goes round; then
// the user deletes all of it.
func TestDeletedInCircle(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "x/", "x/y/", "x/y/z/", "x/y/z/f=1")
	settled(t, w)
	in := d.look(false)
	base := BasesOf()
	byName := map[string]*Base{}
	for _, b := range in.Base.All {
		c := *b
		byName[c.Name] = &c
		base.Set(&c)
	}
	byName["x"].Parent = byName["z"].ID
	ups := PlanUp(Input{Base: base, State: in.State, Local: LocalsOf(), Skip: func(string, bool) bool { return false }})
	if len(ups.Do) != 1 || ups.Do[0].Kind != merge.Delete || len(ups.Do[0].List) != 4 {
		t.Errorf("told: %+v", ups.Do)
	}
}

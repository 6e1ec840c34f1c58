package engine

import (
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
)

// KeepOff chooses the folders, by their nodes, that are in the cloud and not on this disk; those that were chosen before are on it again. The engine does not
// remember it: whoever holds it keeps the choice and makes it again at each start. It waits for nobody, and what is under way for the
// choice before ends soon.
func (e *Engine) KeepOff(folders []merge.ID) {
	off := make(map[merge.ID]bool, len(folders))
	for _, id := range folders {
		off[id] = true
	}
	e.mu.Lock()
	e.off = off
	e.chosen++
	e.mu.Unlock()
	e.Mark()
}

// isOff returns what the planner asks; nil where nothing is kept off.
func (e *Engine) isOff() func(merge.ID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	off := e.off
	if len(off) == 0 || e.UpOnly {
		return nil
	}
	return func(id merge.ID) bool { return off[id] }
}

func (e *Engine) timesChosen() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.chosen
}

// remains notes the folders that are kept off and still stand here.
func (e *Engine) remains(in plan.Input) {
	for _, h := range plan.Remain(in) {
		e.remain = append(e.remain, pathOf(in.Local, h))
	}
}

package page

import "elkjopcloud/app"

// Hidden is what somebody does not want to see any more. It is seen again when it happens anew after it was over, and when it gets worse. It changes only what
// is shown as needing somebody: how everything is, the status says. The zero value hides nothing.
type Hidden struct {
	of      map[string]map[string]bool // by its cause: what it was about when it was hidden
	Changed func()                     // somebody has hidden or revealed something; may be nil
}

// Hide hides one cause.
func (h *Hidden) Hide(g Group) {
	if h.of == nil {
		h.of = map[string]map[string]bool{}
	}
	h.of[cause(g.Problems[0])] = about(g)
	h.changed()
}

// Reveal hides nothing any more.
func (h *Hidden) Reveal() {
	clear(h.of)
	h.changed()
}

func (h *Hidden) changed() {
	if h.Changed != nil {
		h.Changed()
	}
}

// about are the places of a cause; "" for those without one.
func about(g Group) map[string]bool {
	out := map[string]bool{}
	for _, p := range g.Problems {
		out[p.Path] = true
	}
	return out
}

// Among tells of a moment what is to be seen, and what is hidden. What is over by then is forgotten; not while something is done, when nobody can say.
func (h *Hidden) Among(s Snapshot) (open, hidden []Group) {
	still := map[string]map[string]bool{}
	for _, g := range Groups(s.Status.Problems) {
		key := cause(g.Problems[0])
		if was, ok := h.of[key]; ok && !worse(g, was) {
			still[key] = was
			hidden = append(hidden, g)
		} else {
			delete(h.of, key)
			open = append(open, g)
		}
	}
	if s.Status.State != app.StateWorking {
		h.of = still
	}
	return open, hidden
}

// worse tells whether it is about something that it was not about.
func worse(g Group, was map[string]bool) bool {
	for _, p := range g.Problems {
		if !was[p.Path] {
			return true
		}
	}
	return false
}

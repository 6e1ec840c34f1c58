package plan

import "elkjopcloud/sync/merge"

// Hold takes out of a plan what deletes, or what rewrites, and what could only be told together with it: a thing that stands under the name
// of one whose deletion is held back.
func Hold(in Input, ups Ups, deletes, rewrites bool) Ups {
	h := &holder{view: newView(in), gone: map[Handle]bool{}}
	for _, u := range ups.Do {
		if u.Kind == merge.Delete && deletes {
			for _, g := range u.Gone {
				h.gone[g] = true
			}
		}
	}
	out := Ups{Adopt: ups.Adopt, Forget: ups.Forget}
	for _, u := range ups.Do {
		if u.Kind == merge.Delete && deletes || u.Kind == merge.Put && rewrites || h.blocked(u) {
			continue
		}
		out.Do = append(out.Do, u)
	}
	return out
}

type holder struct {
	*view
	gone map[Handle]bool
	made map[Handle]bool // held back folders
}

// blocked tells whether a new or moved thing wants a name that one of the held back still has in the cloud, or hangs below such a thing.
func (h *holder) blocked(u Up) bool {
	if u.Kind != merge.Mkdir && u.Kind != merge.Create && u.Kind != merge.Move {
		return false
	}
	if h.made[u.Base.Parent] || h.nameHeld(u.Base) {
		if h.made == nil {
			h.made = map[Handle]bool{}
		}
		h.made[u.ID] = true
		return true
	}
	return false
}

func (h *holder) nameHeld(b *Base) bool {
	p := h.shown(b.Parent)
	if p == nil {
		return false
	}
	if n, ok := p.File(b.Name); ok && h.heldNode(n.ID) {
		return true
	}
	if f := p.Folder(b.Name); f != nil && !b.Dir {
		for _, n := range f.Members() {
			if h.heldNode(n.ID) {
				return true
			}
		}
	}
	return false
}

func (h *holder) heldNode(id merge.ID) bool {
	for _, x := range h.bound(id) {
		if h.gone[x] {
			return true
		}
	}
	return false
}

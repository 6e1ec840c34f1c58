package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
)

// What a person keeps off this disk: folders that are in the cloud and on other computers only. Nothing of them comes down. What is here of them goes, as
// what others removed does: once all that changed in it is told, and only if it is untouched then. That it is not here is never told as a deletion. A
// folder is meant by its node, so the choice follows it wherever others move it.
//
// A folder that the user makes here, or moves here, where one that is kept off would stand is a folder of its own under the same name. The others see
// both as one; here it holds what was put into it, and nothing else comes. A file that was put into it and turns out to be one of the other folder's stays, too.

// Off tells of nodes whether they are kept off, by themselves or with a folder above them, where chosen tells which folders are; nil is none.
func Off(s *merge.State, chosen func(merge.ID) bool) func(merge.ID) bool {
	v := &view{in: Input{Off: chosen}, s: s}
	return v.off
}

// off tells whether a live node is kept off this disk, by itself or with a folder above it.
func (v *view) off(id merge.ID) bool {
	if v.in.Off == nil || id.IsZero() {
		return false
	}
	n, ok := v.s.Node(id)
	if !ok || n.Deleted {
		return false
	}
	if !n.Dir {
		return v.off(n.Parent)
	}
	out, known := v.offDirs[n.ID]
	if !known {
		out = v.in.Off(n.ID) || v.off(n.Parent)
		if v.offDirs == nil {
			v.offDirs = map[merge.ID]bool{}
		}
		v.offDirs[n.ID] = out
	}
	return out
}

// here returns those of some nodes that are not kept off.
func (v *view) here(ms []Member) []Member {
	if v.in.Off == nil {
		return ms
	}
	var out []Member
	for _, m := range ms {
		if !v.off(m.ID) {
			out = append(out, m)
		}
	}
	return out
}

// hereOrAll returns what is here of some nodes, and all of them when everything is on its way off: as long as it stands here it is one thing.
func (v *view) hereOrAll(ms []Member) []Member {
	if here := v.here(ms); len(here) > 0 {
		return here
	}
	return ms
}

// leaves tells whether a row's thing goes only because it is kept off.
func (v *view) leaves(b *Base) bool {
	return v.in.Off != nil && v.live(b.Nodes) && !slices.ContainsFunc(b.Nodes, func(m Member) bool {
		return v.s.Live(m.ID) && (!v.off(m.ID) || v.stands(b, m.ID))
	})
}

// stands tells whether a file is of a folder that is kept off, and lies here in one that is kept, where nobody else moved it away: the two show together, or
// did so before that one was moved.
func (v *view) stands(b *Base, id merge.ID) bool {
	n, _ := v.s.Node(id)
	return !b.Dir && v.inKept(b.ID) && (n.Place == b.Nodes[0].Place || v.together(b.ID, id))
}

// inKept tells whether a thing lies in a local folder that is one of those that are kept here.
func (v *view) inKept(h Handle) bool {
	l := v.local.get(h)
	if l == nil || l.Parent == 0 {
		return false
	}
	p := v.base.get(l.Parent)
	return p != nil && v.live(v.here(p.Nodes))
}

// together tells whether a file's local folder shows together with the folder of a node.
func (v *view) together(h Handle, id merge.ID) bool {
	f := v.s.FolderOf(id)
	return slices.ContainsFunc(v.base.get(v.local.get(h).Parent).Nodes, func(m Member) bool { return v.s.Live(m.ID) && v.s.FolderOf(m.ID) == f })
}

// parted tells whether a file stands in a folder that does not show together any more with the one that is kept off. It is a file of its own from now on.
func (v *view) parted(h Handle) bool {
	if v.in.Off == nil {
		return false
	}
	b := v.base.get(h)
	if b == nil || b.Dir || v.lost(h) || !v.unmoved(h) {
		return false
	}
	id := b.Nodes[0].ID
	return v.s.Live(id) && v.off(id) && v.stands(b, id) && !v.together(h, id)
}

// standsIn tells whether a file of a folder that is kept off lies in a local folder.
func (v *view) standsIn(id merge.ID, parent Handle) bool {
	return slices.ContainsFunc(v.bound(id), func(h Handle) bool { l := v.local.get(h); return l != nil && l.Parent == parent })
}

// Remain returns the folders that are kept off this disk and still stand on it, because something in them, or below, is not looked at.
func Remain(in Input) []Handle {
	if in.Off == nil {
		return nil
	}
	v := &view{in: in, s: in.State, local: layer[Local]{under: in.Local}, base: layer[Base]{under: in.Base}}
	var out []Handle
	for b := range in.Base.Glance {
		if !b.Dir || !v.leaves(b) {
			continue
		}
		if l := in.Local.Get(b.ID); l != nil && l.Blind {
			out = append(out, b.ID)
		}
	}
	slices.Sort(out)
	return out
}

// files counts the files of Base that are to be here.
func (in Input) files() int {
	n := in.Base.files()
	if in.Off == nil || n == 0 {
		return n
	}
	v := &view{in: in, s: in.State}
	for b := range in.Base.Glance {
		if !b.Dir && v.off(in.State.Holder(b.Nodes[0].ID, b.Version)) {
			n--
		}
	}
	return n
}

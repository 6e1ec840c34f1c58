package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Equal tells quickly that disk, Base and cloud show the same, all of it, so that every question of this package has nothing for an answer: nothing to
// tell, to do, to hash or to put away, nothing lost, stale or changed elsewhere. It may say no where that is so, too: where something is kept off, and where
// what is in the cloud is not looked at here, the plans must tell.
func Equal(in Input) bool {
	if in.Off != nil || in.Base == nil || in.Local.Len() != in.Base.Len() {
		return false
	}
	e := &equal{in: in, dirs: map[Handle]*merge.Folder{0: in.State.Root()}, spelled: map[merge.ID]bool{}}
	return e.folders() && e.files()
}

type equal struct {
	in      Input
	dirs    map[Handle]*merge.Folder // what shows where a folder stands here
	count   int                      // files that are seen to be equal
	spelled map[merge.ID]bool        // and have a name in another Unicode form here
}

// folders compares the folders: each shows where it stands here, no two as one, and nothing shows beside them.
func (e *equal) folders() bool {
	shown := map[*merge.Folder]bool{e.in.State.Root(): true}
	all := e.rows(true, func(b *Base) bool {
		if len(b.Nodes) == 0 {
			return false
		}
		n, f := e.in.State.Showing(b.Nodes[0].ID)
		if f == nil || shown[f] || !n.Dir || !named(b, f.Name()) || !slices.EqualFunc(f.Members(), b.Nodes, func(n merge.Node, m Member) bool { return n.ID == m.ID && n.Place == m.Place }) {
			return false
		}
		e.dirs[b.ID], shown[f] = f, true
		return true
	})
	if !all || !e.rows(true, func(b *Base) bool { return e.dirs[b.Parent] != nil && e.dirs[b.Parent] == e.dirs[b.ID].Parent() }) {
		return false
	}
	n := 1
	for f := range shown {
		n += f.CountFolders()
	}
	return n == len(shown)
}

// files compares the files in the same way. Two of one node would stand in one place, but for the form of their names.
func (e *equal) files() bool {
	if !e.rows(false, e.file) {
		return false
	}
	for _, f := range e.dirs {
		e.count -= f.CountFiles()
	}
	if e.count != 0 {
		return false
	}
	once := 0
	return len(e.spelled) == 0 || e.rows(false, func(b *Base) bool {
		if e.spelled[b.Nodes[0].ID] {
			once++
		}
		return once <= len(e.spelled)
	})
}

func (e *equal) file(b *Base) bool {
	e.count++
	if len(b.Nodes) != 1 || b.Hash.IsZero() {
		return false
	}
	s, m := e.in.State, b.Nodes[0]
	n, f := s.Showing(m.ID)
	if b.Name != n.Name {
		e.spelled[m.ID] = true
	}
	return f != nil && f == e.dirs[b.Parent] && !n.Dir && named(b, n.Name) && n.Place == m.Place && n.Current == b.Version &&
		s.HasVersion(b.Version) && s.Holder(m.ID, b.Version) == m.ID
}

func named(b *Base, name string) bool { return b.Name == name || tree.NFC(b.Name) == name }

// rows calls cloud for every folder, or every file, of Base that the disk shows as it says, and tells whether it is so of all and cloud agrees. No row may
// be kept.
func (e *equal) rows(dirs bool, cloud func(*Base) bool) bool {
	for _, b := range e.in.Base.over {
		if b != nil && b.Dir == dirs && !(e.stands(b) && cloud(b)) {
			return false
		}
	}
	p, l := e.in.Base.packed, e.in.Local
	var r row
	for i := range e.in.Base.stillPacked {
		if p.dir(i) != dirs {
			continue
		}
		if r.read(p, i); !(l.base == p && l.is(i) || e.stands(&r.Base)) || !cloud(&r.Base) {
			return false
		}
	}
	return true
}

// stands tells whether the disk shows a row as it is. Of a folder only what it is counts: what is not looked at in it matters when it goes.
func (e *equal) stands(b *Base) bool {
	l := e.in.Local.Get(b.ID)
	if l == nil || l.Parent != b.Parent || l.Name != b.Name || l.Dir != b.Dir {
		return false
	}
	if b.Dir {
		return sameNumber(l.Disk, b.Disk)
	}
	was := b.Disk
	if e.in.NoExec {
		was.Exec = l.Disk.Exec
	}
	return l.Hash == b.Hash && l.Disk == was
}

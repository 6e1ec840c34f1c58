package plan

import (
	"slices"
	"strconv"
	"strings"

	"elkjopcloud/sync/tree"
)

// Match says which observed entry is which of Base: first what is the same file under the same path, then what was put aside under a name of ours, then
// the same file elsewhere (a move), then what stands under the name of one that is gone (editors that replace the file). Entries that are none get new handles above all of
// Base. The hash of a file that is unchanged since Base is filled in. Entries come parents first.
func Match(entries *Entries, base *Bases) *Locals {
	if base == nil {
		base = BasesOf()
	}
	m := &matcher{entries: entries, base: base, over: map[spot][]Handle{}, of: make([]Handle, entries.Len()), last: base.top()}
	for h, b := range base.over {
		if b == nil {
			continue
		}
		k := spot{b.Parent, b.Name}
		m.over[k] = append(m.over[k], h)
	}
	if !m.samePath() {
		m.sameFile()
	}
	return m.place()
}

// at returns the row of a place. Of two rows of one place, as when one file went and another took its name, it is always the same one.
func (m *matcher) at(k spot) (h Handle, ok bool) {
	for _, o := range m.over[k] {
		if !ok || o < h {
			h, ok = o, true
		}
	}
	p := m.base.packed
	p.spots().All(k, p.spot, func(i int) bool {
		id := p.id(i)
		if _, hidden := m.base.over[id]; hidden {
			return true
		}
		if !ok || id < h {
			h, ok = id, true
		}
		return false
	})
	return h, ok
}

// allAt yields all rows of a place, those that are packed by handle.
func (m *matcher) allAt(k spot) func(func(Handle) bool) {
	return func(yield func(Handle) bool) {
		for _, h := range m.over[k] {
			if !yield(h) {
				return
			}
		}
		p := m.base.packed
		p.spots().All(k, p.spot, func(i int) bool {
			id := p.id(i)
			if _, hidden := m.base.over[id]; hidden {
				return true
			}
			return yield(id)
		})
	}
}

// untouched returns the row of a place that is of the very file as it stands there: where a file went and another took its name, that one may have its
// number, too.
func (m *matcher) untouched(k spot, e *entry) (h Handle, ok bool) {
	for id := range m.allAt(k) {
		b, _, _ := m.look(id)
		if b.Dir == e.isDir && b.Disk.Unchanged(e.disk) && (!ok || id < h) {
			h, ok = id, true
		}
	}
	return h, ok
}

// look returns a row of Base but for its nodes, and where it is among the packed ones, or -1.
func (m *matcher) look(h Handle) (b Base, packed int, ok bool) {
	if b, over := m.base.over[h]; over {
		if b == nil {
			return Base{}, -1, false
		}
		return *b, -1, true
	}
	i, ok := m.base.packed.find(h)
	if !ok {
		return Base{}, -1, false
	}
	b, _, _ = m.base.packed.read(i)
	return b, i, true
}

// spot is a place in Base.
type spot struct {
	parent Handle
	name   string
}

type fileID struct {
	number uint64
	birth  int64
	dir    bool
}

// taken is a set of handles: a bit for each packed row, and the others. A nil one is empty and takes nothing.
type taken struct {
	base *packedBases
	bits []uint64
	rest map[Handle]bool
}

func newTaken(b *Bases) *taken {
	return &taken{b.packed, make([]uint64, (b.packed.Len()+63)/64), map[Handle]bool{}}
}

func (t *taken) has(h Handle) bool {
	if t == nil {
		return false
	}
	if i, ok := t.base.find(h); ok {
		return t.bits[i/64]&(1<<(i%64)) != 0
	}
	return t.rest[h]
}

func (t *taken) add(h Handle) {
	if t == nil {
		return
	}
	if i, ok := t.base.find(h); ok {
		t.bits[i/64] |= 1 << (i % 64)
		return
	}
	t.rest[h] = true
}

type matcher struct {
	entries *Entries
	base    *Bases
	over    map[spot][]Handle   // rows that are not packed, by place
	of      []Handle            // entry → Base, 0 for none
	taken   *taken              // the values of of, once there is one that is not at its place
	other   map[spot][]Handle   // Base by folded name, of what is not taken
	byID    map[fileID][]Handle // of what is not taken
	last    Handle
}

// samePath binds what stands under its own path, and tells whether that is everything.
func (m *matcher) samePath() bool {
	all := true
	dirs := map[string]Handle{"": 0} // Base by its own path
	dir, in, known := "", Handle(0), true
	for i := range m.of {
		e := m.entries.read(i)
		d, name := e.dir, e.name
		if d != dir {
			dir = d
			in, known = dirs[d]
		}
		h, _ := m.at(spot{in, name}) // no row has the handle 0
		b, _, ok := m.look(h)
		if known && ok && !e.isDir && !b.Disk.Unchanged(e.disk) {
			if o, same := m.untouched(spot{in, name}, &e); same {
				h = o
				b, _, _ = m.look(h)
			}
		}
		if !known || !ok || b.Dir != e.isDir {
			all = false
			continue
		}
		if e.isDir {
			dirs[e.path()] = h
		}
		if sameNumber(b.Disk, e.disk) {
			m.of[i] = h
		} else {
			all = false
		}
	}
	return all
}

// sameFile binds what is proven to be the same file under another path.
func (m *matcher) sameFile() {
	m.taken = newTaken(m.base)
	for _, h := range m.of {
		if h != 0 {
			m.taken.add(h)
		}
	}
	m.index()
	m.putAside()
	for i := range m.of {
		if m.of[i] != 0 {
			continue
		}
		e := m.entries.read(i)
		if h := m.same(&e); h != 0 {
			m.of[i] = h
			m.taken.add(h)
		}
	}
}

// same finds what the entry is proven to be; 0 for nothing.
func (m *matcher) same(e *entry) Handle {
	if e.disk.Number == 0 {
		return 0
	}
	for _, h := range m.byID[fileID{e.disk.Number, e.disk.Birth, e.isDir}] {
		if !m.taken.has(h) && proven(m.base.Get(h), e) {
			return h
		}
	}
	return 0
}

// putAside binds what waits under a name of ours and is proven to be nothing else. That name says more than a number does: the row may be of a file that
// its user had already taken elsewhere when what he saved under its name was put aside for it.
func (m *matcher) putAside() {
	for i := range m.of {
		if m.of[i] != 0 {
			continue
		}
		e := m.entries.read(i)
		if e.dir != "" || !strings.HasPrefix(e.name, ParkPrefix) || m.same(&e) != 0 {
			continue
		}
		if h, ok := m.parked(e.name); ok && !m.taken.has(h) && m.base.Get(h).Dir == e.isDir {
			m.of[i] = h
			m.taken.add(h)
		}
	}
}

func (m *matcher) index() {
	m.byID, m.other = map[fileID][]Handle{}, map[spot][]Handle{}
	for b := range m.base.Glance {
		h := b.ID
		if m.taken.has(h) {
			continue
		}
		if b.Disk.Number != 0 {
			k := fileID{b.Disk.Number, b.Disk.Birth, b.Dir}
			m.byID[k] = append(m.byID[k], h)
		}
		k := spot{b.Parent, tree.Fold(b.Name)}
		m.other[k] = append(m.other[k], h)
	}
	for _, hs := range m.byID {
		slices.Sort(hs)
	}
}

// proven: a number alone may have been given to a new file after the old one went, so without a birth time a file's bytes must look untouched.
func proven(b *Base, e *entry) bool {
	if e.disk.Birth != 0 {
		return true
	}
	return !e.isDir && e.disk.Size > 0 && b.Disk.Size == e.disk.Size && b.Disk.Mtime == e.disk.Mtime
}

// place builds Local top down; a parent's handle is known when its children come.
func (m *matcher) place() *Locals {
	out := newLocals(m.base.packed, m.last+1, len(m.of))
	dirs := map[string]Handle{"": 0}
	dir, parent, ok := "", Handle(0), true
	for i := range m.of {
		e := m.entries.read(i)
		d, name := e.dir, e.name
		if d != dir {
			dir = d
			parent, ok = dirs[d]
		}
		if !ok {
			continue
		}
		h := m.of[i]
		if h == 0 {
			h = m.replaced(parent, name, e.isDir)
		}
		b, packed, known := m.look(h)
		l := Local{ID: h, Parent: parent, Name: name, Dir: e.isDir, Disk: e.disk, Blind: m.entries.isBlind(&e)}
		switch {
		case e.isDir:
			dirs[e.path()] = h
		case known && b.Disk.Unchanged(e.disk):
			l.Hash = b.Hash // known without reading
		case e.disk.Size == 0:
			l.Hash = tree.EmptyHash
		}
		out.take(packed, &l)
	}
	return out
}

// replaced finds the Base entry of that name whose own file is gone, else makes a new handle.
func (m *matcher) replaced(parent Handle, name string, dir bool) Handle {
	h, ok := m.at(spot{parent, name})
	if !ok && len(m.other) > 0 {
		h, ok = m.otherSpelling(parent, name)
	}
	if ok && !m.taken.has(h) && m.base.Get(h).Dir == dir {
		m.taken.add(h)
		return h
	}
	m.last++
	return m.last
}

// parked finds what was put aside when the program stopped.
func (m *matcher) parked(name string) (Handle, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(name, ParkPrefix), 10, 64)
	b := m.base.Get(Handle(n))
	return Handle(n), err == nil && b != nil && name == parkName(b.ID)
}

// otherSpelling finds what is gone and had the name in another case or Unicode form.
func (m *matcher) otherSpelling(parent Handle, name string) (Handle, bool) {
	found := m.other[spot{parent, tree.Fold(name)}]
	if len(found) != 1 {
		return 0, false
	}
	if b := m.base.Get(found[0]); b.Dir && tree.NFC(b.Name) != tree.NFC(name) {
		return 0, false // nobody saves a folder: it was made anew, and a move would bring back what others delete
	}
	return found[0], true
}

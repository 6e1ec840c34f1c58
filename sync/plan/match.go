package plan

import (
	"slices"
	"strconv"
	"strings"

	"elkjopcloud/sync/tree"
)

// Entry is one observed entry; Path is relative to the root.
type Entry struct {
	Path  string
	Dir   bool
	Disk  Signature
	Blind bool
}

// Match says which observed entry is which of Base: first what is the same file under the same path, then the same file elsewhere
// (a move), then what stands under the name of one that is gone (editors that replace the file). Entries that are none get new handles above all of
// Base. The hash of a file that is unchanged since Base is filled in. Entries come parents first.
func Match(entries []Entry, base map[Handle]*Base) map[Handle]*Local {
	m := &matcher{base: base, byID: map[fileID][]Handle{}, kids: map[Handle]map[string]Handle{}, at: map[string]Handle{"": 0}, of: map[int]Handle{}, taken: map[Handle]bool{}}
	m.index()
	m.samePath(entries)
	m.sameFile(entries)
	return m.place(entries)
}

type fileID struct {
	number uint64
	birth  int64
	dir    bool
}

type matcher struct {
	base  map[Handle]*Base
	byID  map[fileID][]Handle
	kids  map[Handle]map[string]Handle
	at    map[string]Handle // Base by its own path
	of    map[int]Handle    // entry → Base
	taken map[Handle]bool
	last  Handle
}

func (m *matcher) index() {
	for h, b := range m.base {
		m.last = max(m.last, h)
		if b.Disk.Number != 0 {
			k := fileID{b.Disk.Number, b.Disk.Birth, b.Dir}
			m.byID[k] = append(m.byID[k], h)
		}
		if m.kids[b.Parent] == nil {
			m.kids[b.Parent] = map[string]Handle{}
		}
		m.kids[b.Parent][b.Name] = h
	}
	m.paths("", 0)
}

func (m *matcher) paths(dir string, h Handle) {
	for name, k := range m.kids[h] {
		p := tree.Join(dir, name)
		m.at[p] = k
		if m.base[k].Dir {
			m.paths(p, k)
		}
	}
}

func (m *matcher) bind(i int, h Handle) { m.of[i], m.taken[h] = h, true }

func (m *matcher) samePath(entries []Entry) {
	for i, e := range entries {
		h, ok := m.at[e.Path]
		if !ok || h == 0 {
			continue
		}
		if b := m.base[h]; b.Dir == e.Dir && b.Disk.Number == e.Disk.Number && b.Disk.Birth == e.Disk.Birth {
			m.bind(i, h)
		}
	}
}

func (m *matcher) sameFile(entries []Entry) {
	for i, e := range entries {
		if _, done := m.of[i]; done || e.Disk.Number == 0 {
			continue
		}
		c := m.byID[fileID{e.Disk.Number, e.Disk.Birth, e.Dir}]
		slices.Sort(c)
		for _, h := range c {
			if !m.taken[h] && proven(m.base[h], e) {
				m.bind(i, h)
				break
			}
		}
	}
}

// proven: a number alone may have been given to a new file after the old one went, so without a birth time a file's bytes must look untouched.
func proven(b *Base, e Entry) bool {
	if e.Disk.Birth != 0 {
		return true
	}
	return !e.Dir && e.Disk.Size > 0 && b.Disk.Size == e.Disk.Size && b.Disk.Mtime == e.Disk.Mtime
}

// place builds Local top down; a parent's handle is known when its children come.
func (m *matcher) place(entries []Entry) map[Handle]*Local {
	out := make(map[Handle]*Local, len(entries))
	dirs := map[string]Handle{"": 0}
	for i, e := range entries {
		dir, name := tree.Split(e.Path)
		parent, ok := dirs[dir]
		if !ok {
			continue
		}
		h, bound := m.of[i]
		if !bound {
			h = m.replaced(parent, name, e.Dir)
		}
		l := &Local{ID: h, Parent: parent, Name: name, Dir: e.Dir, Disk: e.Disk, Blind: e.Blind}
		if b := m.base[h]; b != nil && !e.Dir && b.Disk.Unchanged(e.Disk) {
			l.Hash = b.Hash
		} else if !e.Dir && e.Disk.Size == 0 {
			l.Hash = tree.EmptyHash
		}
		out[h] = l
		if e.Dir {
			dirs[e.Path] = h
		}
	}
	return out
}

// replaced finds the Base entry of that name whose own file is gone, else makes a new handle.
func (m *matcher) replaced(parent Handle, name string, dir bool) Handle {
	h, ok := m.kids[parent][name]
	if !ok && parent == 0 {
		h, ok = m.parked(name)
	}
	if !ok {
		h, ok = m.otherSpelling(parent, name)
	}
	if ok && !m.taken[h] && m.base[h].Dir == dir {
		m.taken[h] = true
		return h
	}
	m.last++
	return m.last
}

// parked finds what was put aside when the program stopped.
func (m *matcher) parked(name string) (Handle, bool) {
	n, err := strconv.ParseInt(strings.TrimPrefix(name, ParkPrefix), 10, 64)
	b := m.base[Handle(n)]
	return Handle(n), err == nil && b != nil && name == parkName(b.ID)
}

func (m *matcher) otherSpelling(parent Handle, name string) (Handle, bool) {
	if strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) < 0 {
		return 0, false
	}
	n := tree.NFC(name)
	var found []Handle
	for k, h := range m.kids[parent] {
		if tree.NFC(k) == n {
			found = append(found, h)
		}
	}
	if len(found) != 1 {
		return 0, false
	}
	return found[0], true
}

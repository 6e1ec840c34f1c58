package plan

import (
	"strings"

	"elkjopcloud/sync/rows"
	"elkjopcloud/sync/tree"
)

// Entry is one observed entry; Path is relative to the root.
type Entry struct {
	Path  string
	Dir   bool
	Blind bool
	Disk  Signature
}

// Entries is what was observed, in little memory. What comes out is made anew each time. A nil Entries is empty; one that grows is read by nobody else.
type Entries struct {
	table rows.Table
	dirs  []string // folders, each as often as the walk comes back to it
	blind map[string]bool
}

// EntriesOf returns some entries.
func EntriesOf(all ...Entry) *Entries {
	e := &Entries{}
	for i := range all {
		e.Add(&all[i])
		if all[i].Blind {
			if e.blind == nil {
				e.blind = map[string]bool{}
			}
			e.blind[all[i].Path] = true
		}
	}
	return e
}

// Add appends an entry; whether it is blind is said by Blinded.
func (e *Entries) Add(x *Entry) {
	dir, name := tree.Split(x.Path)
	e.add(dir, name, x.Dir, x.Disk)
}

// AddPart appends entries of others, from one to another (exclusive).
func (e *Entries) AddPart(of *Entries, from, to int) {
	for i := from; i < to; i++ {
		x := of.read(i)
		e.add(x.dir, x.name, x.isDir, x.disk)
	}
}

func (e *Entries) add(dir, name string, isDir bool, d Signature) {
	if n := len(e.dirs); n == 0 || e.dirs[n-1] != dir {
		e.dirs = append(e.dirs, strings.Clone(dir))
	}
	w := e.table.Add()
	w.Uint(uint64(len(e.dirs) - 1))
	w.Byte(flag(isDir, entryDir) | flag(d.Exec, entryExec))
	w.Text(name)
	signed(w, d)
}

const (
	entryDir = 1 << iota
	entryExec
)

// signed writes a signature but for its bit.
func signed(w rows.Writer, d Signature) {
	w.Int(d.Size)
	w.Int(d.Mtime)
	w.Int(d.Ctime - d.Mtime) // mostly near; what flows over flows back
	w.Int(d.Birth - d.Mtime)
	w.Uint(d.Number)
}

// signature reads what signed wrote.
func signature(r *rows.Reader, exec bool) Signature {
	d := Signature{Exec: exec, Size: r.Int(), Mtime: r.Int()}
	d.Ctime, d.Birth, d.Number = r.Int()+d.Mtime, r.Int()+d.Mtime, r.Uint()
	return d
}

// Len returns how many entries there are.
func (e *Entries) Len() int {
	if e == nil {
		return 0
	}
	return e.table.Len()
}

// entry is an Entry whose path is not put together.
type entry struct {
	dir, name string
	isDir     bool
	disk      Signature
}

func (x *entry) path() string { return tree.Join(x.dir, x.name) }

func (e *Entries) read(i int) entry {
	r := e.table.Row(i)
	x := entry{dir: e.dirs[r.Uint()]}
	f := r.Byte()
	x.isDir, x.name = f&entryDir != 0, r.Text()
	x.disk = signature(&r, f&entryExec != 0)
	return x
}

// At returns the i-th entry.
func (e *Entries) At(i int) Entry {
	x := e.read(i)
	p := x.path()
	return Entry{Path: p, Dir: x.isDir, Blind: e.isBlind(&x), Disk: x.disk}
}

func (e *Entries) isBlind(x *entry) bool { return len(e.blind) > 0 && e.blind[x.path()] }

// All yields the entries in the order in which they were added.
func (e *Entries) All(yield func(int, Entry) bool) {
	for i := range e.Len() {
		if !yield(i, e.At(i)) {
			return
		}
	}
}

// Blinded returns the same entries, of which those at some paths are blind, and no others.
func (e *Entries) Blinded(paths map[string]bool) *Entries {
	if e == nil {
		return nil
	}
	return &Entries{e.table, e.dirs, paths}
}

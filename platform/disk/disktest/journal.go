package disktest

import (
	"maps"
	"math/rand/v2"

	"elkjopcloud/platform/disk"
)

// A real disk promises little until a sync: bytes that were written may be missing, zeros or half there, and changes to folders may
// not have happened, in any combination, though each single one, a rename too, happened whole or not at all. The journal holds the
// folder changes that are not yet durable; a power cut rolls the dice for each.

// durable is what of a node has reached the platter.
type durable struct {
	parent   *node // the folder that holds it; nil for a root and for what no folder holds
	data     []byte
	mtime    int64
	exec     bool
	children map[string]entry
}

// slot is one name in one folder.
type slot struct {
	dir  *node
	key  string
	name string
}

func (s slot) same(t slot) bool { return s.dir == t.dir && s.key == t.key }

// change is one atomic change of folders: without from a new entry, without to a removal, with both a rename, with swap an exchange.
type change struct {
	node     *node
	swap     *node
	replaced *node
	from, to slot
	seq      uint64 // counts the changes of this disk
}

// maxJournal is how many changes may wait before the system writes everything by itself.
const maxJournal = 4096

// apply makes a change visible and notes it in the journal.
func (d *Disk) apply(c change) {
	c.set(func(n *node) map[string]entry {
		if n.children == nil {
			n.children = map[string]entry{}
		}
		return n.children
	})
	now := d.now()
	for _, dir := range []*node{c.from.dir, c.to.dir} {
		if dir != nil {
			dir.mtime, dir.ctime = now, now
		}
	}
	c.node.ctime = now
	if c.to.dir == nil {
		d.release(c.node)
	}
	if c.replaced != nil {
		d.release(c.replaced)
	}
	d.seq++
	c.seq = d.seq
	d.journal = append(d.journal, c)
	if len(d.journal) > maxJournal {
		d.settle()
	}
}

// set writes a change into the maps of its folders.
func (c change) set(children func(*node) map[string]entry) {
	if c.from.dir != nil {
		delete(children(c.from.dir), c.from.key)
	}
	if c.swap != nil {
		children(c.from.dir)[c.from.key] = entry{c.from.name, c.swap}
	}
	if c.to.dir != nil {
		children(c.to.dir)[c.to.key] = entry{c.to.name, c.node}
	}
}

// release gives back the space and, where the disk does so, the numbers of what was removed.
func (d *Disk) release(n *node) {
	d.used -= int64(len(n.data))
	if d.opt.ReuseNumbers {
		d.free = append(d.free, n.id.Number)
	}
	for _, e := range n.children {
		d.release(e.node)
	}
}

func durableChildren(n *node) map[string]entry {
	if n.durable.children == nil {
		n.durable.children = map[string]entry{}
	}
	return n.durable.children
}

// commit makes a change durable if what it starts from is so, and tells whether it did. Nothing is moved to where it would be lost:
// journals of file systems write in an order that keeps what was there before.
func (d *Disk) commit(c change) bool {
	if !d.possible(c) {
		return false
	}
	c.set(durableChildren)
	c.node.durable.parent = c.to.dir
	if c.swap != nil {
		c.swap.durable.parent = c.from.dir
	}
	if c.replaced != nil {
		c.replaced.durable.parent = nil
	}
	return true
}

func (d *Disk) possible(c change) bool {
	if c.from.dir != nil && c.from.dir.durable.children[c.from.key].node != c.node {
		return false
	}
	if c.to.dir == nil {
		return len(c.node.durable.children) == 0
	}
	if c.from.dir != nil && !d.durablyHeld(c.to.dir) || durablyAbove(c.node, c.to.dir) {
		return false
	}
	there := c.to.dir.durable.children[c.to.key].node
	if c.swap != nil {
		return there == c.swap && d.durablyHeld(c.from.dir) && !durablyAbove(c.swap, c.from.dir)
	}
	return there == nil || there == c.replaced && len(there.durable.children) == 0 || there == c.node && c.from.same(c.to)
}

// durablyHeld tells whether a folder can be reached from a root after a power cut.
func (d *Disk) durablyHeld(dir *node) bool {
	for dir.durable.parent != nil {
		dir = dir.durable.parent
	}
	return dir == d.root || dir == d.behind
}

// durablyAbove tells whether n is dir or holds it.
func durablyAbove(n, dir *node) bool {
	for ; dir != nil; dir = dir.durable.parent {
		if dir == n {
			return true
		}
	}
	return false
}

func (c change) touches(dir *node) bool { return c.from.dir == dir || c.to.dir == dir }

func (c change) isDirMove() bool {
	return c.node.typ == disk.Dir && c.from.dir != nil && c.to.dir != nil
}

// needs tells whether c can only be durable after the earlier change b.
func (c change) needs(b change) bool {
	for _, s := range []slot{c.from, c.to} {
		if s.dir != nil && (s.same(b.from) || s.same(b.to)) {
			return true
		}
	}
	if c.to.dir == nil && b.touches(c.node) || c.replaced != nil && b.touches(c.replaced) {
		return true
	}
	if c.from.dir != nil && b.node.typ == disk.Dir && b.to.dir != nil && contains(b.node, c.to.dir) {
		return true // what is moved goes into a folder that must be there
	}
	return c.isDirMove() && b.isDirMove()
}

// flushDir makes the entries of one folder durable, with the earlier changes that they rest on.
func (d *Disk) flushDir(dir *node) {
	d.flush(func(i int) bool { return d.journal[i].touches(dir) })
	dir.durable.mtime = dir.mtime
}

func (d *Disk) flush(wanted func(i int) bool) {
	take := d.closure(wanted)
	if take == nil {
		return
	}
	rest := d.journal[:0]
	for i, c := range d.journal {
		if !take[i] || !d.commit(c) {
			rest = append(rest, c)
		}
	}
	clear(d.journal[len(rest):])
	d.journal = rest
}

// closure marks the wanted changes and all that they need; nil when none is wanted.
func (d *Disk) closure(wanted func(i int) bool) []bool {
	var take []bool
	var chosen []change
	for i := len(d.journal) - 1; i >= 0; i-- {
		include := wanted(i)
		for k := 0; k < len(chosen) && !include; k++ {
			include = chosen[k].needs(d.journal[i])
		}
		if !include {
			continue
		}
		if take == nil {
			take = make([]bool, len(d.journal))
		}
		take[i] = true
		chosen = append(chosen, d.journal[i])
	}
	return take
}

// touchData prepares a file for a change of its bytes. The durable bytes are never changed in place.
func (d *Disk) touchData(n *node) {
	if sameBytes(n.data, n.durable.data) {
		n.data = append([]byte(nil), n.data...)
	}
	n.mtime = d.now()
	n.ctime = n.mtime
}

// sameBytes tells whether two slices share their memory.
func sameBytes(a, b []byte) bool {
	return len(a) > 0 && len(b) > 0 && &a[0] == &b[0]
}

func (n *node) sync() {
	n.durable.data, n.durable.mtime, n.durable.exec = n.data, n.mtime, n.exec
}

// Settle makes everything durable, as the system does by itself some time after the last change.
func (d *Disk) Settle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
}

func (d *Disk) settle() {
	d.journal = nil
	for _, top := range []*node{d.root, d.behind} {
		if top != nil {
			top.settle(nil)
		}
	}
}

func (n *node) settle(parent *node) {
	n.sync()
	n.durable.parent, n.durable.children = parent, maps.Clone(n.children)
	for _, e := range n.children {
		e.node.settle(n)
	}
}

// PowerCut turns the computer off and on. What was synced is there; of the rest, r decides piece by piece: bytes not synced may be
// there, lost, zeros or torn, folder changes not synced may be undone. Files opened before give ErrGone from now on.
func (d *Disk) PowerCut(r *rand.Rand) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.journal {
		if r.IntN(2) == 0 {
			d.commit(c)
		}
	}
	d.journal = nil
	d.epoch++
	d.used = 0
	seen := map[uint64]bool{}
	for _, top := range []*node{d.root, d.behind} {
		if top != nil {
			d.revive(top, r, seen)
		}
	}
}

// revive makes what is durable of n what programs see. Children are visited in the order of their names, so that a seed
// gives the same disk again.
func (d *Disk) revive(n *node, r *rand.Rand, seen map[uint64]bool) {
	if seen[n.id.Number] {
		d.nextID++
		n.id.Number = d.nextID // it was given anew, and then the removal of its first owner was undone
	}
	seen[n.id.Number] = true
	if n.typ == disk.File {
		n.survive(r)
		d.used += int64(len(n.data))
		return
	}
	n.children = maps.Clone(n.durable.children)
	for _, info := range d.list(n) {
		d.revive(n.children[d.fold(info.Name)].node, r, seen)
	}
}

// survive decides what is left of a file's bytes and times.
func (n *node) survive(r *rand.Rand) {
	if !(sameBytes(n.data, n.durable.data) && len(n.data) == len(n.durable.data)) && len(n.data)+len(n.durable.data) > 0 {
		n.data = remains(r, n.data, n.durable.data)
	}
	if n.durable.mtime != 0 && r.IntN(2) == 0 {
		n.mtime, n.exec = n.durable.mtime, n.durable.exec
	}
	n.sync()
}

// remains is what a power cut leaves of unsynced bytes.
func remains(r *rand.Rand, written, old []byte) []byte {
	cut := 0
	if len(written) > 0 {
		cut = r.IntN(len(written) + 1)
	}
	torn := append([]byte(nil), written[:cut]...)
	switch r.IntN(5) {
	case 0:
		return written
	case 1:
		return old
	case 2:
		return make([]byte, len(written))
	case 3:
		return append(torn, make([]byte, len(written)-cut)...)
	}
	if cut < len(old) {
		torn = append(torn, old[cut:]...)
	}
	return torn
}

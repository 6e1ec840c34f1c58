package merge

import (
	"iter"
	"slices"

	"elkjopcloud/sync/rows"
	"elkjopcloud/sync/tree"
)

// Nodes is a list of nodes in little memory: a file takes some 40 bytes and its name instead of 200. What comes out is made anew each time. The zero
// value is empty. Once it is complete, copies of it may be read by anybody; only one of them may grow.
type Nodes struct{ stamped }

// Versions is a list of versions in little memory, as Nodes is of nodes.
type Versions struct {
	stamped
	keys []string // of extents; files that were sent together have one
}

// stamped is a table of what is known by stamps. Each row begins with its stamp and a byte of flags. While every row has a later stamp than the one before, as
// in all that is honest, only the batches are in an index, and a row is looked for among those of its batch.
type stamped struct {
	rows    rows.Table
	last    Stamp
	batches []uint32          // the first row of each batch
	batch   rows.Index[Stamp] // batches by the stamp of index 0
	jumble  bool              // a row is not later than the one before, and all are in an index
	index   rows.Index[Stamp]
}

// Len returns how many there are.
func (l *stamped) Len() int { return l.rows.Len() }

// Find returns where the first row with that stamp is.
func (l *stamped) Find(id Stamp) (int, bool) {
	if l.jumble {
		return l.index.Find(id, l.stamp)
	}
	b, ok := l.batch.Find(batchOf(id), l.batchAt)
	if !ok {
		return 0, false
	}
	to := l.Len()
	if b+1 < len(l.batches) {
		to = int(l.batches[b+1])
	}
	return rows.Search(int(l.batches[b]), to, int64(id.Index), func(i int) int64 { return int64(l.stamp(i).Index) })
}

func batchOf(id Stamp) Stamp {
	id.Index = 0
	return id
}

func (l *stamped) batchAt(b int) Stamp { return batchOf(l.stamp(int(l.batches[b]))) }

func (l *stamped) stamp(i int) Stamp {
	r := l.rows.Row(i)
	return r.Stamp()
}

// inOrder yields the rows by their stamps: as they are, or as honest ones would be.
func (l *stamped) inOrder() iter.Seq2[int, int] {
	if !l.jumble {
		return func(yield func(int, int) bool) {
			for i := range l.Len() {
				if !yield(i, i) {
					return
				}
			}
		}
	}
	order := make([]int, l.Len())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return l.stamp(a).Compare(l.stamp(b)) })
	return slices.All(order)
}

// add begins a row.
func (l *stamped) add(id Stamp, flags byte) rows.Writer {
	w := l.rows.Add()
	w.Stamp(id)
	w.Byte(flags)
	l.enter(l.Len()-1, id)
	return w
}

// enter makes a row one that can be found, after those before it.
func (l *stamped) enter(i int, id Stamp) {
	if i > 0 && id.Compare(l.last) <= 0 {
		l.mix(i)
	}
	if l.jumble {
		l.index.Add(id, i, l.stamp)
	} else if i == 0 || id.Batch(l.last) != 0 {
		l.batches = append(l.batches, uint32(i))
		l.batch.Add(batchOf(id), len(l.batches)-1, l.batchAt)
	}
	l.last = id
}

// mix takes the first n rows into an index.
func (l *stamped) mix(n int) {
	if l.jumble {
		return
	}
	l.jumble, l.batches, l.batch = true, nil, rows.Index[Stamp]{}
	for i := range n {
		l.index.Add(l.stamp(i), i, l.stamp)
	}
}

// Room makes room for n more rows.
func (l *stamped) Room(n int) { l.rows.Grow(n) }

// NodesOf returns a list of some nodes.
func NodesOf(nodes ...Node) Nodes {
	var l Nodes
	for i := range nodes {
		l.Append(&nodes[i])
	}
	return l
}

// VersionsOf returns a list of some versions.
func VersionsOf(versions ...Version) Versions {
	var l Versions
	for i := range versions {
		l.Append(&versions[i])
	}
	return l
}

// Flags of a node's row.
const (
	nodeDir = 1 << iota
	nodeDeleted
	nodePurged
	nodeConfirmed
	nodePlain
	nodePlaced  // its placement is not the operation that made it
	nodeChanged // what it holds is not, of a folder: it is not nothing
	nodeBuried  // it was deleted, also when it is back
)

// Append adds a node at the end.
func (l *Nodes) Append(n *Node) {
	held := n.ID
	if n.Dir {
		held = Stamp{}
	}
	f := flag(n.Dir, nodeDir) | flag(n.Deleted, nodeDeleted) | flag(n.Purged, nodePurged) | flag(n.Confirmed, nodeConfirmed) | flag(n.Plain != "", nodePlain) |
		flag(n.Place != n.ID, nodePlaced) | flag(n.Current != held, nodeChanged) | flag(!n.DeletedBy.IsZero() || n.DeletedAt != 0, nodeBuried)
	w := l.add(n.ID, f)
	w.Stamp(n.Parent)
	w.Text(n.Name)
	if f&nodePlain != 0 {
		w.Text(n.Plain)
	}
	if f&nodePlaced != 0 {
		w.Stamp(n.Place)
	}
	if f&nodeChanged != 0 {
		w.Stamp(n.Current)
	}
	if f&nodeBuried != 0 {
		w.Stamp(n.DeletedBy)
		w.Int(n.DeletedAt)
	}
}

// At returns the i-th node.
func (l *Nodes) At(i int) Node {
	r := l.rows.Row(i)
	n := Node{ID: r.Stamp()}
	f := r.Byte()
	n.Dir, n.Deleted, n.Purged, n.Confirmed = f&nodeDir != 0, f&nodeDeleted != 0, f&nodePurged != 0, f&nodeConfirmed != 0
	n.Parent, n.Name, n.Place = r.Stamp(), r.Text(), n.ID
	if !n.Dir {
		n.Current = n.ID
	}
	if f&nodePlain != 0 {
		n.Plain = r.Text()
	}
	if f&nodePlaced != 0 {
		n.Place = r.Stamp()
	}
	if f&nodeChanged != 0 {
		n.Current = r.Stamp()
	}
	if f&nodeBuried != 0 {
		n.DeletedBy, n.DeletedAt = r.Stamp(), r.Int()
	}
	return n
}

// dir tells whether the i-th node is a folder.
func (l *Nodes) dir(i int) bool { return l.flags(i)&nodeDir != 0 }

// deleted tells whether the i-th node is deleted.
func (l *Nodes) deleted(i int) bool { return l.flags(i)&nodeDeleted != 0 }

func (l *Nodes) flags(i int) byte {
	r := l.rows.Row(i)
	r.Stamp()
	return r.Byte()
}

// parent returns where the i-th node hangs.
func (l *Nodes) parent(i int) ID {
	r := l.rows.Row(i)
	r.Stamp()
	r.Byte()
	return r.Stamp()
}

// name returns the name of the i-th node.
func (l *Nodes) name(i int) string {
	r := l.rows.Row(i)
	r.Stamp()
	r.Byte()
	r.Stamp()
	return r.Text()
}

// All yields the nodes in the order in which they were added.
func (l *Nodes) All(yield func(int, Node) bool) {
	for i := range l.Len() {
		if !yield(i, l.At(i)) {
			return
		}
	}
}

// Equal tells whether two lists hold the same in the same order.
func (l Nodes) Equal(m Nodes) bool {
	for i, n := range l.All {
		if i >= m.Len() || n != m.At(i) {
			return false
		}
	}
	return l.Len() == m.Len()
}

// Flags of a version's row.
const (
	versionElsewhere = 1 << iota // it was put to a node that another operation made
	versionBased
	versionConfirmed
	versionExec
	versionWhole // it has one extent
)

// Append adds a version at the end.
func (l *Versions) Append(v *Version) {
	c := &v.Content
	whole := len(c.Extents) == 1 && c.Extents[0].Length == c.Size
	w := l.add(v.ID, flag(v.Node != v.ID, versionElsewhere)|flag(!v.Base.IsZero(), versionBased)|flag(v.Confirmed, versionConfirmed)|
		flag(c.Exec, versionExec)|flag(whole, versionWhole))
	w.Hash(c.Hash)
	if v.Node != v.ID {
		w.Stamp(v.Node)
	}
	if !v.Base.IsZero() {
		w.Stamp(v.Base)
	}
	w.Int(v.Stored)
	w.Int(c.Size)
	w.Int(c.Mtime)
	if !whole {
		w.Uint(uint64(len(c.Extents)))
	}
	for _, e := range c.Extents {
		w.Uint(uint64(l.key(e.Key)))
		w.Int(e.Offset)
		if !whole {
			w.Int(e.Length)
		}
	}
}

// key returns the number of an extent's key.
func (l *Versions) key(key string) int {
	if n := len(l.keys); n == 0 || l.keys[n-1] != key {
		l.keys = append(l.keys, key)
	}
	return len(l.keys) - 1
}

// At returns the i-th version.
func (l *Versions) At(i int) Version {
	r := l.rows.Row(i)
	v := Version{ID: r.Stamp()}
	f := r.Byte()
	v.Confirmed, v.Content.Exec = f&versionConfirmed != 0, f&versionExec != 0
	v.Content.Hash, v.Node = r.Hash(), v.ID
	if f&versionElsewhere != 0 {
		v.Node = r.Stamp()
	}
	if f&versionBased != 0 {
		v.Base = r.Stamp()
	}
	v.Stored, v.Content.Size, v.Content.Mtime = r.Int(), r.Int(), r.Int()
	v.Content.Extents = l.extents(&r, f&versionWhole != 0, v.Content.Size)
	return v
}

func (l *Versions) extents(r *rows.Reader, whole bool, size int64) []tree.Extent {
	n := uint64(1)
	if !whole {
		n = r.Uint()
	}
	if n == 0 {
		return nil
	}
	out := make([]tree.Extent, n)
	for i := range out {
		out[i] = tree.Extent{Key: l.keys[r.Uint()], Offset: r.Int(), Length: size}
		if !whole {
			out[i].Length = r.Int()
		}
	}
	return out
}

// hash returns the hash of the i-th version.
func (l *Versions) hash(i int) tree.Hash {
	r := l.rows.Row(i)
	r.Stamp()
	r.Byte()
	return r.Hash()
}

// lineage returns the i-th version's stamp, the node that it was put to, and the version that it replaced.
func (l *Versions) lineage(i int) (id, node, base Stamp) {
	r := l.rows.Row(i)
	id = r.Stamp()
	f := r.Byte()
	r.Hash()
	node = id
	if f&versionElsewhere != 0 {
		node = r.Stamp()
	}
	if f&versionBased != 0 {
		base = r.Stamp()
	}
	return id, node, base
}

// All yields the versions in the order in which they were added.
func (l *Versions) All(yield func(int, Version) bool) {
	for i := range l.Len() {
		if !yield(i, l.At(i)) {
			return
		}
	}
}

// Equal tells whether two lists hold the same in the same order.
func (l Versions) Equal(m Versions) bool {
	for i, v := range l.All {
		if i >= m.Len() || !v.equal(m.At(i)) {
			return false
		}
	}
	return l.Len() == m.Len()
}

func flag(is bool, bit byte) byte {
	if is {
		return bit
	}
	return 0
}

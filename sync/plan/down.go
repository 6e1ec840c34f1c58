package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Act is what is done to the disk.
type Act uint8

const (
	MakeDir Act = iota
	MoveTo      // a file or folder changes its place
	Fetch       // a new file
	Replace     // a file gets another content
	SetMeta     // the execute bit changes, the content does not
	RemoveFile
	RemoveDir
)

// Down is one act on the disk. The one who does it checks at the last moment that the disk still shows what the plan saw.
type Down struct {
	Act  Act
	Dir  bool // a folder; of one that is moved or removed, only Number and Birth of Was count
	ID   Handle
	From string    // path of what is moved, replaced or removed
	To   string    // path of what is made, fetched or moved
	Was  Signature // of what is moved, replaced or removed
	// Twin is the file that stays when one of two equal files goes; it must still be there, as TwinWas.
	Twin    string
	TwinWas Signature
	Version merge.Version
	Base    *Base // the row when the act is done; nil for a removal, and for a move of what Base does not know
	// Fresh says that Base.Disk is then to be what the disk shows after the act. Otherwise the thing that moved has changes that are still to be told,
	// and Base.Disk stays what it is, so that they are seen.
	Fresh bool
	// Off says of a removal that a person keeps this off the disk, and nobody took it away.
	Off bool
}

// Downs is the plan of one round downwards. When it is done, the next round is planned from what the disk shows then; no act and no
// row left means that disk and cloud are equal, except for what Up has still to tell and what is skipped.
type Downs struct {
	Adopt  []*Base
	Forget []Handle
	Do     []Down
	Later  Amount // new files that were left for later rounds; see Input.Most
}

// Amount is how much there is.
type Amount struct {
	Files int
	Bytes int64
}

// PlanDown compares the cloud with Base and the disk and returns what is to be done to the disk. A file is replaced or
// removed only if its bytes are those of Base.
func PlanDown(in Input) Downs {
	out := planDown(in)
	if out.Later.Files > 0 && slices.ContainsFunc(out.Do, func(d Down) bool { return d.Act == Replace || d.Act == RemoveFile || d.Act == RemoveDir }) {
		// What is taken away is weighed against all that comes.
		in.Most = 0
		return planDown(in)
	}
	return out
}

func planDown(in Input) Downs {
	d := &downer{view: newView(in), waits: map[Handle]Handle{}, hidden: map[merge.ID]bool{}, acted: map[Handle]bool{}}
	d.folders()
	d.files()
	d.removed()
	d.park()
	return d.out
}

type shownDir struct {
	f *merge.Folder
	h Handle
}

type downer struct {
	*view
	dirs   []shownDir
	waits  map[Handle]Handle // a thing → what stands where it should go
	inWay  []Handle          // what stands where a new thing should go
	links  map[fileID]int    // how many names a file has here; made when it is asked for
	hidden map[merge.ID]bool // shown where this device does not look
	fresh  int               // new files that are brought
	acted  map[Handle]bool   // one act for each thing in a round: the next would not find what it expects
	out    Downs
}

// adopt writes a Base row at once; not for what this round changes on the disk, as that may fail.
func (d *downer) adopt(b *Base) {
	if d.acted[b.ID] {
		return
	}
	old := d.base.get(b.ID)
	if old != nil && sameRow(old, b) && slices.Equal(old.Nodes, b.Nodes) {
		return
	}
	d.set(b)
	d.out.Adopt = append(d.out.Adopt, b)
}

func (d *downer) forget(h Handle) {
	d.drop(h)
	d.out.Forget = append(d.out.Forget, h)
}

// folders goes through the visible folders from the root down and sees that each has its folder here.
func (d *downer) folders() {
	d.dirs = []shownDir{{d.s.Root(), 0}}
	for i := 0; i < len(d.dirs); i++ {
		p := d.dirs[i]
		for _, f := range p.f.Folders() {
			if h, ok := d.folder(f, p.h); ok {
				d.dirs = append(d.dirs, shownDir{f, h})
			}
		}
	}
}

// folder sees to one visible folder below the local folder parent and returns its handle.
func (d *downer) folder(f *merge.Folder, parent Handle) (Handle, bool) {
	name := f.Name()
	ms := d.here(d.members(f))
	if len(ms) == 0 {
		return 0, false
	}
	if path := tree.Join(d.path(parent), name); d.skip(path, true) {
		if !d.unsure(path) {
			d.hide(f)
		}
		return 0, false
	}
	have, gone := d.boundDirs(ms)
	if len(have) == 0 {
		if gone {
			return 0, false // removed here, and not told yet
		}
		return d.newDir(ms, parent, name)
	}
	best := d.best(have, parent, name)
	for _, h := range have {
		if h != best && !d.inside(best, h) {
			d.join(h, best)
		}
	}
	c := *d.base.get(best)
	c.Nodes = ms
	d.adopt(&c)
	d.placeAt(best, parent, name)
	return best, true
}

// hide notes a folder that is not looked at here, and all below it.
func (d *downer) hide(f *merge.Folder) {
	for _, n := range f.Members() {
		d.hidden[n.ID] = true
	}
	for _, n := range f.Files() {
		d.hidden[n.ID] = true
	}
	for _, k := range f.Folders() {
		d.hide(k)
	}
}

// boundDirs returns the local folders bound to one of the members; gone tells whether one of them is not on the disk any more.
func (d *downer) boundDirs(ms []Member) (have []Handle, gone bool) {
	seen := map[Handle]bool{}
	for _, m := range ms {
		for _, h := range d.bound(m.ID) {
			b := d.base.get(h)
			if seen[h] || !b.Dir || d.lost(h) {
				continue
			}
			seen[h] = true
			switch {
			case d.local.get(h) == nil:
				gone = true
			case !d.stays(b, ms):
				have = append(have, h)
			}
		}
	}
	slices.Sort(have)
	return have, gone
}

// stays: a local folder whose first member is shown elsewhere follows that one; the members that are shown here leave it.
func (d *downer) stays(b *Base, ms []Member) bool {
	if !d.s.Live(b.Nodes[0].ID) || has(ms, b.Nodes[0].ID) || d.off(b.Nodes[0].ID) {
		return false
	}
	c := *b
	c.Nodes = slices.DeleteFunc(slices.Clone(b.Nodes), func(m Member) bool { return has(ms, m.ID) || !d.s.Live(m.ID) })
	d.adopt(&c)
	return true
}

func has(ms []Member, id merge.ID) bool {
	return slices.ContainsFunc(ms, func(m Member) bool { return m.ID == id })
}

func (d *downer) best(have []Handle, parent Handle, name string) Handle {
	for _, h := range have {
		if l := d.local.get(h); l.Parent == parent && tree.NFC(l.Name) == name {
			return h
		}
	}
	return have[0]
}

func (d *downer) newDir(ms []Member, parent Handle, name string) (Handle, bool) {
	if h := d.at(parent, name); h != 0 {
		b := d.base.get(h)
		if !d.local.get(h).Dir || b != nil && (d.visible(b) || d.lost(h)) {
			d.inWay = append(d.inWay, h)
			return 0, false
		}
		d.adopt(&Base{ID: h, Parent: parent, Name: d.local.get(h).Name, Dir: true, Nodes: ms, Disk: d.local.get(h).Disk})
		return h, true
	}
	d.next++
	b := &Base{ID: d.next, Parent: parent, Name: name, Dir: true, Nodes: ms}
	d.do(Down{Act: MakeDir, ID: b.ID, To: tree.Join(d.path(parent), name), Base: b})
	d.appear(b)
	return b.ID, true
}

// appear shows a made or fetched thing in the working copy.
func (d *downer) appear(b *Base) {
	l := &Local{ID: b.ID, Parent: b.Parent, Name: b.Name, Dir: b.Dir, Hash: b.Hash}
	d.local.set(b.ID, l)
	d.link(l)
	d.set(b)
}

func (d *downer) do(x Down) {
	x.Fresh = x.Base != nil && (x.Act != MoveTo || d.untouched(x.ID))
	l := d.local.get(x.ID)
	x.Dir = x.Act == MakeDir || l != nil && l.Dir
	if b := d.base.get(x.ID); b != nil && (x.Act == RemoveFile || x.Act == RemoveDir) {
		x.Off = d.leaves(b)
	}
	d.acted[x.ID] = true
	d.out.Do = append(d.out.Do, x)
}

// untouched tells whether nothing of a thing but its place may still have to be told.
func (d *downer) untouched(h Handle) bool {
	l, b := d.local.get(h), d.base.get(h)
	return l.Dir || d.unchanged(h) && d.exec(l) == b.Disk.Exec
}

// join moves what is in the local folder h into the local folder best, both of which show as one, and removes h.
func (d *downer) join(h, best Handle) {
	for _, k := range d.childrenOf(h) {
		if d.at(best, d.local.get(k).Name) == 0 && !d.inside(best, k) && !d.acted[k] {
			d.shift(k, best, d.local.get(k).Name)
		}
	}
	if d.childless(h) && !d.local.get(h).Blind {
		d.removeDir(h)
	}
}

// shift moves a thing on the disk; a name that the user gave it meanwhile stays to be told.
func (d *downer) shift(h, parent Handle, name string) {
	l := d.local.get(h)
	from := d.path(h)
	var row *Base
	if b := d.base.get(h); b != nil {
		c := *b
		if b.Parent == l.Parent {
			c.Parent = parent
		}
		if b.Name == l.Name {
			c.Name = name
		}
		row = &c
	}
	d.unlink(l)
	c := *l
	c.Parent, c.Name = parent, name
	d.local.set(h, &c)
	d.link(&c)
	if row != nil {
		d.set(row)
	}
	d.do(Down{Act: MoveTo, ID: h, From: from, To: d.path(h), Was: l.Disk, Base: row})
}

// placeAt moves a thing to where the cloud shows it, unless the user has moved it too: then Up tells first.
func (d *downer) placeAt(h, parent Handle, name string) {
	l, b := d.local.get(h), d.base.get(h)
	if l.Parent == parent && tree.NFC(l.Name) == name {
		if !d.unmoved(h) {
			c := *b
			c.Parent, c.Name = l.Parent, l.Name
			d.adopt(&c)
		}
		return
	}
	if !d.unmoved(h) || d.acted[h] {
		return
	}
	if o := d.at(parent, name); o != 0 && o != h {
		d.waits[h] = o
		return
	}
	if d.inside(parent, h) {
		d.waits[h] = d.waiting(parent, h)
		return
	}
	d.shift(h, parent, name)
}

func (d *downer) removeDir(h Handle) {
	l := d.local.get(h)
	d.do(Down{Act: RemoveDir, ID: h, From: d.path(h), Was: l.Disk})
	d.vanish(h)
}

func (d *downer) vanish(h Handle) {
	d.unlink(d.local.get(h))
	d.local.set(h, nil)
	d.drop(h)
}

// waiting returns the lowest thing from h up to anc that waits for its place, or anc.
func (d *downer) waiting(h, anc Handle) Handle {
	for h != anc {
		if _, ok := d.waits[h]; ok {
			return h
		}
		h = d.local.get(h).Parent
	}
	return anc
}

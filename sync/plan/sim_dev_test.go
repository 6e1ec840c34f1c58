package plan

import (
	"fmt"
	"math"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// simDev is one device: a disk, Base, its own log of the volume, and the intent that it keeps until it is confirmed.
type simDev struct {
	w      *simWorld
	id     tree.Device
	run    uint32
	seq    uint64
	clock  int64
	skew   int64
	disk   *simDisk
	base   *Bases
	log    *merge.Log
	got    map[merge.BatchID]bool
	pend   *simIntent
	open   []Open
	waits  bool // a file is staged and not yet in its place
	extra  []merge.Op
	did    bool
	off    map[merge.ID]bool // what its user keeps off; never changed
	ungone []string          // what the user deleted where it was to go anyway; see isLeaving
}

type simIntent struct {
	batch  *merge.Batch
	commit Commit
}

func (d *simDev) name() string { return fmt.Sprintf("dev%d/%d", d.id, d.run) }

// cycle goes as the engine does; quietly, nothing fails. It tells whether anything was done.
func (d *simDev) cycle() bool {
	d.did = false
	d.recover()
	if d.pend != nil {
		d.send()
		d.commit()
	}
	d.pull()
	in := d.look(true)
	if !d.up(in) || d.w.faulty(0.15) {
		return d.did
	}
	d.down()
	return d.did
}

func (d *simDev) pull() {
	for _, b := range d.w.store {
		if !d.got[b.BatchID] && !d.w.faulty(0.3) {
			d.got[b.BatchID] = true
			d.log.Add(b)
		}
	}
}

// look scans the disk and hashes what must be hashed.
func (d *simDev) look(hash bool) Input {
	if d.w.r.Intn(2) == 0 {
		d.base.pack()
	}
	in := Input{Local: Match(EntriesOf(d.disk.scan()...), d.base), Base: d.base, State: d.log.State(), Skip: d.disk.skip, Off: d.isOff(), FoldNames: d.disk.folds, NoExec: d.disk.noExec}
	defer func() { d.w.sameAsPlans(d, in) }()
	if !hash {
		return in
	}
	d.hash(in, NeedHash(in))
	return in
}

// hash reads files.
func (d *simDev) hash(in Input, files []Handle) {
	paths := newView(in)
	for _, h := range files {
		l := *in.Local.Get(h)
		n := d.disk.at(paths.path(h))
		if d.disk.signature(n) != l.Disk {
			panic("the disk changed under a scan")
		}
		l.Hash = simHash(n.content)
		in.Local.Set(&l)
	}
}

// sameAsPlans sees that where all is told to be equal, nothing else has an answer, and that a state from a checkpoint makes no difference.
func (w *simWorld) sameAsPlans(d *simDev, in Input) {
	equal := Equal(in)
	packed := in
	packed.State = d.log.Checkpoint(math.MaxInt64).State()
	if Equal(packed) != equal {
		w.violate("EQUAL: %s: %v, and from a checkpoint %v", d.name(), equal, !equal)
	}
	if !equal {
		return
	}
	if text := answers(in); text != "" {
		w.violate("EQUAL: %s is told to be equal, and there is %s", d.name(), text)
	}
}

// answers is everything that the planner says of an input, "" for nothing.
func answers(in Input) (out string) {
	backup := in
	backup.UpOnly = true
	if ups := PlanUp(backup); len(ups.Do)+len(ups.Adopt)+len(ups.Forget)+len(Elsewhere(backup)) > 0 {
		out += " something of a backup"
	}
	ups, downs := PlanUp(in), PlanDown(in)
	if n := len(ups.Do) + len(ups.Adopt) + len(ups.Forget); n > 0 {
		out += fmt.Sprintf(" %d up", n)
	}
	if n := len(downs.Do) + len(downs.Adopt) + len(downs.Forget) + downs.Later.Files; n > 0 {
		out += " " + downsText(downs)
	}
	for what, n := range map[string]int{"lost": len(Lost(in)), "strays": len(Strays(in)), "to hash": len(NeedHash(in)), "remain": len(Remain(in))} {
		if n > 0 {
			out += fmt.Sprintf(" %d %s", n, what)
		}
	}
	if Stale(in.Base, in.State) {
		out += " stale"
	}
	return out
}

// meddle lets the user do something while a cycle runs.
func (d *simDev) meddle() {
	if d.w.choosing && d.w.chance(0.3) {
		d.choose()
		return
	}
	d.user()
}

func (d *simDev) write(adopt []*Base, forget []Handle) {
	for _, b := range adopt {
		d.did = true
		d.w.logf("%s adopt %+v", d.name(), *b)
		d.base.Set(b)
	}
	for _, h := range forget {
		d.did = true
		d.w.logf("%s forget %d", d.name(), h)
		d.base.Drop(h)
	}
}

// up tells the others one chunk; false means that the program stopped.
func (d *simDev) up(in Input) bool {
	in.Most = d.base.Len() % 4
	ups := PlanUp(in)
	for ups.More {
		if len(ups.Do) > 0 || len(ups.Adopt) > in.Most+1 {
			d.w.violate("MOST: %s does %d and adopts %d of %d", d.name(), len(ups.Do), len(ups.Adopt), in.Most)
		}
		d.write(ups.Adopt, ups.Forget)
		in.Local.Rebase(in.Base)
		ups = PlanUp(in)
	}
	if n := countNew(ups.Do); in.Most > 0 && n > in.Most || ups.Later.Files > 0 && n < in.Most {
		d.w.violate("MOST: %s tells %d new files and leaves %d, with %d at most", d.name(), n, ups.Later.Files, in.Most)
	}
	d.hash(in, NeedRead(in, ups.Do, 0))
	for i, u := range ups.Do {
		if u.Kind == merge.Create {
			ups.Do[i].Known = in.Local.Get(u.ID).Hash
		}
	}
	d.write(ups.Adopt, ups.Forget)
	if d.w.faulty(0.05) {
		return false
	}
	if d.w.mess && d.w.faulty(0.1) {
		d.meddle()
	}
	do, sent := d.chunk(in, ups.Do)
	if len(do)+len(d.extra) == 0 {
		return true
	}
	d.stamp(in, do, sent)
	if d.w.faulty(0.2) {
		d.w.logf("%s holds %s", d.name(), d.pend.batch.BatchID)
		if d.w.chance(0.3) {
			d.w.zombies = append(d.w.zombies, d.pend.batch)
		}
		return false
	}
	d.send()
	if d.w.faulty(0.2) {
		d.w.logf("%s stops before Base is written", d.name())
		return false
	}
	d.commit()
	return true
}

// countNew counts the new files of which nobody knows whether the volume has their bytes.
func countNew(ups []Up) int {
	n := 0
	for _, u := range ups {
		if u.Kind == merge.Create && u.Known.IsZero() {
			n++
		}
	}
	return n
}

// chunk takes all that needs no bytes and the first few that do, and reads them.
func (d *simDev) chunk(in Input, ups []Up) ([]Up, map[Handle]Sent) {
	k := 1 + d.w.r.Intn(3)
	held := map[tree.Hash]bool{}
	for v := range in.State.AllVersions {
		n, ok := in.State.Node(in.State.Holder(v.Node, v.ID))
		held[v.Content.Hash] = held[v.Content.Hash] || ok && in.State.Live(n.ID) && in.State.Resolve(n.Current) == in.State.Resolve(v.ID)
	}
	var out []Up
	sent := map[Handle]Sent{}
	for _, u := range ups {
		if u.Kind == merge.Create || u.Kind == merge.Put {
			known := !u.Known.IsZero() && held[u.Known]
			if !known && k == 0 {
				continue
			}
			s, ok := d.read(in.Local.Get(u.ID), u, known)
			if !ok {
				continue
			}
			if !known {
				k--
			}
			sent[u.ID] = s
		}
		out = append(out, u)
	}
	return out, sent
}

// read reads the file as it is now, which may be another content than the one that was scanned.
func (d *simDev) read(l *Local, u Up, known bool) (Sent, bool) {
	if known {
		return Sent{Content: simFile(simContent(u.Known), u.Exec), Disk: l.Disk}, true
	}
	n := d.disk.at(u.Path)
	if n == nil || n.dir || !sameNumber(d.disk.signature(n), l.Disk) {
		return Sent{}, false // another file by now: the next cycle sees it
	}
	return Sent{Content: simFile(n.content, u.Exec), Disk: d.disk.signature(n)}, true
}

func simFile(content string, exec bool) tree.Content {
	c := tree.Content{Hash: simHash(content), Size: simSize(content), Exec: exec}
	if c.Size > 0 {
		c.Extents = []tree.Extent{{Key: "x", Length: c.Size}}
	}
	return c
}

func (d *simDev) stamp(in Input, ups []Up, sent map[Handle]Sent) {
	d.did = true
	d.clock = max(d.clock+1, d.log.Clock()+1, d.w.now+d.skew)
	d.seq++
	b := &merge.Batch{BatchID: merge.BatchID{Device: d.id, Seq: d.seq, Run: d.run}, Time: d.clock, DeviceName: fmt.Sprint("PC", d.id), Parents: d.log.Heads()}
	in.Base = d.base
	ops, commit := Batch(in, merge.Stamp{Time: b.Time, Device: d.id, Run: d.run}, ups, sent)
	b.Ops = append(ops, d.extra...)
	d.extra = nil
	if err := b.Check(); err != nil {
		panic(err)
	}
	d.pend = &simIntent{b, commit}
	for _, op := range b.Ops {
		if op.Content != nil {
			d.w.sentContent[simContent(op.Content.Hash)] = true
		}
	}
}

func (d *simDev) send() {
	d.did = true
	b := d.pend.batch
	d.w.logf("%s PUT %s at %d: %s", d.name(), b.BatchID, b.Time, opsText(b.Ops))
	d.w.put(b)
	d.got[b.BatchID] = true
	d.log.Add(b)
}

func (d *simDev) commit() {
	for _, r := range d.pend.commit.Set {
		d.base.Set(r)
	}
	for _, h := range d.pend.commit.Drop {
		d.base.Drop(h)
	}
	d.pend = nil
}

// down does rounds until there is nothing left to do or the program stops.
func (d *simDev) down() {
	budget := 1 << 20
	if d.w.faulty(0.4) {
		budget = d.w.r.Intn(4)
	}
	for round := 0; ; round++ {
		in := d.look(!d.w.faulty(0.3))
		in.Most = d.w.r.Intn(4)
		downs := PlanDown(in)
		if len(downs.Do)+len(downs.Adopt)+len(downs.Forget) == 0 {
			return
		}
		if round > 60 {
			d.w.violate("ROUNDS: %s does not come to rest: %s", d.name(), downsText(downs))
			return
		}
		d.write(downs.Adopt, downs.Forget)
		if d.w.mess && d.w.faulty(0.1) {
			d.meddle()
		}
		bad := false
		for _, x := range downs.Do {
			if budget--; budget < 0 {
				return
			}
			bad = !d.perform(x) || bad
			if len(d.open) > 0 {
				return
			}
		}
		if bad && d.w.faults {
			return
		}
	}
}

// perform does one act; the program may stop before or after it, before Base is written.
func (d *simDev) perform(x Down) bool {
	o := Open{Down: x}
	var staged *simNode
	if x.Act == Fetch || x.Act == Replace {
		staged = d.disk.node(false)
		staged.content, staged.exec = simContent(x.Version.Content.Hash), x.Version.Content.Exec
		o.Placed = d.disk.signature(staged)
	}
	d.open, d.waits = []Open{o}, true
	if d.w.faulty(0.03) {
		return false
	}
	err := d.act(x, staged)
	d.waits = false
	d.w.logf("%s %s: %v", d.name(), downText(x), err)
	if err != nil {
		d.open = nil
		return false
	}
	d.did = true
	if d.w.faulty(0.1) {
		d.w.logf("%s stops before that is written to Base", d.name())
		return false
	}
	path := x.To
	if path == "" {
		path = x.From
	}
	var after Signature
	if n := d.disk.at(path); n != nil {
		after = d.disk.signature(n)
	}
	d.keep(x.ID, o.Row(after), x.Act == RemoveFile || x.Act == RemoveDir)
	d.open = nil
	return true
}

func (d *simDev) keep(h Handle, row *Base, drop bool) {
	if row != nil {
		d.base.Set(row)
	} else if drop {
		d.base.Drop(h)
	}
}

func (d *simDev) recover() {
	for _, o := range d.open {
		row, drop := o.Recover(d.waits, func(path string) (Signature, bool) {
			n := d.disk.at(path)
			if n == nil || n.dir != o.Dir {
				return Signature{}, false
			}
			return d.disk.signature(n), true
		})
		d.w.logf("%s recovers %s: %+v %v", d.name(), downText(o.Down), row, drop)
		d.keep(o.ID, row, drop)
	}
	d.open = nil
}

// act does one thing to the disk, if the disk still shows what the plan saw.
func (d *simDev) act(x Down, staged *simNode) error {
	k := d.disk
	if x.From != "" {
		n := k.at(x.From)
		if n == nil {
			return errNone
		}
		s := k.signature(n)
		if s.Number != x.Was.Number || s.Birth != x.Was.Birth || n.dir != x.Dir || !n.dir && s != x.Was {
			return errOther
		}
	}
	switch x.Act {
	case MakeDir:
		return k.mkdir(x.To)
	case MoveTo:
		return k.rename(x.From, x.To)
	case Fetch:
		return k.add(x.To, staged)
	case Replace:
		d.safe(k.at(x.From).content)
		if err := k.remove(x.From); err != nil {
			return err
		}
		return k.add(x.From, staged)
	case SetMeta:
		n := k.at(x.From)
		n.exec, n.ctime = x.Version.Content.Exec, k.now()
		return nil
	case RemoveFile:
		d.safe(k.at(x.From).content)
		return k.remove(x.From)
	case RemoveDir:
		return k.remove(x.From)
	}
	return errOther
}

// safe: nothing that the volume does not have is overwritten or removed here.
func (d *simDev) safe(content string) {
	for v := range d.log.State().AllVersions {
		if v.Content.Hash == simHash(content) {
			return
		}
	}
	d.w.violate("LOST local content %s on %s", content, d.name())
}

func opsText(ops []merge.Op) (s string) {
	for i, op := range ops {
		s += fmt.Sprintf(" [%d %s node=%v ver=%v in=%v %q members=%v list=%v", i+1, op.Kind, op.Node, op.Version, op.Parent, op.Name, op.Members, op.List)
		if op.Content != nil {
			s += " content=" + simContent(op.Content.Hash)
		}
		s += "]"
	}
	return s
}

func downText(x Down) string {
	name := [...]string{"MakeDir", "MoveTo", "Fetch", "Replace", "SetMeta", "RemoveFile", "RemoveDir"}[x.Act]
	return fmt.Sprintf("%s #%d %q -> %q", name, x.ID, x.From, x.To)
}

func downsText(x Downs) string {
	var s []string
	for _, a := range x.Do {
		s = append(s, downText(a))
	}
	for _, a := range x.Adopt {
		s = append(s, fmt.Sprintf("adopt %+v", *a))
	}
	return fmt.Sprint(s, " forget ", x.Forget)
}

func (d *simDev) clone() *simDev {
	c := *d
	c.run = d.w.nextRun()
	c.disk = d.disk.clone()
	c.base = BasesOf()
	for _, b := range d.base.All {
		c.base.Set(b)
	}
	c.log = merge.NewLog(nil)
	c.got = map[merge.BatchID]bool{}
	for id := range d.got {
		c.got[id] = true
	}
	for _, b := range d.w.store {
		if c.got[b.BatchID] {
			c.log.Add(b)
		}
	}
	c.extra = slices.Clone(d.extra)
	return &c
}

package simtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// A long run covers months: computers are switched off for weeks, clocks are days off, people use trash and versions, and devices sweep what has
// expired while all of it goes on.

const day = 24 * time.Hour

// longStep is what happens only in long runs; false when it was none of that.
func (w *World) longStep(d *device) bool {
	switch r := w.rng.IntN(100); {
	case r < 5:
		w.now = w.now.Add(time.Duration(w.rng.IntN(200)) * time.Hour)
	case r < 6:
		w.now = w.now.Add(time.Duration(20+w.rng.IntN(30)) * day)
		w.reached["a month went by"]++
	case r < 8:
		d.away = w.now.Add(time.Duration(1+w.rng.IntN(90)) * day)
		w.reached["switched off"]++
		w.log("device %d is switched off for days", d.id)
	case r < 18:
		d.upkeep()
	case r < 26:
		d.past()
	case r < 27:
		d.vanish()
	default:
		return false
	}
	return true
}

// off tells whether the computer is switched off.
func (d *device) off() bool { return d.w.now.Before(d.away) }

// upkeep lets the device sweep; two sweeps a day apart forget what has expired.
func (d *device) upkeep() {
	if d.off() {
		return
	}
	d.faults.arm()
	var r space.SweepReport
	err := d.engine.Alone(func() (err error) {
		r, err = d.sweep(d.w.rng.IntN(4))
		return err
	})
	d.w.log("device %d sweeps: %+v %v", d.id, r, err)
	if err == nil {
		_ = d.repack(r) // which may be cut short like everything
	}
	d.w.reached["swept objects"] += r.Objects
	d.w.reached["swept batches"] += r.Batches
	d.w.swept = d.w.swept || r.Batches > 0
	if d.faults.dead() {
		d.die()
	}
}

// repack moves what is kept out of zips of which most is not kept any more.
func (d *device) repack(r space.SweepReport) error {
	if len(r.Sparse) == 0 {
		return nil
	}
	ops, err := d.engine.Volume.Repack(context.Background(), r)
	if err == nil {
		err = d.engine.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) { return ops, nil })
	}
	d.w.log("device %d repacks %v: %d operations, %v", d.id, r.Sparse, len(ops), err)
	if err == nil {
		d.w.reached["repacked"] += len(ops)
	}
	return err
}

// vanish empties the folder, and nobody meant it: the program must ask, and what was there comes back when it is told so.
func (d *device) vanish() {
	if d.off() || d.pulled {
		return
	}
	d.faults.disarm()
	d.disk.Settle()
	if d.cycle() != nil || d.engine.Status().Question != nil {
		return
	}
	before := d.contents()
	files, _ := d.list()
	told := len(files)
	for _, p := range d.engine.Status().Problems {
		if c, err := d.disk.ReadFile(p.Path); err == nil && p.Code == engine.CodeAway {
			delete(before, c) // kept here only, and told so
			told--
		}
	}
	if told < 6 {
		return
	}
	d.w.reached["all vanished"]++
	for _, p := range files {
		_ = d.disk.RemoveAll(p) // a file of the folder
	}
	d.w.log("device %d: everything vanishes", d.id)
	if err := d.cycle(); err != nil || d.engine.Status().Question == nil {
		d.w.fault("device %d: everything vanished, and nothing was asked: %v", d.id, err)
		return
	}
	if err := d.engine.Answer(context.Background(), engine.Keep); err != nil {
		d.w.fault("device %d: answer the guard: %v", d.id, err)
	}
	_ = d.cycle() // what is not back is found below
	for c := range before {
		if d.contents()[c] == 0 {
			d.w.fault("device %d: %q did not come back", d.id, c)
		}
	}
}

func (d *device) sweep(limit int) (space.SweepReport, error) {
	sp, err := space.Open(context.Background(), d.w.store)
	if err != nil {
		return space.SweepReport{}, err
	}
	return sp.Sweep(context.Background(), d.engine.Volume, space.SweepOptions{Limit: limit})
}

// past lets the person use the trash or an earlier version.
func (d *device) past() {
	if d.off() || d.pulled || d.w.opt.Alone { // what is put back is another change than that of the file
		return
	}
	d.faults.arm()
	err := d.engine.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) {
		if d.w.p(0.3) {
			return d.earlier()
		}
		return d.trash()
	})
	d.w.log("device %d used the trash or a version: %v", d.id, err)
	if d.faults.dead() {
		d.die()
	}
}

func (d *device) trash() ([]merge.Op, error) {
	v := d.engine.Volume
	var f space.TrashFilter
	if d.w.p(0.3) {
		f.Find = "." // files inside folders, one by one
	}
	in := v.Trash(f)
	if len(in) == 0 {
		return nil, nil
	}
	e := in[d.w.rng.IntN(len(in))]
	if d.w.p(0.2) {
		d.w.reached["deleted for ever"]++
		d.forever(e)
		return v.PurgeOps(e.ID)
	}
	d.w.reached["put back"]++
	return v.RestoreOps(e.ID)
}

// forever notes what the person does not want to have any more.
func (d *device) forever(e space.TrashEntry) {
	s := d.state()
	for v := range s.AllVersions {
		if n, ok := s.Node(s.Holder(v.Node, v.ID)); ok && (slices.Contains(e.Nodes, n.ID) || strings.HasPrefix(s.Path(n.ID), e.Path)) {
			d.w.seen.purge(v.Content.Hash)
		}
	}
}

func (d *device) earlier() ([]merge.Op, error) {
	v := d.engine.Volume
	var files []merge.Node
	for n := range v.State().Nodes {
		if !n.Dir && v.State().Live(n.ID) && len(v.Versions(n.ID)) > 1 {
			files = append(files, n)
		}
	}
	if len(files) == 0 {
		return nil, nil
	}
	slices.SortFunc(files, func(a, b merge.Node) int { return a.ID.Compare(b.ID) })
	n := files[d.w.rng.IntN(len(files))]
	vs := v.Versions(n.ID)
	d.w.reached["earlier version"]++
	d.w.seen.takeHash(vs[0].Content.Hash, d.w.now)
	op, err := v.RestoreVersionOp(n.ID, vs[1+d.w.rng.IntN(len(vs)-1)].ID)
	return []merge.Op{op}, err
}

// afterwards goes on for months when all is calm: what has expired is forgotten, histories are cut, and nothing else goes. One computer may be
// switched off all the time, while its person works on; in the end it comes back, and a new one joins.
func (w *World) afterwards() {
	sleeper := w.devices[w.rng.IntN(len(w.devices))]
	if w.p(0.5) && len(w.devices) > 2 {
		sleeper.away = w.now.Add(10 * 365 * day)
		w.reached["away for months"]++
	}
	for range 4 {
		w.month()
		if len(w.faults) > 0 {
			return
		}
	}
	sleeper.away = time.Time{}
	w.settle()
	w.check()
	if len(w.faults) == 0 {
		w.newcomer()
	}
}

// month is a month in which people do little.
func (w *World) month() {
	for _, d := range w.devices {
		for range w.rng.IntN(3) {
			d.person()
		}
		if w.opt.Choosing && !d.off() && w.p(0.3) {
			d.choose()
		}
	}
	w.settle()
	w.now = w.now.Add(time.Duration(20+w.rng.IntN(20)) * day)
	for range 2 {
		w.now = w.now.Add(25 * time.Hour)
		if d := w.devices[w.rng.IntN(len(w.devices))]; !d.off() {
			d.sweepAll()
		}
	}
	w.settle()
	w.check()
}

func (d *device) sweepAll() {
	var r space.SweepReport
	err := d.engine.Alone(func() (err error) {
		r, err = d.sweep(0)
		d.w.log("device %d sweeps: %+v %v", d.id, r, err)
		d.w.swept = d.w.swept || r.Batches > 0
		d.w.reached["swept objects"] += r.Objects
		d.w.reached["swept batches"] += r.Batches
		return err
	})
	if err == nil {
		err = d.repack(r)
	}
	if err != nil {
		d.w.fault("device %d cannot sweep although nothing is wrong: %v", d.id, err)
	}
}

// newcomer: a computer that joins now sees what all see.
func (w *World) newcomer() {
	want := shown(w.awake().state())
	d := w.newDevice(len(w.devices))
	w.devices = append(w.devices, d)
	w.settle()
	if len(w.faults) == 0 {
		w.checkDevice(d, want)
	}
}

// promised returns the versions that must be there by the rules of retention.
func (d *device) promised() []merge.Version {
	v := d.engine.Volume
	if !d.w.opt.Long {
		return slices.Collect(v.State().AllVersions)
	}
	var out []merge.Version
	for n := range v.State().Nodes {
		if n.Dir || n.Deleted && (n.Purged || !d.w.now.Before(time.Unix(0, n.DeletedAt).Add(30*day))) {
			continue
		}
		for _, e := range v.Versions(n.ID) {
			x, _ := v.State().Version(e.ID)
			out = append(out, x)
		}
	}
	return out
}

// checkRestorable: what was told, and taken away less than 30 days ago, can be had back.
func (w *World) checkRestorable(promised []merge.Version) {
	have := map[tree.Hash]bool{}
	for _, v := range promised {
		have[v.Content.Hash] = true
	}
	for h, at := range w.seen.taken {
		if w.seen.told[h] && !w.seen.purged[h] && !have[h] && w.now.Sub(at) < 30*day {
			w.fault("content %.6s was taken away %v ago and cannot be had back", h, w.now.Sub(at))
		}
	}
}

// kept returns what of the device's files the cloud has forgotten while it was away: they stay, and are said.
func (d *device) keptHere() map[string]bool {
	out := map[string]bool{}
	for _, p := range d.engine.Status().Problems {
		if p.Code == engine.CodeAway {
			out[tree.NFC(p.Path)] = true
		}
	}
	return out
}

package scenario

import (
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// check is what must hold after every case.
func (s *scene) check() {
	s.t.Helper()
	for _, d := range s.online() {
		d.checkRest()
		d.checkProblems()
		d.checkClean()
	}
	s.checkAgree()
	s.checkBytes()
	s.checkKept()
	s.checkOrder()
	s.checkStore()
}

// checkRest: one more cycle after a restart, with all histories listed, writes nothing anywhere.
func (d *device) checkRest() {
	d.t.Helper()
	d.start()
	before, tree := d.trouble.writes, d.disk.Tree()
	if err := d.cycle(); err != nil && len(d.expects[d.name]) == 0 {
		d.t.Errorf("%s cannot work at the end: %v", d.name, err)
	}
	if n := d.trouble.writes - before; n > 0 || !maps.Equal(tree, d.disk.Tree()) {
		d.t.Errorf("%s is not at rest: one more cycle wrote %d times", d.name, n)
	}
}

func (d *device) checkProblems() {
	d.t.Helper()
	got, want := d.problems(), slices.Clone(d.expects[d.name])
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		d.t.Errorf("%s has the problems %s, want %s; %v", d.name, words(got), words(want), d.status().Problems)
	}
	if asks := d.status().Question != nil; asks != d.asking[d.name] {
		d.t.Errorf("%s asks: %v", d.name, asks)
	}
}

// checkClean: nothing of ours is left behind.
func (d *device) checkClean() {
	d.t.Helper()
	if d.memory.Unsent() {
		d.t.Errorf("%s has a batch left that it did not send", d.name)
	}
	for p := range d.disk.Tree() {
		rest := strings.TrimPrefix(p, local.Own+"/")
		if strings.HasPrefix(p, ".elkjop-parked") || !strings.HasSuffix(p, "/") && (strings.HasPrefix(rest, "incoming/") || strings.HasPrefix(rest, "replaced/")) {
			d.t.Errorf("%s left %s behind", d.name, p)
		}
	}
	up, err := d.store.ListUploads(context.Background(), d.vol.Prefix()+"/")
	if err != nil || len(up) > 0 {
		d.t.Errorf("%d uploads are left open, %v", len(up), err)
	}
}

// checkAgree: all devices of a volume and the volume itself show one tree.
func (s *scene) checkAgree() {
	s.t.Helper()
	if s.apart {
		return
	}
	first := map[layout.Volume]*device{}
	for _, d := range s.online() {
		want := d.shown()
		if f := first[d.vol]; f == nil {
			first[d.vol] = d
		} else if !maps.Equal(want, f.shown()) {
			s.fail("%s and %s know different trees:\n%q\n%q", d.name, f.name, sorted(want), sorted(f.shown()))
		}
		if got := d.hashes(); !d.opt.UpOnly && !maps.Equal(got, want) {
			s.fail("%s shows another tree than the cloud:\ndisk  %q\ncloud %q", d.name, sorted(got), sorted(want))
		}
	}
}

// hashes is the tree on the disk as shown gives it.
func (d *device) hashes() map[string]string {
	out := map[string]string{}
	for p, c := range d.all() {
		if strings.HasSuffix(p, "/") {
			out[tree.NFC(p)] = ""
		} else {
			out[tree.NFC(p)] = sum(c).String()
		}
	}
	return out
}

// one device of each volume.
func (s *scene) volumes() []*device {
	seen := map[layout.Volume]bool{}
	var out []*device
	for _, d := range s.online() {
		if !seen[d.vol] {
			seen[d.vol] = true
			out = append(out, d)
		}
	}
	return out
}

// content reads a version from the store.
func (d *device) content(v tree.Content) (string, error) {
	var b []byte
	for _, e := range v.Extents {
		r, _, err := d.store.Get(context.Background(), d.vol.Key(e.Key), objstore.GetOptions{Offset: e.Offset, Length: e.Length})
		if err != nil {
			return "", err
		}
		part, err := io.ReadAll(r)
		if err != nil {
			return "", err
		}
		b = append(b, part...)
	}
	return string(b), nil
}

// checkBytes: every version's bytes are what its hash says, as long as it is kept.
func (s *scene) checkBytes() {
	s.t.Helper()
	if s.broken {
		return
	}
	for _, d := range s.volumes() {
		v := d.volume()
		for n := range v.State().Nodes {
			if n.Dir || v.Expired(n.ID, n.Current) {
				continue
			}
			for _, e := range v.Versions(n.ID) {
				if c, err := d.content(e.Content); err != nil || sum(c) != e.Content.Hash {
					s.fail("a version of %s has not the bytes that its hash says, %v", n.Name, err)
				}
			}
		}
	}
}

// checkKept: what a person has finished writing can be had: in the tree, as a version, in the trash, or in some device's safety folder.
func (s *scene) checkKept() {
	s.t.Helper()
	have := map[string]bool{}
	for _, d := range s.volumes() {
		for v := range d.volume().State().AllVersions {
			if c, err := d.content(v.Content); err == nil && sum(c) == v.Content.Hash {
				have[c] = true
			}
		}
	}
	for _, d := range s.devices {
		for _, c := range d.disk.Tree() {
			have[c] = true
		}
	}
	for _, c := range sorted(s.written) {
		if !have[c] {
			s.fail("%.60q is lost", c)
		}
	}
}

// checkOrder: another order of arrival, with duplicates, gives the same tree.
func (s *scene) checkOrder() {
	s.t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range s.volumes() {
		all, whole := d.batches()
		if !whole {
			continue
		}
		l := merge.NewLog(nil)
		for range 2 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			for _, b := range all {
				l.Add(b)
			}
		}
		a, b := l.Checkpoint(1<<50), d.volume().State()
		for _, n := range a.Nodes.All {
			n, _ := l.State().Node(n.ID) // or what it has become
			if m, ok := b.Node(n.ID); !ok || m.Deleted != n.Deleted || m.Name != n.Name || m.Current != n.Current {
				s.fail("another order of arrival gives another tree: %v and %v", n, m)
			}
		}
	}
}

// batches reads the histories; whole is false when they are not all that the volume rests on.
func (d *device) batches() (all []*merge.Batch, whole bool) {
	for _, k := range d.store.Keys() {
		rel, ok := d.vol.Rel(k)
		if _, is := layout.ParseCheckpoint(rel); ok && is {
			return nil, false
		}
		id, is := layout.ParseBatch(rel)
		if !ok || !is {
			continue
		}
		body, _ := d.store.Bytes(k)
		b, err := space.DecodeBatch(id, body)
		if err != nil {
			return nil, false
		}
		all = append(all, b)
	}
	return all, true
}

// checkStore: what other tools have put there is untouched, and no key is a folder of another, which two kinds of servers cannot hold.
func (s *scene) checkStore() {
	s.t.Helper()
	for k, c := range s.strange {
		if b, ok := s.store.Bytes(k); !ok || string(b) != c {
			s.fail("%s, which is not ours, has been changed", k)
		}
	}
	keys := map[string]bool{}
	for _, k := range s.store.Keys() {
		if _, theirs := s.strange[k]; !theirs {
			keys[k] = true
		}
	}
	for k := range keys {
		for i, c := range k {
			if c == '/' && keys[k[:i]] {
				s.fail("%s lies below the object %s", k, k[:i])
			}
		}
	}
}

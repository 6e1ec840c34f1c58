package simtest

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// check looks whether everything holds that must.
func (w *World) check() {
	if len(w.faults) > 0 {
		return
	}
	first := w.awake()
	state := first.state()
	want := shown(state)
	for _, d := range w.devices {
		if !d.off() {
			w.checkDevice(d, want)
		}
	}
	w.checkKept(state)
	w.checkAlone(want)
	promised := first.promised()
	w.checkBytes(promised)
	w.checkRestorable(promised)
	if !w.swept {
		w.checkOrder(want)
	}
}

// awake returns a computer that is switched on.
func (w *World) awake() *device {
	for _, d := range w.devices {
		if !d.off() {
			return d
		}
	}
	panic("all computers are switched off")
}

func (d *device) state() *merge.State { return d.engine.Options.Volume.State() }

// shown lists the visible tree: contents by path, folders with a slash.
func shown(s *merge.State) map[string]string {
	out := map[string]string{}
	var walk func(f *merge.Folder, path string)
	walk = func(f *merge.Folder, path string) {
		for _, n := range f.Files() {
			v, _ := s.Version(n.Current)
			out[tree.Join(path, n.Name)] = v.Content.Hash.String()
		}
		for _, k := range f.Folders() {
			p := tree.Join(path, k.Name())
			out[p+"/"] = ""
			walk(k, p)
		}
	}
	walk(s.Root(), "")
	return out
}

// checkDevice: all devices and the volume show the same tree, and nothing is left behind.
func (w *World) checkDevice(d *device, want map[string]string) {
	if got := shown(d.state()); !maps.Equal(got, want) {
		w.fault("device %d knows another tree than device 0:\n%v\n%v", d.id, got, want)
	}
	got := map[string]string{}
	for p, c := range d.disk.Tree() {
		if strings.HasPrefix(p, ".elkjop-parked") || p == "/" || p == "" {
			w.leftover(d, p)
			continue
		}
		if strings.HasPrefix(p, local.Own) {
			w.leftover(d, p)
			continue
		}
		if strings.HasSuffix(p, "/") {
			got[tree.NFC(p)] = ""
		} else {
			got[tree.NFC(p)] = sum(c).String()
		}
	}
	if w.opt.Choosing {
		want = d.hidden(want, got)
	}
	kept := d.keptHere()
	w.reached["kept here only"] += len(kept)
	dropKept(got, want, kept)
	if !maps.Equal(got, want) {
		w.fault("device %d shows another tree than the cloud:\ndisk  %v\ncloud %v", d.id, names(got), names(want))
	}
	if d.memory.Unsent() {
		w.fault("device %d has a batch left that it did not send", d.id)
	}
	if s := d.engine.Status(); len(s.Problems) > len(kept) || s.Question != nil {
		w.fault("device %d has problems although nothing is wrong: %v", d.id, s.Problems)
	}
}

// dropKept takes out what is kept only here, and the folders that are here for it alone.
func dropKept(got, want map[string]string, kept map[string]bool) {
	for p := range kept {
		if want[p] == got[p] {
			continue
		}
		delete(got, p)
		for dir, _ := tree.Split(p); dir != ""; dir, _ = tree.Split(dir) {
			if _, ok := want[dir+"/"]; !ok {
				delete(got, dir+"/")
			}
		}
	}
}

func (w *World) leftover(d *device, path string) {
	rest := strings.TrimPrefix(path, local.Own+"/")
	if strings.HasPrefix(path, ".elkjop-parked") || !strings.HasSuffix(path, "/") && (strings.HasPrefix(rest, "incoming/") || strings.HasPrefix(rest, "replaced/")) {
		w.fault("device %d left %s behind", d.id, path)
	}
}

func names(m map[string]string) []string {
	var out []string
	for p, h := range m {
		if len(h) > 6 {
			h = h[:6]
		}
		out = append(out, p+"="+h)
	}
	slices.Sort(out)
	return out
}

// checkKept: what a person wrote and nobody took away is live. A device that lost its database cannot tell a file that holds what the cloud's held
// before from a copy that is behind: there an earlier version will do.
func (w *World) checkKept(s *merge.State) {
	live, any := map[tree.Hash]bool{}, map[tree.Hash]bool{}
	for v := range s.AllVersions {
		any[v.Content.Hash] = true
	}
	for _, h := range shown(s) {
		var x tree.Hash
		if h != "" && x.UnmarshalText([]byte(h)) == nil {
			live[x] = true
		}
	}
	forgetful := w.reached["database lost"] > 0
	for _, c := range slices.Sorted(maps.Keys(w.seen.written)) {
		if h := hashOf(c); !w.seen.gone[c] && !live[h] && !w.asleep(c) && !(forgetful && any[h]) {
			w.fault("%q is live nowhere, although nobody took it away (known to the volume: %v)", c, any[h])
		}
	}
}

// checkAlone: nothing of what one person does alone is in conflict, but for what a device has that comes back when the others have forgotten it,
// for folders whose names differ only in case, which show as one so that their files may have one name, and for names that are taken where nobody looks: in folders that
// are kept off.
func (w *World) checkAlone(want map[string]string) {
	for p := range want {
		late := slices.ContainsFunc(w.devices, func(d *device) bool { return d.late && strings.Contains(p, "(conflicted copy, "+d.name+",") })
		_, name := tree.Split(p)
		if w.twins(p) {
			w.excused[name] = true // also when its folder has another name later
		}
		if w.opt.Alone && !w.opt.Choosing && strings.Contains(p, "(conflicted copy") && !late && !w.excused[name] {
			w.fault("%s is a conflict copy, and nobody else was there", p)
		}
	}
}

// twins tells whether a folder on the way to p has a name that a person also gives in another case: both show as one everywhere.
func (w *World) twins(p string) bool {
	dir, _ := tree.Split(p)
	return slices.ContainsFunc(strings.Split(dir, "/"), func(s string) bool {
		return slices.ContainsFunc(folderNames, func(n string) bool { return n != s && strings.EqualFold(n, s) })
	})
}

// asleep tells whether a content is on a computer that is switched off.
func (w *World) asleep(c string) bool {
	return slices.ContainsFunc(w.devices, func(d *device) bool { return d.off() && d.contents()[c] > 0 })
}

// checkBytes: every version's bytes are what its hash says.
func (w *World) checkBytes(promised []merge.Version) {
	for _, v := range promised {
		var b []byte
		for _, e := range v.Content.Extents {
			r, _, err := w.store.Get(context.Background(), "Synced/"+e.Key, objstore.GetOptions{Offset: e.Offset, Length: e.Length})
			if err != nil {
				w.fault("version %v: %v", v.ID, err)
				return
			}
			part, _ := io.ReadAll(r)
			b = append(b, part...)
		}
		if sum(string(b)) != v.Content.Hash {
			w.fault("version %v has other bytes than its hash says", v.ID)
		}
	}
}

// checkOrder: the merge is the same for every order of arrival, also with duplicates.
func (w *World) checkOrder(want map[string]string) {
	var all []*merge.Batch
	for _, k := range w.store.Keys() {
		id, ok := layout.ParseBatch(strings.TrimPrefix(k, "Synced/"))
		if !ok {
			continue
		}
		body, _ := w.store.Bytes(k)
		b, err := space.DecodeBatch(id, body)
		if err != nil {
			w.fault("batch %s: %v", k, err)
			return
		}
		all = append(all, b)
	}
	l := merge.NewLog(nil)
	for range 2 {
		w.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, b := range all {
			l.Add(b)
		}
	}
	if got := shown(l.State()); !maps.Equal(got, want) {
		w.fault("another order of arrival gives another tree:\n%v\n%v", names(got), names(want))
	}
}

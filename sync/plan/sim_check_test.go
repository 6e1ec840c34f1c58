package plan

import (
	"slices"
	"strings"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// finished returns every content that stands on a disk now.
func (w *simWorld) finished() map[string]bool {
	out := map[string]bool{}
	for _, d := range w.devs {
		d.disk.walk(func(path string, n *simNode) {
			if !n.dir && !d.disk.skip(path, false) {
				out[n.content] = true
			}
		})
	}
	return out
}

func (w *simWorld) check(finished map[string]bool) {
	l := merge.NewLog(nil)
	l.Add(w.store...)
	s := l.State()
	for _, d := range w.devs {
		w.checkDisk(d, s)
		if x, y := w.visible(d.log.State(), nil), w.visible(s, nil); x != y {
			w.violate("TREES differ on %s\n%s\n--\n%s", d.name(), x, y)
		}
	}
	w.checkPaths(s)
	w.checkContents(s, finished)
	w.checkDeleted(s)
	if !w.clones {
		w.checkCopies(s)
	}
	w.checkOrder(s)
}

// visible returns the lines of the visible tree, without what a device does not look at.
func (w *simWorld) visible(s *merge.State, skip func(string, bool) bool) string {
	var out []string
	var walk func(f *merge.Folder)
	walk = func(f *merge.Folder) {
		for _, n := range f.Files() {
			v, _ := s.Version(n.Current)
			path := tree.Join(f.Path(), n.Name)
			if skip == nil || !skip(path, false) {
				out = append(out, simLine(path, &simNode{content: simContent(v.Content.Hash), exec: v.Content.Exec}))
			}
		}
		for _, k := range f.Folders() {
			if skip == nil || !skip(k.Path(), true) {
				out = append(out, k.Path()+"/")
				walk(k)
			}
		}
	}
	walk(s.Root())
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func (w *simWorld) checkDisk(d *simDev, s *merge.State) {
	var out []string
	d.disk.walk(func(path string, n *simNode) {
		if d.disk.skip(path, n.dir) || n.dir && !d.shows(s, path) && hidesSomething(n) {
			return
		}
		out = append(out, simLine(tree.NFC(path), n))
	})
	slices.Sort(out)
	x, y := strings.Join(out, "\n"), d.visible(s)
	if d.disk.noExec {
		x, y = withoutExec(x), withoutExec(y)
	}
	if x != y {
		w.violate("DIVERGED %s\n--local\n%s\n--cloud\n%s", d.name(), x, y)
	}
}

func (d *simDev) visible(s *merge.State) string {
	if d.w.choosing {
		return d.here(s)
	}
	return d.w.visible(s, d.disk.skip)
}

func (d *simDev) shows(s *merge.State, path string) bool {
	if d.w.choosing {
		return d.isHere(s, path)
	}
	f := s.Root().Find(path)
	return f != nil && f.Path() == tree.NFC(path)
}

func withoutExec(lines string) string {
	out := strings.Split(strings.ReplaceAll(lines, "*=", "="), "\n")
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// hidesSomething: a folder stays where something lies in it that is not looked at, and nothing else.
func hidesSomething(n *simNode) bool {
	for k, x := range n.kids {
		if k != "ign" && (!x.dir || !hidesSomething(x)) {
			return false
		}
	}
	return len(n.kids) > 0
}

func (w *simWorld) checkPaths(s *merge.State) {
	seen := map[string]bool{}
	for _, line := range strings.Split(w.visible(s, nil), "\n") {
		path := strings.TrimSuffix(strings.TrimSuffix(strings.SplitN(line, "=", 2)[0], "*"), "/")
		if f := tree.Fold(path); path != "" && seen[f] {
			w.violate("DUPLICATE path %s", path)
		} else {
			seen[f] = true
		}
		if strings.Contains(path, ParkPrefix) {
			w.violate("PARKED name told: %s", path)
		}
	}
}

// checkContents: what was written is a version, and what nobody edited or deleted is live.
func (w *simWorld) checkContents(s *merge.State, finished map[string]bool) {
	have, live := map[string]bool{}, w.live(s)
	for v := range s.AllVersions {
		have[simContent(v.Content.Hash)] = true
	}
	edited := map[string]bool{}
	for _, p := range w.parent {
		edited[p] = true
	}
	for _, c := range sortedKeys(w.sentContent) {
		finished[c] = true
	}
	for _, c := range sortedKeys(finished) {
		switch {
		case !have[c]:
			w.violate("LOST content %s", c)
		case !strings.HasPrefix(c, "c") || w.clones || w.commonContent || w.linked[c]:
		case !live[c] && !edited[c] && !w.deleted[c] && !w.wroteOver(s, c):
			w.violate("LEAF %s is not live, and nobody deleted or edited it", c)
		}
	}
}

func (w *simWorld) live(s *merge.State) map[string]bool {
	live := map[string]bool{}
	for n := range s.Nodes {
		if v, ok := s.Version(n.Current); ok && !n.Dir && s.Live(n.ID) {
			live[simContent(v.Content.Hash)] = true
		}
	}
	return live
}

// checkDeleted: where there were only edits and deletions, what was deleted when all had it is not back.
func (w *simWorld) checkDeleted(s *merge.State) {
	if !w.editsOnly || w.choosing {
		return
	}
	live := w.live(s)
	for _, c := range sortedKeys(w.deletedSynced) {
		if live[c] {
			w.violate("RESURRECTED %s", c)
		}
	}
}

// checkCopies: no conflict copy beside a file that it was edited from, that was edited from it, or that is equal.
func (w *simWorld) checkCopies(s *merge.State) {
	for n := range s.Nodes {
		f := s.FolderOf(n.ID)
		if n.Dir || f == nil || !n.Conflict() {
			continue
		}
		c := w.current(s, n)
		for _, m := range f.Files() {
			if m.ID == n.ID || strings.Contains(m.Name+n.Name, "(restored") || tree.Fold(plainOf(m)) != tree.Fold(n.Plain) {
				continue
			}
			h := w.current(s, m)
			if h == c && strings.HasPrefix(c, "c") && !w.linked[c] {
				w.violate("COPY of equal content %s at %s", c, n.Name)
			}
			if w.linked[c] || w.linked[h] || w.chmodded[c] || w.chmodded[h] {
				continue
			}
			if w.editedFrom(h, c) && !w.kept[c] || w.editedFrom(c, h) && !w.kept[h] {
				w.violate("COPY %s is %s, and %s has %s: one was edited from the other", n.Name, c, m.Name, h)
			}
		}
	}
}

func plainOf(n merge.Node) string {
	if n.Conflict() {
		return n.Plain
	}
	return n.Name
}

func (w *simWorld) current(s *merge.State, n merge.Node) string {
	v, _ := s.Version(n.Current)
	return simContent(v.Content.Hash)
}

func (w *simWorld) editedFrom(c, old string) bool {
	for a := w.parent[c]; a != ""; a = w.parent[a] {
		if a == old && strings.HasPrefix(a, "c") {
			return true
		}
	}
	return false
}

func (w *simWorld) checkOrder(s *merge.State) {
	bs := append(slices.Clone(w.store), w.store...)
	w.r.Shuffle(len(bs), func(i, j int) { bs[i], bs[j] = bs[j], bs[i] })
	l := merge.NewLog(nil)
	for _, b := range bs {
		l.Add(b)
	}
	if x, y := w.visible(l.State(), nil), w.visible(s, nil); x != y {
		w.violate("ORDER matters:\n%s\n--\n%s", x, y)
	}
}

package merge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"elkjopcloud/sync/tree"
)

// invariants checks everything that must hold in a state between two batches, by slow ways that share nothing with the state's own.
func invariants(s *State) error {
	still := reading(s)
	wakeAll(s)
	if awake := reading(s); still != awake {
		return fmt.Errorf("a state reads\n%s\nwhere folders are still, and else\n%s", still, awake)
	}
	return errors.Join(checkNodes(s), checkAliases(s), checkVersions(s), checkVisible(s))
}

// wakeAll makes nodes and versions of all that a state has in its checkpoint.
func wakeAll(s *State) {
	for i := range s.start.Nodes.Len() {
		s.node(s.start.Nodes.stamp(i))
	}
	for v := range s.AllVersions {
		s.versions.put(&v)
	}
}

// reading writes what a state answers to whoever reads it.
func reading(s *State) string {
	var b strings.Builder
	var ids []ID
	for n := range s.Nodes {
		ids = append(ids, n.ID)
	}
	slices.SortFunc(ids, ID.Compare)
	for _, id := range append(ids, ID{}, ID{Time: 1 << 50}) {
		n, ok := s.Node(id)
		fmt.Fprintf(&b, "%v %+v %v %v %q %p %v %v\n", id, n, ok, s.Live(id), s.Path(id), s.FolderOf(id), s.Below(id), s.Versions(id))
	}
	trash := s.Trash()
	slices.SortFunc(trash, func(a, b Node) int { return a.ID.Compare(b.ID) })
	fmt.Fprintf(&b, "trash %v\n", trash)
	var walk func(f *Folder)
	walk = func(f *Folder) {
		fmt.Fprintf(&b, "%q %v %d %v\n", f.Path(), f.Members(), f.CountFiles(), f.Files())
		for n := range f.EachFile {
			got, ok := f.File(strings.ToUpper(n.Name))
			fmt.Fprintln(&b, got == n, ok)
			break
		}
		_, none := f.File("no such file")
		fmt.Fprintln(&b, none)
		for _, n := range f.Files() {
			if got, ok := f.File(n.Name); !ok || got != n {
				fmt.Fprintf(&b, "%q is not found\n", n.Name)
			}
		}
		for _, d := range f.Folders() {
			walk(d)
		}
	}
	walk(s.root)
	return b.String()
}

func checkNodes(s *State) error {
	for n := range s.nodes.all {
		id := n.ID
		if s.nodes.get(id) != n {
			return fmt.Errorf("node %v is not found", id)
		}
		if id.IsZero() {
			continue
		}
		p := s.nodes.get(n.Parent)
		if p == nil || !p.Dir || int(n.at) >= len(kidsOf(p)) || p.kids[n.at] != n {
			return fmt.Errorf("node %v %q does not hang in its parent %v", id, n.Name, n.Parent)
		}
		if !n.Deleted && p.Deleted && !s.fused(id) {
			return fmt.Errorf("live node %v %q hangs in a deleted folder", id, n.Name)
		}
		if n.Dir != (n.dir != nil) || n.Dir != n.Current.IsZero() || n.Purged && !n.Deleted {
			return fmt.Errorf("node %v %q: folder %v, kids %v, current %v, deleted %v, purged %v", id, n.Name, n.Dir, n.dir != nil, n.Current, n.Deleted, n.Purged)
		}
		if n.Name != tree.NFC(n.Name) || tree.CheckName(n.Name) != nil || n.Place.IsZero() {
			return fmt.Errorf("node %v has the bad name %q or no place", id, n.Name)
		}
		for i, k := range kidsOf(n) {
			if k.Parent != id || s.nodes.get(k.ID) != k || int(k.at) != i {
				return fmt.Errorf("folder %v %q has a stranger %v as its kid", id, n.Name, k.ID)
			}
		}
		steps := 0
		for up := n; !up.ID.IsZero(); up = s.nodes.get(up.Parent) {
			if steps++; steps > s.nodes.n {
				return fmt.Errorf("node %v %q hangs in a circle", id, n.Name)
			}
		}
	}
	return nil
}

func kidsOf(n *node) []*node {
	if n.dir == nil {
		return nil
	}
	return n.kids
}

func checkAliases(s *State) error {
	for a := range s.alias {
		id, steps := a, 0
		for s.alias[id] != (ID{}) {
			id = s.alias[id]
			if steps++; steps > len(s.alias) {
				return fmt.Errorf("the aliases of %v do not end", a)
			}
		}
		if n := s.nodes.get(id); n == nil || n.Dir {
			return fmt.Errorf("alias %v ends at %v, which is no file", a, id)
		}
		if n := s.nodes.get(a); n == nil || n.Deleted || n.in != nil {
			return fmt.Errorf("fused node %v is gone, deleted or shown", a)
		}
	}
	for a := range s.valias {
		v, steps := a, 0
		for {
			w, ok := s.valias[v]
			if !ok {
				break
			}
			if v, steps = w, steps+1; steps > len(s.valias) {
				return fmt.Errorf("the versions that %v stands for do not end", a)
			}
		}
		if s.versions.get(v) == nil {
			return fmt.Errorf("version %v stands for %v, which is not there", a, v)
		}
	}
	return nil
}

func checkVersions(s *State) error {
	held := map[Stamp]ID{}
	for n := range s.nodes.all {
		id := n.ID
		if n.Dir {
			continue
		}
		if s.versions.get(n.Current) == nil {
			return fmt.Errorf("file %v %q holds no version", id, n.Name)
		}
		if s.fused(id) {
			continue
		}
		if other, twice := held[n.Current]; twice {
			return fmt.Errorf("files %v and %v hold one version", id, other)
		}
		held[n.Current] = id
		if s.valias[n.Current] != (Stamp{}) {
			return fmt.Errorf("live file %v %q holds version %v, which stands for another", id, n.Name, n.Current)
		}
		if s.Holder(ID{}, n.Current) != id {
			return fmt.Errorf("the version of file %v %q is held by %v", id, n.Name, s.Holder(ID{}, n.Current))
		}
	}
	for v := range s.versions.all {
		st := v.ID
		if s.versions.get(st) != v || s.nodes.get(s.resolve(v.Node)) == nil {
			return fmt.Errorf("version %v is held by %v, which is not there", st, v.Node)
		}
		steps := 0
		for w := v; w != nil && !w.Base.IsZero(); w = s.versions.get(s.Resolve(w.Base)) {
			if steps++; steps > s.versions.n {
				return fmt.Errorf("the versions before %v do not end", st)
			}
		}
	}
	return nil
}

// checkVisible computes the visible tree anew from parents and names, and compares it with the one that the state keeps.
func checkVisible(s *State) error {
	files, dirs := map[string]ID{}, map[string]map[ID]bool{"": {ID{}: true}}
	for n := range s.nodes.all {
		id := n.ID
		if id.IsZero() || n.Deleted || s.fused(id) {
			if !id.IsZero() && n.in != nil {
				return fmt.Errorf("node %v %q is shown, and deleted or fused", id, n.Name)
			}
			continue
		}
		p := foldedPath(s, id)
		if n.Dir {
			if dirs[p] == nil {
				dirs[p] = map[ID]bool{}
			}
			dirs[p][id] = true
			continue
		}
		if other, twice := files[p]; twice {
			return fmt.Errorf("files %v and %v are both %q", id, other, p)
		}
		files[p] = id
	}
	for p, id := range files {
		if dirs[p] != nil {
			return fmt.Errorf("file %v has the path %q of a folder", id, p)
		}
	}
	return compareVisible(s, s.root, "", files, dirs)
}

func foldedPath(s *State, id ID) string {
	p := ""
	for !id.IsZero() {
		n := s.nodes.get(id)
		p = "/" + tree.Fold(n.Name) + p
		id = n.Parent
	}
	return p
}

func compareVisible(s *State, root *Folder, at string, files map[string]ID, dirs map[string]map[ID]bool) error {
	seenFiles, seenDirs := 0, 0
	var walk func(f *Folder, at string) error
	walk = func(f *Folder, at string) error {
		seenDirs++
		if len(f.members) != len(dirs[at]) || len(f.members) == 0 {
			return fmt.Errorf("folder %q shows %d nodes instead of %d", at, len(f.members), len(dirs[at]))
		}
		for i, m := range f.members {
			if !dirs[at][m.ID] || m.in != f || s.nodes.get(m.ID) != m {
				return fmt.Errorf("folder %q shows %v, which is not there", at, m.ID)
			}
			if i > 0 && f.members[i-1].Place.Compare(m.Place) > 0 {
				return fmt.Errorf("folder %q shows its nodes in the wrong order", at)
			}
		}
		for k, n := range f.files {
			seenFiles++
			if files[at+"/"+k] != n.ID || n.in != f || s.nodes.get(n.ID) != n {
				return fmt.Errorf("folder %q shows the file %v as %q", at, n.ID, k)
			}
		}
		for k, d := range f.folders {
			if d.parent != f || d.fold != k {
				return fmt.Errorf("folder %q has a stranger as its folder %q", at, k)
			}
			if err := walk(d, at+"/"+k); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(root, at); err != nil {
		return err
	}
	if seenFiles != len(files) || seenDirs != len(dirs) {
		return fmt.Errorf("%d files and %d folders are shown instead of %d and %d", seenFiles, seenDirs, len(files), len(dirs))
	}
	return nil
}

package plan

import (
	"fmt"
	"slices"
	"strings"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

type simPath struct {
	path string
	n    *simNode
}

func (d *simDev) entries() (all []simPath, dirs []string) {
	dirs = []string{""}
	d.disk.walk(func(path string, n *simNode) {
		if !strings.HasPrefix(path, ParkPrefix) || strings.Contains(path, "/") {
			all = append(all, simPath{path, n}) // nobody touches what is put aside
		}
		if n.dir {
			dirs = append(dirs, path)
		}
	})
	return all, dirs
}

var (
	simFiles = []string{"a", "b", "A", "b.txt", "\u00e5", "a\u030a", "ign"}
	simDirs  = []string{"d", "e", "D", "ign"}
)

// user does one thing that a user or a program of hers may do.
func (d *simDev) user() {
	w := d.w
	all, dirs := d.entries()
	in := dirs[w.r.Intn(len(dirs))]
	u := simAct{d: d, all: all, in: in, file: w.name(simFiles), dir: w.name(simDirs)}
	r := w.r.Intn(100)
	if w.editsOnly && r >= 50 && r < 80 {
		r = 82
	}
	switch {
	case r < 40:
		u.edit()
	case r < 50:
		u.mkdir()
	case r < 66:
		u.move()
	case r < 69:
		u.swap()
	case r < 72:
		u.over()
	case r < 75:
		u.recase()
	case r < 77:
		u.hardLink()
	case r < 80:
		u.chmod()
	case r < 93:
		u.remove()
	case r < 96:
		u.changeType()
	default:
		u.trash()
	}
}

type simAct struct {
	d             *simDev
	all           []simPath
	in, file, dir string
}

func (u *simAct) pick() (simPath, bool) {
	if len(u.all) == 0 {
		return simPath{}, false
	}
	return u.all[u.d.w.r.Intn(len(u.all))], true
}

func (u *simAct) pickFile() (simPath, bool) {
	p, ok := u.pick()
	return p, ok && !p.n.dir
}

func (u *simAct) say(f string, a ...any) { u.d.w.logf(u.d.name()+" user "+f, a...) }

func (u *simAct) edit() {
	path := tree.Join(u.in, u.file)
	n := u.d.disk.at(path)
	if p, ok := u.pickFile(); ok && u.d.w.chance(0.4) {
		path, n = p.path, p.n
	}
	if n == nil {
		c := u.d.w.content("")
		if u.d.disk.create(path, c, false) == nil {
			u.say("create %s %s", path, c)
		}
		return
	}
	if n.dir {
		return
	}
	c := u.d.w.content(n.content)
	how := u.d.w.r.Intn(10)
	if n.links > 1 {
		u.d.w.linked[c] = true
	}
	if how >= 5 || !u.d.disk.births {
		u.loses(path, n)
	}
	u.say("edit %s %s -> %s (how %d, %d links)", path, n.content, c, how, n.links)
	switch {
	case how < 5:
		u.d.disk.write(n, c)
	case how < 7: // gedit: a new file over the old one
		u.replaceBy(path, n, c)
	case how < 8: // vim: the old one aside, a new one, the old one gone
		_ = u.d.disk.rename(path, path+".bak~")
		_ = u.d.disk.create(path, c, n.exec)
		_ = u.d.disk.remove(path + ".bak~")
	default: // and with the old one kept
		if u.d.w.editsOnly || u.d.disk.at(path+"~") != nil || len(path) > 40 {
			u.d.disk.write(n, c)
			return
		}
		_ = u.d.disk.rename(path, path+"~")
		_ = u.d.disk.create(path, c, n.exec)
		u.d.w.kept[n.content] = true
	}
}

// loses notes a file that gets another place, or another number, between two scans of which neither saw the change before: it is then
// deleted and made anew, and its history ends. So is one that was about to be removed when the program stopped.
func (u *simAct) loses(path string, n *simNode) {
	going := slices.ContainsFunc(u.d.open, func(o Open) bool { return o.Act == RemoveFile && o.From == path })
	for _, b := range u.d.base.All {
		if !going && b.Disk.Number == n.num && b.Disk.Birth == n.birth && b.Hash == simHash(n.content) && BasePath(u.d.base, b.ID) == path {
			return
		}
	}
	walkNode(&simNode{kids: map[string]*simNode{"": n}}, "", func(_ string, x *simNode) {
		u.d.w.kept[x.content], u.d.w.kept[u.d.w.parent[x.content]] = true, true
	})
}

func (u *simAct) replaceBy(path string, n *simNode, c string) {
	if n.links > 1 {
		u.d.w.deleted[n.content] = true
	}
	tmp := u.d.disk.node(false)
	tmp.content, tmp.exec = c, n.exec
	_ = u.d.disk.remove(path)
	_ = u.d.disk.add(path, tmp)
}

func (u *simAct) mkdir() {
	path := tree.Join(u.in, u.dir)
	if len(path) < 8 && u.d.disk.mkdir(path) == nil {
		u.say("mkdir %s", path)
	}
}

func (u *simAct) move() {
	p, ok := u.pick()
	if !ok {
		return
	}
	name := u.file
	if p.n.dir != u.d.w.chance(0.1) {
		name = u.dir
	}
	to := tree.Join(u.in, name)
	if tree.Under(tree.Fold(to), tree.Fold(p.path)) || u.d.disk.at(to) != nil {
		return
	}
	u.forgetIgnored(p.path, to)
	u.loses(p.path, p.n)
	if u.d.disk.rename(p.path, to) == nil {
		u.say("move %s -> %s", p.path, to)
	}
}

// forgetIgnored: what goes out of sight is deleted for the others, and may be.
func (u *simAct) forgetIgnored(path, to string) {
	if u.d.disk.skip(to, false) {
		u.deletes(path)
	}
}

func (u *simAct) swap() {
	p, ok1 := u.pick()
	q, ok2 := u.pick()
	if !ok1 || !ok2 || tree.Under(p.path, q.path) || tree.Under(q.path, p.path) {
		return
	}
	u.forgetIgnored(p.path, q.path)
	u.forgetIgnored(q.path, p.path)
	u.loses(p.path, p.n)
	u.loses(q.path, q.n)
	tmp := tree.Join("", "swap")
	_ = u.d.disk.rename(p.path, tmp)
	_ = u.d.disk.rename(q.path, p.path)
	_ = u.d.disk.rename(tmp, q.path)
	u.say("swap %s %s", p.path, q.path)
}

func (u *simAct) over() {
	p, ok1 := u.pickFile()
	q, ok2 := u.pickFile()
	if !ok1 || !ok2 || p.n == q.n {
		return
	}
	u.deletes(q.path)
	u.forgetIgnored(p.path, q.path)
	u.loses(p.path, p.n)
	_ = u.d.disk.remove(q.path)
	_ = u.d.disk.rename(p.path, q.path)
	u.say("rename %s over %s (%s over %s)", p.path, q.path, p.n.content, q.n.content)
}

func (u *simAct) recase() {
	p, ok := u.pick()
	if !ok {
		return
	}
	dir, name := tree.Split(p.path)
	swap := map[string]string{"a": "A", "A": "a", "d": "D", "D": "d", "\u00e5": "a\u030a", "a\u030a": "\u00e5", "e": "E", "E": "e", "b": "B", "B": "b"}
	u.loses(p.path, p.n)
	if to, ok := swap[name]; ok && u.d.disk.rename(p.path, tree.Join(dir, to)) == nil {
		u.say("recase %s -> %s", p.path, to)
	}
}

func (u *simAct) hardLink() {
	p, ok := u.pickFile()
	to := tree.Join(u.in, u.file)
	if ok && u.d.disk.link(p.path, to) == nil {
		u.say("link %s %s", p.path, to)
		u.d.w.linked[p.n.content] = true
	}
}

func (u *simAct) chmod() {
	if p, ok := u.pickFile(); ok && !u.d.disk.noExec {
		u.d.w.chmodded[p.n.content] = true
		p.n.exec, p.n.ctime = !p.n.exec, u.d.disk.now()
		u.say("chmod %s %v", p.path, p.n.exec)
	}
}

// deletes notes what the user takes away, and whether it was what all had.
func (u *simAct) deletes(path string) {
	base := map[tree.Hash]bool{}
	for _, b := range u.d.base.All {
		base[b.Hash] = true
	}
	for _, p := range u.all {
		if tree.Under(p.path, path) && !p.n.dir {
			if u.d.isLeaving(p) {
				u.d.ungone = append(u.d.ungone, p.n.content)
				continue
			}
			u.d.w.deleted[p.n.content] = true
			if base[simHash(p.n.content)] {
				u.d.w.deletedSynced[p.n.content] = true
			}
		}
	}
}

func (u *simAct) remove() {
	if p, ok := u.pick(); ok {
		u.say("delete %s", p.path)
		u.deletes(p.path)
		u.d.disk.removeAll(p.path)
	}
}

func (u *simAct) changeType() {
	p, ok := u.pick()
	if !ok {
		return
	}
	u.deletes(p.path)
	u.d.disk.removeAll(p.path)
	if p.n.dir {
		c := u.d.w.content("")
		_ = u.d.disk.create(p.path, c, false)
		u.say("folder %s becomes file %s", p.path, c)
		return
	}
	_ = u.d.disk.mkdir(p.path)
	u.say("file %s becomes folder", p.path)
}

// trash restores or purges something.
func (u *simAct) trash() {
	if u.d.w.editsOnly {
		return
	}
	trash := u.d.log.State().Trash()
	slices.SortFunc(trash, func(a, b merge.Node) int { return a.ID.Compare(b.ID) })
	for _, n := range trash {
		if n.Dir || u.d.w.chance(0.5) {
			continue
		}
		op := merge.Op{Kind: merge.Restore, Node: n.ID, Version: n.Current}
		if u.d.w.chance(0.3) {
			op.Kind = merge.Purge
		}
		u.d.extra = append(u.d.extra, op)
		u.say("%s %v", op.Kind, n.ID)
		return
	}
}

func (w *simWorld) name(names []string) string {
	for {
		n := names[w.r.Intn(len(names))]
		if n != "ign" || w.ignoring {
			return n
		}
	}
}

// content returns a new content that was edited from an old one, or sometimes one that others have too.
func (w *simWorld) content(old string) string {
	switch {
	case w.commonContent && w.chance(0.12):
		return "=x"
	case w.commonContent && w.chance(0.05):
		return ""
	}
	w.contents++
	c := fmt.Sprintf("c%d", w.contents)
	w.parent[c] = old
	return c
}

package plan

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"elkjopcloud/sync/tree"
)

// simDisk is a small file system: numbers, births, change times, hard links; names exact or folded.
type simDisk struct {
	root    *simNode
	folds   bool // names that differ only in case are one
	births  bool // files have a birth time
	ctimes  bool // and a change time
	noExec  bool // there is no execute bit
	reuse   bool // numbers of removed files are given again at once
	ignores bool // entries called "ign" are not looked at
	free    []uint64
	last    uint64
	tick    *int64
}

type simNode struct {
	num          uint64
	birth        int64
	mtime, ctime int64
	dir, exec    bool
	content      string
	links        int
	kids         map[string]*simNode
}

var (
	errExist = errors.New("exists")
	errNone  = errors.New("does not exist")
	errOther = errors.New("is not what the plan saw")
)

func newSimDisk(tick *int64) *simDisk {
	d := &simDisk{tick: tick, births: true, ctimes: true, last: 100}
	d.root = d.node(true)
	return d
}

func (d *simDisk) now() int64 { *d.tick++; return *d.tick }

func (d *simDisk) node(dir bool) *simNode {
	n := &simNode{dir: dir, links: 1}
	if k := len(d.free); d.reuse && k > 0 {
		n.num, d.free = d.free[k-1], d.free[:k-1]
	} else {
		d.last++
		n.num = d.last
	}
	t := d.now()
	n.mtime, n.ctime = t, t
	if d.births {
		n.birth = t
	}
	if dir {
		n.kids = map[string]*simNode{}
	}
	return n
}

func (d *simDisk) drop(n *simNode) {
	if n.links--; n.links == 0 {
		d.free = append(d.free, n.num)
	}
}

func (d *simDisk) entry(p *simNode, name string) (string, *simNode) {
	if n, ok := p.kids[name]; ok || !d.folds {
		return name, n
	}
	for k, n := range p.kids {
		if tree.Fold(k) == tree.Fold(name) {
			return k, n
		}
	}
	return name, nil
}

// find returns the folder of a path, the name of its last element as it stands there, and the entry, nil when there is none.
func (d *simDisk) find(path string) (*simNode, string, *simNode) {
	p := d.root
	parts := strings.Split(path, "/")
	for _, s := range parts[:len(parts)-1] {
		_, p = d.entry(p, s)
		if p == nil || !p.dir {
			return nil, "", nil
		}
	}
	name, n := d.entry(p, parts[len(parts)-1])
	return p, name, n
}

func (d *simDisk) at(path string) *simNode {
	if path == "" {
		return d.root
	}
	_, _, n := d.find(path)
	return n
}

func (d *simDisk) add(path string, n *simNode) error {
	p, _, old := d.find(path)
	if p == nil {
		return errNone
	}
	if old != nil {
		return errExist
	}
	_, name := tree.Split(path)
	p.kids[name] = n
	d.touchDir(p)
	return nil
}

func (d *simDisk) touchDir(p *simNode) { p.mtime = d.now(); p.ctime = p.mtime }

func (d *simDisk) mkdir(path string) error { return d.add(path, d.node(true)) }

func (d *simDisk) create(path, content string, exec bool) error {
	n := d.node(false)
	n.content, n.exec = content, exec
	return d.add(path, n)
}

func (d *simDisk) link(from, to string) error {
	n := d.at(from)
	if err := d.add(to, n); err != nil {
		return err
	}
	n.links++
	n.ctime = d.now()
	return nil
}

func (d *simDisk) remove(path string) error {
	p, name, n := d.find(path)
	if n == nil {
		return errNone
	}
	if len(n.kids) > 0 {
		return errExist
	}
	delete(p.kids, name)
	d.touchDir(p)
	d.drop(n)
	return nil
}

func (d *simDisk) removeAll(path string) {
	n := d.at(path)
	for k := range n.kids {
		d.removeAll(path + "/" + k)
	}
	_ = d.remove(path)
}

func (d *simDisk) rename(from, to string) error {
	p, name, n := d.find(from)
	if n == nil {
		return errNone
	}
	q, _, old := d.find(to)
	if q == nil {
		return errNone
	}
	if old != nil && old != n {
		return errExist
	}
	delete(p.kids, name)
	_, name = tree.Split(to)
	q.kids[name] = n
	n.ctime = d.now()
	d.touchDir(p)
	d.touchDir(q)
	return nil
}

func (d *simDisk) write(n *simNode, content string) {
	n.content = content
	n.mtime = d.now()
	n.ctime = n.mtime
}

func (d *simDisk) signature(n *simNode) Signature {
	s := Signature{Number: n.num, Birth: n.birth, Mtime: n.mtime, Exec: n.exec && !d.noExec}
	if d.ctimes {
		s.Ctime = n.ctime
	}
	if !n.dir {
		s.Size = simSize(n.content)
	}
	return s
}

// simSize gives few different sizes, so that some new contents have a size that the volume knows.
func simSize(content string) int64 {
	if content == "" {
		return 0
	}
	n := int64(0)
	for _, c := range content {
		n = n*7 + int64(c)
	}
	return 1 + n%23
}

func simHash(content string) tree.Hash {
	if content == "" {
		return tree.EmptyHash
	}
	var h tree.Hash
	copy(h[:31], content)
	h[31] = 1
	return h
}

func simContent(h tree.Hash) string {
	if h == tree.EmptyHash {
		return ""
	}
	return strings.TrimRight(string(h[:31]), "\x00")
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (d *simDisk) scan() []Entry {
	out, _ := d.scanDir(nil, d.root, "")
	return out
}

func (d *simDisk) scanDir(out []Entry, p *simNode, dir string) ([]Entry, bool) {
	blind := false
	for _, name := range sortedKeys(p.kids) {
		if d.ignores && name == "ign" {
			blind = true
			continue
		}
		n, path := p.kids[name], tree.Join(dir, name)
		out = append(out, Entry{Path: path, Dir: n.dir, Disk: d.signature(n)})
		if n.dir {
			i := len(out) - 1
			var blind bool
			out, blind = d.scanDir(out, n, path)
			out[i].Blind = blind
		}
	}
	return out, blind
}

func (d *simDisk) skip(path string, _ bool) bool {
	return d.ignores && (path == "ign" || strings.HasPrefix(path, "ign/") || strings.HasSuffix(path, "/ign") || strings.Contains(path, "/ign/"))
}

// walk calls f for every entry, ignored ones too, parents first.
func (d *simDisk) walk(f func(path string, n *simNode)) { walkNode(d.root, "", f) }

func walkNode(p *simNode, dir string, f func(string, *simNode)) {
	for _, name := range sortedKeys(p.kids) {
		path := tree.Join(dir, name)
		f(path, p.kids[name])
		walkNode(p.kids[name], path, f)
	}
}

func (d *simDisk) clone() *simDisk {
	c := *d
	c.free = append([]uint64(nil), d.free...)
	c.root = cloneNode(d.root, map[*simNode]*simNode{})
	return &c
}

func cloneNode(n *simNode, seen map[*simNode]*simNode) *simNode {
	if c := seen[n]; c != nil {
		return c
	}
	c := *n
	seen[n] = &c
	if n.kids != nil {
		c.kids = map[string]*simNode{}
		for k, x := range n.kids {
			c.kids[k] = cloneNode(x, seen)
		}
	}
	return &c
}

func simLine(path string, n *simNode) string {
	switch {
	case n.dir:
		return path + "/"
	case n.exec:
		return fmt.Sprintf("%s*=%s", path, n.content)
	}
	return fmt.Sprintf("%s=%s", path, n.content)
}

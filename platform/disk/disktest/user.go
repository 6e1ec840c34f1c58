package disktest

import (
	"strings"

	"elkjopcloud/platform/disk"
)

// The methods here are what people, other programs, cables and drives do. They know no faults and see the disk as programs do: while
// the drive is out, they see what is behind it.

// user runs one act of the user.
func (d *Disk) user(act func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	start := d.seq
	err := act()
	if d.opt.UserSyncs {
		d.flush(func(i int) bool { return d.journal[i].seq > start })
	}
	return err
}

// wrote notes that the user changed a file.
func (d *Disk) wrote(n *node) {
	if d.opt.UserSyncs {
		n.sync()
	}
}

// WriteFile writes a file in place, making it and its folders where they are missing. Its number stays, its mtime is now.
func (d *Disk) WriteFile(path, content string) error {
	return d.user(func() error {
		p, err := d.placeFor(path)
		if err != nil {
			return err
		}
		if p.node == nil {
			p.node = d.newNode(disk.File)
			d.apply(change{node: p.node, to: slot{p.dir, p.key, p.name}})
		}
		return d.fill(p.node, content)
	})
}

// SaveFile writes a file as editors do: a new file, with a new number, renamed over the old one.
func (d *Disk) SaveFile(path, content string) error {
	return d.user(func() error {
		p, err := d.placeFor(path)
		if err != nil {
			return err
		}
		n := d.newNode(disk.File)
		if err := d.fill(n, content); err != nil {
			return err
		}
		d.apply(change{node: n, to: slot{p.dir, p.key, p.name}, replaced: p.node})
		return nil
	})
}

// EditKeepingMtime changes a file's bytes in place and puts its mtime back, as some programs do; only Ctime (and a changed size) tells.
func (d *Disk) EditKeepingMtime(path, content string) error {
	return d.user(func() error {
		p, err := d.get(path)
		if err != nil {
			return err
		}
		mtime := p.node.mtime
		err = d.fill(p.node, content)
		p.node.mtime = mtime
		d.wrote(p.node)
		return err
	})
}

// fill replaces a file's bytes.
func (d *Disk) fill(n *node, content string) error {
	if n.typ != disk.File {
		return disk.ErrNotRegular
	}
	d.used -= int64(len(n.data))
	n.data = nil
	d.touchData(n)
	_, err := d.write(n, []byte(content), 0)
	d.wrote(n)
	return err
}

// placeFor finds the place of a file to write and makes the folders above it.
func (d *Disk) placeFor(path string) (place, error) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		if err := d.mkdirs(path[:i]); err != nil {
			return place{}, err
		}
	}
	p, err := d.find(path)
	if err == nil && p.dir == nil {
		err = disk.ErrNotInside
	}
	return p, err
}

func (d *Disk) mkdirs(path string) error {
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		p, err := d.find(path[:i])
		if err != nil {
			return err
		}
		if p.node == nil {
			d.apply(change{node: d.newNode(disk.Dir), to: slot{p.dir, p.key, p.name}})
		}
	}
	return nil
}

// MkdirAll makes a folder and those above it.
func (d *Disk) MkdirAll(path string) error {
	return d.user(func() error { return d.mkdirs(path) })
}

// Put makes an entry of a type that only users make: a link, a special file, a placeholder, a mount point.
func (d *Disk) Put(path string, typ disk.Type) error {
	return d.user(func() error {
		p, err := d.placeFor(path)
		if err != nil {
			return err
		}
		d.apply(change{node: d.newNode(typ), to: slot{p.dir, p.key, p.name}, replaced: p.node})
		return nil
	})
}

// RemoveAll removes an entry with all below it; nothing there is no error.
func (d *Disk) RemoveAll(path string) error {
	return d.user(func() error {
		p, err := d.find(path)
		if err != nil || p.node == nil {
			return err
		}
		return d.removeTree(p)
	})
}

func (d *Disk) removeTree(p place) error {
	for _, info := range d.list(p.node) {
		key := d.fold(info.Name)
		child := place{dir: p.node, key: key, name: info.Name, node: p.node.children[key].node}
		if err := d.removeTree(child); err != nil {
			return err
		}
	}
	if p.dir == nil {
		return nil // the root itself stays
	}
	d.apply(change{node: p.node, from: slot{p.dir, p.key, p.name}})
	return nil
}

// Move renames an entry; a file or empty folder that has the new name is replaced, as rename(2) does. The folders above the new name
// are made.
func (d *Disk) Move(from, to string) error {
	return d.user(func() error {
		if _, err := d.placeFor(to); err != nil {
			return err
		}
		a, b, err := d.pair(from, to)
		if err != nil {
			return err
		}
		if a.node == b.node && a.name == b.name {
			return nil
		}
		if b.node != nil && b.node != a.node && len(b.node.children) > 0 {
			return errNotEmpty
		}
		return d.move(a, b)
	})
}

// Touch sets a file's mtime in nanoseconds.
func (d *Disk) Touch(path string, mtime int64) error {
	return d.change(path, func(n *node) { n.mtime, n.ctime = d.rounded(mtime), d.now() })
}

// SetExec sets or takes the execute bit.
func (d *Disk) SetExec(path string, exec bool) error {
	return d.change(path, func(n *node) { n.exec, n.ctime = exec && !d.opt.NoExec, d.now() })
}

// Deny takes from this program the right to read a file or to look into a folder, or gives it back.
func (d *Disk) Deny(path string, denied bool) error {
	return d.change(path, func(n *node) { n.denied, n.ctime = denied, d.now() })
}

func (d *Disk) change(path string, act func(*node)) error {
	return d.user(func() error {
		p, err := d.get(path)
		if err == nil {
			act(p.node)
			d.wrote(p.node)
		}
		return err
	})
}

// SetCapacity changes the size of the disk in bytes; 0 means endless.
func (d *Disk) SetCapacity(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opt.Capacity = bytes
}

// Unplug takes the drive away as an unmount does: the root is there, empty, without an error, and can be written to (what is written
// lies behind the drive when that is back). Opened files go on, as no drive is unmounted while they are open.
func (d *Disk) Unplug() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = emptyMountPoint
	if d.behind == nil {
		d.behind = d.newNode(disk.Dir)
	}
}

// UnplugHard takes the drive away as pulling the cable does: every call gives ErrGone, also on opened files.
func (d *Disk) UnplugHard() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = noAnswer
}

// Replug brings the drive back with all that it held. Call PowerCut as well to lose what was not synced when the cable was pulled.
func (d *Disk) Replug() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = present
}

// ReadFile returns a file's bytes, whoever may read it.
func (d *Disk) ReadFile(path string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, err := d.get(path)
	if err != nil {
		return "", err
	}
	return string(p.node.data), nil
}

// Tree returns every file's content by path, and "" for every folder by its path with a slash at the end. Other types stand as
// "path@".
func (d *Disk) Tree() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	tree := map[string]string{}
	if top, err := d.top(); err == nil {
		top.addTo(tree, "")
	}
	return tree
}

func (n *node) addTo(tree map[string]string, prefix string) {
	for _, e := range n.children {
		path := prefix + e.name
		switch e.node.typ {
		case disk.File:
			tree[path] = string(e.node.data)
		case disk.Dir:
			tree[path+"/"] = ""
			e.node.addTo(tree, path+"/")
		default:
			tree[path+"@"] = ""
		}
	}
}

// Clone returns a second disk with the same content, numbers and times, as copying a whole drive does. Everything in it is durable.
func (d *Disk) Clone() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &Disk{
		opt: d.opt, out: d.out, nextID: d.nextID, free: append([]uint64(nil), d.free...), used: d.used,
		clock: d.clock, last: d.last, root: d.root.clone(), behind: d.behind.clone(),
	}
	return c
}

func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.data = append([]byte(nil), n.data...)
	c.durable = durable{}
	c.children = nil
	if n.children != nil {
		c.children = make(map[string]entry, len(n.children))
		c.durable.children = make(map[string]entry, len(n.children))
	}
	for key, e := range n.children {
		child := entry{e.name, e.node.clone()}
		child.node.durable.parent = &c
		c.children[key], c.durable.children[key] = child, child
	}
	c.sync()
	return &c
}

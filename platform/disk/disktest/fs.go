package disktest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"elkjopcloud/platform/disk"
)

const (
	errNotExist   = plain("no such file or folder")
	errExist      = plain("the name is taken")
	errNotEmpty   = plain("the folder is not empty")
	errPermission = plain("permission denied")
)

// plain is an error of the disk that matches one of io/fs.
type plain string

func (e plain) Error() string { return string(e) }

func (e plain) Is(target error) bool {
	switch e {
	case errNotExist:
		return target == fs.ErrNotExist
	case errPermission:
		return target == fs.ErrPermission
	}
	return target == fs.ErrExist
}

// do runs one operation of disk.FS between its two faults.
func (d *Disk) do(op, path string, run func() error) error {
	d.mu.Lock()
	before, after := d.before, d.after
	d.mu.Unlock()
	if before != nil {
		if err := before(op, path); err != nil {
			return fmt.Errorf("%s %s: %w", op, path, err)
		}
	}
	d.mu.Lock()
	err := run()
	d.mu.Unlock()
	if after != nil && err == nil {
		err = after(op, path)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", op, path, err)
	}
	return nil
}

func (d *Disk) ReadDir(ctx context.Context, dir string) ([]disk.Info, error) {
	var infos []disk.Info
	err := d.do("readdir", dir, func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := d.get(dir)
		if err != nil {
			return err
		}
		if err := enterable(p.node); err != nil {
			return err
		}
		infos = d.list(p.node)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return infos, nil
}

func (d *Disk) list(n *node) []disk.Info {
	infos := make([]disk.Info, 0, len(n.children))
	for _, e := range n.children {
		infos = append(infos, d.info(e.name, e.node))
	}
	slices.SortFunc(infos, func(a, b disk.Info) int { return strings.Compare(a.Name, b.Name) })
	return infos
}

func (d *Disk) Stat(path string) (info disk.Info, err error) {
	err = d.do("stat", path, func() error {
		p, err := d.get(path)
		if err != nil {
			return err
		}
		if path != "" {
			info = d.info(p.dir.children[p.key].name, p.node)
		} else {
			info = d.info("", p.node)
		}
		return nil
	})
	return info, err
}

func (d *Disk) Open(path string) (disk.Reader, error) {
	f, err := d.open("open", path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *Disk) OpenWrite(path string) (disk.Writer, error) {
	f, err := d.open("openwrite", path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *Disk) open(op, path string) (f *file, err error) {
	err = d.do(op, path, func() error {
		p, err := d.get(path)
		if err == nil {
			err = readable(p.node)
		}
		if err == nil {
			f = &file{disk: d, node: p.node, path: path, name: p.name, opened: d.info(p.name, p.node), epoch: d.epoch}
		}
		return err
	})
	return f, err
}

func readable(n *node) error {
	if n.typ != disk.File {
		return disk.ErrNotRegular
	}
	if n.denied {
		return errPermission
	}
	return nil
}

func (d *Disk) Create(path string) (disk.Writer, error) {
	var f *file
	err := d.do("create", path, func() error {
		p, err := d.vacant(path)
		if err != nil {
			return err
		}
		n := d.newNode(disk.File)
		d.apply(change{node: n, to: slot{p.dir, p.key, p.name}})
		f = &file{disk: d, node: n, path: path, name: p.name, epoch: d.epoch}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// vacant finds the place of a new entry.
func (d *Disk) vacant(path string) (place, error) {
	p, err := d.find(path)
	switch {
	case err != nil:
		return p, err
	case p.dir == nil:
		return p, disk.ErrNotInside
	case p.node != nil:
		return p, errExist
	}
	return p, d.refuses(p.name)
}

func (d *Disk) Mkdir(path string) error {
	return d.do("mkdir", path, func() error {
		p, err := d.vacant(path)
		if err == nil {
			d.apply(change{node: d.newNode(disk.Dir), to: slot{p.dir, p.key, p.name}})
		}
		return err
	})
}

func (d *Disk) Remove(path string) error {
	return d.do("remove", path, func() error {
		p, err := d.get(path)
		if err != nil {
			return err
		}
		return d.remove(p)
	})
}

func (d *Disk) remove(p place) error {
	switch {
	case p.dir == nil:
		return disk.ErrNotInside
	case p.node.typ == disk.Mount:
		return disk.ErrBusy
	case len(p.node.children) > 0:
		return errNotEmpty
	}
	d.apply(change{node: p.node, from: slot{p.dir, p.key, p.name}})
	return nil
}

func (d *Disk) Rename(from, to string) error {
	return d.do("rename", from, func() error {
		a, b, err := d.pair(from, to)
		if err != nil {
			return err
		}
		if err := d.refuses(b.name); err != nil {
			return err
		}
		if b.node != nil && (b.node != a.node || a.name == b.name) {
			return errExist
		}
		return d.move(a, b)
	})
}

// pair finds an entry that must be there and a second place.
func (d *Disk) pair(from, to string) (a, b place, err error) {
	if a, err = d.get(from); err != nil {
		return a, b, err
	}
	if b, err = d.find(to); err != nil {
		return a, b, err
	}
	if a.dir == nil || b.dir == nil {
		return a, b, disk.ErrNotInside
	}
	return a, b, nil
}

var errOwnChild = errors.New("a folder cannot be moved into itself")

func (d *Disk) move(a, b place) error {
	if a.node.typ == disk.Dir && contains(a.node, b.dir) {
		return errOwnChild
	}
	d.apply(change{node: a.node, from: slot{a.dir, a.key, a.name}, to: slot{b.dir, b.key, b.name}, replaced: b.other(a.node)})
	return nil
}

// other is what stands at a place, unless that is n itself (a change of case).
func (p place) other(n *node) *node {
	if p.node == n {
		return nil
	}
	return p.node
}

// contains tells whether dir is n or lies below it.
func contains(n, dir *node) bool {
	if n == dir {
		return true
	}
	for _, e := range n.children {
		if e.node.typ == disk.Dir && contains(e.node, dir) {
			return true
		}
	}
	return false
}

func (d *Disk) Exchange(a, b string) error {
	return d.do("exchange", a, func() error {
		if d.opt.NoExchange {
			return errors.ErrUnsupported
		}
		pa, pb, err := d.pair(a, b)
		if err != nil {
			return err
		}
		if pb.node == nil {
			return errNotExist
		}
		if contains(pa.node, pb.dir) || contains(pb.node, pa.dir) {
			return errOwnChild
		}
		d.apply(change{node: pa.node, swap: pb.node, from: slot{pa.dir, pa.key, pa.name}, to: slot{pb.dir, pb.key, pb.name}})
		return nil
	})
}

func (d *Disk) SyncDir(dir string) error {
	return d.do("syncdir", dir, func() error {
		p, err := d.get(dir)
		if err != nil {
			return err
		}
		if err := enterable(p.node); err != nil {
			return err
		}
		d.flushDir(p.node)
		return nil
	})
}

func (d *Disk) SetMeta(path string, mtime int64, exec bool) error {
	return d.do("setmeta", path, func() error {
		p, err := d.get(path)
		if err == nil {
			err = readable(p.node)
		}
		if err == nil {
			d.setMeta(p.node, mtime, exec)
		}
		return err
	})
}

func (d *Disk) setMeta(n *node, mtime int64, exec bool) {
	n.mtime, n.exec, n.ctime = d.rounded(mtime), exec && !d.opt.NoExec, d.now()
}

func (d *Disk) Free() (free int64, err error) {
	err = d.do("free", "", func() error {
		if _, err := d.top(); err != nil {
			return err
		}
		free = 1 << 50
		if d.opt.Capacity > 0 {
			free = max(0, d.opt.Capacity-d.used)
		}
		return nil
	})
	return free, err
}

func (d *Disk) CaseSensitive() bool { return !d.opt.CaseInsensitive }

// refuses returns why no entry can get a name.
func (d *Disk) refuses(name string) error {
	if d.opt.StrictDriver && disk.WindowsName(name) != nil {
		return disk.ErrName
	}
	return d.ValidName(name)
}

func (d *Disk) ValidName(name string) error {
	if d.opt.WindowsNames {
		return disk.WindowsName(name)
	}
	return disk.UnixName(name, 255)
}

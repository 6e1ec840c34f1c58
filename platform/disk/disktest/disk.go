// Package disktest has a disk in memory that fails as real ones do: faults at every call, power cuts that lose what was not
// synced, drives that are pulled out, inode numbers that are used again. It also has the conformance suite (Run) that the
// real disk and this one pass. Read disk.go (the tree), then fs.go (disk.FS over it), user.go (what the person at the computer
// does), journal.go (durability and power cuts), suite.go.
package disktest

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"elkjopcloud/platform/disk"
)

// Options choose what kind of disk this is. The zero value is like ext4 on a quiet Linux machine, with numbers never used again.
type Options struct {
	// CaseInsensitive makes names that differ only in case one entry that keeps the case it was made with (NTFS, APFS, FAT).
	CaseInsensitive bool
	// FormInsensitive makes names that differ only in their Unicode form one entry (APFS).
	FormInsensitive bool
	// WindowsNames refuses what Windows cannot hold.
	WindowsNames bool
	// StrictDriver refuses them too, with disk.ErrName, without ValidName knowing of it (NTFS and exFAT behind FUSE).
	StrictDriver bool
	// NoBirth leaves FileID.Birth 0, NoCtime leaves Ctime 0 (Windows), NoExec keeps no execute bits (Windows, FAT).
	NoBirth, NoCtime, NoExec bool
	// ReuseNumbers gives the lowest free inode number to the next new entry at once, as ext4 does.
	ReuseNumbers bool
	// NoExchange makes Exchange unsupported.
	NoExchange bool
	// Granularity is the step of Mtime and Ctime (2 s on FAT, 1 s on HFS+); 0 means nanoseconds, each change with a later time.
	Granularity time.Duration
	// Now is the clock in nanoseconds since 1970; nil counts up by one microsecond at each use, from the autumn of 2026.
	Now func() int64
	// Capacity is the size of the disk in bytes; 0 means endless.
	Capacity int64
	// UserSyncs makes everything that the user-side methods do durable at once.
	UserSyncs bool
}

// Fault is asked around each operation of disk.FS and of its readers and writers, without locks held, so that it may change the
// disk through the user-side methods. op is the method's name in lower case ("readdir", "stat", "open", "create", "openwrite", "mkdir", "remove",
// "rename", "exchange", "syncdir", "setmeta", "free", "read", "write", "sync", "info", "close"); rename and exchange give the path they
// start from.
type Fault func(op, path string) error

// Disk is one disk in memory. It implements disk.FS; its other methods are what users, cables and power stations do. Safe for
// several goroutines.
type Disk struct {
	mu      sync.Mutex
	opt     Options
	root    *node
	behind  *node // what shows at the mount point while the drive is out
	out     outMode
	epoch   int // counts power cuts: files opened before one are dead
	journal []change
	seq     uint64
	nextID  uint64
	free    []uint64 // numbers to use again, unsorted
	used    int64
	clock   int64
	last    int64 // the latest change time given out
	before  Fault
	after   Fault
}

type outMode uint8

const (
	present outMode = iota
	emptyMountPoint
	noAnswer
)

// node is a file or folder. What is durable stands beside what programs see.
type node struct {
	id       disk.FileID
	typ      disk.Type
	mtime    int64
	ctime    int64
	exec     bool
	denied   bool
	data     []byte
	children map[string]entry // by folded name
	durable  durable
}

type entry struct {
	name string
	node *node
}

var _ disk.FS = (*Disk)(nil)

// New returns an empty disk, durable as it is.
func New(opt Options) *Disk {
	d := &Disk{opt: opt, clock: 1_790_000_000_000_000_000}
	d.root = d.newNode(disk.Dir)
	d.root.durable.mtime = d.root.mtime
	return d
}

// SetFaults sets what is asked before an operation (an error: it is not done) and after (an error: it is done and fails all the same).
// Either may be nil.
func (d *Disk) SetFaults(before, after Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before, d.after = before, after
}

func (d *Disk) newNode(typ disk.Type) *node {
	now := d.now()
	n := &node{typ: typ, mtime: now, ctime: now, id: disk.FileID{Number: d.newNumber()}}
	if !d.opt.NoBirth {
		n.id.Birth = now
	}
	return n
}

func (d *Disk) newNumber() uint64 {
	if len(d.free) == 0 {
		d.nextID++
		return d.nextID
	}
	lowest := 0
	for i, number := range d.free {
		if number < d.free[lowest] {
			lowest = i
		}
	}
	number := d.free[lowest]
	d.free[lowest] = d.free[len(d.free)-1]
	d.free = d.free[:len(d.free)-1]
	return number
}

// now returns the time of a change. Without a granularity no two changes share one, as on kernels with fine time stamps.
func (d *Disk) now() int64 {
	now := d.clock
	if d.opt.Now != nil {
		now = d.opt.Now()
	} else {
		d.clock += 1000
	}
	if step := int64(d.opt.Granularity); step > 0 {
		return now - now%step
	}
	if now <= d.last {
		now = d.last + 1
	}
	d.last = now
	return now
}

// rounded is a time as this disk stores it.
func (d *Disk) rounded(t int64) int64 {
	if step := int64(d.opt.Granularity); step > 0 {
		return t - t%step
	}
	return t
}

// fold maps the names that are one entry on this disk to one string.
func (d *Disk) fold(name string) string {
	if d.opt.FormInsensitive {
		name = norm.NFC.String(name)
	}
	if d.opt.CaseInsensitive {
		name = strings.ToLower(strings.ToUpper(name))
	}
	return name
}

// top is the folder that programs see as the root now.
func (d *Disk) top() (*node, error) {
	switch d.out {
	case noAnswer:
		return nil, disk.ErrGone
	case emptyMountPoint:
		return d.behind, nil
	}
	return d.root, nil
}

// place is where a path's last element is, or would be.
type place struct {
	dir  *node
	key  string // the folded name
	name string
	node *node // nil when nothing is there
}

// find goes to the folder that holds path without following links.
func (d *Disk) find(path string) (place, error) {
	at, err := d.top()
	if err != nil {
		return place{}, err
	}
	if path == "" {
		return place{node: at}, nil
	}
	for rest := path; ; {
		name, after, more := strings.Cut(rest, "/")
		if name == "" || name == "." || name == ".." || strings.IndexByte(name, 0) >= 0 {
			return place{}, disk.ErrNotInside
		}
		if err := enterable(at); err != nil {
			return place{}, err
		}
		key := d.fold(name)
		next := at.children[key].node
		if !more {
			return place{dir: at, key: key, name: name, node: next}, nil
		}
		at, rest = next, after
	}
}

// get finds an entry that must be there.
func (d *Disk) get(path string) (place, error) {
	p, err := d.find(path)
	if err == nil && p.node == nil {
		err = errNotExist
	}
	return p, err
}

// enterable tells whether names can be looked up in n.
func enterable(n *node) error {
	switch {
	case n == nil:
		return errNotExist
	case n.typ == disk.Symlink || n.typ == disk.Mount:
		return disk.ErrNotInside
	case n.typ != disk.Dir:
		return errNotExist
	case n.denied:
		return errPermission
	}
	return nil
}

func (d *Disk) info(name string, n *node) disk.Info {
	info := disk.Info{Name: name, Type: n.typ, Exec: n.exec}
	info.Size, info.Mtime, info.Ctime, info.ID = int64(len(n.data)), n.mtime, n.ctime, n.id
	if d.opt.NoCtime {
		info.Ctime = 0
	}
	return info
}

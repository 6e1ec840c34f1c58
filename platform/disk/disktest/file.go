package disktest

import (
	"errors"
	"io"
	"io/fs"

	"elkjopcloud/platform/disk"
)

// file is an opened file. It goes on working when the name is renamed or removed, and dies with a power cut.
type file struct {
	disk   *Disk
	node   *node
	path   string
	name   string
	opened disk.Info
	offset int64
	epoch  int
	closed bool
}

// do runs one operation on the file between its faults.
func (f *file) do(op string, run func() error) error {
	return f.disk.do(op, f.path, func() error {
		switch {
		case f.closed:
			return fs.ErrClosed
		case f.epoch != f.disk.epoch || f.disk.out == noAnswer:
			return disk.ErrGone
		}
		return run()
	})
}

func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.offset)
	f.offset += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

func (f *file) ReadAt(p []byte, off int64) (n int, err error) {
	end := false
	err = f.do("read", func() error {
		if off < 0 {
			return errors.New("negative offset")
		}
		if off < int64(len(f.node.data)) {
			n = copy(p, f.node.data[off:])
		}
		end = n < len(p)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if end {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		f.disk.mu.Lock()
		offset += int64(len(f.node.data))
		f.disk.mu.Unlock()
	}
	if offset < 0 {
		return 0, errors.New("seek before the start")
	}
	f.offset = offset
	return offset, nil
}

func (f *file) Write(p []byte) (int, error) {
	n, err := f.WriteAt(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *file) WriteAt(p []byte, off int64) (n int, err error) {
	err = f.do("write", func() (err error) {
		n, err = f.disk.write(f.node, p, off)
		return err
	})
	return n, err
}

// write puts p at off, as much as fits on the disk.
func (d *Disk) write(n *node, p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	grow := off + int64(len(p)) - int64(len(n.data))
	var full error
	if room := d.opt.Capacity - d.used; d.opt.Capacity > 0 && grow > max(0, room) {
		full = disk.ErrFull
		p = p[:max(0, int64(len(p))-(grow-max(0, room)))]
		grow = off + int64(len(p)) - int64(len(n.data))
	}
	if len(p) == 0 {
		return 0, full
	}
	d.touchData(n)
	if grow > 0 {
		n.data = append(n.data, make([]byte, grow)...)
		d.used += grow
	}
	copy(n.data[off:], p)
	return len(p), full
}

func (f *file) WriteOut() {}

func (f *file) Sync() error {
	return f.do("sync", func() error {
		f.node.sync()
		return nil
	})
}

func (f *file) SetMeta(mtime int64, exec bool) error {
	return f.do("setmeta", func() error {
		f.disk.setMeta(f.node, mtime, exec)
		return nil
	})
}

func (f *file) Opened() disk.Info { return f.opened }

func (f *file) Info() (info disk.Info, err error) {
	err = f.do("info", func() error {
		info = f.disk.info(f.name, f.node)
		return nil
	})
	return info, err
}

func (f *file) Close() error {
	return f.do("close", func() error {
		f.closed = true
		return nil
	})
}

package disk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	statMask  = unix.STATX_BASIC_STATS | unix.STATX_BTIME
	statFlags = unix.AT_SYMLINK_NOFOLLOW | unix.AT_NO_AUTOMOUNT
)

// statAt looks at one entry of an opened folder.
func statAt(dir int, name string) (Info, error) {
	var st unix.Statx_t
	err := statx(dir, name, statFlags, statMask, &st)
	if err == unix.ENOSYS || err == unix.EPERM {
		return fstatAt(dir, name)
	}
	if err != nil {
		return deadMount(dir, name, err)
	}
	return infoOf(name, &st), nil
}

// deadMount keeps one dead or foreign mount inside the root (a network mount whose server is away, a FUSE mount of another user) from
// looking like a failure of the root's own disk: the kernel still tells, without asking it, that something is mounted there.
func deadMount(dir int, name string, cause error) (Info, error) {
	var st unix.Statx_t
	err := statx(dir, name, statFlags|unix.AT_STATX_DONT_SYNC, 0, &st)
	if err == nil && st.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0 {
		return Info{Name: name, Type: Mount}, nil
	}
	return Info{}, cause
}

// statFD looks at an opened file or folder.
func statFD(fd int, name string) (Info, error) {
	var st unix.Statx_t
	err := statx(fd, "", unix.AT_EMPTY_PATH, statMask, &st)
	if err == unix.ENOSYS || err == unix.EPERM {
		return fstatFD(fd, name)
	}
	if err != nil {
		return Info{}, err
	}
	return infoOf(name, &st), nil
}

func statx(dir int, name string, flags, mask int, st *unix.Statx_t) error {
	for {
		if err := unix.Statx(dir, name, flags, mask, st); err != unix.EINTR {
			return err
		}
	}
}

func infoOf(name string, st *unix.Statx_t) Info {
	info := Info{Name: name, Type: typeOf(uint32(st.Mode)), Exec: isExec(uint32(st.Mode))}
	if st.Attributes&unix.STATX_ATTR_MOUNT_ROOT != 0 {
		info.Type = Mount
	}
	info.Size, info.Mtime, info.Ctime = int64(st.Size), nanos(st.Mtime), nanos(st.Ctime)
	info.ID.Number = st.Ino
	if st.Mask&unix.STATX_BTIME != 0 {
		info.ID.Birth = nanos(st.Btime)
	}
	if info.Type == Dir {
		info.Size = 0
	}
	return info
}

func nanos(t unix.StatxTimestamp) int64 { return t.Sec*1e9 + int64(t.Nsec) }

// fstatAt and fstatFD serve kernels and sandboxes without statx; they know no birth times.
func fstatAt(dir int, name string) (Info, error) {
	var st, folder unix.Stat_t
	if err := again(func() error { return unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW) }); err != nil {
		return Info{}, err
	}
	if err := again(func() error { return unix.Fstat(dir, &folder) }); err != nil {
		return Info{}, err
	}
	info := infoOfStat(name, &st)
	if st.Dev != folder.Dev {
		info.Type = Mount
	}
	return info, nil
}

func fstatFD(fd int, name string) (Info, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstat(fd, &st) })
	return infoOfStat(name, &st), err
}

func infoOfStat(name string, st *unix.Stat_t) Info {
	info := Info{Name: name, Type: typeOf(st.Mode), Exec: isExec(st.Mode)}
	info.Size, info.Mtime, info.Ctime = st.Size, st.Mtim.Nano(), st.Ctim.Nano()
	info.ID.Number = st.Ino
	if info.Type == Dir {
		info.Size = 0
	}
	return info
}

func typeOf(mode uint32) Type {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return File
	case unix.S_IFDIR:
		return Dir
	case unix.S_IFLNK:
		return Symlink
	}
	return Special
}

func isExec(mode uint32) bool { return mode&unix.S_IFMT == unix.S_IFREG && mode&0o100 != 0 }

func setMtime(fd int, mtime int64) error {
	times := [2]unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(mtime)}
	return again(func() error {
		_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, uintptr(fd), 0, uintptr(unsafe.Pointer(&times)), 0, 0, 0)
		if errno != 0 {
			return errno
		}
		return nil
	})
}

// dirent is one name as the folder gives it, before anybody looked at it.
type dirent struct {
	name  string
	inode uint64
}

// listDir lists an opened folder. Entries are looked at in inode order, which saves a spinning disk most of its seeks.
func listDir(ctx context.Context, fd int) ([]Info, error) {
	entries, err := readEntries(fd)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b dirent) int {
		if a.inode < b.inode {
			return -1
		}
		return 1
	})
	infos := make([]Info, 0, len(entries))
	for i, e := range entries {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		info, err := statAt(fd, e.name)
		if err == unix.ENOENT {
			continue // gone since the folder was read
		}
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	slices.SortFunc(infos, func(a, b Info) int { return strings.Compare(a.Name, b.Name) })
	return infos, nil
}

func listNames(fd int) ([]string, error) {
	entries, err := readEntries(fd)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	return names, err
}

// direntBuffers holds buffers of 64 KiB, which take some 2 000 names in one call.
var direntBuffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

func readEntries(fd int) ([]dirent, error) {
	buf := direntBuffers.Get().(*[64 << 10]byte)
	defer direntBuffers.Put(buf)
	var entries []dirent
	for {
		n, err := unix.Getdents(fd, buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return entries, nil
		}
		entries = parseEntries(buf[:n], entries)
	}
}

// parseEntries reads the kernel's linux_dirent64 records: inode (8 bytes), offset (8), record length (2), type (1), name up to NUL.
func parseEntries(buf []byte, entries []dirent) []dirent {
	for len(buf) > 19 {
		record := (*unix.Dirent)(unsafe.Pointer(&buf[0]))
		name := buf[19:record.Reclen]
		for i, c := range name {
			if c == 0 {
				name = name[:i]
				break
			}
		}
		if s := string(name); s != "." && s != ".." {
			entries = append(entries, dirent{name: s, inode: record.Ino})
		}
		buf = buf[record.Reclen:]
	}
	return entries
}

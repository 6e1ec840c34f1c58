package disk

import (
	"context"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// statAt looks at one entry of an opened folder.
func statAt(dir int, name string) (Info, error) {
	device, err := deviceOf(dir)
	if err != nil {
		return Info{}, err
	}
	return statOn(device, dir, name)
}

func deviceOf(fd int) (int32, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstat(fd, &st) })
	return st.Dev, err
}

// statOn looks at an entry of a folder that lies on device; an entry on another one is a mount point.
func statOn(device int32, dir int, name string) (Info, error) {
	var st unix.Stat_t
	if err := again(func() error { return unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW) }); err != nil {
		return Info{}, err
	}
	info := infoOf(name, &st)
	if st.Dev != device {
		info.Type = Mount
	}
	return info, nil
}

// statFD looks at an opened file or folder.
func statFD(fd int, name string) (Info, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstat(fd, &st) })
	return infoOf(name, &st), err
}

func infoOf(name string, st *unix.Stat_t) Info {
	info := Info{Name: name, Type: typeOf(st)}
	info.Exec = info.Type == File && st.Mode&0o100 != 0
	info.Size, info.Mtime, info.Ctime = st.Size, st.Mtim.Nano(), st.Ctim.Nano()
	info.ID = FileID{Number: st.Ino, Birth: st.Btim.Nano()}
	if info.Type == Dir {
		info.Size = 0
	}
	return info
}

func typeOf(st *unix.Stat_t) Type {
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		if st.Flags&unix.SF_DATALESS != 0 {
			return Placeholder
		}
		return File
	case unix.S_IFDIR:
		if st.Flags&unix.SF_DATALESS != 0 {
			return Placeholder // listing it would download it
		}
		return Dir
	case unix.S_IFLNK:
		return Symlink
	}
	return Special
}

func setMtime(fd int, mtime int64) error {
	times := []unix.Timeval{unix.NsecToTimeval(mtime), unix.NsecToTimeval(mtime)}
	return again(func() error { return unix.Futimes(fd, times) })
}

// listDir lists an opened folder.
func listDir(ctx context.Context, fd int) ([]Info, error) {
	device, err := deviceOf(fd)
	if err != nil {
		return nil, err
	}
	names, err := listNames(fd)
	if err != nil {
		return nil, err
	}
	infos := make([]Info, 0, len(names))
	for i, name := range names {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		info, err := statOn(device, fd, name)
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

// listNames reads all names of an opened folder, which stays open.
func listNames(fd int) ([]string, error) {
	second, err := openAt(fd, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(second), "folder")
	defer f.Close()
	return f.Readdirnames(-1)
}

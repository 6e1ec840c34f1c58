package disk

import (
	"errors"
	"io/fs"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestTypes(t *testing.T) {
	const (
		reparse  = windows.FILE_ATTRIBUTE_REPARSE_POINT
		dir      = windows.FILE_ATTRIBUTE_DIRECTORY
		symlink  = 0xA000000C
		junction = 0xA0000003
		dedup    = 0x80000013
		oneDrive = 0x9000601A
	)
	for _, c := range []struct {
		attributes, tag uint32
		want            Type
	}{
		{0, 0, File}, {dir, 0, Dir}, {reparse, symlink, Symlink}, {reparse | dir, symlink, Symlink}, {reparse | dir, junction, Symlink},
		{reparse, dedup, File}, {reparse, oneDrive, File}, {reparse | dir, oneDrive, Dir},
		{reparse | windows.FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS, oneDrive, Placeholder},
		{reparse | dir | windows.FILE_ATTRIBUTE_RECALL_ON_OPEN, oneDrive, Placeholder},
		{windows.FILE_ATTRIBUTE_OFFLINE, 0, Placeholder}, {reparse, tagUnixSocket, Special},
	} {
		if got := typeOf(c.attributes, c.tag); got != c.want {
			t.Errorf("%#x %#x: %v, want %v", c.attributes, c.tag, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for errno, kind := range map[windows.Errno]error{
		windows.ERROR_NOT_READY: ErrGone, windows.ERROR_BAD_NETPATH: ErrGone, windows.ERROR_DISK_FULL: ErrFull,
		windows.ERROR_WRITE_PROTECT: ErrReadOnly, windows.ERROR_SHARING_VIOLATION: ErrBusy, windows.ERROR_LOCK_VIOLATION: ErrBusy,
		windows.ERROR_FILE_NOT_FOUND: fs.ErrNotExist, windows.ERROR_PATH_NOT_FOUND: fs.ErrNotExist, windows.ERROR_DIRECTORY: fs.ErrNotExist,
		windows.ERROR_ALREADY_EXISTS: fs.ErrExist, windows.ERROR_DIR_NOT_EMPTY: fs.ErrExist, windows.ERROR_ACCESS_DENIED: fs.ErrPermission,
	} {
		err := fail("op", "path", errno)
		if !errors.Is(err, kind) {
			t.Errorf("%v does not match %v", errno, kind)
		}
		if kind == ErrGone && IsNotExist(err) {
			t.Errorf("%v looks like a missing file", errno)
		}
	}
}

// The layout of FILE_ID_BOTH_DIR_INFO (winbase.h).
func TestLayout(t *testing.T) {
	var info idBothDirInfo
	for name, pair := range map[string][2]uintptr{
		"attributes": {unsafe.Offsetof(info.attributes), 56}, "reparseTag": {unsafe.Offsetof(info.reparseTag), 64},
		"shortName": {unsafe.Offsetof(info.shortName), 70}, "id": {unsafe.Offsetof(info.id), 96}, "name": {unsafe.Offsetof(info.name), 104},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s at %d, want %d", name, pair[0], pair[1])
		}
	}
}

func TestLongPath(t *testing.T) {
	for path, want := range map[string]string{
		`C:\a`: `\\?\C:\a`, `\\nas\share\a`: `\\?\UNC\nas\share\a`, `\\?\C:\a`: `\\?\C:\a`,
	} {
		if got := longPath(path); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

package dirstore

import (
	"errors"
	"os"
	"time"

	"elkjopcloud/platform/objstore"
	"golang.org/x/sys/windows"
)

// errnoKind knows the codes that say more than io/fs does.
func errnoKind(err error) objstore.Kind {
	var code windows.Errno
	if !errors.As(err, &code) {
		return objstore.Other
	}
	switch code {
	case windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED:
		return objstore.Full
	case windows.ERROR_NOT_READY, windows.ERROR_DEVICE_NOT_CONNECTED, windows.ERROR_IO_DEVICE, windows.ERROR_NETNAME_DELETED, windows.ERROR_BAD_NETPATH,
		windows.ERROR_BAD_NET_NAME, windows.ERROR_UNEXP_NET_ERR, windows.ERROR_SEM_TIMEOUT, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_NETWORK_UNREACHABLE:
		return objstore.Unreachable
	case windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_DELETE_PENDING:
		return objstore.Busy
	case windows.ERROR_WRITE_PROTECT:
		return objstore.Denied
	case windows.ERROR_INVALID_NAME, windows.ERROR_FILENAME_EXCED_RANGE, windows.ERROR_DIRECTORY, windows.ERROR_FILE_TOO_LARGE:
		return objstore.Invalid
	}
	return objstore.Other
}

// badName tells whether the disk cannot hold a name.
func badName(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_NAME) || errors.Is(err, windows.ERROR_FILENAME_EXCED_RANGE) || errors.Is(err, windows.ERROR_DIRECTORY)
}

// syncDir does nothing: Windows keeps entries in its journal and offers nothing else to a program without rights.
func syncDir(*os.Root, string) error { return nil }

// rename moves a file over whatever is there, in one step. NTFS does that at once; FAT and network drives refuse while somebody
// reads the file that is replaced, so it is tried for a second, and then it is Busy instead of Denied.
func rename(root *os.Root, from, to string) error {
	err := root.Rename(from, to)
	for try := 0; try < 50 && inUse(err); try++ {
		<-time.After(20 * time.Millisecond)
		err = root.Rename(from, to)
	}
	if info, statErr := root.Lstat(to); inUse(err) && statErr == nil && info.Mode().IsRegular() {
		return errors.Join(windows.ERROR_SHARING_VIOLATION, err)
	}
	return err
}

func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
}

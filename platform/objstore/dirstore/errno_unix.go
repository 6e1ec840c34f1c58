//go:build unix

package dirstore

import (
	"errors"
	"os"
	"syscall"

	"elkjopcloud/platform/objstore"
)

// errnoKind knows the codes that say more than io/fs does.
func errnoKind(err error) objstore.Kind {
	var code syscall.Errno
	if !errors.As(err, &code) {
		return objstore.Other
	}
	switch code {
	case syscall.ENOSPC, syscall.EDQUOT:
		return objstore.Full
	case syscall.EIO, syscall.ENODEV, syscall.ENXIO, syscall.ESTALE, syscall.ENOTCONN, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ETIMEDOUT:
		return objstore.Unreachable
	case syscall.EROFS, syscall.EACCES, syscall.EPERM:
		return objstore.Denied
	case syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ, syscall.ENOTDIR, syscall.EISDIR, syscall.EFBIG, syscall.ELOOP, syscall.EXDEV:
		return objstore.Invalid
	case syscall.EBUSY, syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN, syscall.ENOMEM, syscall.ETXTBSY:
		return objstore.Busy
	}
	return objstore.Other
}

// badName tells whether the disk cannot hold a name.
func badName(err error) bool {
	return errors.Is(err, syscall.EILSEQ) || errors.Is(err, syscall.ENAMETOOLONG)
}

// syncDir makes a folder's entries durable, where the file system knows how to.
func syncDir(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOSYS) {
		return nil // network and FUSE file systems
	}
	return err
}

// rename moves a file over whatever is there, in one step.
func rename(root *os.Root, from, to string) error { return root.Rename(from, to) }

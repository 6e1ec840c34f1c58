package trashcan

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	foDelete           = 3
	fofSilent          = 0x0004
	fofNoConfirmation  = 0x0010
	fofAllowUndo       = 0x0040 // into the recycle bin
	fofNoErrorUI       = 0x0400
	fofWantNukeWarning = 0x4000 // ask before deleting what does not fit into the bin
)

// fileOperation is SHFILEOPSTRUCTW on 64-bit systems.
type fileOperation struct {
	window      uintptr
	function    uint32
	from        *uint16 // a list of paths, ended by an empty one
	to          *uint16
	flags       uint16
	aborted     int32
	nameMapping uintptr
	title       *uint16
}

// binInfo is SHQUERYRBINFO on 64-bit systems.
type binInfo struct {
	size  uint32
	bytes int64
	items int64
}

// move uses SHFileOperation. What that cannot recycle it deletes, so everything that makes it delete is looked for before, and
// afterwards the bin must hold more than it did.
func move(path string, before fs.FileInfo) error {
	root, err := volumeRoot(path)
	if err != nil {
		return err
	}
	if err := recycles(root, before); err != nil {
		return err
	}
	had, err := binItems(root)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoBin, err)
	}
	if err := remove(path); err != nil {
		return err
	}
	if has, err := binItems(root); err != nil || has <= had {
		return errors.Join(ErrNotProven, err)
	}
	return nil
}

func remove(path string) error {
	list, err := windows.UTF16FromString(path)
	if err != nil {
		return err
	}
	list = append(list, 0)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED); err == nil {
		defer windows.CoUninitialize()
	}
	operation := fileOperation{
		function: foDelete,
		from:     &list[0],
		flags:    fofSilent | fofNoConfirmation | fofAllowUndo | fofNoErrorUI | fofWantNukeWarning,
	}
	code, _, _ := windows.NewLazySystemDLL("shell32.dll").NewProc("SHFileOperationW").Call(uintptr(unsafe.Pointer(&operation)))
	if code != 0 {
		return fmt.Errorf("SHFileOperation: error %#x", code)
	}
	if operation.aborted != 0 {
		return errors.New("SHFileOperation was cancelled")
	}
	return nil
}

// volumeRoot returns the root of a path's volume, such as `C:\`.
func volumeRoot(path string) (string, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", err
	}
	buffer := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(name, &buffer[0], uint32(len(buffer))); err != nil {
		return "", fmt.Errorf("find the drive: %w", err)
	}
	return windows.UTF16ToString(buffer), nil
}

// recycles refuses drives without a bin (network, removable), bins that the user or a policy switched off, and files that are larger
// than the bin. A folder's size is not known here; for that, and for what a later Windows may add, the system asks the user.
func recycles(root string, before fs.FileInfo) error {
	name, err := windows.UTF16PtrFromString(root)
	if err != nil {
		return err
	}
	if windows.GetDriveType(name) != windows.DRIVE_FIXED {
		return ErrNoBin
	}
	const policy = `Software\Microsoft\Windows\CurrentVersion\Policies\Explorer`
	if setting(registry.CURRENT_USER, policy, "NoRecycleFiles", 0) != 0 || setting(registry.LOCAL_MACHINE, policy, "NoRecycleFiles", 0) != 0 {
		return fmt.Errorf("%w: a policy switched it off", ErrNoBin)
	}
	bucket := `Software\Microsoft\Windows\CurrentVersion\Explorer\BitBucket\Volume\` + volumeGUID(name)
	if setting(registry.CURRENT_USER, bucket, "NukeOnDelete", 0) != 0 {
		return fmt.Errorf("%w: it is switched off", ErrNoBin)
	}
	if megabytes := setting(registry.CURRENT_USER, bucket, "MaxCapacity", math.MaxUint32); uint64(before.Size())>>20 >= megabytes {
		return fmt.Errorf("%w: the file is larger than the bin", ErrNoBin)
	}
	return nil
}

// volumeGUID returns "{…}", or "" when the drive has none.
func volumeGUID(root *uint16) string {
	var buffer [64]uint16
	if windows.GetVolumeNameForVolumeMountPoint(root, &buffer[0], uint32(len(buffer))) != nil {
		return ""
	}
	return strings.TrimPrefix(filepath.Base(windows.UTF16ToString(buffer[:])), "Volume")
}

// setting reads a number from the registry; what is not there is otherwise.
func setting(root registry.Key, path, name string, otherwise uint64) uint64 {
	key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if err != nil {
		return otherwise
	}
	defer key.Close()
	value, _, err := key.GetIntegerValue(name)
	if err != nil {
		return otherwise
	}
	return value
}

func binItems(root string) (int64, error) {
	name, err := windows.UTF16PtrFromString(root)
	if err != nil {
		return 0, err
	}
	info := binInfo{size: uint32(unsafe.Sizeof(binInfo{}))}
	query := windows.NewLazySystemDLL("shell32.dll").NewProc("SHQueryRecycleBinW")
	code, _, _ := query.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&info)))
	if code != 0 {
		return 0, fmt.Errorf("SHQueryRecycleBin: error %#x", code)
	}
	return info.items, nil
}

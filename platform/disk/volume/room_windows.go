package volume

import (
	"os"

	"golang.org/x/sys/windows"
)

// room is this user's own, where the drive has limits for each.
func room(path string) (free, size int64, err error) {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, &os.PathError{Op: "GetDiskFreeSpaceEx", Path: path, Err: err}
	}
	var mine, all uint64
	if err := windows.GetDiskFreeSpaceEx(p, &mine, &all, nil); err != nil {
		return 0, 0, &os.PathError{Op: "GetDiskFreeSpaceEx", Path: path, Err: err}
	}
	if all > 1<<62 || mine > all {
		return 0, 0, nil
	}
	return int64(mine), int64(all), nil
}

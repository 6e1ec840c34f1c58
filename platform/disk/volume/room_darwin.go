package volume

import (
	"os"

	"golang.org/x/sys/unix"
)

// room leaves out what the system keeps for itself.
func room(path string) (free, size int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return 0, 0, &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	return roomOf(st.Blocks, st.Bfree, st.Bavail, int64(st.Bsize))
}

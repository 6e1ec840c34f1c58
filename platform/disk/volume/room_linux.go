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
	unit := st.Frsize // statfs(2): what blocks are counted in; 0 on old systems
	if unit <= 0 {
		unit = st.Bsize
	}
	return roomOf(st.Blocks, st.Bfree, st.Bavail, unit)
}

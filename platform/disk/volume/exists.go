//go:build darwin || windows

package volume

import "os"

// exists turns a missing path into an error before a system would look at its parent instead.
func exists(path string) error {
	_, err := os.Stat(path)
	return err
}

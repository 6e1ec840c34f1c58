//go:build !linux && !darwin

package s3store

import "syscall"

// acked is not known here.
func acked(syscall.RawConn) (n uint64, ok bool) { return 0, false }

package s3store

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// acked counts the bytes that the other side has confirmed.
func acked(c syscall.RawConn) (n uint64, ok bool) {
	outer := c.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err == nil {
			n, ok = info.Bytes_acked, true
		}
	})
	return n, ok && outer == nil
}

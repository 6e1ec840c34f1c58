package s3store

import (
	"math"
	"syscall"

	"golang.org/x/sys/unix"
)

// acked grows with the bytes that the other side has confirmed: those that still wait in the socket, subtracted from the most there can be.
func acked(c syscall.RawConn) (n uint64, ok bool) {
	outer := c.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPConnectionInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_CONNECTION_INFO)
		if err == nil {
			n, ok = math.MaxUint32-uint64(info.Snd_sbbytes), true
		}
	})
	return n, ok && outer == nil
}

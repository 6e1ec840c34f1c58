//go:build unix

package nettest

import (
	"context"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// listen takes an address whose connections have little room in the kernel, or a slow line would swallow a whole file at once.
func listen(address string) (net.Listener, error) {
	small := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		outer := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 2*room) })
		if outer != nil {
			return outer
		}
		return err
	}}
	return small.Listen(context.Background(), "tcp", address)
}

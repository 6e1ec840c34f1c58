package instance

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	pipePrefix = `\\.\pipe\elkjop-start-`
	pipeBuffer = 16 << 10
	busyAgain  = 20 * time.Millisecond
)

// pipe is a named pipe that only this user can open, from this computer. Its name is random and stands in the home.
type pipe struct {
	name   string
	rights *windows.SecurityAttributes
	stop   windows.Handle // an event, set when the pipe is closed

	mu     sync.Mutex
	next   windows.Handle // the instance that waits for a visitor; there always is one, so that nobody else can take the name
	closed bool
}

func openDoor(string) (door, error) {
	rights, err := onlyMe()
	if err != nil {
		return nil, err
	}
	p := &pipe{name: pipePrefix + rand.Text(), rights: rights}
	if p.stop, err = windows.CreateEvent(nil, 1, 0, nil); err != nil {
		return nil, fmt.Errorf("make an event: %w", err)
	}
	if p.next, err = p.instance(windows.FILE_FLAG_FIRST_PIPE_INSTANCE); err != nil {
		return nil, errors.Join(err, windows.CloseHandle(p.stop))
	}
	return p, nil
}

// onlyMe gives every right to this user and none to anybody else.
func onlyMe() (*windows.SecurityAttributes, error) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("find out who we are: %w", err)
	}
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;;GA;;;" + me.User.Sid.String() + ")")
	if err != nil {
		return nil, fmt.Errorf("describe who may ask: %w", err)
	}
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: descriptor}, nil
}

func (p *pipe) instance(flags uint32) (windows.Handle, error) {
	name, err := windows.UTF16PtrFromString(p.name)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateNamedPipe(name, windows.PIPE_ACCESS_DUPLEX|windows.FILE_FLAG_OVERLAPPED|flags,
		windows.PIPE_TYPE_BYTE|windows.PIPE_READMODE_BYTE|windows.PIPE_WAIT|windows.PIPE_REJECT_REMOTE_CLIENTS,
		windows.PIPE_UNLIMITED_INSTANCES, pipeBuffer, pipeBuffer, 0, p.rights)
	if err != nil {
		return 0, fmt.Errorf("make the pipe: %w", err)
	}
	return h, nil
}

// accept waits for a visitor, and makes the next instance before it returns this one.
func (p *pipe) accept() (visitor, error) {
	p.mu.Lock()
	here := p.next
	p.mu.Unlock()
	if err := p.connect(here); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, os.ErrClosed
	}
	next, err := p.instance(0)
	if err != nil {
		return nil, err
	}
	p.next = next
	return newVisitor(here, p.name), nil
}

func (p *pipe) connect(h windows.Handle) error {
	came, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return fmt.Errorf("make an event: %w", err)
	}
	defer windows.CloseHandle(came)
	waiting := &windows.Overlapped{HEvent: came}
	err = windows.ConnectNamedPipe(h, waiting)
	if err == nil || errors.Is(err, windows.ERROR_PIPE_CONNECTED) {
		return nil
	}
	if !errors.Is(err, windows.ERROR_IO_PENDING) {
		return fmt.Errorf("wait at the pipe: %w", err)
	}
	which, err := windows.WaitForMultipleObjects([]windows.Handle{came, p.stop}, false, windows.INFINITE)
	var done uint32
	if err != nil || which != windows.WAIT_OBJECT_0 {
		_ = windows.CancelIoEx(h, waiting)                       // it may have ended by itself
		_ = windows.GetOverlappedResult(h, waiting, &done, true) // the system must not use it any more when we return
		return errors.Join(os.ErrClosed, err)
	}
	return windows.GetOverlappedResult(h, waiting, &done, false)
}

func (p *pipe) address() string { return p.name }

// close wakes whoever waits; the handles are closed when nobody uses them.
func (p *pipe) close() error {
	if err := windows.SetEvent(p.stop); err != nil {
		return fmt.Errorf("close the pipe: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	return windows.CloseHandle(p.next)
}

// newVisitor lets the runtime wait for the pipe, so that deadlines work. What was written is read before the pipe breaks.
func newVisitor(h windows.Handle, name string) visitor {
	return served{os.NewFile(uintptr(h), name)}
}

// served is the server's end of a connection.
type served struct{ *os.File }

// Close waits until the visitor has read the answer, but not for ever: the visitor's end has a deadline too.
func (s served) Close() error {
	_ = s.SetDeadline(time.Now().Add(talkTime)) // else a visitor that stays holds the others up
	var one [1]byte
	_, _ = s.Read(one[:]) // ends when the visitor closes its end
	return s.File.Close()
}

// knock opens the pipe. Whoever has it may learn who we are, and cannot act in our name.
func knock(ctx context.Context, address string) (visitor, error) {
	if !strings.HasPrefix(address, pipePrefix) || strings.ContainsAny(address[len(pipePrefix):], `\/`) {
		return nil, fmt.Errorf("%q is not a pipe of ours", address)
	}
	name, err := windows.UTF16PtrFromString(address)
	if err != nil {
		return nil, err
	}
	for {
		h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING,
			windows.FILE_FLAG_OVERLAPPED|windows.SECURITY_SQOS_PRESENT|windows.SECURITY_IDENTIFICATION, 0)
		if err == nil {
			return os.NewFile(uintptr(h), address), nil
		}
		if !errors.Is(err, windows.ERROR_PIPE_BUSY) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(busyAgain):
		}
	}
}

package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	bufferBytes = 64 << 10 // the most that a network server accepts; what does not fit is reported as lost
	notices     = windows.FILE_NOTIFY_CHANGE_FILE_NAME | windows.FILE_NOTIFY_CHANGE_DIR_NAME | windows.FILE_NOTIFY_CHANGE_ATTRIBUTES |
		windows.FILE_NOTIFY_CHANGE_SIZE | windows.FILE_NOTIFY_CHANGE_LAST_WRITE | windows.FILE_NOTIFY_CHANGE_CREATION
)

// changes reads the changes of a whole tree from one handle (ReadDirectoryChangesW). Between two reads the system gathers changes in a
// buffer of its own; when that runs over it says so. Two buffers take turns, so that the next read is asked for before the last one's
// result is looked at.
type changes struct {
	target
	folder  windows.Handle
	ready   windows.Handle // set when a read is complete
	stop    windows.Handle // set when run is to end
	pending windows.Overlapped
	buffers [2][bufferBytes / 4]uint32 // the system wants them aligned
	current int
}

func openSource(_ context.Context, t target) (source, error) {
	name, err := windows.UTF16PtrFromString(t.root)
	if err != nil {
		return nil, err
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	const flags = windows.FILE_FLAG_BACKUP_SEMANTICS | windows.FILE_FLAG_OVERLAPPED
	folder, err := windows.CreateFile(name, windows.FILE_LIST_DIRECTORY, share, nil, windows.OPEN_EXISTING, flags, 0)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	c := &changes{target: t, folder: folder}
	if err := c.begin(); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// begin makes the events and asks for the first read: from now on nothing is missed.
func (c *changes) begin() error {
	for _, event := range []*windows.Handle{&c.ready, &c.stop} {
		handle, err := windows.CreateEvent(nil, 1, 0, nil)
		if err != nil {
			return fmt.Errorf("create event: %w", err)
		}
		*event = handle
	}
	return c.ask()
}

// close ends the read that is under way first: until that is over, the system may write into the buffer.
func (c *changes) close() {
	var n uint32
	_ = windows.CancelIoEx(c.folder, &c.pending)
	_ = windows.GetOverlappedResult(c.folder, &c.pending, &n, true)
	for _, handle := range []windows.Handle{c.folder, c.ready, c.stop} {
		if handle != 0 {
			_ = windows.CloseHandle(handle)
		}
	}
}

// ask begins a read into the current buffer.
func (c *changes) ask() error {
	c.pending = windows.Overlapped{HEvent: c.ready}
	if err := windows.ResetEvent(c.ready); err != nil {
		return fmt.Errorf("reset event: %w", err)
	}
	buffer := (*byte)(unsafe.Pointer(&c.buffers[c.current]))
	err := windows.ReadDirectoryChanges(c.folder, buffer, bufferBytes, true, notices, nil, &c.pending, 0)
	if errors.Is(err, windows.ERROR_NOTIFY_ENUM_DIR) {
		return errOverflow
	}
	if err != nil {
		return fmt.Errorf("read changes: %w", err)
	}
	return nil
}

func (c *changes) run(ctx context.Context) error {
	defer c.stopWith(ctx)()
	for {
		if _, err := windows.WaitForMultipleObjects([]windows.Handle{c.stop, c.ready}, false, windows.INFINITE); err != nil {
			return fmt.Errorf("wait for changes: %w", err)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := c.take(); err != nil {
			return err
		}
	}
}

// stopWith sets the stop event when ctx ends. What it returns waits until the event is not touched any more.
func (c *changes) stopWith(ctx context.Context) (release func()) {
	set := make(chan struct{})
	undo := context.AfterFunc(ctx, func() {
		defer close(set)
		_ = windows.SetEvent(c.stop)
	})
	return func() {
		if !undo() {
			<-set
		}
	}
}

// take looks at a complete read, after asking for the next one.
func (c *changes) take() error {
	var n uint32
	err := windows.GetOverlappedResult(c.folder, &c.pending, &n, false)
	if err != nil && !errors.Is(err, windows.ERROR_NOTIFY_ENUM_DIR) {
		if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return fmt.Errorf("%w: %w", errRootGone, err) // this is how a removed folder answers
		}
		return fmt.Errorf("read changes: %w", err)
	}
	full := c.current
	c.current = 1 - c.current
	if err := c.ask(); err != nil {
		return err
	}
	if n == 0 {
		c.dirty.addAll() // more happened than the system's buffer holds
		return nil
	}
	c.report(&c.buffers[full], n)
	return nil
}

// report goes through the records of one read.
func (c *changes) report(buffer *[bufferBytes / 4]uint32, n uint32) {
	for at := uint32(0); at+12 < n; {
		record := (*windows.FileNotifyInformation)(unsafe.Add(unsafe.Pointer(buffer), at))
		name := unsafe.Slice(&record.FileName, record.FileNameLength/2)
		c.changed(strings.ReplaceAll(windows.UTF16ToString(name), `\`, "/"), record.Action)
		if record.NextEntryOffset == 0 {
			return
		}
		at += record.NextEntryOffset
	}
}

// changed reports one path. A folder counts as modified whenever something in it changes, which has a record of its own.
func (c *changes) changed(path string, action uint32) {
	path = longName(path)
	if path == "" {
		c.dirty.addAll()
		return
	}
	info, err := os.Lstat(c.absolute(path))
	isDir := err == nil && info.IsDir()
	if isDir && action == windows.FILE_ACTION_MODIFIED || c.ignored(path, isDir) {
		return
	}
	c.dirty.add(path)
}

// longName cuts a path before an element that may be a short name ("PROGRA~1"), which programs of old use and the system passes on: the
// folder above stands for it.
func longName(path string) string {
	elements := strings.Split(path, "/")
	for i, element := range elements {
		_, after, found := strings.Cut(element, "~")
		if found && after != "" && after[0] >= '0' && after[0] <= '9' {
			return strings.Join(elements[:i], "/")
		}
	}
	return path
}

// Package disk is what the product asks of a local disk: one root folder, looked at and changed only through paths inside it.
// The real implementation (Open) never leaves the root, symbolic links and ".." included; disktest has one in memory with faults
// and power cuts. Everything that replaces or removes a user's file does so by a rename that cannot overwrite, so that a file
// that changed at the last moment is never lost.
package disk

import (
	"context"
	"errors"
	"io"
	"io/fs"
)

// Type is the kind of a directory entry.
type Type uint8

const (
	File Type = iota
	Dir
	Symlink     // symbolic links, junctions and other reparse points that lead elsewhere: never followed
	Special     // sockets, pipes, devices
	Placeholder // a file whose bytes another cloud client keeps elsewhere: never read
	Mount       // where another file system is mounted inside the root: never entered, as it may be absent tomorrow
)

// Info is one observation of an entry, without following links. Two equal Signatures of a file mean unchanged content.
type Info struct {
	Name string // the last element, the exact bytes of the disk
	Type Type
	Signature
	Exec bool // the owner may execute it (always false on Windows)
}

// Signature is what changes when a file's content does. Times are nanoseconds since 1970; 0 where a disk has none.
type Signature struct {
	Size  int64
	Mtime int64
	Ctime int64 // change time; 0 on Windows
	ID    FileID
}

// FileID names a file for as long as it exists on its volume. Birth tells it from a later file that reuses the number;
// where the disk does not know it (0), the id alone is no proof that two observations are of one file.
type FileID struct {
	Number uint64 // inode or file index
	Birth  int64  // creation time in nanoseconds, or 0
}

// Reader reads one opened file.
type Reader interface {
	io.Reader
	io.Seeker
	io.ReaderAt
	io.Closer
	// Opened is what the file was when it was opened, before a byte of it was read.
	Opened() Info
	// Info looks at the opened file again.
	Info() (Info, error)
}

// Writer writes one new file. Close without Sync may lose bytes at a power cut.
type Writer interface {
	io.Writer
	io.WriterAt
	io.Closer
	Sync() error
	// WriteOut lets the disk begin with what Sync waits for. Who makes many files durable calls it on all of them first: they go in one go.
	WriteOut()
	// SetMeta sets the modification time (nanoseconds) and the execute bit.
	SetMeta(mtime int64, exec bool) error
}

// FS is one root folder. Paths are relative, '/'-separated, without "." or ".." elements; "" is the root itself. A path element
// that is a symbolic link is an error (ErrNotInside), never followed. Errors match fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, and
// the ones below.
type FS interface {
	// ReadDir lists a folder, sorted by name. A folder that cannot be read whole is an error, never a short list.
	ReadDir(ctx context.Context, dir string) ([]Info, error)
	// Stat looks at one entry.
	Stat(path string) (Info, error)
	// Open opens a regular file for reading, at a path where one was seen; it never blocks on pipes, and never keeps others from writing,
	// renaming or deleting.
	Open(path string) (Reader, error)
	// Create makes a new file for writing; ErrExist when the name is taken.
	Create(path string) (Writer, error)
	// OpenWrite opens a regular file that this program made before, to go on writing it.
	OpenWrite(path string) (Writer, error)
	// Mkdir makes one folder; ErrExist when the name is taken.
	Mkdir(path string) error
	// Remove removes a file or an empty folder.
	Remove(path string) error
	// Rename moves a file or folder; ErrExist when the new name is taken, except by the same file under a name of other case.
	Rename(from, to string) error
	// Exchange swaps two files in one step; ErrUnsupported (errors package) where the disk cannot.
	Exchange(a, b string) error
	// SyncDir makes the folder's entries durable.
	SyncDir(dir string) error
	// SetMeta sets the modification time (nanoseconds) and the execute bit of a file.
	SetMeta(path string, mtime int64, exec bool) error
	// Free returns the bytes that this user may still write.
	Free() (int64, error)
	// CaseSensitive tells whether two names that differ only in case are two entries in this root.
	CaseSensitive() bool
	// ValidName returns nil, or why this disk cannot hold an entry of that name ("is reserved on Windows", "contains \":\"").
	ValidName(name string) error
}

var (
	// ErrNotInside is returned for a path that would leave the root: a link on the way, "..", an absolute path.
	ErrNotInside = errors.New("leads outside the folder")
	// ErrNotRegular is returned by Open for what is not a regular file.
	ErrNotRegular = errors.New("not a regular file")
	// ErrGone means that the disk itself went away or fails (unplugged, I/O error, stale network mount); nothing that was read in
	// the same scan may be believed.
	ErrGone = errors.New("the drive does not answer")
	// ErrFull means no space or no quota left.
	ErrFull = errors.New("the disk is full")
	// ErrBusy means that another program holds the file (a sharing violation); try again later.
	ErrBusy = errors.New("the file is open in another program")
	// ErrReadOnly means that the disk or folder takes no writes.
	ErrReadOnly = errors.New("the folder is read-only")
	// ErrName means that the disk refused a name that ValidName did not know to be bad: what lies behind a driver or a network is seen
	// only when it is asked.
	ErrName = errors.New("the disk cannot hold this name")
)

// IsNotExist tells whether err says that an entry is not there.
func IsNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// IsGone tells whether an error of this package, of os or of the system says that the drive itself does not answer.
func IsGone(err error) bool { return errors.Is(err, ErrGone) || kindOf(err) == ErrGone }

// IsFull tells whether an error of this package, of os or of the system says that there is no room.
func IsFull(err error) bool { return errors.Is(err, ErrFull) || kindOf(err) == ErrFull }

// IsReadOnly tells whether an error of this package, of os or of the system says that the disk takes no writes.
func IsReadOnly(err error) bool { return errors.Is(err, ErrReadOnly) || kindOf(err) == ErrReadOnly }

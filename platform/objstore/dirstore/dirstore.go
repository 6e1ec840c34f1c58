// Package dirstore keeps objects in a folder: the store that needs no server, and a real choice for a NAS or a drive.
//
// An object is a plain file under its key, so that a person finds it with any file manager; a file that somebody else copies
// in is an object without metadata. What the store needs for itself lies beside the objects:
//
//	.elkjop-store             the marker: without it the folder is not the store (an unplugged drive leaves an empty folder)
//	.elkjop-data/meta/…       metadata, under the object's path
//	.elkjop-data/uploads/ID/  unfinished multipart uploads
//	.elkjop-data/tmp/         what is being written or removed; left-overs are cleared by Open
//
// An object appears, and is replaced, by one rename of a file that is already on the disk to the last byte, and its metadata
// lies ready before that. So a crash or a power cut at any point leaves whole objects only. Everything goes through an os.Root
// that is opened, and whose marker is checked, for every request: nothing outside the folder is touched, no symbolic link leads
// elsewhere, and a drive that disappears is an error, never an empty listing.
//
// Reading order: this file (the folder and its marker), name.go and path.go (keys and files), meta.go, put.go, get.go, list.go,
// upload.go, sweep.go, errno.go.
package dirstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"elkjopcloud/platform/objstore"
)

// Marker is the name of the file that makes a folder a store.
const Marker = ".elkjop-store"

const (
	dataDir    = ".elkjop-data"
	tmpDir     = dataDir + "/tmp"
	metaDir    = dataDir + "/meta"
	uploadsDir = dataDir + "/uploads"
	format     = 1
)

const (
	opOpen   = "open"
	opCreate = "create"
)

// Options tune a store. The zero value works.
type Options struct {
	// Stale is the age from which Open takes a temporary file for a left-over; 0 means one hour. Taking away one that is still
	// being written only makes that request fail.
	Stale time.Duration
}

// Store implements objstore.Bucket. Several processes, on several computers, may use one folder at the same time.
type Store struct {
	dir    string
	marker []byte // the marker's exact bytes when the store was opened
	seed   maphash.Seed
	locks  [64]sync.Mutex // writers of one key take turns, see lock
}

// marker is the content of the marker file.
type marker struct {
	Format int    `json:"format"`
	ID     string `json:"id"`
}

// Create makes dir a store. The folder that contains dir must exist; a dir that already is a store is left as it is, and so is
// every file in it.
func Create(dir string) error {
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return folderError(opCreate, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return folderError(opCreate, err)
	}
	defer root.Close()
	if data, err := root.ReadFile(Marker); err == nil && len(data) > 0 {
		_, err := parseMarker(opCreate, data)
		return err
	}
	if err := makeFolders(root); err != nil {
		return fail(opCreate, "", err)
	}
	data, err := json.Marshal(marker{Format: format, ID: rand.Text()})
	if err != nil {
		return fail(opCreate, "", err)
	}
	return fail(opCreate, "", writeMarker(root, data))
}

// makeFolders makes the folders that the store needs for itself, where they are missing.
func makeFolders(root *os.Root) error {
	for _, sub := range []string{dataDir, tmpDir, metaDir, uploadsDir} {
		if err := root.Mkdir(sub, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

func writeMarker(root *os.Root, data []byte) error {
	tmp, err := writeTemp(root, data)
	if err != nil {
		return err
	}
	if err := root.Rename(tmp, Marker); err != nil {
		return err
	}
	return syncDir(root, ".")
}

// Open opens the store in dir. Kind NoBucket when dir, or the marker in it, is not there; Invalid when a newer version of the
// product made it.
func Open(dir string, o Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fail(opOpen, "", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, folderError(opOpen, err)
	}
	defer root.Close()
	data, err := root.ReadFile(Marker)
	if err != nil {
		return nil, folderError(opOpen, err)
	}
	if _, err := parseMarker(opOpen, data); err != nil {
		return nil, err
	}
	if o.Stale <= 0 {
		o.Stale = time.Hour
	}
	_ = makeFolders(root) // a folder that may not be written to can still be read
	sweep(root, o.Stale)
	return &Store{dir: dir, marker: data, seed: maphash.MakeSeed()}, nil
}

func parseMarker(op string, data []byte) (marker, error) {
	var m marker
	if err := json.Unmarshal(data, &m); err != nil || m.ID == "" {
		return m, objstore.Errorf(objstore.Damaged, op, "", "the marker file %s is damaged", Marker)
	}
	if m.Format > format {
		return m, objstore.Errorf(objstore.Invalid, op, "", "the folder was made by a newer version (format %d)", m.Format)
	}
	return m, nil
}

// folderError is fail for the folder itself: what is not there is no bucket.
func folderError(op string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return objstore.Errorf(objstore.NoBucket, op, "", "the folder is not there, or is not a store: %w", err)
	}
	return fail(op, "", err)
}

// enter begins a request: it opens the folder and makes sure that it still is this store. The caller closes the root.
func (s *Store) enter(ctx context.Context, op, key string) (*os.Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, withKey(key, folderError(op, err))
	}
	if err := s.present(root, op, key); err != nil {
		root.Close()
		return nil, err
	}
	return root, nil
}

// enterKey is enter for requests about one object.
func (s *Store) enterKey(ctx context.Context, op, key string) (*os.Root, error) {
	if err := objstore.CheckKey(op, key); err != nil {
		return nil, err
	}
	return s.enter(ctx, op, key)
}

// present checks the marker. Requests that found nothing check it again at their end: nothing is not there while the drive is
// gone.
func (s *Store) present(root *os.Root, op, key string) error {
	data, err := root.ReadFile(Marker)
	if err != nil {
		return withKey(key, folderError(op, err))
	}
	if !bytes.Equal(data, s.marker) {
		return objstore.Errorf(objstore.NoBucket, op, key, "another store is in the folder now")
	}
	return nil
}

func withKey(key string, err error) error {
	var e *objstore.Error
	if errors.As(err, &e) {
		e.Key = key
	}
	return err
}

// absent is the answer when key was not found: NotFound, unless the store itself is gone.
func (s *Store) absent(root *os.Root, op, key string) error {
	if err := s.present(root, op, key); err != nil {
		return err
	}
	return objstore.Errorf(objstore.NotFound, op, key, "no such object")
}

// lock makes the writers of one key in this process take turns. It returns the unlock.
func (s *Store) lock(key string) func() {
	m := &s.locks[maphash.String(s.seed, key)%uint64(len(s.locks))]
	m.Lock()
	return m.Unlock
}

// etag changes with every Put (see fresh), and when somebody else replaces the file.
func etag(info fs.FileInfo) string {
	return fmt.Sprintf("%x-%x", info.Size(), info.ModTime().UnixNano())
}

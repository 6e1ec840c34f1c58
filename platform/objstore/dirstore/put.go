package dirstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"time"

	"elkjopcloud/platform/objstore"
)

// Put implements objstore.Bucket. ContentType is not kept.
func (s *Store) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	if err := objstore.CheckMeta(objstore.OpPut, key, o.Meta); err != nil {
		return objstore.Object{}, err
	}
	root, err := s.enterKey(ctx, objstore.OpPut, key)
	if err != nil {
		return objstore.Object{}, err
	}
	defer root.Close()
	tmp, err := fill(ctx, root, objstore.OpPut, key, body, size)
	if err != nil {
		return objstore.Object{}, err
	}
	return s.commit(root, objstore.OpPut, key, tmp, o.Meta)
}

// Copy implements objstore.Bucket.
func (s *Store) Copy(ctx context.Context, src, dst string) (objstore.Object, error) {
	if err := objstore.CheckKey(objstore.OpCopy, dst); err != nil {
		return objstore.Object{}, err
	}
	root, err := s.enterKey(ctx, objstore.OpCopy, src)
	if err != nil {
		return objstore.Object{}, err
	}
	defer root.Close()
	f, o, err := s.open(root, objstore.OpCopy, src)
	if err != nil || src == dst {
		closeFile(f)
		return o, err
	}
	defer f.Close()
	tmp, err := fill(ctx, root, objstore.OpCopy, dst, f, o.Size)
	if err != nil {
		return objstore.Object{}, err
	}
	return s.commit(root, objstore.OpCopy, dst, tmp, o.Meta)
}

// fill writes size bytes of body to a temporary file, down to the disk. It returns the file's path.
func fill(ctx context.Context, root *os.Root, op, key string, body io.ReadSeeker, size int64) (string, error) {
	r, err := objstore.Rewind(body, size)
	if err != nil {
		return "", objstore.Errorf(objstore.Invalid, op, key, "%w", err)
	}
	tmp, err := writeTempFrom(root, &source{ctx: ctx, r: r}, size)
	var broken *bodyError
	switch {
	case err == nil:
		return tmp, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, &broken):
		return "", objstore.Errorf(objstore.Invalid, op, key, "read the body: %w", broken.err)
	}
	return "", fail(op, key, err)
}

// source reads a body and marks its errors as the body's.
type source struct {
	ctx context.Context
	r   io.Reader
}

type bodyError struct{ err error }

func (e *bodyError) Error() string { return e.err.Error() }

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &bodyError{err}
	}
	return n, err
}

// writeTemp writes a temporary file, down to the disk.
func writeTemp(root *os.Root, data []byte) (string, error) {
	return writeTempFrom(root, bytes.NewReader(data), int64(len(data)))
}

func writeTempFrom(root *os.Root, r io.Reader, size int64) (string, error) {
	name := tempName()
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = &bodyError{fmt.Errorf("%d bytes, not %d", n, size)}
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = root.Remove(name) // the next Open clears it otherwise
		return "", err
	}
	return name, nil
}

func tempName() string { return path.Join(tmpDir, rand.Text()) }

// commit makes the finished temporary file the object; on failure the temporary file is removed.
func (s *Store) commit(root *os.Root, op, key, tmp string, meta map[string]string) (objstore.Object, error) {
	defer s.lock(key)()
	var info fs.FileInfo
	var err error
	for range 10 { // another request may tidy away an empty folder that this one needs
		if info, err = place(root, key, tmp, meta); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		_ = root.Remove(tmp) // the next Open clears it otherwise
		if gone := s.present(root, op, key); gone != nil {
			return objstore.Object{}, gone
		}
		return objstore.Object{}, fail(op, key, err)
	}
	return describe(key, info, maps.Clone(meta)), nil
}

// place does the steps of a commit in the order that a crash between any two of them allows.
func place(root *os.Root, key, tmp string, meta map[string]string) (fs.FileInfo, error) {
	name := keyPath(key)
	if err := mkdirs(root, path.Dir(name)); err != nil {
		return nil, err
	}
	old, err := lstat(root, name)
	if err != nil {
		return nil, err
	}
	if old != nil && !old.Mode().IsRegular() {
		return nil, errBlocked
	}
	next, err := fresh(root, tmp, old)
	if err != nil {
		return nil, err
	}
	if err := prepare(root, key, next, old, meta); err != nil {
		return nil, err
	}
	if err := rename(root, tmp, name); err != nil {
		return nil, err
	}
	return next, errors.Join(syncDir(root, path.Dir(name)), removeForeign(root, key))
}

// errBlocked is the refusal of a key of which another object's key is a prefix, or the other way round.
var errBlocked = errors.New("a file and a folder cannot have the same name")

// fresh makes the new file younger than the one that it replaces, so that the ETag changes even when both are written within
// one tick of the file system's clock.
func fresh(root *os.Root, tmp string, old fs.FileInfo) (fs.FileInfo, error) {
	info, err := root.Lstat(tmp)
	if old == nil {
		return info, err
	}
	for step := time.Millisecond; err == nil && !info.ModTime().After(old.ModTime()) && step < 10*time.Second; step *= 3 {
		younger := old.ModTime().Add(step)
		if err := root.Chtimes(tmp, younger, younger); err != nil {
			return nil, err
		}
		info, err = root.Lstat(tmp)
	}
	return info, err
}

// removeForeign removes the files by others that the object of that key has replaced.
func removeForeign(root *os.Root, key string) error {
	found, err := foreign(root, key)
	for _, name := range found {
		err = errors.Join(err, root.Remove(name))
	}
	return err
}

// mkdirs makes a folder and those above it, durably.
func mkdirs(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	if info, err := lstat(root, dir); err != nil || (info != nil && info.IsDir()) {
		return err
	}
	if err := mkdirs(root, path.Dir(dir)); err != nil {
		return err
	}
	err := root.Mkdir(dir, 0o777)
	if err == nil {
		return syncDir(root, path.Dir(dir))
	}
	if info, _ := lstat(root, dir); info != nil && !info.IsDir() {
		return errBlocked
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Delete implements objstore.Bucket.
func (s *Store) Delete(ctx context.Context, key string) error {
	root, err := s.enterKey(ctx, objstore.OpDelete, key)
	if err != nil {
		return err
	}
	defer root.Close()
	defer s.lock(key)()
	if err := remove(root, key); err != nil {
		if gone := s.present(root, objstore.OpDelete, key); gone != nil {
			return gone
		}
		return fail(objstore.OpDelete, key, err)
	}
	return nil
}

// remove takes the object away in one step, then clears what belonged to it. The object waits among the temporary files
// until its metadata is gone, so that after a crash Open knows that there is something to clear.
func remove(root *os.Root, key string) error {
	name, tmp := keyPath(key), tempName()
	info, err := lstat(root, name)
	if err != nil {
		return err
	}
	if info != nil && info.Mode().IsRegular() {
		if err := rename(root, name, tmp); err != nil && !notThere(err) {
			return err
		}
		if err := syncDir(root, path.Dir(name)); err != nil && !notThere(err) {
			return err
		}
		_ = root.Remove(metaPath(key)) // without an object it means nothing
		prune(root, path.Dir(metaPath(key)), metaDir)
		_ = root.Remove(tmp) // the next Open clears it otherwise
	}
	err = removeForeign(root, key)
	prune(root, path.Dir(name), ".")
	return err
}

// prune removes empty folders from dir upwards, below stop.
func prune(root *os.Root, dir, stop string) {
	for dir != stop && dir != "." && root.Remove(dir) == nil {
		dir = path.Dir(dir)
	}
}

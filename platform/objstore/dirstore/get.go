package dirstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"elkjopcloud/platform/objstore"
)

// Get implements objstore.Bucket.
func (s *Store) Get(ctx context.Context, key string, o objstore.GetOptions) (io.ReadCloser, objstore.Object, error) {
	root, err := s.enterKey(ctx, objstore.OpGet, key)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	defer root.Close()
	f, got, err := s.open(root, objstore.OpGet, key)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	body, err := section(ctx, f, got, o)
	if err != nil {
		f.Close()
		return nil, objstore.Object{}, err
	}
	return body, got, nil
}

func section(ctx context.Context, f *os.File, got objstore.Object, o objstore.GetOptions) (io.ReadCloser, error) {
	if o.IfNoneMatch != "" && o.IfNoneMatch == got.ETag {
		return nil, objstore.Errorf(objstore.NotModified, objstore.OpGet, got.Key, "not modified")
	}
	start, end, err := objstore.Range(got.Key, o, got.Size)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return nil, fail(objstore.OpGet, got.Key, err)
	}
	return &body{ctx, f, got.Key, end - start}, nil
}

// Head implements objstore.Bucket.
func (s *Store) Head(ctx context.Context, key string) (objstore.Object, error) {
	root, err := s.enterKey(ctx, objstore.OpHead, key)
	if err != nil {
		return objstore.Object{}, err
	}
	defer root.Close()
	f, o, err := s.open(root, objstore.OpHead, key)
	closeFile(f)
	return o, err
}

func closeFile(f *os.File) {
	if f != nil {
		f.Close() // only read from
	}
}

// open opens an object's file and finds the metadata that belongs to exactly this file, also while it is being replaced.
func (s *Store) open(root *os.Root, op, key string) (*os.File, objstore.Object, error) {
	for try := 0; ; try++ {
		name, info, err := locate(root, key)
		if err != nil {
			return nil, objstore.Object{}, fail(op, key, err)
		}
		if info == nil {
			return nil, objstore.Object{}, s.absent(root, op, key)
		}
		f, o, sure, err := openFile(root, key, name)
		switch {
		case sure || (try == 10 && err == nil):
			return f, o, nil
		case err == nil:
			f.Close()
		case try == 10 || !errors.Is(err, fs.ErrNotExist):
			return nil, objstore.Object{}, fail(op, key, err)
		}
	}
}

// openFile is sure of the metadata when it fits exactly, or when the file was not replaced while it was looked for.
func openFile(root *os.Root, key, name string) (f *os.File, o objstore.Object, sure bool, err error) {
	if f, err = root.Open(name); err != nil {
		return nil, o, false, err
	}
	info, err := f.Stat()
	var side sidecar
	if err == nil {
		side, err = readSidecar(root, key)
	}
	if err != nil {
		f.Close()
		return nil, o, false, err
	}
	meta, exact := side.find(info)
	if !exact {
		now, err := root.Lstat(name)
		exact = err == nil && etag(now) == etag(info)
	}
	return f, describe(key, info, meta), exact, nil
}

func describe(key string, info fs.FileInfo, meta map[string]string) objstore.Object {
	return objstore.Object{Key: key, Size: info.Size(), Modified: info.ModTime(), ETag: etag(info), Meta: meta}
}

// body reads exactly left bytes of a file.
type body struct {
	ctx  context.Context
	f    *os.File
	key  string
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.f.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	switch {
	case errors.Is(err, io.EOF):
		return n, objstore.Errorf(objstore.Damaged, objstore.OpGet, b.key, "the file became shorter while it was read")
	case err != nil:
		return n, fail(objstore.OpGet, b.key, err)
	}
	return n, nil
}

func (b *body) Close() error { return b.f.Close() }

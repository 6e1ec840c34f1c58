// Package memstore is an object store in memory, for tests and the simulator: fast, deterministic, and as strict as the
// strictest real server.
//
// Reading order: this file (objects), upload.go (multipart uploads).
package memstore

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"elkjopcloud/platform/objstore"
)

// Store implements objstore.Bucket.
type Store struct {
	now func() time.Time

	mu      sync.RWMutex
	keys    []string // sorted
	objects map[string]object
	uploads map[string]*upload
	nextID  int
}

// object is immutable once it is in the map.
type object struct {
	objstore.Object
	data []byte
}

// New makes an empty store. now stamps the objects; nil means time.Now.
func New(now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{now: now, objects: map[string]object{}, uploads: map[string]*upload{}}
}

// Clone returns an independent copy, unfinished uploads included.
func (s *Store) Clone() *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := New(s.now)
	c.keys, c.objects, c.nextID = slices.Clone(s.keys), maps.Clone(s.objects), s.nextID
	for id, u := range s.uploads {
		c.uploads[id] = u.clone()
	}
	return c
}

// Keys returns all keys in order.
func (s *Store) Keys() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.keys)
}

// Bytes returns the bytes of an object, and whether it is there. The caller does not change them.
func (s *Store) Bytes(key string) ([]byte, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, ok := s.objects[key]
	return o.data, ok
}

// Foreign stores an object as other tools do on lenient servers: under any key, without any metadata. What was stored beside an object of
// that key is gone.
func (s *Store) Foreign(key, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store(key, []byte(content), etag([]byte(content)), nil)
}

// Become puts the store back to what another one holds, as restoring a server from a backup does.
func (s *Store) Become(old *Store) {
	c := old.Clone()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.objects, s.uploads = c.keys, c.objects, c.uploads
}

// ForeignDelete removes what other tools put there.
func (s *Store) ForeignDelete(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(key)
}

// Put implements objstore.Bucket.
func (s *Store) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	if err := s.check(ctx, objstore.OpPut, key, o.Meta); err != nil {
		return objstore.Object{}, err
	}
	data, err := readAll(objstore.OpPut, key, body, size)
	if err != nil {
		return objstore.Object{}, err
	}
	if err := ctx.Err(); err != nil {
		return objstore.Object{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store(key, data, etag(data), o.Meta), nil
}

func (s *Store) check(ctx context.Context, op, key string, meta map[string]string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := objstore.CheckKey(op, key); err != nil {
		return err
	}
	return objstore.CheckMeta(op, key, meta)
}

func readAll(op, key string, body io.ReadSeeker, size int64) ([]byte, error) {
	r, err := objstore.Rewind(body, size)
	if err != nil {
		return nil, objstore.Errorf(objstore.Invalid, op, key, "%w", err)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil && size > 0 {
		return nil, objstore.Errorf(objstore.Invalid, op, key, "read the body: %w", err)
	}
	return data, nil
}

func etag(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// store puts an object into the map; s.mu is held. It keeps data and copies meta.
func (s *Store) store(key string, data []byte, tag string, meta map[string]string) objstore.Object {
	o := objstore.Object{Key: key, Size: int64(len(data)), Modified: s.now(), ETag: tag, Meta: maps.Clone(meta)}
	if i, found := slices.BinarySearch(s.keys, key); !found {
		s.keys = slices.Insert(s.keys, i, key)
	}
	s.objects[key] = object{o, data}
	return describe(o)
}

// describe gives the caller a map of its own.
func describe(o objstore.Object) objstore.Object {
	o.Meta = maps.Clone(o.Meta)
	return o
}

// find returns one object.
func (s *Store) find(ctx context.Context, op, key string) (object, error) {
	if err := s.check(ctx, op, key, nil); err != nil {
		return object{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	o, ok := s.objects[key]
	if !ok {
		return object{}, &objstore.Error{Kind: objstore.NotFound, Op: op, Key: key, Err: errNoObject}
	}
	return o, nil
}

var errNoObject = errors.New("no such object")

// Get implements objstore.Bucket.
func (s *Store) Get(ctx context.Context, key string, o objstore.GetOptions) (io.ReadCloser, objstore.Object, error) {
	found, err := s.find(ctx, objstore.OpGet, key)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	if o.IfNoneMatch != "" && o.IfNoneMatch == found.ETag {
		return nil, objstore.Object{}, objstore.Errorf(objstore.NotModified, objstore.OpGet, key, "not modified")
	}
	start, end, err := objstore.Range(key, o, found.Size)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	return &body{ctx, bytes.NewReader(found.data[start:end])}, describe(found.Object), nil
}

// body reads as long as the context lives, like a network body.
type body struct {
	ctx context.Context
	r   *bytes.Reader
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}

func (b *body) Close() error { return nil }

// Head implements objstore.Bucket.
func (s *Store) Head(ctx context.Context, key string) (objstore.Object, error) {
	found, err := s.find(ctx, objstore.OpHead, key)
	return describe(found.Object), err
}

// List implements objstore.Bucket.
func (s *Store) List(ctx context.Context, prefix, startAfter string, limit int) ([]objstore.Object, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	if limit <= 0 {
		limit = objstore.DefaultPage
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	first, found := slices.BinarySearch(s.keys, max(prefix, startAfter))
	if found && s.keys[first] == startAfter {
		first++
	}
	var objects []objstore.Object
	for _, key := range s.keys[first:] {
		if !strings.HasPrefix(key, prefix) {
			break
		}
		if len(objects) == limit {
			return objects, true, nil
		}
		o := s.objects[key].Object
		o.Meta = nil
		objects = append(objects, o)
	}
	return objects, false, nil
}

// Delete implements objstore.Bucket.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.check(ctx, objstore.OpDelete, key, nil); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(key)
	return nil
}

// remove takes an object out of the map; s.mu is held.
func (s *Store) remove(key string) {
	if i, found := slices.BinarySearch(s.keys, key); found {
		s.keys = slices.Delete(s.keys, i, i+1)
		delete(s.objects, key)
	}
}

// Copy implements objstore.Bucket.
func (s *Store) Copy(ctx context.Context, src, dst string) (objstore.Object, error) {
	if err := objstore.CheckKey(objstore.OpCopy, dst); err != nil {
		return objstore.Object{}, err
	}
	found, err := s.find(ctx, objstore.OpCopy, src)
	if err != nil {
		return objstore.Object{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store(dst, found.data, found.ETag, found.Meta), nil
}

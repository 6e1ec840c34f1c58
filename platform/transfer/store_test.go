package transfer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
)

// store is memstore with multipart uploads of parts of any size, so that files in parts can be small in tests.
type store struct {
	*memstore.Store
	mu      sync.Mutex
	uploads map[string]*unfinished
	tags    map[string]string // ETags of objects made of parts
}

type unfinished struct {
	objstore.Upload
	meta  map[string]string
	parts map[int][]byte
}

func newStore() *store {
	return &store{Store: memstore.New(nil), uploads: map[string]*unfinished{}, tags: map[string]string{}}
}

func (s *store) NewUpload(ctx context.Context, key string, o objstore.PutOptions) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprint("upload ", len(s.uploads)+len(s.tags))
	for s.uploads[id] != nil {
		id += "+"
	}
	s.uploads[id] = &unfinished{objstore.Upload{Key: key, ID: id, Started: time.Now()}, maps.Clone(o.Meta), map[int][]byte{}}
	return id, ctx.Err()
}

func (s *store) find(ctx context.Context, key, id string) (*unfinished, error) {
	u := s.uploads[id]
	if u == nil || u.Key != key {
		return nil, objstore.Errorf(objstore.NoUpload, "upload", key, "gone")
	}
	return u, ctx.Err()
}

func tag(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func (s *store) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (objstore.Part, error) {
	r, err := objstore.Rewind(body, size)
	if err != nil {
		return objstore.Part{}, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return objstore.Part{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.find(ctx, key, id)
	if err != nil {
		return objstore.Part{}, err
	}
	u.parts[number] = b
	return objstore.Part{Number: number, Size: size, ETag: tag(b)}, nil
}

func (s *store) ListParts(ctx context.Context, key, id string) ([]objstore.Part, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.find(ctx, key, id)
	if err != nil {
		return nil, err
	}
	var list []objstore.Part
	for _, n := range slices.Sorted(maps.Keys(u.parts)) {
		list = append(list, objstore.Part{Number: n, Size: int64(len(u.parts[n])), ETag: tag(u.parts[n])})
	}
	return list, nil
}

func (s *store) CompleteUpload(ctx context.Context, key, id string, list []objstore.Part) (objstore.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.find(ctx, key, id)
	if err != nil {
		return objstore.Object{}, err
	}
	var all, sums []byte
	for _, p := range list {
		b, ok := u.parts[p.Number]
		if !ok || tag(b) != p.ETag {
			return objstore.Object{}, objstore.Errorf(objstore.Invalid, objstore.OpComplete, key, "part %d is another one", p.Number)
		}
		sum := md5.Sum(b)
		all, sums = append(all, b...), append(sums, sum[:]...)
	}
	delete(s.uploads, id)
	s.tags[key] = fmt.Sprintf("%s-%d", tag(sums), len(list))
	return s.Put(ctx, key, bytes.NewReader(all), int64(len(all)), objstore.PutOptions{Meta: u.meta})
}

func (s *store) Head(ctx context.Context, key string) (objstore.Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.Store.Head(ctx, key)
	o.ETag = cmp.Or(s.tags[key], o.ETag)
	return o, err
}

func (s *store) AbortUpload(ctx context.Context, key, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(ctx, key, id); err == nil {
		delete(s.uploads, id)
	}
	return ctx.Err()
}

func (s *store) ListUploads(ctx context.Context, prefix string) ([]objstore.Upload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []objstore.Upload
	for _, u := range s.uploads {
		if strings.HasPrefix(u.Key, prefix) {
			list = append(list, u.Upload)
		}
	}
	objstore.SortUploads(list)
	return list, ctx.Err()
}

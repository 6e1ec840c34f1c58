package memstore

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
)

// upload is an unfinished multipart upload.
type upload struct {
	key     string
	meta    map[string]string
	started time.Time
	parts   map[int]part
}

type part struct {
	data []byte
	etag string
}

func (u *upload) clone() *upload {
	c := *u
	c.parts = maps.Clone(u.parts)
	return &c
}

// NewUpload implements objstore.Bucket. Ids are counted, so that equal runs give equal ids.
func (s *Store) NewUpload(ctx context.Context, key string, o objstore.PutOptions) (string, error) {
	if err := s.check(ctx, objstore.OpNewUpload, key, o.Meta); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	id := fmt.Sprintf("upload-%06d", s.nextID)
	s.uploads[id] = &upload{key: key, meta: maps.Clone(o.Meta), started: s.now(), parts: map[int]part{}}
	return id, nil
}

// upload finds an upload; s.mu is held.
func (s *Store) upload(op, key, id string) (*upload, error) {
	u, ok := s.uploads[id]
	if !ok || u.key != key {
		return nil, objstore.Errorf(objstore.NoUpload, op, key, "no upload %q", id)
	}
	return u, nil
}

// PutPart implements objstore.Bucket.
func (s *Store) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (objstore.Part, error) {
	if err := s.check(ctx, objstore.OpPutPart, key, nil); err != nil {
		return objstore.Part{}, err
	}
	if err := objstore.CheckPart(objstore.OpPutPart, key, number); err != nil {
		return objstore.Part{}, err
	}
	data, err := readAll(objstore.OpPutPart, key, body, size)
	if err != nil {
		return objstore.Part{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.upload(objstore.OpPutPart, key, id)
	if err != nil {
		return objstore.Part{}, err
	}
	u.parts[number] = part{data, etag(data)}
	return objstore.Part{Number: number, Size: size, ETag: etag(data)}, nil
}

// ListParts implements objstore.Bucket.
func (s *Store) ListParts(ctx context.Context, key, id string) ([]objstore.Part, error) {
	if err := s.check(ctx, objstore.OpListParts, key, nil); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, err := s.upload(objstore.OpListParts, key, id)
	if err != nil {
		return nil, err
	}
	var parts []objstore.Part
	for _, number := range slices.Sorted(maps.Keys(u.parts)) {
		p := u.parts[number]
		parts = append(parts, objstore.Part{Number: number, Size: int64(len(p.data)), ETag: p.etag})
	}
	return parts, nil
}

// CompleteUpload implements objstore.Bucket.
func (s *Store) CompleteUpload(ctx context.Context, key, id string, parts []objstore.Part) (objstore.Object, error) {
	if err := s.check(ctx, objstore.OpComplete, key, nil); err != nil {
		return objstore.Object{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.upload(objstore.OpComplete, key, id)
	if err != nil {
		return objstore.Object{}, err
	}
	data, tag, err := u.join(parts)
	if err != nil {
		return objstore.Object{}, err
	}
	delete(s.uploads, id)
	return s.store(key, data, tag, u.meta), nil
}

// join puts the parts together and computes the ETag as S3 does: the MD5 of the MD5s and the number of parts.
func (u *upload) join(parts []objstore.Part) (data []byte, tag string, err error) {
	if err := objstore.CheckParts(u.key, parts); err != nil {
		return nil, "", err
	}
	sums := md5.New()
	for i, want := range parts {
		p, ok := u.parts[want.Number]
		if !ok || p.etag != want.ETag {
			return nil, "", objstore.Errorf(objstore.Invalid, objstore.OpComplete, u.key, "part %d is not what was uploaded", want.Number)
		}
		if i < len(parts)-1 && len(p.data) < objstore.MinPart {
			return nil, "", objstore.Errorf(objstore.Invalid, objstore.OpComplete, u.key, "part %d has less than 5 MiB", want.Number)
		}
		data = append(data, p.data...)
		sum := md5.Sum(p.data)
		sums.Write(sum[:])
	}
	return data, fmt.Sprintf("%s-%d", hex.EncodeToString(sums.Sum(nil)), len(parts)), nil
}

// AbortUpload implements objstore.Bucket.
func (s *Store) AbortUpload(ctx context.Context, key, id string) error {
	if err := s.check(ctx, objstore.OpAbort, key, nil); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, ok := s.uploads[id]; ok && u.key == key {
		delete(s.uploads, id)
	}
	return nil
}

// ListUploads implements objstore.Bucket.
func (s *Store) ListUploads(ctx context.Context, prefix string) ([]objstore.Upload, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var uploads []objstore.Upload
	for id, u := range s.uploads {
		if strings.HasPrefix(u.key, prefix) {
			uploads = append(uploads, objstore.Upload{Key: u.key, ID: id, Started: u.started})
		}
	}
	objstore.SortUploads(uploads)
	return uploads, nil
}

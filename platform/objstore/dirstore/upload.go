package dirstore

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
)

// An upload is a folder named by its id that holds upload.json and one file for each part, "00007-<md5>". It is made, and
// taken away, by one rename.

const uploadFile = "upload.json"

type uploadInfo struct {
	Key  string            `json:"key"`
	Meta map[string]string `json:"meta,omitempty"`
}

// NewUpload implements objstore.Bucket.
func (s *Store) NewUpload(ctx context.Context, key string, o objstore.PutOptions) (string, error) {
	if err := objstore.CheckMeta(objstore.OpNewUpload, key, o.Meta); err != nil {
		return "", err
	}
	root, err := s.enterKey(ctx, objstore.OpNewUpload, key)
	if err != nil {
		return "", err
	}
	defer root.Close()
	id := rand.Text()
	if err := makeUpload(root, id, uploadInfo{key, o.Meta}); err != nil {
		return "", fail(objstore.OpNewUpload, key, err)
	}
	return id, nil
}

func makeUpload(root *os.Root, id string, u uploadInfo) error {
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	dir, file := tempName(), ""
	if err := root.Mkdir(dir, 0o777); err != nil {
		return err
	}
	if file, err = writeTemp(root, data); err == nil {
		err = root.Rename(file, path.Join(dir, uploadFile))
	}
	if err == nil {
		err = syncDir(root, dir)
	}
	if err == nil {
		err = root.Rename(dir, uploadPath(id))
	}
	if err != nil {
		return errors.Join(err, root.RemoveAll(dir))
	}
	return syncDir(root, uploadsDir)
}

func uploadPath(id string) string { return path.Join(uploadsDir, id) }

// enterUpload begins a request about an upload.
func (s *Store) enterUpload(ctx context.Context, op, key, id string) (*os.Root, uploadInfo, error) {
	root, err := s.enterKey(ctx, op, key)
	if err != nil {
		return nil, uploadInfo{}, err
	}
	u, err := readUpload(root, id)
	if err == nil && u.Key == key {
		return root, u, nil
	}
	defer root.Close()
	if gone := s.present(root, op, key); gone != nil {
		return nil, u, gone
	}
	if err == nil || notThere(err) {
		return nil, u, objstore.Errorf(objstore.NoUpload, op, key, "no upload %q", id)
	}
	return nil, u, fail(op, key, err)
}

// readUpload takes only ids that NewUpload makes: an id never leads to another folder.
func readUpload(root *os.Root, id string) (uploadInfo, error) {
	var u uploadInfo
	if id == "" || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return u, fs.ErrNotExist
	}
	data, err := root.ReadFile(path.Join(uploadPath(id), uploadFile))
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(data, &u)
}

// PutPart implements objstore.Bucket.
func (s *Store) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (objstore.Part, error) {
	if err := objstore.CheckPart(objstore.OpPutPart, key, number); err != nil {
		return objstore.Part{}, err
	}
	root, _, err := s.enterUpload(ctx, objstore.OpPutPart, key, id)
	if err != nil {
		return objstore.Part{}, err
	}
	defer root.Close()
	if body == nil {
		body = bytes.NewReader(nil)
	}
	sum := md5.New()
	tmp, err := fill(ctx, root, objstore.OpPutPart, key, &summed{body, sum}, size)
	if err != nil {
		return objstore.Part{}, err
	}
	part := objstore.Part{Number: number, Size: size, ETag: hex.EncodeToString(sum.Sum(nil))}
	defer s.lock(id)()
	if err := placePart(root, id, tmp, part); err != nil {
		_ = root.Remove(tmp) // the next Open clears it otherwise
		if notThere(err) {   // aborted or completed meanwhile
			return objstore.Part{}, objstore.Errorf(objstore.NoUpload, objstore.OpPutPart, key, "no upload %q", id)
		}
		return objstore.Part{}, fail(objstore.OpPutPart, key, err)
	}
	return part, nil
}

// summed hashes what is read of a body.
type summed struct {
	io.ReadSeeker
	sum io.Writer
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.ReadSeeker.Read(p)
	s.sum.Write(p[:n]) // a hash never fails
	return n, err
}

// placePart removes an earlier part of the number first: a crash in between costs the part, never gives a wrong one.
func placePart(root *os.Root, id, tmp string, part objstore.Part) error {
	name := path.Join(uploadPath(id), fmt.Sprintf("%05d-%s", part.Number, part.ETag))
	list, err := readDir(root, uploadPath(id))
	if err != nil {
		return err
	}
	for _, entry := range list {
		if other, ok := parsePart(entry.Name()); ok && other.Number == part.Number {
			if err := root.Remove(path.Join(uploadPath(id), entry.Name())); err != nil {
				return err
			}
		}
	}
	if err := root.Rename(tmp, name); err != nil {
		return err
	}
	return syncDir(root, uploadPath(id))
}

func parsePart(name string) (objstore.Part, bool) {
	number, sum, found := strings.Cut(name, "-")
	n, err := strconv.Atoi(number)
	return objstore.Part{Number: n, ETag: sum}, found && err == nil && len(sum) == 2*md5.Size
}

// ListParts implements objstore.Bucket.
func (s *Store) ListParts(ctx context.Context, key, id string) ([]objstore.Part, error) {
	root, _, err := s.enterUpload(ctx, objstore.OpListParts, key, id)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	parts, err := readParts(root, id)
	return parts, fail(objstore.OpListParts, key, err)
}

func readParts(root *os.Root, id string) ([]objstore.Part, error) {
	list, err := readDir(root, uploadPath(id))
	if err != nil {
		return nil, err
	}
	var parts []objstore.Part
	for _, entry := range list {
		part, ok := parsePart(entry.Name())
		if !ok {
			continue
		}
		info, err := lstat(root, path.Join(uploadPath(id), entry.Name()))
		if err != nil {
			return nil, err
		}
		if info != nil {
			part.Size = info.Size()
			parts = append(parts, part)
		}
	}
	slices.SortFunc(parts, func(a, b objstore.Part) int { return cmp.Compare(a.Number, b.Number) })
	return parts, nil
}

// CompleteUpload implements objstore.Bucket. The parts stay until the object is in its place.
func (s *Store) CompleteUpload(ctx context.Context, key, id string, parts []objstore.Part) (objstore.Object, error) {
	root, u, err := s.enterUpload(ctx, objstore.OpComplete, key, id)
	if err != nil {
		return objstore.Object{}, err
	}
	defer root.Close()
	size, err := checkParts(root, key, id, parts)
	if err != nil {
		return objstore.Object{}, err
	}
	tmp, err := writeTempFrom(root, &joined{ctx: ctx, root: root, id: id, parts: parts}, size)
	if ctx.Err() != nil {
		return objstore.Object{}, ctx.Err()
	}
	if err != nil {
		return objstore.Object{}, fail(objstore.OpComplete, key, err)
	}
	o, err := s.commit(root, objstore.OpComplete, key, tmp, u.Meta)
	if err == nil {
		_ = dropUpload(root, id) // the object is complete; what stays is found by ListUploads
	}
	return o, err
}

// checkParts returns the size of the object that the parts make.
func checkParts(root *os.Root, key, id string, parts []objstore.Part) (size int64, err error) {
	if err := objstore.CheckParts(key, parts); err != nil {
		return 0, err
	}
	have, err := readParts(root, id)
	if err != nil {
		return 0, fail(objstore.OpComplete, key, err)
	}
	for i, want := range parts {
		at := slices.IndexFunc(have, func(p objstore.Part) bool { return p.Number == want.Number && p.ETag == want.ETag })
		switch {
		case at < 0:
			return 0, objstore.Errorf(objstore.Invalid, objstore.OpComplete, key, "part %d is not what was uploaded", want.Number)
		case i < len(parts)-1 && have[at].Size < objstore.MinPart:
			return 0, objstore.Errorf(objstore.Invalid, objstore.OpComplete, key, "part %d has less than 5 MiB", want.Number)
		}
		size += have[at].Size
	}
	return size, nil
}

// joined reads the parts one after the other.
type joined struct {
	ctx   context.Context
	root  *os.Root
	id    string
	parts []objstore.Part
	f     *os.File
}

func (j *joined) Read(p []byte) (int, error) {
	if err := j.ctx.Err(); err != nil {
		closeFile(j.f)
		return 0, err
	}
	if j.f == nil {
		if len(j.parts) == 0 {
			return 0, io.EOF
		}
		f, err := j.root.Open(path.Join(uploadPath(j.id), fmt.Sprintf("%05d-%s", j.parts[0].Number, j.parts[0].ETag)))
		if err != nil {
			return 0, err
		}
		j.f, j.parts = f, j.parts[1:]
	}
	n, err := j.f.Read(p)
	if err != nil {
		j.f.Close()
		j.f = nil
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// dropUpload takes an upload away in one step.
func dropUpload(root *os.Root, id string) error {
	tmp := tempName()
	if err := root.Rename(uploadPath(id), tmp); err != nil {
		return err
	}
	return root.RemoveAll(tmp)
}

// AbortUpload implements objstore.Bucket.
func (s *Store) AbortUpload(ctx context.Context, key, id string) error {
	root, _, err := s.enterUpload(ctx, objstore.OpAbort, key, id)
	if objstore.KindOf(err) == objstore.NoUpload {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	if err := dropUpload(root, id); err != nil && !notThere(err) {
		return fail(objstore.OpAbort, key, err)
	}
	return nil
}

// ListUploads implements objstore.Bucket.
func (s *Store) ListUploads(ctx context.Context, prefix string) ([]objstore.Upload, error) {
	root, err := s.enter(ctx, objstore.OpListUploads, prefix)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	list, err := readDir(root, uploadsDir)
	if err != nil {
		return nil, fail(objstore.OpListUploads, prefix, err)
	}
	var uploads []objstore.Upload
	for _, entry := range list {
		u, err := readUpload(root, entry.Name())
		if err != nil || !strings.HasPrefix(u.Key, prefix) {
			continue
		}
		uploads = append(uploads, objstore.Upload{Key: u.Key, ID: entry.Name(), Started: started(root, entry.Name())})
	}
	objstore.SortUploads(uploads)
	return uploads, s.present(root, objstore.OpListUploads, prefix)
}

func started(root *os.Root, id string) time.Time {
	info, err := lstat(root, path.Join(uploadPath(id), uploadFile))
	if err != nil || info == nil {
		return time.Time{}
	}
	return info.ModTime()
}

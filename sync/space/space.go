// Package space is the user's space in the cloud: its volumes with their histories, what was thrown away, earlier versions, and the
// sweep that forgets what has expired. It asks a store only for what every one does alike (see platform/objstore), and overwrites nothing
// but hints.
//
// Reading order: space.go (a space and its volumes), devices.go, volume.go (one device's view of a volume), problem.go, cache.go; pull.go, fetch.go,
// replay.go and putback.go (what others did); publish.go and notice.go (what this device did); wire.go, batch.go, checkpoint.go and structure.go (formats); keep.go,
// snapshot.go, fold.go, trash.go, versions.go and at.go (what is kept); sweep.go and sweepdelete.go (what is not); check.go, rebuild.go. README.md has the tables.
package space

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
)

// Errors that a caller tells apart.
var (
	ErrNewer     = errors.New("written by a newer version of the program")
	ErrNotASpace = errors.New("there is no space here")
	ErrNotEmpty  = errors.New("something is stored here already")
	ErrDamaged   = errors.New("damaged")
)

// Format is the newest format of spaces, batches, checkpoints and hints that this package reads, and the one that it writes.
const Format = 1

// Space is a bucket that holds volumes. It is safe for concurrent use.
type Space struct {
	bucket objstore.Bucket
	header header
}

// header is space.json.
type header struct {
	Format   int       `json:"format"`
	ID       string    `json:"id"`
	Made     time.Time `json:"made"`
	KeepDays int       `json:"keep_days"`
	Versions int       `json:"keep_versions"`
}

// maxHint bounds what is read of a small object.
const maxHint = 1 << 20

// Open opens the space of a bucket. ErrNotASpace when there is none, ErrNewer when a newer program has made it, ErrDamaged when its
// description cannot be read.
func Open(ctx context.Context, b objstore.Bucket) (*Space, error) {
	body, _, err := read(ctx, b, layout.Space, maxHint)
	if objstore.KindOf(err) == objstore.NotFound {
		return nil, ErrNotASpace
	}
	if err != nil {
		return nil, fmt.Errorf("open the space: %w", err)
	}
	if formatOf(body) > Format {
		return nil, fmt.Errorf("open the space: %w", ErrNewer)
	}
	var h header
	if err := json.Unmarshal(body, &h); err != nil || h.Format < 1 || h.ID == "" {
		return nil, fmt.Errorf("open the space: %s: %w", layout.Space, ErrDamaged)
	}
	return &Space{bucket: b, header: h}, nil
}

// Create makes a space in a bucket that holds nothing under the keys of one; else ErrNotEmpty. When two computers create one at
// once, both end up in the same.
func Create(ctx context.Context, b objstore.Bucket) (*Space, error) {
	for _, prefix := range []string{layout.Space, layout.Devices, string(layout.Backup) + "/", string(layout.Synced) + "/", string(layout.Archive) + "/", string(layout.Shared) + "/"} {
		found, _, err := b.List(ctx, prefix, "", 1)
		if err != nil {
			return nil, fmt.Errorf("create a space: %w", err)
		}
		if len(found) > 0 {
			return nil, fmt.Errorf("create a space: %s: %w", found[0].Key, ErrNotEmpty)
		}
	}
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("create a space: %w", err)
	}
	h := header{Format: Format, ID: hex.EncodeToString(id[:]), Made: time.Now().UTC().Truncate(time.Second), KeepDays: DefaultKeepDays, Versions: DefaultKeepVersions}
	if _, err := write(ctx, b, layout.Space, h); err != nil {
		return nil, fmt.Errorf("create a space: %w", err)
	}
	return Open(ctx, b)
}

// ID returns the space's id.
func (s *Space) ID() string { return s.header.ID }

// Bucket returns the store that the space lies in.
func (s *Space) Bucket() objstore.Bucket { return s.bucket }

// Volumes returns the volumes that exist: Synced and Archive, and all backups, one request for each.
func (s *Space) Volumes(ctx context.Context) ([]layout.Volume, error) {
	var out []layout.Volume
	for _, v := range []layout.Volume{{Area: layout.Synced}, {Area: layout.Archive}, {Area: layout.Shared}} {
		found, _, err := s.bucket.List(ctx, v.Prefix()+"/", "", 1)
		if err != nil {
			return nil, fmt.Errorf("list the volumes: %w", err)
		}
		if len(found) > 0 {
			out = append(out, v)
		}
	}
	backups, err := s.backups(ctx)
	return append(out, backups...), err
}

// backups skips from one backup to the next: '0' is the character after '/', so startAfter "Backup/PC/Docs0" is behind all that
// lies below "Backup/PC/Docs/".
func (s *Space) backups(ctx context.Context) ([]layout.Volume, error) {
	var out []layout.Volume
	prefix := string(layout.Backup) + "/"
	for after := ""; ; {
		found, _, err := s.bucket.List(ctx, prefix, after, 1)
		if err != nil {
			return nil, fmt.Errorf("list the volumes: %w", err)
		}
		if len(found) == 0 {
			return out, nil
		}
		after = found[0].Key
		if v, ok := layout.VolumeOf(after); ok {
			out = append(out, v)
			after = v.Prefix() + "0"
		}
	}
}

// read returns a whole object of at most limit bytes.
func read(ctx context.Context, b objstore.Bucket, key string, limit int64) ([]byte, objstore.Object, error) {
	r, o, err := b.Get(ctx, key, objstore.GetOptions{})
	if err != nil {
		return nil, o, err
	}
	defer r.Close()
	if o.Size > limit {
		return nil, o, fmt.Errorf("%s has %d bytes: %w", key, o.Size, ErrDamaged)
	}
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("%s is too long: %w", key, ErrDamaged)
	}
	return body, o, err
}

// write puts a value as JSON.
func write(ctx context.Context, b objstore.Bucket, key string, v any) (objstore.Object, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return objstore.Object{}, err
	}
	return put(ctx, b, key, body, objstore.PutOptions{ContentType: "application/json"})
}

func put(ctx context.Context, b objstore.Bucket, key string, body []byte, o objstore.PutOptions) (objstore.Object, error) {
	return b.Put(ctx, key, bytes.NewReader(body), int64(len(body)), o)
}

// putHashed puts a batch or a checkpoint, with its hash beside it.
func putHashed(ctx context.Context, b objstore.Bucket, key string, body []byte) (objstore.Object, error) {
	return put(ctx, b, key, body, objstore.PutOptions{Meta: map[string]string{hashName: sum(body)}, ContentType: "application/zstd"})
}

// listAll calls each for every object under prefix, in the order of keys.
func listAll(ctx context.Context, b objstore.Bucket, prefix string, each func(objstore.Object)) error {
	for after := ""; ; {
		page, more, err := b.List(ctx, prefix, after, 0)
		if err != nil {
			return err
		}
		for _, o := range page {
			each(o)
		}
		if !more || len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].Key
	}
}

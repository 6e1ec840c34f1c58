package space

import (
	"errors"
	"fmt"
	"time"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// ErrNoVersion says that a file, or that version of it, is not kept.
var ErrNoVersion = errors.New("there is no such version")

// VersionEntry is one content that a file has had.
type VersionEntry struct {
	ID       merge.Stamp
	Size     int64
	Modified time.Time // the file's time on the disk where it was saved
	Stored   time.Time // when it arrived, by the store's clock
	Device   string    // the name of the device that sent it
	Current  bool
	Content  tree.Content
}

// Versions returns what a file holds and held, the newest first, as far as it is kept.
func (v *Volume) Versions(id merge.ID) []VersionEntry {
	v.mu.RLock()
	defer v.mu.RUnlock()
	s := v.log.State()
	n, _ := s.Node(id)
	var k kept
	k.chain(s, n.ID, v.rules.Versions, v.storeNow().Add(-v.rules.Keep).UnixNano())
	var out []VersionEntry
	for i, x := range s.Versions(n.ID) {
		if k.versions.has(x.ID) {
			out = append(out, VersionEntry{
				ID: x.ID, Size: x.Content.Size, Modified: time.Unix(0, x.Content.Mtime).UTC(), Stored: time.Unix(0, x.Stored).UTC(),
				Device: v.deviceName(x.ID.Device), Current: i == 0, Content: x.Content,
			})
		}
	}
	return out
}

// FileAt returns the live file at a path, in any case and Unicode form.
func (v *Volume) FileAt(path string) (merge.Node, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	dir, name := tree.Split(path)
	f := v.log.State().Root().Find(dir)
	if f == nil {
		return merge.Node{}, false
	}
	return f.File(name)
}

// RestoreVersionOp returns the operation that makes an earlier version of a file its newest one. The content is referred to, not uploaded.
func (v *Volume) RestoreVersionOp(id merge.ID, version merge.Stamp) (merge.Op, error) {
	for _, e := range v.Versions(id) {
		if e.ID != version {
			continue
		}
		v.mu.RLock()
		defer v.mu.RUnlock()
		n, _ := v.log.State().Node(id)
		if e.Current {
			return merge.Op{Kind: merge.Restore, Node: n.ID, Version: n.Current}, nil
		}
		c := e.Content
		return merge.Op{Kind: merge.Put, Node: n.ID, Version: n.Current, Content: &c}, nil
	}
	return merge.Op{}, fmt.Errorf("version %v of %v: %w", version, id, ErrNoVersion)
}

package space

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Lost is a version whose bytes are not what they should be.
type Lost struct {
	Path    string
	Node    merge.ID
	Version merge.Stamp
	Current bool // it is what a live file holds now
	Content tree.Content
	Key     string // of the object in the store
	Err     error
}

// Report is what Check found.
type Report struct {
	Missing  []Lost // an object is not there, or too short
	Damaged  []Lost // the bytes are not those of the version
	Versions int    // versions that were looked at
	Objects  int    // different objects that they name
	Bytes    int64  // of all versions
	Unread   []Problem
}

// Check proves that every extent of every version that is kept exists and is long enough; with readData that its bytes are those of the
// version. progress is told the bytes of the versions that are done, and of all; it may be nil.
func (v *Volume) Check(ctx context.Context, readData bool, progress func(done, total int64)) (Report, error) {
	if _, err := v.Pull(ctx, List); err != nil {
		return Report{}, err
	}
	v.busy.Lock()
	defer v.busy.Unlock()
	c := &checking{v: v, progress: progress}
	versions := c.versions(func(*tree.Content) bool { return true })
	size, err := c.list(ctx)
	if err == nil {
		err = c.extents(ctx, versions, size)
	}
	if err == nil && readData {
		err = c.data(ctx, versions)
	}
	if err != nil {
		return c.report, fmt.Errorf("check %s: %w", v.name, err)
	}
	c.report.Unread = v.Problems()
	c.sort()
	return c.report, nil
}

// Missing returns the versions that are kept and whose objects the store does not have, as far as one listing tells. It does not pull.
func (v *Volume) Missing(ctx context.Context) ([]Lost, error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	c := &checking{v: v}
	size, err := c.list(ctx)
	if err == nil {
		// Most are there, and need not be gathered.
		err = c.extents(ctx, c.versions(func(f *tree.Content) bool {
			return slices.ContainsFunc(f.Extents, func(e tree.Extent) bool { return e.Offset+e.Length > size[e.Key] })
		}), size)
	}
	if err != nil {
		return nil, fmt.Errorf("look for what %s lacks: %w", v.name, err)
	}
	return c.report.Missing, nil
}

// checking is one run of Check.
type checking struct {
	v        *Volume
	progress func(done, total int64)
	mu       sync.Mutex
	report   Report
	done     int64
	lost     map[merge.Stamp]bool
}

// versions returns what is kept and is to be looked at, with where it is, by path.
func (c *checking) versions(look func(*tree.Content) bool) []Lost {
	c.v.mu.RLock()
	defer c.v.mu.RUnlock()
	s := c.v.log.State()
	purged := func(merge.Node) bool { return true }
	var out []Lost
	for id := range keeping(s, c.v.rules, c.v.storeNow().UnixNano(), purged).versions.all {
		ver, ok := s.Version(id)
		n, held := s.Node(s.Holder(ver.Node, ver.ID))
		if !ok || ver.ID != id || held && n.Purged || !look(&ver.Content) {
			continue
		}
		out = append(out, Lost{Path: s.Path(n.ID), Node: n.ID, Version: id, Current: !n.Deleted && s.Resolve(n.Current) == id, Content: ver.Content})
		c.report.Versions++
		c.report.Bytes += ver.Content.Size
	}
	slices.SortFunc(out, func(a, b Lost) int {
		if d := strings.Compare(a.Path, b.Path); d != 0 {
			return d
		}
		return a.Version.Compare(b.Version)
	})
	return out
}

// list returns the sizes of all content objects.
func (c *checking) list(ctx context.Context) (map[string]int64, error) {
	size := map[string]int64{}
	err := listAll(ctx, c.v.bucket, c.v.key(""), func(o objstore.Object) {
		if rel, ok := c.v.name.Rel(o.Key); ok && !strings.HasPrefix(rel, layout.Reserved) {
			size[rel] = o.Size
		}
	})
	return size, err
}

// extents compares all extents with a listing. What that lacks is asked for by name.
func (c *checking) extents(ctx context.Context, versions []Lost, size map[string]int64) error {
	c.lost = map[merge.Stamp]bool{}
	objects := map[string]bool{}
	for _, l := range versions {
		for _, e := range l.Content.Extents {
			objects[e.Key] = true
			if err := c.extent(ctx, l, e, size); err != nil {
				return err
			}
		}
	}
	c.report.Objects = len(objects)
	return nil
}

func (c *checking) extent(ctx context.Context, l Lost, e tree.Extent, size map[string]int64) error {
	have, ok := size[e.Key]
	if !ok {
		o, err := c.v.bucket.Head(ctx, c.v.key(e.Key))
		switch {
		case err == nil:
			have, size[e.Key] = o.Size, o.Size
		case objstore.KindOf(err) == objstore.NotFound:
			have, size[e.Key] = -1, -1
		default:
			return err
		}
	}
	if e.Offset+e.Length <= have || c.lost[l.Version] {
		return nil
	}
	l.Key, l.Err = c.v.key(e.Key), errors.New("the object is not there")
	if have >= 0 {
		l.Err = fmt.Errorf("the object has only %d bytes", have)
	}
	c.lost[l.Version] = true
	c.report.Missing = append(c.report.Missing, l)
	return nil
}

// data reads every version that has its objects.
func (c *checking) data(ctx context.Context, versions []Lost) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, l := range versions {
		g.Go(func() error {
			if c.lost[l.Version] {
				return nil
			}
			return c.version(ctx, l)
		})
	}
	return g.Wait()
}

func (c *checking) version(ctx context.Context, l Lost) error {
	err := c.v.readContent(ctx, l.Content)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += l.Content.Size
	if c.progress != nil {
		c.progress(c.done, c.report.Bytes)
	}
	switch {
	case err == nil:
		return nil
	case objstore.KindOf(err) == objstore.NotFound:
		l.Err = err
		c.report.Missing = append(c.report.Missing, l)
	case isDamaged(err) || objstore.KindOf(err) == objstore.Damaged:
		l.Err = err
		c.report.Damaged = append(c.report.Damaged, l)
	default:
		return fmt.Errorf("read %s: %w", l.Path, err)
	}
	return nil
}

// readContent reads a version's bytes and compares them with its hash.
func (v *Volume) readContent(ctx context.Context, c tree.Content) error {
	h := sha256.New()
	for _, e := range c.Extents {
		r, _, err := v.bucket.Get(ctx, v.key(e.Key), objstore.GetOptions{Offset: e.Offset, Length: e.Length})
		if err != nil {
			return err
		}
		n, err := io.Copy(h, io.LimitReader(r, e.Length))
		r.Close()
		if err != nil {
			return err
		}
		if n != e.Length {
			return fmt.Errorf("%s ends early: %w", e.Key, ErrDamaged)
		}
	}
	if tree.Hash(h.Sum(nil)) != c.Hash {
		return fmt.Errorf("its bytes are not those that were saved: %w", ErrDamaged)
	}
	return nil
}

func (c *checking) sort() {
	for _, ls := range [][]Lost{c.report.Missing, c.report.Damaged} {
		slices.SortFunc(ls, func(a, b Lost) int { return strings.Compare(a.Path, b.Path) })
	}
}

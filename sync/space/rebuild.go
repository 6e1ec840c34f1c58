package space

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Rebuilt says what Rebuild found.
type Rebuilt struct {
	Files    int
	Versions int
	Skipped  []string // keys of objects that do not say what they hold
}

// rebuildOps is about how many operations one batch of a rebuild has.
const rebuildOps = 1000

// Rebuild makes files of all content objects that nothing here names, from what is stored beside them: for a volume whose histories were
// lost. In a sound volume it brings back what was deleted and not swept yet. It deletes nothing, and after a crash it may be called again.
func (v *Volume) Rebuild(ctx context.Context) (Rebuilt, error) {
	if _, err := v.Pull(ctx, List); err != nil {
		return Rebuilt{}, err
	}
	r := &rebuilding{v: v, refs: refSet{}, named: map[piece]bool{}, size: map[string]int64{}, files: map[string][]found{}}
	if err := r.find(ctx); err != nil {
		return r.report, fmt.Errorf("rebuild %s: %w", v.name, err)
	}
	if err := r.send(ctx); err != nil {
		return r.report, fmt.Errorf("rebuild %s: %w", v.name, err)
	}
	return r.report, nil
}

// found is one object that holds a whole version.
type found struct {
	id      layout.ULID
	path    string
	content tree.Content
}

// piece is where a file begins in an object that holds several.
type piece struct {
	object layout.ULID
	offset int64
}

type rebuilding struct {
	v      *Volume
	refs   refSet
	named  map[piece]bool // files in zips that something names
	mu     sync.Mutex
	size   map[string]int64   // of all content objects
	files  map[string][]found // by path
	report Rebuilt
}

func (r *rebuilding) find(ctx context.Context) error {
	r.v.View(func(s *merge.State) {
		for ver := range s.AllVersions {
			r.refs.content(&ver.Content)
			for _, x := range ver.Content.Extents {
				if x.Offset > 0 {
					r.named[piece{objectID(x.Key), x.Offset}] = true
				}
			}
		}
	})
	var keys []string
	err := listAll(ctx, r.v.bucket, r.v.key(""), func(o objstore.Object) {
		rel, _ := r.v.name.Rel(o.Key)
		c, ok := layout.ParseContent(rel)
		if ok {
			r.size[rel] = o.Size
		}
		if ok && (!r.refs.has(rel) || c.Ext == bundleExt) { // of a zip some files may be named, and others not
			keys = append(keys, rel)
		}
	})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.v.me.parallel())
	for _, rel := range keys {
		g.Go(func() error { return r.look(ctx, rel) })
	}
	return g.Wait()
}

// look asks one object what it holds.
func (r *rebuilding) look(ctx context.Context, rel string) error {
	o, err := r.v.bucket.Head(ctx, r.v.key(rel))
	if err != nil {
		return err
	}
	var fs []found
	f, ok := whole(rel, o)
	if ok && r.refs.has(rel) {
		return nil
	}
	switch {
	case ok:
		fs = []found{f}
	case o.Meta[transfer.Members] != "" && o.Size <= maxBundle:
		fs, err = r.bundle(ctx, rel)
	case o.Meta[transfer.Recipe] != "":
		fs, err = r.part(ctx, rel, o)
	}
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(fs) == 0 && !r.refs.has(rel) {
		r.report.Skipped = append(r.report.Skipped, r.v.key(rel))
	}
	for _, f := range fs {
		r.files[f.path] = append(r.files[f.path], f)
	}
	return nil
}

// whole reads what is stored beside an object. Parts of files do not say the hash of one whole file.
func whole(rel string, o objstore.Object) (found, bool) {
	key, _ := layout.ParseContent(rel)
	m := layout.ParseMeta(o.Meta)
	f := found{id: key.ID, path: m.Path, content: tree.Content{Hash: m.Hash, Size: o.Size, Mtime: m.Mtime, Exec: m.Exec}}
	if f.path == "" {
		f.path = key.Path
	}
	if o.Size > 0 {
		f.content.Extents = []tree.Extent{{Key: rel, Length: o.Size}}
	}
	return f, !m.Hash.IsZero() && key.Ext != "part" && tree.CheckPath(f.path) == nil
}

// part returns the version that was made with an object of changed blocks, if all of it is there.
func (r *rebuilding) part(ctx context.Context, rel string, o objstore.Object) ([]found, error) {
	n, err := strconv.ParseInt(o.Meta[transfer.Recipe], 10, 64)
	if err != nil || n <= 0 || n > min(o.Size, layout.MaxRecipe) {
		return nil, nil
	}
	body, _, err := r.v.bucket.Get(ctx, r.v.key(rel), objstore.GetOptions{Offset: o.Size - n, Length: n})
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(body, n))
	if err = errors.Join(err, body.Close()); err != nil {
		return nil, err
	}
	c, err := layout.ParseRecipe(b, rel)
	if err != nil {
		return nil, nil // not one of ours, or damaged
	}
	for _, x := range c.Extents {
		if x.Offset+x.Length > r.size[x.Key] {
			return nil, nil
		}
	}
	f, _ := whole(rel, o)
	f.content = c
	if tree.CheckPath(f.path) != nil {
		return nil, nil
	}
	return []found{f}, nil
}

// send publishes the files, the versions of each in one batch.
func (r *rebuilding) send(ctx context.Context) error {
	slices.Sort(r.report.Skipped)
	dirs := map[string]merge.ID{"": {}}
	paths := slices.Sorted(maps.Keys(r.files))
	for len(paths) > 0 {
		b := &rebuiltBatch{at: r.v.Next(), dirs: dirs}
		for len(paths) > 0 && len(b.ops) < rebuildOps {
			b.file(paths[0], r.files[paths[0]])
			paths = paths[1:]
		}
		p, err := r.v.PrepareAt(b.at, b.ops, true)
		if err != nil {
			return err
		}
		if err := r.v.Publish(ctx, p); err != nil {
			return err
		}
		r.report.Files += b.files
		r.report.Versions += b.versions
	}
	return nil
}

// rebuiltBatch collects operations that name one another.
type rebuiltBatch struct {
	at              merge.Stamp
	dirs            map[string]merge.ID
	ops             []merge.Op
	files, versions int
}

func (b *rebuiltBatch) add(op merge.Op) merge.Stamp {
	b.ops = append(b.ops, op)
	st := b.at
	st.Index = uint32(len(b.ops))
	return st
}

func (b *rebuiltBatch) dir(path string) merge.ID {
	if id, ok := b.dirs[path]; ok {
		return id
	}
	parent, name := tree.Split(path)
	id := b.add(merge.Op{Kind: merge.Mkdir, Parent: b.dir(parent), Name: name})
	b.dirs[path] = id
	return id
}

// file makes a file of its versions, the oldest first.
func (b *rebuiltBatch) file(path string, vs []found) {
	slices.SortFunc(vs, func(x, y found) int { return strings.Compare(string(x.id), string(y.id)) })
	dir, name := tree.Split(path)
	parent := b.dir(dir)
	node := b.add(merge.Op{Kind: merge.Create, Parent: parent, Name: name, Content: &vs[0].content})
	last := node
	for i := 1; i < len(vs); i++ {
		last = b.add(merge.Op{Kind: merge.Put, Node: node, Version: last, Content: &vs[i].content})
	}
	b.files++
	b.versions += len(vs)
}

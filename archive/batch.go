package archive

import (
	"context"
	"fmt"
	"strings"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// tell publishes folders and files whose bytes are in the volume. Each file's placed says where it will be; "" when it relied on bytes that no
// live file holds any more.
func (w *adding) tell(ctx context.Context, folders []string, part []*found) error {
	err := w.Teller.TellAt(ctx, func(at merge.Stamp, s *merge.State) ([]merge.Op, error) {
		b := &batch{at: at, s: s, have: liveIn(s), made: map[string]merge.ID{}, files: map[string]tree.Hash{}}
		for _, f := range folders {
			b.folder(f)
		}
		for _, f := range part {
			f.placed = ""
			if !f.content.Hash.IsZero() {
				b.file(f)
			}
		}
		return b.ops, nil
	})
	if err != nil {
		return fmt.Errorf("tell the cloud: %w", err)
	}
	var told []tree.Hash
	for _, f := range part {
		if f.placed != "" {
			told = append(told, f.content.Hash)
		}
	}
	return w.Store.Save(context.WithoutCancel(ctx), engine.Change{NoUploads: told})
}

// batch makes operations.
type batch struct {
	at    merge.Stamp
	s     *merge.State
	have  contents
	ops   []merge.Op
	made  map[string]merge.ID  // folders of this batch by folded path
	files map[string]tree.Hash // files of this batch by folded path
}

func (b *batch) do(op merge.Op) merge.ID {
	b.ops = append(b.ops, op)
	id := b.at
	id.Index = uint32(len(b.ops))
	return id
}

// folder returns the node of a folder, and makes it and what is above it when it is not there.
func (b *batch) folder(path string) merge.ID {
	if path == "" {
		return merge.ID{}
	}
	key := tree.Fold(path)
	if id, ok := b.made[key]; ok {
		return id
	}
	if f := b.s.Root().Find(path); f != nil {
		b.made[key] = f.Members()[0].ID
		return b.made[key]
	}
	dir, name := tree.Split(path)
	b.made[key] = b.do(merge.Op{Kind: merge.Mkdir, Parent: b.folder(dir), Name: name})
	return b.made[key]
}

// file adds a file under its name, or a number behind it where another file has the name. A file that is there already is left.
func (b *batch) file(f *found) {
	if _, ok := b.have.byHash[f.content.Hash]; f.reused && !ok {
		return
	}
	dir, name := tree.Split(f.target)
	parent := b.folder(dir)
	for n := 1; ; n++ {
		path := tree.Join(dir, numbered(name, n))
		h, used := b.taken(path)
		if used && h != f.content.Hash {
			continue
		}
		f.placed = path
		if !used {
			c := f.content
			_, last := tree.Split(path)
			b.do(merge.Op{Kind: merge.Create, Parent: parent, Name: last, Content: &c})
			b.files[tree.Fold(path)] = c.Hash
		}
		return
	}
}

// taken returns what file has the path, in the volume or in this batch. A folder that has it counts as one of other bytes.
func (b *batch) taken(path string) (tree.Hash, bool) {
	if h, ok := b.files[tree.Fold(path)]; ok {
		return h, true
	}
	if _, ok := b.made[tree.Fold(path)]; ok || b.s.Root().Find(path) != nil {
		return tree.Hash{}, true
	}
	return hashAt(b.s, path)
}

func hashAt(s *merge.State, path string) (tree.Hash, bool) {
	c, ok := contentAt(s, path)
	return c.Hash, ok
}

func contentAt(s *merge.State, path string) (tree.Content, bool) {
	dir, name := tree.Split(path)
	f := s.Root().Find(dir)
	if f == nil {
		return tree.Content{}, false
	}
	n, ok := f.File(name)
	v, _ := s.Version(n.Current)
	return v.Content, ok
}

// numbered is "name.ext", then "name (2).ext" and so on.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem, ext = name[:i], name[i:]
	}
	suffix := fmt.Sprintf(" (%d)", n)
	for len(stem)+len(suffix)+len(ext) > tree.MaxName && len(stem) > 0 {
		r := []rune(stem)
		stem = string(r[:len(r)-1])
	}
	return stem + suffix + ext
}

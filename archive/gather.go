package archive

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/sync/tree"
)

// ErrSkipped means that something is not a file that can be kept: a link, a device, a rule.
var ErrSkipped = errors.New("it is not a file of yours")

// found is one file on the disk, and later what became of it.
type found struct {
	fs     disk.FS
	root   string // of fs
	path   string // in fs
	info   disk.Info
	target string // wanted path in the Archive

	content tree.Content // once its bytes are in the volume
	reused  bool         // the bytes were there already: a live file must hold them
	fresh   bool         // the bytes were sent now
	placed  string       // its path in the Archive
	proven  bool         // it was read back from there
}

func (f *found) abs() string { return filepath.Join(f.root, filepath.FromSlash(f.path)) }

// gathered is what was given to Add.
type gathered struct {
	files   []*found
	folders []string // in the Archive, parents first
	tops    []top
	emptied []emptied // folders on the disk, parents first
}

// top is one thing that was given: a folder, or a file (then file is set).
type top struct {
	path string // wanted in the Archive
	file *found
}

// told returns where in the Archive the things that were given are now.
func (g gathered) told() []string {
	var out []string
	for _, t := range g.tops {
		switch {
		case t.file == nil:
			out = append(out, t.path)
		case t.file.placed != "":
			out = append(out, t.file.placed)
		}
	}
	return out
}

// emptied is a folder that may go when all that was in it is archived.
type emptied struct {
	fs   disk.FS
	path string
}

// gather looks at everything that was given. What cannot be read is a failure; the rest goes on.
func (a *Archive) gather(ctx context.Context, paths []string, fail func(string, error)) (gathered, error) {
	var g gathered
	for _, p := range paths {
		err := a.look(ctx, p, &g, fail)
		if ctx.Err() != nil {
			return g, ctx.Err()
		}
		if err != nil {
			fail(p, err)
		}
	}
	return g, nil
}

func (a *Archive) look(ctx context.Context, given string, g *gathered, fail func(string, error)) error {
	abs, err := filepath.Abs(given)
	if err != nil {
		return err
	}
	dir, name := filepath.Dir(abs), filepath.Base(abs)
	parent, err := a.Disk(dir)
	if err != nil {
		return err
	}
	if err := tree.CheckName(name); err != nil {
		return err
	}
	info, err := parent.Stat(name)
	if err != nil {
		return err
	}
	switch info.Type {
	case disk.File:
		f := &found{fs: parent, root: dir, path: name, info: info, target: tree.NFC(name)}
		g.tops = append(g.tops, top{f.target, f})
		g.files = append(g.files, f)
		return nil
	case disk.Dir:
		g.emptied = append(g.emptied, emptied{parent, name})
		return a.folder(ctx, abs, tree.NFC(name), g, fail)
	}
	return ErrSkipped
}

func (a *Archive) folder(ctx context.Context, abs, name string, g *gathered, fail func(string, error)) error {
	fs, err := a.Disk(abs)
	if err != nil {
		return err
	}
	rules, err := ignore.New(ignore.Backup, nil)
	if err != nil {
		return err
	}
	res, err := scan.Tree(ctx, fs, scan.Options{Rules: rules})
	if err != nil {
		return err
	}
	g.tops, g.folders = append(g.tops, top{path: name}), append(g.folders, name)
	for _, e := range res.Entries {
		target := tree.Join(name, tree.NFC(e.Path))
		if e.Type == disk.Dir {
			g.folders = append(g.folders, target)
			g.emptied = append(g.emptied, emptied{fs, e.Path})
			continue
		}
		g.files = append(g.files, &found{fs: fs, root: abs, path: e.Path, info: e.Info, target: target})
	}
	for _, s := range res.Skipped {
		if !s.Reason.Silent() {
			fail(filepath.Join(abs, filepath.FromSlash(s.Path)), skipError(s))
		}
	}
	return nil
}

func skipError(s scan.Skip) error {
	if s.Err != nil {
		return s.Err
	}
	return fmt.Errorf("%w: %s", ErrSkipped, s.Reason)
}

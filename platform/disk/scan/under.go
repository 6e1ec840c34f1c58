package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"elkjopcloud/platform/disk"
)

// Under looks at one path and what is below it. Nothing in the result means that nothing is there; a Skip of the path or of a
// folder above it means that nothing is known. The errors are those of Tree.
func Under(ctx context.Context, fsys disk.FS, path string, opt Options) (Result, error) {
	if path == "" {
		return Tree(ctx, fsys, opt)
	}
	w := newWalker(ctx, fsys, opt)
	info, skip, err := w.reach(path)
	if err != nil {
		if disk.IsNotExist(err) {
			err = w.rootAnswers()
		}
		return Result{}, err
	}
	if skip != nil {
		return Result{Skipped: []Skip{*skip}}, nil
	}
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	info.Name = name
	top := newFolder(dir)
	close(top.read)
	top.infos = []disk.Info{info}
	if info.Type == disk.Dir {
		top.below = []*folder{newFolder(path)}
		err = w.run(top.below[0])
	}
	if err != nil {
		return Result{}, err
	}
	return top.result(w), nil
}

// rootAnswers keeps a missing root from looking like a missing file.
func (w *walker) rootAnswers() error {
	if _, err := w.fsys.Stat(""); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return nil
}

// reach goes down to a path as a walk of the tree would, and stops where that would.
func (w *walker) reach(path string) (info disk.Info, skip *Skip, err error) {
	for end := 0; end < len(path); end++ {
		if slash := strings.IndexByte(path[end:], '/'); slash >= 0 {
			end += slash
		} else {
			end = len(path)
		}
		if info, skip, err = w.look(path[:end]); skip != nil || err != nil {
			return info, skip, err
		}
	}
	return info, nil, nil
}

// look judges one element on the way.
func (w *walker) look(path string) (disk.Info, *Skip, error) {
	info, err := w.stat(path)
	switch {
	case err == nil:
	case errors.Is(err, disk.ErrGone) || w.ctx.Err() != nil:
		return info, nil, fmt.Errorf("scan %s: %w", path, err)
	case disk.IsNotExist(err):
		return info, nil, err
	case errors.Is(err, disk.ErrNotInside):
		return info, &Skip{Path: path, Reason: Link}, nil
	default:
		return info, &Skip{Path: path, Reason: Unreadable, Err: err}, nil
	}
	if reason, skip := w.skips(path, info); skip {
		return info, &Skip{Path: path, Reason: reason}, nil
	}
	return info, nil, nil
}

// stat looks at an entry under exactly this name. A disk that does not tell case apart answers to other spellings too, and an entry
// seen under two names would look like two files; there the folder's list decides.
func (w *walker) stat(path string) (disk.Info, error) {
	if w.fsys.CaseSensitive() {
		return w.fsys.Stat(path)
	}
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	infos, err := w.fsys.ReadDir(w.ctx, dir)
	if err != nil {
		return disk.Info{}, err
	}
	for _, info := range infos {
		if info.Name == name {
			return info, nil
		}
	}
	return disk.Info{}, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
}

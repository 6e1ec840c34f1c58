package local

import (
	"context"
	"errors"
	"io"
	"strings"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Recover puts in order what a crash left in our own folder. A replaced file whose bytes the volume has (known tells by its hash) goes, a removed one
// goes to the safety folder; any other is given back to its user, in the root, as nobody knows any more where it stood. Staged files of versions that
// nobody wants any more (wanted tells by name) go; they came from the cloud. Errors are of single files and come back joined; the rest is done.
func (r *Replica) Recover(ctx context.Context, known func(tree.Hash) bool, wanted func(name string) bool) error {
	r.mu.Lock()
	r.untidy, r.ready = false, map[string]bool{}
	r.mu.Unlock()
	still := func(name string) bool {
		if !wanted(name) {
			return false
		}
		r.mu.Lock()
		r.untidy = true
		r.mu.Unlock()
		return true
	}
	if err := r.each(ctx, swap, r.putBack); err != nil {
		return err // a file that is known to the volume must not go while its name waits for it: that would look like a deletion
	}
	return errors.Join(r.each(ctx, swap, func(path string, i disk.Info) error { return r.recoverReplaced(ctx, path, i, known) }),
		r.each(ctx, stage, func(path string, i disk.Info) error {
			if _, err := tree.ParseStamp(i.Name); err != nil {
				return r.keep(path) // we never staged it: somebody put it there
			}
			if still(i.Name) {
				return nil
			}
			return r.FS.Remove(path)
		}))
}

// Parked puts away what waits in the root under names of ours and that Base does not know, as when the database was lost: a file whose bytes the volume
// has goes to the safety folder; any other, and a folder, is its user's, and comes back in sight under a name that says so: its own was only in the
// database.
func (r *Replica) Parked(ctx context.Context, names []string, known func(tree.Hash) bool) error {
	var errs []error
	for _, name := range names {
		i, err := r.FS.Stat(name)
		switch {
		case disk.IsNotExist(err):
			err = nil
		case err != nil:
		case i.Type == disk.Dir:
			err = r.giveBack(name, recoveredFolder)
		case i.Type == disk.File:
			err = r.unpark(ctx, name, i, known)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// What is called so has lost its name.
const (
	recoveredFile   = "Recovered file"
	recoveredFolder = "Recovered folder"
)

func (r *Replica) unpark(ctx context.Context, name string, i disk.Info, known func(tree.Hash) bool) error {
	h, err := r.Transfer.Hash(ctx, r.FS, name, i.Signature)
	switch {
	case err != nil:
		return err
	case known(h):
		return r.SetAside(name, signature(i))
	}
	return r.giveBack(name, recoveredFile)
}

// Untidy tells whether something was staged or replaced since Recover.
func (r *Replica) Untidy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.untidy
}

// putBack ends an exchange in steps that a crash interrupted: a file whose name is free returns to it.
func (r *Replica) putBack(note string, i disk.Info) error {
	name, ok := strings.CutPrefix(i.Name, noteMark)
	if !ok {
		return nil
	}
	path, err := readSmall(r.FS, note)
	if err != nil {
		return err
	}
	old := tree.Join(swap, oldMark+name)
	if _, err := r.FS.Stat(path); disk.IsNotExist(err) {
		r.Forget()
		if err := r.FS.Rename(old, path); err != nil && !disk.IsNotExist(err) {
			return err
		}
		if err := r.Sync(parents(path)); err != nil {
			return err
		}
	}
	return r.FS.Remove(note)
}

func readSmall(f disk.FS, path string) (string, error) {
	r, err := f.Open(path)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, 1<<16))
	return string(b), err
}

func (r *Replica) each(ctx context.Context, dir string, f func(string, disk.Info) error) error {
	in, err := r.FS.ReadDir(ctx, dir)
	if err != nil {
		if disk.IsNotExist(err) {
			return nil
		}
		return err
	}
	var errs []error
	for _, i := range in {
		if i.Type == disk.File {
			errs = append(errs, f(tree.Join(dir, i.Name), i))
		}
	}
	return errors.Join(errs...)
}

func (r *Replica) recoverReplaced(ctx context.Context, path string, i disk.Info, known func(tree.Hash) bool) error {
	h, err := r.Transfer.Hash(ctx, r.FS, path, i.Signature)
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // it is known as little as before
	case err == nil && known(h) && strings.HasPrefix(i.Name, goneMark):
		return r.keep(path)
	case err == nil && known(h):
		return r.FS.Remove(path)
	case strings.HasPrefix(i.Name, noteMark):
		return r.keep(path)
	}
	_, name, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(i.Name, goneMark), oldMark), " ")
	if !ok || tree.CheckName(name) != nil {
		name = i.Name
	}
	return r.giveBack(path, name)
}

// Prune removes what has lain in the safety folder since before a day ("2026-10-23").
func (r *Replica) Prune(ctx context.Context, before string) error {
	days, err := r.FS.ReadDir(ctx, kept)
	if err != nil {
		if disk.IsNotExist(err) {
			return nil
		}
		return err
	}
	var errs []error
	for _, d := range days {
		if d.Type != disk.Dir || d.Name >= before {
			continue
		}
		dir := tree.Join(kept, d.Name)
		errs = append(errs, r.each(ctx, dir, func(path string, _ disk.Info) error { return r.FS.Remove(path) }), r.FS.Remove(dir))
	}
	return errors.Join(errs...)
}

// Leave removes our own folder from a root that is only read, as far as nothing is in it.
func (r *Replica) Leave(ctx context.Context) error {
	for _, dir := range []string{stage, swap, kept, Own} {
		in, err := r.FS.ReadDir(ctx, dir)
		if disk.IsNotExist(err) || err == nil && len(in) > 0 {
			continue
		}
		if err == nil {
			err = r.FS.Remove(dir)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Hash reads a local file; ErrChanged of package transfer when it is not the one that was observed.
func (r *Replica) Hash(ctx context.Context, path string, was plan.Signature) (tree.Hash, error) {
	h, err := r.Transfer.Hash(ctx, r.FS, path, toDisk(was))
	return tree.Hash(h), err
}

// Upload sends a local file's bytes under a key that newKey gives (relative to the volume), or what of them is not in an earlier version.
func (r *Replica) Upload(ctx context.Context, path string, was plan.Signature, newKey func() string, meta map[string]string, earlier *plan.Earlier) (plan.Sent, error) {
	var before *transfer.Earlier
	if earlier != nil {
		before = &transfer.Earlier{
			SHA256: earlier.Content.Hash,
			Ranges: r.ranges(earlier.Content),
			Hashed: earlier.Hashed,
			NewKey: func() string { return r.Prefix + earlier.NewKey() },
			Recipe: func(u transfer.Uploaded) []byte { return layout.Recipe(r.content(u)) },
		}
	}
	u, err := r.Transfer.UploadChanged(ctx, r.FS, path, toDisk(was), func() string { return r.Prefix + newKey() }, meta, before)
	if err != nil {
		return plan.Sent{}, err
	}
	return r.sent(was, u), nil
}

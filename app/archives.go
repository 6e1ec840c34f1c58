package app

import (
	"context"
	"errors"

	"elkjopcloud/archive"
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/layout"
)

// openArchive returns the Archive, brought up to date.
func (c *Client) openArchive(ctx context.Context) (*archive.Archive, *volumeUse, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	u := l.use(layout.Volume{Area: layout.Archive})
	if err := u.refresh(ctx); err != nil {
		return nil, nil, fail(err)
	}
	return c.archiveOf(l, u), u, nil
}

func (c *Client) archiveOf(l *link, u *volumeUse) *archive.Archive {
	return archive.New(archive.Options{
		Volume: u.vol, Teller: u, Transfer: l.transfer, Store: u.store, Disk: disk.Open, Trash: c.o.Parts, NewID: c.ids.next,
		Device: l.me.Device, Now: c.o.Now,
	})
}

// ArchiveAdd puts files and folders into the Archive, reads all of it back and compares it; then, with free, what is still the same goes
// to the recycle bin.
func (c *Client) ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(Progress)) (ArchiveReport, error) {
	a, _, err := c.openArchive(ctx)
	if err != nil {
		return ArchiveReport{}, err
	}
	r, err := a.Add(ctx, paths, free, func(p archive.Progress) {
		if progress != nil {
			progress(Progress(p))
		}
	})
	out := ArchiveReport{Files: r.Files, Bytes: r.Bytes, Uploaded: r.Uploaded, Verified: r.Verified, Freed: r.Freed, Paths: append([]string{}, r.Paths...), Problems: []*Problem{}}
	for _, f := range r.Failures {
		out.Problems = append(out.Problems, problemOf(f.Err, f.Path))
	}
	return out, fail(err)
}

// archiveError gives words to what is wrong with a path in the Archive.
func archiveError(err error, path string) error {
	if errors.Is(err, archive.ErrNotThere) {
		return wrongUse("Look at: elkjop archive ls.", "There is no %q in the Archive.", path).because("not-in-archive", path)
	}
	return fail(err)
}

// ArchiveList returns what lies in a folder of the Archive ("" is the whole), or the one file of that path.
func (c *Client) ArchiveList(ctx context.Context, path string) ([]Item, error) {
	a, _, err := c.openArchive(ctx)
	if err != nil {
		return nil, err
	}
	items, err := a.List(path)
	return itemsOf(items), archiveError(err, path)
}

// ArchiveFind returns what has the text in its path, whatever its case.
func (c *Client) ArchiveFind(ctx context.Context, text string) ([]Item, error) {
	a, _, err := c.openArchive(ctx)
	if err != nil {
		return nil, err
	}
	return itemsOf(a.Find(text)), nil
}

func itemsOf(all []archive.Item) []Item {
	out := make([]Item, len(all))
	for i, x := range all {
		out[i] = Item(x)
	}
	return out
}

// ArchiveGet writes a file or folder of the Archive below the folder to; nothing there is overwritten.
func (c *Client) ArchiveGet(ctx context.Context, path, to string, progress func(Progress)) (RestoreReport, error) {
	a, u, err := c.openArchive(ctx)
	if err != nil {
		return RestoreReport{}, err
	}
	items, err := a.Pick(path)
	if err != nil {
		return RestoreReport{}, archiveError(err, path)
	}
	return c.restoreTo(ctx, u, items, to, progress)
}

// MaxPreview is how many bytes a file may have that ArchivePreview reads.
const MaxPreview = 8 << 20

// ArchivePreview returns the bytes of a small file of the Archive as it was when the Archive was last looked at. It keeps nothing.
func (c *Client) ArchivePreview(ctx context.Context, path string) ([]byte, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	b, err := c.archiveOf(l, l.use(layout.Volume{Area: layout.Archive})).Read(ctx, path, MaxPreview)
	if errors.Is(err, archive.ErrTooLarge) {
		return nil, wrongUse("Download it.", "%q is too large to be shown here.", path)
	}
	return b, archiveError(err, path)
}

// ArchiveRemove moves a file or folder of the Archive to the trash.
func (c *Client) ArchiveRemove(ctx context.Context, path string) error {
	a, _, err := c.openArchive(ctx)
	if err != nil {
		return err
	}
	return archiveError(a.Remove(ctx, path), path)
}

package app

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

// What can be kept of a conflict.
const (
	KeepBoth     = "both"
	KeepCopy     = "copy"     // it gets the original's name
	KeepOriginal = "original" // the file that has the name
)

// Conflicts returns the copies in the Synced folder that nobody has renamed or chosen to keep.
func (c *Client) Conflicts(ctx context.Context) ([]Conflict, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	u := l.use(layout.Volume{Area: layout.Synced})
	if err := u.refresh(ctx); err != nil {
		return nil, fail(err)
	}
	out := []Conflict{}
	for _, x := range c.unsettled(u) {
		out = append(out, x.shown(u.vol.DeviceName, l.me.Device))
	}
	slices.SortFunc(out, func(a, b Conflict) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// CountConflicts is how many Conflicts there are, as far as this computer knows now. It asks nobody and waits for nobody, but looks at every
// file of the Synced folder.
func (c *Client) CountConflicts() int {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l == nil {
		return 0
	}
	return len(c.unsettled(l.use(layout.Volume{Area: layout.Synced})))
}

// unsettled are the conflicts that nobody here has chosen to leave as they are, and of which both files are to be on this computer.
func (c *Client) unsettled(u *volumeUse) []clash {
	var kept []string
	if s := c.settings().Synced; s != nil {
		kept = s.KeptBoth
	}
	var found []clash
	u.vol.View(func(s *merge.State) {
		off := c.off(s)
		found = slices.DeleteFunc(clashes(s), func(x clash) bool { return off(x.copy.node.ID) || x.there && off(x.other.node.ID) })
	})
	return slices.DeleteFunc(found, func(x clash) bool { return slices.Contains(kept, x.copy.node.ID.String()) })
}

// clash is a conflict copy, and the file that has its plain name.
type clash struct {
	copy, other side
	there       bool // other is one
}

// side is one of the two files.
type side struct {
	node    merge.Node
	path    string
	content tree.Content
}

func clashes(s *merge.State) []clash {
	var out []clash
	for n := range s.Nodes {
		if n.Conflict() && s.Live(n.ID) {
			out = append(out, clashOf(s, n))
		}
	}
	return out
}

func clashOf(s *merge.State, n merge.Node) clash {
	x := clash{copy: sideOf(s, n)}
	dir, _ := tree.Split(x.copy.path)
	x.other.path = tree.Join(dir, n.Plain)
	if f := s.Root().Find(dir); f != nil {
		if o, ok := f.File(n.Plain); ok && o.ID != n.ID {
			x.other, x.there = sideOf(s, o), true
		}
	}
	return x
}

func sideOf(s *merge.State, n merge.Node) side {
	v, _ := s.Version(n.Current)
	return side{n, s.Path(n.ID), v.Content}
}

func (x side) modified() time.Time { return time.Unix(0, x.content.Mtime).UTC() }

func (x clash) shown(name func(tree.Device) string, me tree.Device) Conflict {
	by, y := x.copy.node.Current.Device, x.other
	c := Conflict{
		ID: x.copy.node.ID.String(), Path: x.copy.path, Original: y.path, Size: x.copy.content.Size, Modified: x.copy.modified(),
		Device: name(by), Mine: by == me, Seen: x.copy.content.Hash.String(),
	}
	if x.there {
		by := y.node.Current.Device
		c.Other = &ConflictSide{Size: y.content.Size, Modified: y.modified(), Device: name(by), Mine: by == me, Seen: y.content.Hash.String()}
	}
	return c
}

// is tells whether a conflict is still the one that somebody has seen.
func (x clash) is(seen Conflict) bool {
	return x.there && seen.Other != nil && x.copy.path == seen.Path && x.other.path == seen.Original &&
		x.copy.content.Hash.String() == seen.Seen && x.other.content.Hash.String() == seen.Other.Seen
}

// SettleConflict does what somebody chose who has seen a conflict. KeepBoth leaves both files as they are, and the conflict is not listed here
// any more. The others move one of the two files to the system's recycle bin, from which it can be taken back, and the cloud keeps it in the
// Trash or among the versions. Nothing is changed when either file is not, on the disk and in the cloud, what was seen.
func (c *Client) SettleConflict(ctx context.Context, seen Conflict, keep string) error {
	switch keep {
	case KeepBoth:
		return fail(c.keepBoth(ctx, seen))
	case KeepCopy, KeepOriginal:
	default:
		return wrongUse("Use both, copy or original.", "%q cannot be kept.", keep)
	}
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	u := l.use(layout.Volume{Area: layout.Synced})
	p := c.pairOf(u.name)
	if p == nil {
		return notSetUp()
	}
	err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		// While the engine asks what to tell, it does nothing else: the files stand still but for what their user does.
		err := e.Tell(ctx, func(s *merge.State) ([]merge.Op, error) { return nil, p.settle(ctx, l, s, seen, keep) })
		e.Mark()
		return err
	})
	if err != nil {
		return fail(err)
	}
	c.bringDown(ctx, p)
	return nil
}

// keepBoth remembers the choice, and forgets those of conflicts that are none any more.
func (c *Client) keepBoth(ctx context.Context, seen Conflict) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	still := map[string]bool{}
	l.use(layout.Volume{Area: layout.Synced}).vol.View(func(s *merge.State) {
		for _, x := range clashes(s) {
			still[x.copy.node.ID.String()] = true
		}
	})
	if !still[seen.ID] {
		return NewProblem(CodeSinceSeen, seen.Path, nil)
	}
	return c.change(func(s *config.Settings) error {
		if s.Synced == nil {
			return notSetUp()
		}
		kept := slices.DeleteFunc(s.Synced.KeptBoth, func(id string) bool { return !still[id] || id == seen.ID })
		s.Synced.KeptBoth = append(kept, seen.ID)
		return nil
	})
}

// settle looks at both files once more, and then moves the one that is not kept to the recycle bin.
func (p *pair) settle(ctx context.Context, l *link, s *merge.State, seen Conflict, keep string) error {
	if err := p.present(ctx); err != nil {
		return err
	}
	id, err := tree.ParseStamp(seen.ID)
	n, ok := s.Node(id)
	if err != nil || !ok || !n.Conflict() || !s.Live(n.ID) {
		return NewProblem(CodeSinceSeen, seen.Path, err)
	}
	x := clashOf(s, n)
	if !x.is(seen) {
		return NewProblem(CodeSinceSeen, seen.Path, nil)
	}
	lose, stay := x.copy, x.other
	if keep == KeepCopy {
		lose, stay = x.other, x.copy
	}
	if err := p.hold(ctx, l, stay, lose); err != nil {
		return err
	}
	if err := p.bin(ctx, lose.path); err != nil {
		return err
	}
	p.c.event(treedb.Event{Kind: "conflict-settled", Pair: p.name, Path: p.abs(lose.path), Bytes: lose.content.Size, Device: p.c.settings().DeviceName})
	if keep == KeepCopy {
		return p.rename(stay.path, lose.path)
	}
	return nil
}

// rename gives the copy the name that has become free. What took the name in this very moment keeps it.
func (p *pair) rename(from, to string) error {
	err := p.fs.Rename(from, to)
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrExist) {
		return NewProblem(CodeExists, p.abs(to), err)
	}
	return Unwritten(err, p.abs(from))
}

func (p *pair) abs(path string) string { return filepath.Join(p.root, filepath.FromSlash(path)) }

// hold makes sure that files are, on the disk, what the cloud has, and that each still is when all were read.
func (p *pair) hold(ctx context.Context, l *link, files ...side) error {
	seen := make([]disk.Info, len(files))
	for i, f := range files {
		var err error
		if seen[i], err = p.holds(ctx, l, f.path, f.content); err != nil {
			return err
		}
	}
	for i, f := range files {
		if now, err := p.fs.Stat(f.path); err != nil || now.Signature != seen[i].Signature {
			return NewProblem(CodeSinceSeen, p.abs(f.path), err)
		}
	}
	return nil
}

// holds makes sure that a file on the disk has the bytes that the cloud has.
func (p *pair) holds(ctx context.Context, l *link, path string, want tree.Content) (disk.Info, error) {
	info, err := p.fs.Stat(path)
	if err != nil || info.Type != disk.File || info.Size != want.Size {
		return info, NewProblem(CodeSinceSeen, p.abs(path), err)
	}
	h, err := l.transfer.Hash(ctx, p.fs, path, info.Signature)
	if ctx.Err() != nil {
		return info, ctx.Err()
	}
	if err != nil || tree.Hash(h) != want.Hash {
		return info, NewProblem(CodeSinceSeen, p.abs(path), err)
	}
	return info, nil
}

// bin moves a file to the system's recycle bin. Where that fails the file is still there.
func (p *pair) bin(ctx context.Context, path string) error {
	err := p.c.o.Parts.Trash(ctx, p.abs(path))
	if err == nil {
		return nil
	}
	if _, still := p.fs.Stat(path); disk.IsNotExist(still) {
		return NewProblem(engine.CodeOther, p.abs(path), err) // it left, and nobody can say where to
	}
	return NewProblem(CodeBinRefused, p.abs(path), err)
}

package sidebar

import (
	"context"
	"errors"
)

// place is one list of folders. Its methods read what is there each time. A place that this computer does not have answers look with
// absent and add with errors.ErrUnsupported, or both with it.
type place interface {
	name() string
	look(ctx context.Context, e Entry) (presence, error)
	// add shows e, which is absent. When it returns, e is in the list.
	add(ctx context.Context, e Entry) error
	// move makes the entry that shows from show to.
	move(ctx context.Context, from, to Entry) error
	// remove takes the entry for e out, and everything that add made.
	remove(ctx context.Context, e Entry) error
	// byHand is a sentence for people.
	byHand(e Entry) string
}

// presence is how an entry is in a place.
type presence int

const (
	absent  presence = iota // not in the list
	empty                   // not in the list, and the list itself is new: it tells nothing about what the user did
	foreign                 // in the list, as something that anybody may have put there
	ours                    // in the list as we write it
	hidden                  // in the list as we write it, and the user switched it off
)

var (
	errNotShown = errors.New("the system does not show it although it said so")
	errStill    = errors.New("the system still shows it although it said otherwise")
)

// keep sees to it that a place shows the folder, unless the user took it away. path is the folder that mark is about.
func keep(ctx context.Context, p place, e Entry, path string, mark Mark) (Mark, error) {
	old := e
	old.Path = path
	switch mark {
	case Removed:
		return Removed, nil
	case Pinned, Theirs:
		at, err := p.look(ctx, old)
		switch {
		case err != nil:
			return mark, err
		case at == absent || at == hidden:
			return Removed, nil
		case at == empty:
			mark = ""
		}
	}
	if mark == Pinned && path != e.Path {
		return follow(ctx, p, old, e)
	}
	return show(ctx, p, e, mark)
}

// show puts the folder into a place when it is not there.
func show(ctx context.Context, p place, e Entry, mark Mark) (Mark, error) {
	at, err := p.look(ctx, e)
	switch {
	case err != nil:
		return "", err
	case at == hidden:
		return Removed, nil
	case at == ours || at == foreign && mark == Pinned:
		return Pinned, nil
	case at == foreign:
		return Theirs, nil
	}
	if err := p.add(ctx, e); err != nil {
		return "", err
	}
	return Pinned, seen(ctx, p, e)
}

func follow(ctx context.Context, p place, from, to Entry) (Mark, error) {
	at, err := p.look(ctx, to)
	if err != nil {
		return Pinned, err
	}
	if at == foreign {
		return Theirs, p.remove(ctx, from)
	}
	if err := p.move(ctx, from, to); err != nil {
		return Pinned, err
	}
	return Pinned, seen(ctx, p, to)
}

func seen(ctx context.Context, p place, e Entry) error {
	at, err := p.look(ctx, e)
	if err == nil && at != ours && at != foreign {
		err = errNotShown
	}
	return err
}

// drop takes the folder out where we put it.
func drop(ctx context.Context, p place, e Entry, _ string, mark Mark) (Mark, error) {
	at, err := p.look(ctx, e)
	if err != nil {
		return mark, err
	}
	if at == absent || at == empty || at == foreign && mark != Pinned {
		return kept(mark), nil
	}
	if err := p.remove(ctx, e); err != nil {
		return mark, err
	}
	if at, err = p.look(ctx, e); err == nil && (at == ours || at == foreign) {
		return mark, errStill
	}
	return kept(mark), err
}

// kept is what is still true of a place when the folder is not shown there any more.
func kept(mark Mark) Mark {
	if mark == Removed {
		return Removed
	}
	return ""
}

package faultstore

import (
	"context"
	"maps"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
)

// remembered is how many writes a listing can be behind.
const remembered = 64

// change is one write, and what was there before it.
type change struct {
	key    string
	before *objstore.Object // nil when there was nothing
}

// recorded does a request and remembers it if it changed an object.
func (s *Store) recorded(ctx context.Context, c objstore.Call, act objstore.Act) error {
	switch c.Op {
	case objstore.OpPut, objstore.OpDelete, objstore.OpCopy, objstore.OpComplete:
	default:
		return act(ctx)
	}
	entry := change{key: c.Key}
	if before, err := s.inner.Head(ctx, c.Key); err == nil {
		before.Meta = nil
		entry.before = &before
	}
	if err := act(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent = append(s.recent, entry)
	s.recent = s.recent[max(0, len(s.recent)-remembered):]
	return nil
}

// List implements objstore.Bucket.
func (s *Store) List(ctx context.Context, prefix, startAfter string, limit int) (objects []objstore.Object, more bool, err error) {
	fault, err := s.next(objstore.OpList, prefix)
	if err != nil {
		return nil, false, err
	}
	err = s.apply(ctx, objstore.Call{Op: objstore.OpList, Key: prefix}, fault, func(ctx context.Context) (err error) {
		if fault.Action == Stale {
			objects, more, err = s.stale(ctx, prefix, startAfter, limit, fault.N)
		} else {
			objects, more, err = s.inner.List(ctx, prefix, startAfter, limit)
		}
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return objects, more, nil
}

// stale lists what was there before the last n writes.
func (s *Store) stale(ctx context.Context, prefix, startAfter string, limit, n int) ([]objstore.Object, bool, error) {
	objects, err := s.all(ctx, prefix)
	if err != nil {
		return nil, false, err
	}
	s.mu.Lock()
	undo := slices.Clone(s.recent[max(0, len(s.recent)-n):])
	s.mu.Unlock()
	for _, c := range slices.Backward(undo) {
		if c.before != nil && strings.HasPrefix(c.key, prefix) {
			objects[c.key] = *c.before
		} else {
			delete(objects, c.key)
		}
	}
	return page(objects, startAfter, limit)
}

func (s *Store) all(ctx context.Context, prefix string) (map[string]objstore.Object, error) {
	objects := map[string]objstore.Object{}
	for after, more := "", true; more; {
		var list []objstore.Object
		var err error
		if list, more, err = s.inner.List(ctx, prefix, after, 0); err != nil {
			return nil, err
		}
		for _, o := range list {
			objects[o.Key], after = o, o.Key
		}
	}
	return objects, nil
}

func page(objects map[string]objstore.Object, startAfter string, limit int) ([]objstore.Object, bool, error) {
	if limit <= 0 {
		limit = objstore.DefaultPage
	}
	var list []objstore.Object
	for _, key := range slices.Sorted(maps.Keys(objects)) {
		if key <= startAfter {
			continue
		}
		if len(list) == limit {
			return list, true, nil
		}
		list = append(list, objects[key])
	}
	return list, false, nil
}

package simtest

import (
	"context"
	"maps"
	"slices"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
)

// Memory is a database that never fails by itself: what Save was given is there after every crash.
type Memory struct {
	base    map[plan.Handle]plan.Base
	intent  *engine.Intent
	uploads map[string]engine.Upload
	open    []plan.Open
	guard   []byte
	joined  bool
	eager   bool
}

// NewMemory returns an empty one.
func NewMemory() *Memory {
	m := &Memory{}
	m.Forget()
	return m
}

func newMemory(eager bool) *Memory {
	m := NewMemory()
	m.eager = eager
	return m
}

// Unsent tells whether a batch waits that may have been sent.
func (m *Memory) Unsent() bool { return m.intent != nil }

// Clone returns a copy, as of a file that is put back later.
func (m *Memory) Clone() *Memory {
	return &Memory{base: maps.Clone(m.base), intent: m.intent, uploads: maps.Clone(m.uploads), open: m.open, guard: m.guard, joined: m.joined, eager: m.eager}
}

// Forget loses everything.
func (m *Memory) Forget() {
	*m = Memory{base: map[plan.Handle]plan.Base{}, uploads: map[string]engine.Upload{}, eager: m.eager}
}

// Load implements engine.Store.
func (m *Memory) Load(context.Context) (engine.Saved, error) {
	s := engine.Saved{Base: plan.BasesOf(), Intent: m.intent, Open: m.open, Guard: m.guard, Joined: m.joined}
	for _, h := range slices.Sorted(maps.Keys(m.base)) {
		b := m.base[h]
		b.Nodes = slices.Clone(b.Nodes)
		s.Base.Append(&b)
	}
	for _, p := range slices.Sorted(maps.Keys(m.uploads)) {
		s.Uploads = append(s.Uploads, m.uploads[p])
	}
	return s, nil
}

// Save implements engine.Store.
func (m *Memory) Save(_ context.Context, c engine.Change) error {
	if m.eager && c.Intent != nil { // the planted bug
		c.Set, c.Drop, c.Intent = append(c.Set, c.Intent.Commit.Set...), append(c.Drop, c.Intent.Commit.Drop...), nil
	}
	for _, b := range c.Set {
		x := *b
		x.Nodes = slices.Clone(b.Nodes)
		m.base[b.ID] = x
	}
	for _, h := range c.Drop {
		delete(m.base, h)
	}
	if c.Intent != nil {
		m.intent = c.Intent
	}
	if c.ClearIntent {
		m.intent = nil
	}
	for _, u := range c.Uploads {
		m.uploads[u.Path] = u
	}
	for _, h := range c.NoUploads {
		maps.DeleteFunc(m.uploads, func(_ string, u engine.Upload) bool { return u.Content.Hash == h })
	}
	if c.Open != nil {
		m.open = c.Open
	}
	if c.Guard != nil {
		m.guard = c.Guard
	}
	m.joined = m.joined || c.Joined
	return nil
}

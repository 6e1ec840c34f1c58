package space

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"sync"

	"elkjopcloud/sync/merge"
)

// Cache keeps what was read of volumes on this computer, so that a restart reads only what is new. Losing it, or any part of it,
// costs time and nothing else. volume is any string. All methods are safe for concurrent use.
type Cache interface {
	// LoadBatches returns the batches of a volume, in any order.
	LoadBatches(ctx context.Context, volume string) ([]StoredBatch, error)
	// SaveBatches adds batches; one of the same ID is replaced.
	SaveBatches(ctx context.Context, volume string, bs []StoredBatch) error
	// LoadCheckpoint hands the checkpoint that was saved last to read, if there is one, and how many bytes it has. Body ends with ErrDamaged where it is
	// not what was saved.
	LoadCheckpoint(ctx context.Context, volume string, read func(name string, size int64, body io.Reader)) error
	// SaveCheckpoint replaces the checkpoint.
	SaveCheckpoint(ctx context.Context, volume, name string, body []byte) error
	// Forget drops all that is kept of a volume.
	Forget(ctx context.Context, volume string) error
}

// StoredBatch is a batch as the store holds it.
type StoredBatch struct {
	ID     merge.BatchID
	Body   []byte
	Stored int64 // the store's clock, nanoseconds since 1970
}

// MemCache is a Cache in memory. The zero value is ready.
type MemCache struct {
	mu      sync.Mutex
	volumes map[string]*cached
}

type cached struct {
	batches map[merge.BatchID]StoredBatch
	name    string
	body    []byte
}

// Clone returns a copy, as of a file that is put back later.
func (m *MemCache) Clone() *MemCache {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := &MemCache{volumes: map[string]*cached{}}
	for name, c := range m.volumes {
		out.volumes[name] = &cached{batches: maps.Clone(c.batches), name: c.name, body: c.body}
	}
	return out
}

func (m *MemCache) volume(name string) *cached {
	if m.volumes == nil {
		m.volumes = map[string]*cached{}
	}
	if m.volumes[name] == nil {
		m.volumes[name] = &cached{batches: map[merge.BatchID]StoredBatch{}}
	}
	return m.volumes[name]
}

// LoadBatches implements Cache.
func (m *MemCache) LoadBatches(_ context.Context, volume string) ([]StoredBatch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []StoredBatch
	for _, b := range m.volume(volume).batches {
		b.Body = slices.Clone(b.Body)
		out = append(out, b)
	}
	return out, nil
}

// SaveBatches implements Cache.
func (m *MemCache) SaveBatches(_ context.Context, volume string, bs []StoredBatch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range bs {
		b.Body = slices.Clone(b.Body)
		m.volume(volume).batches[b.ID] = b
	}
	return nil
}

// LoadCheckpoint implements Cache.
func (m *MemCache) LoadCheckpoint(_ context.Context, volume string, read func(string, int64, io.Reader)) error {
	m.mu.Lock()
	c := *m.volume(volume)
	m.mu.Unlock()
	if c.name != "" {
		read(c.name, int64(len(c.body)), bytes.NewReader(c.body)) // nobody changes it
	}
	return nil
}

// SaveCheckpoint implements Cache.
func (m *MemCache) SaveCheckpoint(_ context.Context, volume, name string, body []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.volume(volume)
	c.name, c.body = name, slices.Clone(body)
	return nil
}

// Forget implements Cache.
func (m *MemCache) Forget(_ context.Context, volume string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.volumes, volume)
	return nil
}

package simtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Computer is what one start of the program is made of: the fakes that it runs on, and what differs from the usual. What is not said to have
// a default is required.
type Computer struct {
	Device  tree.Device
	Name    string
	Run     uint32 // of this start
	Volume  layout.Volume
	Disk    disk.FS
	Bucket  objstore.Bucket
	Cache   space.Cache
	Store   engine.Store
	Now     func() time.Time // this computer's clock
	KeyTime func() time.Time // for the names of content objects; Now where nil
	Count   func() int       // a new number each time, for names; counts up where nil
	Random  func() string    // a new name for our own folder; of Run and Count where nil
	Rules   []string         // of the user, for what is skipped
	// Transfer tunes transfers; one file and one part at a time where Parallel is 0.
	Transfer transfer.Options
	Few      int // how many small files that wait are sent one by one; as the program does where 0
	Fold     int // see space.Writer
	// Engine gives UpOnly, Present, NoExec, Chunk, Window, Huge, Beside, Told and Changed; the rest is filled in.
	Engine engine.Options
}

// Start builds the parts as the program does and returns the engine, which has done nothing yet.
func (c Computer) Start(ctx context.Context) (*engine.Engine, error) {
	c = c.defaults()
	sp, err := space.Open(ctx, c.Bucket)
	if err != nil {
		return nil, fmt.Errorf("open the space: %w", err)
	}
	kind := ignore.Synced
	if c.Engine.UpOnly {
		kind = ignore.Backup
	}
	rules, err := ignore.New(kind, c.Rules)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	v := sp.Volume(c.Volume, c.Cache, c.writer())
	loc := local.New(local.Options{FS: c.Disk, Rules: rules, Transfer: c.transfer(), Prefix: c.Volume.Prefix() + "/", Random: c.Random,
		Today: func() string { return "2026-11-22" }, Beside: c.writer().CopyName, Parallel: 1})
	o := c.Engine
	o.Name, o.Volume, o.Local, o.Store, o.Now, o.Log = c.Name, v, loc, c.Store, c.Now, slog.New(slog.DiscardHandler)
	o.Cloud = cloud.New(cloud.Options{Volume: v, Source: loc, NewID: c.ids(), Device: c.Device, Parallel: 1, NoExec: o.NoExec, Now: c.Now, Few: c.Few})
	o.FoldNames, o.Parallel = !c.Disk.CaseSensitive(), 1
	if o.Present == nil {
		o.Present = func(context.Context) error { return Present(c.Disk, c.Name) }
	}
	return engine.New(o), nil
}

func (c Computer) writer() space.Writer {
	return space.Writer{Device: c.Device, Run: c.Run, Name: c.Name, Zone: func() int { return 3600 }, Now: c.Now, Rand: stream(uint64(c.Run)), Parallel: 1, Fold: c.Fold}
}

func (c Computer) transfer() *transfer.Transfer {
	o := c.Transfer
	if o.Parallel == 0 {
		o.Parallel = 1
	}
	return transfer.New(c.Bucket, o)
}

func (c Computer) defaults() Computer {
	if c.KeyTime == nil {
		c.KeyTime = c.Now
	}
	if c.Count == nil {
		var n atomic.Int64
		c.Count = func() int { return int(n.Add(1)) }
	}
	if c.Random == nil {
		c.Random = func() string { return fmt.Sprintf("%d-%d", c.Run, c.Count()) }
	}
	return c
}

// ids names content objects: the start and a number make them unique.
func (c Computer) ids() func() layout.ULID {
	return func() layout.ULID {
		var b [10]byte
		binary.BigEndian.PutUint32(b[:], c.Run)
		binary.BigEndian.PutUint32(b[4:], uint32(c.Count()))
		return layout.NewULID(c.KeyTime().UnixMilli(), b)
	}
}

var errStranger = errors.New("the marker is another one")

// Present tells whether a disk is the one that was claimed for a name.
func Present(d disk.FS, name string) error {
	id, err := local.Claimed(d)
	if err == nil && id != name {
		err = errStranger
	}
	return err
}

// stream is random bytes from a seed.
func stream(seed uint64) io.Reader { return &bytesOf{rand.New(rand.NewPCG(seed, 7))} }

type bytesOf struct{ r *rand.Rand }

func (s *bytesOf) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s.r.Uint32())
	}
	return len(p), nil
}

//go:build darwin && cgo

package watch

import (
	"context"
	"fmt"

	"github.com/syncthing/notify"
)

// slots is how many events wait for us; the library drops what does not fit, which run recognises by a full channel.
const slots = 1 << 16

// The events that the library is asked for: the three that say that the system lost something, and the kinds of entries, one of which
// is part of every event. Asking for what happened instead would pass through the library's guesses at what is new.
const (
	lost  = notify.FSEventsMustScanSubDirs | notify.FSEventsUserDropped | notify.FSEventsKernelDropped
	kinds = notify.FSEventsIsFile | notify.FSEventsIsDir | notify.FSEventsIsSymlink
)

// fsevents watches a whole tree through FSEvents, which needs cgo.
type fsevents struct {
	target
	events chan notify.EventInfo
}

func openSource(_ context.Context, t target) (source, error) {
	f := &fsevents{target: t, events: make(chan notify.EventInfo, slots)}
	if err := notify.Watch(t.root+"/...", f.events, lost|kinds); err != nil {
		return nil, fmt.Errorf("watch with FSEvents: %w", err)
	}
	return f, nil
}

func (f *fsevents) close() { notify.Stop(f.events) }

func (f *fsevents) run(ctx context.Context) error {
	for {
		if len(f.events) == cap(f.events) {
			return errOverflow
		}
		select {
		case event := <-f.events:
			f.take(event)
		case <-ctx.Done():
			return nil
		}
	}
}

func (f *fsevents) take(event notify.EventInfo) {
	path, ok := f.relative(event.Path())
	if !ok || event.Event()&lost != 0 {
		f.dirty.addAll() // changes were lost; which ones is not worth guessing
		return
	}
	if isDir := event.Event()&notify.FSEventsIsDir != 0; !f.ignored(path, isDir) {
		f.dirty.add(path)
	}
}

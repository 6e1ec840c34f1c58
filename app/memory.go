package app

import (
	"runtime/debug"
	"sync"
	"time"
)

// reliefEvery is how often memory is given back to the system at most: to collect all garbage takes the processor a fifth of a second with a million files.
const reliefEvery = time.Minute

// relief gives back to the system what a cycle took and needs no more. Go by itself keeps it for long, as the next cycle may need it, but that may come in
// an hour.
type relief struct {
	mu   sync.Mutex
	last time.Time
}

// rested gives memory back, if that was not done just now, and tells whether it did.
func (r *relief) rested() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.last) >= reliefEvery {
		debug.FreeOSMemory()
		r.last = now
		return true
	}
	return false
}

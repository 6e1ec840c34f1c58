package app

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// reliefEvery is how often memory is given back to the system at most: to collect all garbage takes the processor a fifth of a second with a million files.
const reliefEvery = time.Minute

// relief gives back to the system what a cycle took and needs no more. Go by itself keeps it for long, as the next cycle may need it, but that may come in
// an hour.
type relief struct {
	mu    sync.Mutex
	last  time.Time
	later *time.Timer // the next time, if there is to be one
}

// rested gives memory back, or will when the time has come.
func (r *relief) rested() {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch wait := reliefEvery - time.Since(r.last); {
	case wait <= 0:
		r.give()
	case r.later == nil:
		r.later = time.AfterFunc(wait, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.give()
		})
	}
}

// give gives memory back. mu is held.
func (r *relief) give() {
	thrift.rest()
	debug.FreeOSMemory()
	r.last = time.Now()
	if r.later != nil {
		r.later.Stop()
		r.later = nil
	}
}

// Garbage that may lie about before it is collected: a share of what is in use, in percent, as this program runs beside others for days and time matters less
// than memory. With 100 000 files, 25 takes 7 MiB less than 40 did, and a tenth more of the processor. Until it has come to rest for the first time it may be
// garbageLeast bytes, however little is in use: a process that looks whether something has changed and ends would collect ten times otherwise, for a seventh of
// its time. Where very much is in use, as with a million files, the share is that of rest as soon as it is more than garbageLarge: the first time there takes
// minutes, of which the collector may have some.
const (
	garbageShare = 25
	garbageRest  = 10 // once it has rested: little is made then
	garbageLeast = 24 << 20
	garbageMost  = 600 // percent: about garbageLeast before anything is in use
	garbageLarge = 32 << 20
)

// thrift decides when garbage is collected. It is of the whole process.
var thrift thriftiness

type thriftiness struct {
	mu      sync.Mutex
	started bool
	resting bool
}

// SaveMemory makes this process hold little memory. Programs call it once, as they begin.
func SaveMemory() {
	thrift.mu.Lock()
	defer thrift.mu.Unlock()
	if !thrift.started {
		thrift.started = true
		debug.SetGCPercent(garbageMost)
		thrift.follow()
	}
}

// follow looks again after the next collection. mu is held.
func (t *thriftiness) follow() {
	runtime.SetFinalizer(&struct{ _ [16]byte }{}, func(any) { t.collected() })
}

func (t *thriftiness) collected() {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	live, percent := s[0].Value.Uint64(), garbageRest
	if !t.resting {
		percent = garbagePercent(live)
		debug.SetGCPercent(percent)
	}
	debug.SetMemoryLimit(mostHeld(live, percent))
	t.follow()
}

// mostHeld is how much memory may be held when so much is in use and that share of garbage may lie about: a fifth more than both, or 64 MiB. What is free goes back to the system
// before more is taken from it; else half as much again lies idle when tables are made anew, each of its own size.
func mostHeld(live uint64, percent int) int64 {
	most := live + live/100*uint64(percent)
	return int64(most + min(most/5, 48<<20) + 16<<20)
}

// garbagePercent is for so many bytes in use, before the first rest.
func garbagePercent(live uint64) int {
	if live > garbageLarge*100/garbageShare {
		return int(max(garbageRest, garbageLarge*100/live))
	}
	return int(min(garbageMost, max(garbageShare, garbageLeast*100/max(live, 1))))
}

// rest goes over to what is right for days.
func (t *thriftiness) rest() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.started && !t.resting {
		t.resting = true
		debug.SetGCPercent(garbageRest)
	}
}

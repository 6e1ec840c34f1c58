package faultstore

import (
	"math/rand/v2"
	"sync"

	"elkjopcloud/platform/objstore"
)

// Rates are the probabilities, from 0 to 1, of the faults that Random deals out.
type Rates struct {
	Before, After, Hold, Cut, Corrupt, Stale, Crash, CrashAfter float64
	HoldFor                                                     int // held writes land within this many requests; 0 means 10
	StaleBy                                                     int // listings are at most this many writes old; 0 means 5
	CutAt                                                       int // bodies are cut, or damaged, within their first bytes; 0 means 100
}

// Random returns a policy that repeats itself exactly for the same seed and the same sequence of requests.
func Random(seed uint64, r Rates) func(op, key string) Fault {
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	within := func(n, standard int) int {
		if n <= 0 {
			n = standard
		}
		return source.IntN(n)
	}
	return func(op, _ string) Fault {
		mu.Lock()
		defer mu.Unlock()
		action := r.pick(op, source.Float64())
		switch action {
		case Hold:
			return Fault{Action: Hold, N: 1 + within(r.HoldFor, 10)}
		case Stale:
			return Fault{Action: Stale, N: 1 + within(r.StaleBy, 5)}
		case Cut, Corrupt:
			return Fault{Action: action, N: within(r.CutAt, 100)}
		}
		return Fault{Action: action}
	}
}

// pick lays the probabilities that apply to op side by side and looks where dice falls.
func (r Rates) pick(op string, dice float64) Action {
	for _, c := range []struct {
		action Action
		rate   float64
		only   string
	}{
		{Before, r.Before, ""},
		{After, r.After, ""},
		{Crash, r.Crash, ""},
		{CrashAfter, r.CrashAfter, ""},
		{Hold, r.Hold, ""},
		{Cut, r.Cut, objstore.OpGet},
		{Corrupt, r.Corrupt, objstore.OpGet},
		{Stale, r.Stale, objstore.OpList},
	} {
		if c.only != "" && c.only != op {
			continue
		}
		if dice < c.rate {
			return c.action
		}
		dice -= c.rate
	}
	return None
}

package wiring

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/app"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/nettest"
	"elkjopcloud/platform/objstore/s3store"
	"elkjopcloud/platform/objstore/s3test"
	"elkjopcloud/sync/engine"
)

// traveller is a running client behind a network that tests spoil.
type traveller struct {
	*app.Client
	t    *testing.T
	net  *nettest.Network
	root string

	mu    sync.Mutex
	clock time.Duration // how far its clock is off
}

// travel starts a client with an empty Synced folder. It runs until the test ends.
func travel(t *testing.T, s s3test.Server, bucket string, silence s3store.Timeouts) *traveller {
	t.Helper()
	d := &traveller{t: t, net: nettest.New(t, strings.TrimPrefix(s.Endpoint, "http://"))}
	env := map[string]string{"AWS_ACCESS_KEY_ID": s.AccessKey, "AWS_SECRET_ACCESS_KEY": s.SecretKey}
	d.Client = open(t, t.TempDir(), Options{
		Power:  mains{},
		Getenv: func(k string) string { return env[k] }, Now: d.now,
		Timeouts: silence,
		Retry:    objstore.RetryOptions{Tries: 3, Initial: 20 * time.Millisecond},
		Pace:     engine.Pace{Busy: 50 * time.Millisecond, Idle: 200 * time.Millisecond},
	})
	x := app.S3{Endpoint: "http://" + d.net.Address(), Bucket: bucket, Region: "us-east-1", Credentials: "env"}
	if _, err := d.ConnectS3(t.Context(), x, ""); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.root, err = filepath.EvalSymlinks(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if err := d.SetSynced(t.Context(), d.root); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return d
}

// mains is a computer that has all it needs, and tells nothing.
type mains struct{}

func (mains) OnBattery(context.Context) (bool, error)                       { return false, nil }
func (mains) Metered(context.Context) (bool, error)                         { return false, nil }
func (mains) KeepAwake(context.Context, string) (release func(), err error) { return func() {}, nil }
func (mains) Watch(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}

func (d *traveller) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.clock)
}

func (d *traveller) jump(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock += by
}

func (d *traveller) safe() bool { return d.Status().State == app.StateSafe }

// longest is how long people wait at most for everything to go on when the network is back.
const longest = 15 * time.Second

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	within(t, time.Minute, what, ok)
}

// within waits for something.
func within(t *testing.T, longest time.Duration, what string, ok func() bool) {
	t.Helper()
	late := time.After(longest)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("%s: not within %v", what, longest)
		}
	}
}

// noise is text that is the same for the same seed, and different for every other.
func noise(seed uint64, size int) []byte {
	out := make([]byte, size)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

func save(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// holds tells whether a folder has exactly these files.
func holds(dir string, want map[string][]byte) bool {
	entries, err := os.ReadDir(dir)
	names := []string{}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".elkjop") {
			names = append(names, e.Name())
		}
	}
	if err != nil || !slices.Equal(names, slices.Sorted(maps.Keys(want))) {
		return false
	}
	for name, content := range want {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, content) {
			return false
		}
	}
	return true
}

var (
	away   = nettest.Weather{Silent: true}
	refuse = nettest.Weather{Refuse: true}
	portal = nettest.Weather{Portal: true}
)

// TestNetworks: whatever a network does to one of two computers that run, both have everything within 15 s of its return, without a
// restart, nothing is said to be safe that was not sent, and no byte is lost or in the wrong place.
func TestNetworks(t *testing.T) {
	server := s3test.VersityGW(t)
	for i, c := range []struct {
		name    string
		weather []nettest.Weather // one after the other, then a good one
		blocked bool              // nothing passes in any of them
		size    int               // of the larger file
		through bool              // it is slow, and everything arrives all the same
		reset   bool              // what is connected is cut at each change
		jump    time.Duration     // of the clock, while the network is away
	}{
		{name: "late", weather: []nettest.Weather{{Late: 50 * time.Millisecond}}, size: 200 << 10, through: true},
		{name: "1 KB a second", weather: []nettest.Weather{{Rate: 1 << 10}}, size: 1 << 10, through: true},
		{name: "cut in the middle of bodies", weather: []nettest.Weather{{CutAfter: 50 << 10}}, reset: true, size: 300 << 10},
		{name: "resets", weather: []nettest.Weather{{Rate: 100 << 10}, {Rate: 100 << 10}, {Rate: 100 << 10}}, reset: true, size: 300 << 10},
		{name: "silent", weather: []nettest.Weather{away}, blocked: true, size: 300 << 10},
		{name: "refused", weather: []nettest.Weather{refuse}, blocked: true, size: 300 << 10},
		{name: "a login portal", weather: []nettest.Weather{portal}, blocked: true, reset: true, size: 300 << 10},
		{name: "a portal after silence", weather: []nettest.Weather{away, portal, away}, blocked: true, reset: true, size: 300 << 10},
		{name: "flapping", weather: []nettest.Weather{away, {}, refuse, {}, away, {CutAfter: 9 << 10}, portal, {}, refuse}, size: 300 << 10},
		{name: "sleep, and a clock hours ahead", weather: []nettest.Weather{away}, blocked: true, size: 300 << 10, jump: 8 * time.Hour},
		{name: "sleep, and a clock days behind", weather: []nettest.Weather{away}, blocked: true, size: 300 << 10, jump: -72 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket := fmt.Sprintf("network-%d", i)
			silence := s3store.Timeouts{Connect: time.Second, First: 300 * time.Millisecond, Silence: time.Second}
			if c.through {
				silence = s3store.Timeouts{First: 3 * time.Second}
			}
			a, b := travel(t, server, bucket, silence), travel(t, server, bucket, silence)
			seed := uint64(i) * 10
			want := map[string][]byte{"before.bin": noise(seed, 5000)}
			save(t, a.root, want)
			until(t, "the beginning", func() bool { return a.safe() && b.safe() && holds(b.root, want) })

			mine := map[string][]byte{"large.bin": noise(seed+1, c.size), "small.txt": noise(seed+2, 100), "before.bin": noise(seed+3, 700)}
			theirs := map[string][]byte{"from b.bin": noise(seed+4, c.size/2)}
			for n, w := range c.weather {
				a.net.Set(w)
				if c.reset {
					a.net.Reset()
				}
				if n == 0 {
					save(t, a.root, mine)
					save(t, b.root, theirs)
					a.jump(c.jump)
				}
				a.suffer(c.blocked)
			}
			maps.Copy(want, mine)
			maps.Copy(want, theirs)
			all := func() bool { return a.safe() && b.safe() && holds(a.root, want) && holds(b.root, want) }
			if c.through {
				within(t, 2*time.Minute, "on the slow network", all)
			}
			a.net.Set(nettest.Weather{})
			within(t, longest, "after the network's return", all)
			a.proves()
		})
	}
}

// suffer lets the client meet the weather. While nothing passes it must say so, and not take it back.
func (d *traveller) suffer(blocked bool) {
	d.t.Helper()
	if !blocked {
		const some = 3 // connections that met it
		begun := d.net.Accepted()
		met := time.After(2 * time.Second)
		for d.net.Accepted() < begun+some {
			select {
			case <-met:
				return
			case <-d.Changed():
			}
		}
		return
	}
	seen := map[string]bool{}
	until(d.t, "to say that the cloud is out of reach", func() bool {
		s := d.Status().State
		if s == app.StateSafe && len(seen) > 0 {
			d.t.Fatal("it said that all is safe while nothing could be sent")
		}
		if s != app.StateSafe {
			seen[s] = true
		}
		return s == app.StateOffline
	})
}

// proves reads everything back from the cloud.
func (d *traveller) proves() {
	d.t.Helper()
	r, err := d.Check(d.t.Context(), true, nil)
	if err != nil || r.Missing+r.Damaged+len(r.Problems) > 0 {
		d.t.Errorf("%+v, %v", r, err)
	}
	conflicts, err := d.Conflicts(d.t.Context())
	if diff := cmp.Diff(0, len(conflicts)); diff != "" || err != nil {
		d.t.Errorf("conflicts: %v, %v", conflicts, err)
	}
}

package space

import (
	"context"
	"errors"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/layout"
)

// lay puts bytes under a key, as another program would.
func lay(t testing.TB, b objstore.Bucket, key, body string) {
	t.Helper()
	if _, err := put(context.Background(), b, key, []byte(body), objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
}

// What a newer program writes may have any shape under names that this one knows.
func TestNewerFormatsOfOtherShapes(t *testing.T) {
	b := memstore.New(nil)
	lay(t, b, layout.Space, `{"format":2,"id":{"new":true},"keep_days":"long"}`)
	if _, err := Open(t.Context(), b); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer space: %v", err)
	}
	w := newWorld(t)
	d := w.device(1)
	d.save("a", "x")
	lay(t, w.store, d.key(layout.Sweep), `{"format":2,"planned":"2026-01-01","checkpoint":["a","b"]}`)
	if _, err := d.space.Sweep(t.Context(), d.Volume, SweepOptions{}); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer sweep: %v", err)
	}
}

// Whatever the hints say, they cost time and nothing else: others' batches are read and one's own are sent.
func TestHintsThatCannotBe(t *testing.T) {
	const most = "18446744073709551615"
	for _, c := range []struct{ name, key, body string }{
		{"a number at the end of all numbers, of another", layout.Notice, `{"format":1,"newest":[{"d":"0000000000000002","s":` + most + `,"r":1}]}`},
		{"a number at the end of all numbers, of this device", layout.Notice, `{"format":1,"newest":[{"d":"0000000000000001","s":` + most + `,"r":1}]}`},
		{"a number far ahead, of another", layout.Notice, `{"format":1,"newest":[{"d":"0000000000000002","s":900000,"r":1}]}`},
		{"a number far ahead, of this device", layout.Notice, `{"format":1,"newest":[{"d":"0000000000000001","s":900000,"r":1}]}`},
		{"no numbers", layout.Notice, `{"format":1,"newest":[{},{"d":"0000000000000001"}]}`},
		{"a sweep at the end of time", layout.Sweep, `{"format":1,"finished":9007199254740991,"planned":9007199254740991}`},
		{"a sweep before all time", layout.Sweep, `{"format":1,"finished":-9223372036854775808,"planned":-1,"checkpoint":"../space.json"}`},
	} {
		t.Run(c.name, func(t *testing.T) { costOnlyTime(t, c.key, c.body) })
	}
}

// costOnlyTime lays a hint where two devices meet it and goes on working.
func costOnlyTime(t *testing.T, key, body string) {
	w := newWorld(t)
	one, two := w.device(1), w.device(2)
	one.save("first", "1")
	two.pull(List)
	lay(t, w.store, one.key(key), body)
	one.pull(Poll)
	one.save("second", "2")
	two.pull(Poll)
	two.save("third", "3")
	two.save("fourth", "4")
	lay(t, w.store, one.key(key), body)
	one.pull(Poll)
	one.pull(List)
	two.pull(List)
	const want = 4
	for _, d := range []*device{one, two} {
		if n := len(d.State().Root().Files()); n != want {
			t.Errorf("device %d has %d files, want %d: %s", d.id, n, want, d.show())
		}
	}
	if key != layout.Sweep {
		return
	}
	r, err := one.space.Sweep(t.Context(), one.Volume, SweepOptions{})
	if err != nil || r.Next.After(w.clock().Add(2*sweepPause)) {
		t.Errorf("the next sweep is at %v, %v", r.Next.Format(time.RFC3339), err)
	}
}

func FuzzHints(f *testing.F) {
	f.Add(`{"format":1,"newest":[{"d":"0000000000000002","s":3,"r":1}]}`)
	f.Add(`{"format":1,"newest":[{"d":"0000000000000001","s":18446744073709551615,"r":4294967295}]}`)
	f.Add(`{"format":1,"id":"x","made":"2026-01-01T00:00:00Z","keep_days":-3,"keep_versions":9223372036854775807}`)
	f.Add(`{"format":1,"finished":9007199254740991,"checkpoint":".volume/checkpoint/x","purged":{"":"x"}}`)
	f.Add(`{"format":1,"id":"00000000000000ab","name":"\u202egnp.exe\n","system":"","last_seen":"2026-01-01T00:00:00Z","backups":["../.."]}`)
	f.Fuzz(func(t *testing.T, body string) {
		costOnlyTime(t, layout.Notice, body)
		b := memstore.New(nil)
		lay(t, b, layout.Space, body)
		lay(t, b, layout.DeviceKey(0xab), body)
		s, err := Open(t.Context(), b)
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		if r := s.Rules(); r.Keep < 24*time.Hour || r.Versions < 1 {
			t.Fatalf("it keeps things for %v, %d versions", r.Keep, r.Versions)
		}
		if _, err := s.Devices(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

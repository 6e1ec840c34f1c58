package faultstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/objstore/storetest"
	"github.com/google/go-cmp/cmp"
)

func TestStoreWithoutFaults(t *testing.T) {
	storetest.Run(t, func(*testing.T) objstore.Bucket { return faultstore.New(memstore.New(nil), nil) })
}

// once strikes the first request of an operation.
func once(op string, f faultstore.Fault) func(op, key string) faultstore.Fault {
	struck := false
	return func(got, _ string) faultstore.Fault {
		if got != op || struck {
			return faultstore.Fault{}
		}
		struck = true
		return f
	}
}

func put(ctx context.Context, b objstore.Bucket, key, text string) error {
	_, err := b.Put(ctx, key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, b objstore.Bucket, key string) (string, error) {
	t.Helper()
	body, _, err := b.Get(t.Context(), key, objstore.GetOptions{})
	must(t, err)
	data, err := io.ReadAll(body)
	return string(data), errors.Join(err, body.Close())
}

func TestBeforeAndAfter(t *testing.T) {
	for _, c := range []struct {
		action faultstore.Action
		done   bool
	}{{faultstore.Before, false}, {faultstore.After, true}} {
		inner := memstore.New(nil)
		s := faultstore.New(inner, once(objstore.OpPut, faultstore.Fault{Action: c.action}))
		err := put(t.Context(), s, "a", "x")
		if objstore.KindOf(err) != objstore.Unreachable || !objstore.Temporary(err) {
			t.Errorf("%v: error %v", c.action, err)
		}
		if _, done := inner.Bytes("a"); done != c.done {
			t.Errorf("%v: done is %v", c.action, done)
		}
		must(t, put(t.Context(), s, "a", "y"))
	}
}

func TestFaultHasTheErrorAskedFor(t *testing.T) {
	full := &objstore.Error{Kind: objstore.Full, Op: "put", Key: "a", Err: errors.New("quota")}
	s := faultstore.New(memstore.New(nil), once(objstore.OpPut, faultstore.Fault{Action: faultstore.Before, Err: full}))
	if err := put(t.Context(), s, "a", "x"); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

func TestHeldWriteLandsLater(t *testing.T) {
	inner := memstore.New(nil)
	s := faultstore.New(inner, once(objstore.OpPut, faultstore.Fault{Action: faultstore.Hold, N: 2}))
	ctx, cancel := context.WithCancel(t.Context())
	if err := put(ctx, s, "a", "late"); objstore.KindOf(err) != objstore.Unreachable {
		t.Fatalf("error %v", err)
	}
	cancel() // the one who sent it is gone
	must(t, put(t.Context(), s, "a", "early"))
	if data, _ := inner.Bytes("a"); string(data) != "early" {
		t.Fatalf("a is %q", data)
	}
	must(t, put(t.Context(), s, "b", "x"))
	if data, _ := inner.Bytes("a"); string(data) != "late" {
		t.Fatalf("a is %q after two more requests", data)
	}
}

func TestLand(t *testing.T) {
	inner := memstore.New(nil)
	must(t, put(t.Context(), inner, "b", "x"))
	s := faultstore.New(inner, func(op, _ string) faultstore.Fault { return faultstore.Fault{Action: faultstore.Hold} })
	if put(t.Context(), s, "a", "1") == nil || s.Delete(t.Context(), "b") == nil {
		t.Fatal("a held request succeeded")
	}
	if _, err := s.Head(t.Context(), "b"); err == nil {
		t.Fatal("a held read succeeded")
	}
	if n := s.Land(); n != 2 {
		t.Errorf("%d landed", n)
	}
	if diff := cmp.Diff([]string{"a"}, inner.Keys()); diff != "" {
		t.Error(diff)
	}
}

func TestBodies(t *testing.T) {
	s := faultstore.New(memstore.New(nil), nil)
	must(t, put(t.Context(), s, "a", "abcdef"))
	s.Decide(once(objstore.OpGet, faultstore.Fault{Action: faultstore.Cut, N: 3}))
	if text, err := read(t, s, "a"); text != "abc" || objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("cut: %q, %v", text, err)
	}
	s.Decide(once(objstore.OpGet, faultstore.Fault{Action: faultstore.Corrupt, N: 1}))
	if text, err := read(t, s, "a"); text != "aBcdef" || err != nil {
		t.Errorf("corrupt: %q, %v", text, err)
	}
	if text, err := read(t, s, "a"); text != "abcdef" || err != nil {
		t.Errorf("healthy: %q, %v", text, err)
	}
}

func TestCrash(t *testing.T) {
	for _, c := range []struct {
		action faultstore.Action
		done   bool
	}{{faultstore.Crash, false}, {faultstore.CrashAfter, true}} {
		inner, died := memstore.New(nil), errors.New("power cut")
		s := faultstore.New(inner, once(objstore.OpPut, faultstore.Fault{Action: c.action, Err: died}))
		if err := put(t.Context(), s, "a", "x"); !errors.Is(err, died) {
			t.Errorf("error %v", err)
		}
		_, _, get := s.Get(t.Context(), "a", objstore.GetOptions{})
		_, _, list := s.List(t.Context(), "", "", 0)
		for _, err := range []error{get, list, s.Delete(t.Context(), "a"), s.Crashed()} {
			if !errors.Is(err, died) {
				t.Errorf("after the crash: %v", err)
			}
		}
		if _, done := inner.Bytes("a"); done != c.done {
			t.Errorf("%v: done is %v", c.action, done)
		}
		s.Revive()
		must(t, put(t.Context(), s, "b", "x"))
	}
}

func TestStaleList(t *testing.T) {
	s := faultstore.New(memstore.New(nil), nil)
	for _, key := range []string{"a", "b", "c"} {
		must(t, put(t.Context(), s, key, key))
	}
	must(t, s.Delete(t.Context(), "a"))
	must(t, put(t.Context(), s, "b", "longer"))
	list := func(n int) string {
		s.Decide(func(string, string) faultstore.Fault { return faultstore.Fault{Action: faultstore.Stale, N: n} })
		defer s.Decide(nil)
		var keys []string
		for after, more := "", true; more; {
			var page []objstore.Object
			var err error
			page, more, err = s.List(t.Context(), "", after, 1)
			must(t, err)
			for _, o := range page {
				keys, after = append(keys, fmt.Sprint(o.Key, o.Size)), o.Key
			}
		}
		return strings.Join(keys, " ")
	}
	for n, want := range []string{"b6 c1", "b1 c1", "a1 b1 c1", "a1 b1", "a1", "", ""} {
		if got := list(n); got != want {
			t.Errorf("%d writes ago: %q, want %q", n, got, want)
		}
	}
}

func TestRandomRepeatsItself(t *testing.T) {
	rates := faultstore.Rates{Before: 0.1, After: 0.1, Hold: 0.1, Cut: 0.1, Corrupt: 0.1, Stale: 0.2, Crash: 0.01, CrashAfter: 0.01}
	deal := func(seed uint64) (faults []faultstore.Fault) {
		decide := faultstore.Random(seed, rates)
		for i := range 2000 {
			faults = append(faults, decide([]string{objstore.OpPut, objstore.OpGet, objstore.OpList}[i%3], "k"))
		}
		return faults
	}
	if diff := cmp.Diff(deal(7), deal(7)); diff != "" {
		t.Errorf("the same seed differs:\n%s", diff)
	}
	if slices.Equal(deal(7), deal(8)) {
		t.Error("two seeds are equal")
	}
	seen := map[faultstore.Action]int{}
	for i, f := range deal(7) {
		seen[f.Action]++
		if f.Action == faultstore.Stale && i%3 != 2 || (f.Action == faultstore.Cut || f.Action == faultstore.Corrupt) && i%3 != 1 {
			t.Fatalf("request %d got %+v", i, f)
		}
	}
	if len(seen) != 9 || seen[faultstore.Before] < 150 || seen[faultstore.Before] > 250 {
		t.Errorf("dealt %v", seen)
	}
}

package transfer

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
)

// TestUploadSurvivesACrashAtEveryRequest ends the process at each request in turn, undone or with the answer lost, with the
// journal as it was at that moment; the next run must finish the upload and leave nothing behind.
func TestUploadSurvivesACrashAtEveryRequest(t *testing.T) {
	for name, size := range map[string]int{"whole": 4000, "parts": 17*kib + 100} {
		content := noise(size, 11)
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, done %v", name, after), func(t *testing.T) {
				for at := 1; ; at++ {
					f := &faulty{at: at, after: after, stay: true, kind: objstore.Unreachable}
					r := newRig(t)
					want := r.write("f", content)
					o := inParts
					o.Journal = frozen{r.journal, f}
					up, err := r.transfer(f.bucket(r.store), o).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
					if err == nil && f.n < at {
						r.stored(up, content)
						return
					}
					if err == nil {
						t.Fatalf("request %d of %d failed and the upload did not", at, f.n)
					}
					resume(t, r, at, want, content, f)
				}
			})
		}
	}
}

func resume(t *testing.T, r *rig, at int, want disk.Signature, content string, before *faulty) {
	t.Helper()
	f := &faulty{}
	up, err := r.transfer(f.bucket(r.store), inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
	if err != nil {
		t.Fatalf("after a crash at request %d: %v", at, err)
	}
	r.stored(up, content)
	flying := int64(4 * 5 * kib) // parts on their way at the crash
	if all := before.sent.Load() + f.sent.Load(); all > int64(len(content))+flying {
		t.Errorf("crash at request %d: sent %d and then %d bytes of %d", at, before.sent.Load(), f.sent.Load(), len(content))
	}
	if n := len(r.store.Keys()); n > 2 || n > 1 && len(content) > 5*kib {
		t.Errorf("crash at request %d: %d objects", at, n)
	}
}

// TestUploadSurvivesOneFailedRequest: a single failure is either settled within the call, or the next call finishes.
func TestUploadSurvivesOneFailedRequest(t *testing.T) {
	for name, size := range map[string]int{"whole": 4000, "parts": 10*kib + 1} {
		content := noise(size, 12)
		for _, kind := range []objstore.Kind{objstore.Unreachable, objstore.Busy, objstore.Other, objstore.Denied, objstore.Full, objstore.NoUpload} {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, kind %d, done %v", name, kind, after), func(t *testing.T) {
					for at := 1; ; at++ {
						f := &faulty{at: at, after: after, kind: kind}
						r := newRig(t)
						want := r.write("f", content)
						var progress int64
						o := inParts
						o.Parallel, o.Progress = 1, func(n int64) { progress += n }
						x := r.transfer(f.bucket(r.store), o)
						up, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
						if err != nil {
							if !errors.Is(err, errCrash) {
								t.Fatalf("request %d: %v", at, err)
							}
							up, err = x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
						}
						if err != nil {
							t.Fatalf("request %d: %v", at, err)
						}
						r.stored(up, content)
						if progress != int64(size) {
							t.Errorf("request %d: progress %d of %d", at, progress, size)
						}
						if f.n < at {
							return
						}
					}
				})
			}
		}
	}
}

// An answer lost on the way back costs no second transmission.
func TestLostAnswersAreSettledByLooking(t *testing.T) {
	content := noise(11*kib, 13)
	for op, size := range map[string]int{objstore.OpPut: 4000, objstore.OpComplete: 11 * kib} {
		r := newRig(t)
		want := r.write("f", content[:size])
		f := &faulty{}
		lost := &lossy{op: op}
		up, err := r.transfer(f.bucket(lost.bucket(r.store)), inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
		if err != nil {
			t.Fatalf("%s: %v", op, err)
		}
		r.stored(up, content[:size])
		if len(r.store.Keys()) != 1 {
			t.Errorf("%s: %v", op, r.store.Keys())
		}
		if lost.n != 1 {
			t.Errorf("%s was sent %d times", op, lost.n)
		}
	}
}

// The store loses the upload in the middle: it begins again once, and gives up when that is lost too.
func TestUploadLostByTheStore(t *testing.T) {
	content := noise(11*kib, 14)
	for lose, ok := range map[int]bool{1: true, 100: false} {
		r := newRig(t)
		want := r.write("f", content)
		lost := &forgetful{times: lose, r: r}
		up, err := r.transfer(lost.bucket(), inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
		switch {
		case ok && err != nil:
			t.Fatal(err)
		case ok:
			r.stored(up, content)
		case objstore.KindOf(err) != objstore.NoUpload || lost.begun != 2:
			t.Errorf("%v after %d beginnings", err, lost.begun)
		}
	}
}

// A store that refuses what an earlier run began gets a new upload; one that refuses a new upload has its way.
func TestRefusedForGood(t *testing.T) {
	content := noise(11*kib, 15)
	r := newRig(t)
	want := r.write("f", content)
	f := &faulty{at: 5, kind: objstore.Invalid}
	x := r.transfer(f.bucket(r.store), inParts)
	if _, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil); objstore.KindOf(err) != objstore.Invalid || f.n != 5 {
		t.Fatalf("%v after %d requests", err, f.n)
	}
	f.n, f.at = 0, 2 // list-parts, complete
	up, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.stored(up, content)
}

// Below is the decorator that repeats requests: it repeats a new upload whose name was lost, and the first one must not stay.
func TestRepeatedBeginningLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		content := noise(11*kib, 16)
		want := r.write("f", content)
		f := &faulty{at: 1, after: true, kind: objstore.Unreachable}
		b := objstore.WithRetry(f.bucket(r.store), objstore.RetryOptions{})
		up, err := r.transfer(b, inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.stored(up, content)
	})
}

// TestLateWrites has one request fail and be done later all the same: while the next try is under way, or when all is over. What is
// stored must not change by it. Only an upload whose beginning comes after the end of everything may be left, for CleanUp.
func TestLateWrites(t *testing.T) {
	for name, size := range map[string]int{"whole": 4000, "parts": 11*kib + 5} {
		content := noise(size, 17)
		for _, later := range []int{0, 1, 2, 3, 5} {
			t.Run(fmt.Sprintf("%s, %d requests later", name, later), func(t *testing.T) {
				for at := 1; ; at++ {
					r := newRig(t)
					want := r.write("f", content)
					n, held := 0, ""
					var mu sync.Mutex
					b := faultstore.New(r.store, func(op, _ string) faultstore.Fault {
						mu.Lock()
						defer mu.Unlock()
						if n++; n == at {
							held = op
							return faultstore.Fault{Action: faultstore.Hold, N: later}
						}
						return faultstore.Fault{}
					})
					x := r.transfer(b, inParts)
					up, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
					if err != nil {
						up, err = x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
					}
					if err != nil {
						t.Fatalf("request %d (%s): %v", at, held, err)
					}
					b.Land()
					if held == objstore.OpNewUpload {
						r.abandoned()
					}
					r.stored(up, content)
					if held == "" {
						return
					}
				}
			})
		}
	}
}

package objstore_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/objstore/storetest"
)

func put(t testing.TB, b objstore.Bucket, key, text string) objstore.Object {
	t.Helper()
	o, err := b.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func read(t testing.TB, b objstore.Bucket, key string, o objstore.GetOptions) (string, error) {
	t.Helper()
	body, _, err := b.Get(t.Context(), key, o)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(body)
	return string(data), errors.Join(err, body.Close())
}

// times strikes the first n requests of an operation.
func times(n int, op string, f faultstore.Fault) func(op, key string) faultstore.Fault {
	return func(got, _ string) faultstore.Fault {
		if got != op || n == 0 {
			return faultstore.Fault{}
		}
		n--
		return f
	}
}

func failure(kind objstore.Kind) error {
	return &objstore.Error{Kind: kind, Op: "test", Err: errors.New("made up")}
}

func TestRetryConforms(t *testing.T) {
	storetest.Run(t, func(*testing.T) objstore.Bucket {
		return objstore.WithRetry(memstore.New(nil), objstore.RetryOptions{})
	})
}

func TestRetryConformsOnAFlakyStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) objstore.Bucket {
		random := faultstore.Random(1, faultstore.Rates{Before: 0.05, After: 0.05})
		flaky := faultstore.New(memstore.New(nil), func(op, key string) faultstore.Fault {
			f := random(op, key)
			if op == objstore.OpNewUpload && f.Action == faultstore.After {
				f.Action = faultstore.Before // a lost reply to this one leaves an upload, see WithRetry
			}
			return f
		})
		return objstore.WithRetry(flaky, objstore.RetryOptions{Initial: time.Microsecond, Tries: 12})
	})
}

func TestOtherDecoratorsConform(t *testing.T) {
	storetest.Run(t, func(*testing.T) objstore.Bucket {
		b := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: objstore.NewRate(1 << 40), Down: objstore.NewRate(0), Concurrency: 2})
		return objstore.WithCount(b)
	})
}

func TestRetryOnlyWhatIsTemporary(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int // tries
	}{
		{failure(objstore.Unreachable), 3}, {failure(objstore.Busy), 3}, {failure(objstore.NotAStore), 3}, {failure(objstore.KeyRefused), 1},
		{failure(objstore.Denied), 1}, {failure(objstore.Full), 1}, {failure(objstore.Invalid), 1}, {failure(objstore.NoBucket), 1}, {errors.New("?"), 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			tries := 0
			s := faultstore.New(memstore.New(nil), func(string, string) faultstore.Fault {
				tries++
				return faultstore.Fault{Action: faultstore.Before, Err: c.err}
			})
			b := objstore.WithRetry(s, objstore.RetryOptions{Tries: 3})
			_, err := b.Put(t.Context(), "k", strings.NewReader("x"), 1, objstore.PutOptions{})
			if tries != c.want || !errors.Is(err, c.err) {
				t.Errorf("%v: %d tries, error %v", c.err, tries, err)
			}
		})
	}
}

func TestRetryWaitsLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		s := faultstore.New(memstore.New(nil), times(5, objstore.OpPut, faultstore.Fault{Action: faultstore.Before}))
		b := objstore.WithRetry(s, objstore.RetryOptions{Initial: time.Second, Longest: 4 * time.Second, Notify: func(_ error, wait time.Duration) {
			waits = append(waits, wait)
		}})
		started := time.Now()
		put(t, b, "k", "x")
		var sum time.Duration
		for i, mean := range []time.Duration{1, 2, 4, 4, 4} {
			mean *= time.Second
			if waits[i] < mean/2 || waits[i] > mean*3/2 {
				t.Errorf("wait %d is %v, about %v expected", i, waits[i], mean)
			}
			sum += waits[i]
		}
		if took := time.Since(started); took != sum {
			t.Errorf("took %v, the waits are %v", took, sum)
		}
	})
}

func TestRetryIsBoundedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), times(1000, objstore.OpHead, faultstore.Fault{Action: faultstore.Before}))
		b := objstore.WithRetry(s, objstore.RetryOptions{Tries: 1000, Elapsed: time.Minute})
		started := time.Now()
		_, err := b.Head(t.Context(), "k")
		if took := time.Since(started); objstore.KindOf(err) != objstore.Unreachable || took > time.Minute {
			t.Errorf("took %v, error %v", took, err)
		}
	})
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), times(1000, objstore.OpPut, faultstore.Fault{Action: faultstore.Before}))
		b := objstore.WithRetry(s, objstore.RetryOptions{Initial: time.Hour, Longest: time.Hour, Elapsed: 24 * time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := b.Put(ctx, "k", strings.NewReader("x"), 1, objstore.PutOptions{})
		if !errors.Is(err, context.Canceled) || time.Since(started) != time.Second {
			t.Errorf("after %v: %v", time.Since(started), err)
		}
	})
}

func TestRetrySendsTheWholeBodyAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := memstore.New(nil)
		b := objstore.WithRetry(&eater{Bucket: inner, fails: 2}, objstore.RetryOptions{})
		put(t, b, "k", "the whole body")
		if data, _ := inner.Bytes("k"); string(data) != "the whole body" {
			t.Errorf("stored %q", data)
		}
	})
}

// eater reads a part of the body before it fails.
type eater struct {
	objstore.Bucket
	fails int
}

func (e *eater) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	if e.fails--; e.fails >= 0 {
		_, _ = io.CopyN(io.Discard, body, 5)
		return objstore.Object{}, failure(objstore.Unreachable)
	}
	return e.Bucket.Put(ctx, key, body, size, o)
}

func TestRetryResumesABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), nil)
		put(t, s, "k", "0123456789")
		b := objstore.WithRetry(s, objstore.RetryOptions{})
		s.Decide(times(3, objstore.OpGet, faultstore.Fault{Action: faultstore.Cut, N: 2}))
		if text, err := read(t, b, "k", objstore.GetOptions{Offset: 1, Length: 8}); text != "12345678" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
		s.Decide(times(1, objstore.OpGet, faultstore.Fault{Action: faultstore.Cut, N: 10}))
		if text, err := read(t, b, "k", objstore.GetOptions{}); text != "0123456789" || err != nil {
			t.Errorf("cut behind the last byte: %q, %v", text, err)
		}
	})
}

func TestRetryDoesNotJoinTwoVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), nil)
		put(t, s, "k", "old old old")
		b := objstore.WithRetry(s, objstore.RetryOptions{})
		s.Decide(func(op, _ string) faultstore.Fault {
			return faultstore.Fault{Action: faultstore.Cut, N: 4}
		})
		body, _, err := b.Get(t.Context(), "k", objstore.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s.Decide(nil)
		put(t, s, "k", "new new new")
		data, err := io.ReadAll(body)
		if string(data) != "old " || objstore.KindOf(err) != objstore.Damaged {
			t.Errorf("read %q, %v", data, err)
		}
	})
}

func TestRetryGivesUpOnABodyThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), nil)
		put(t, s, "k", "0123456789")
		s.Decide(times(1000, objstore.OpGet, faultstore.Fault{Action: faultstore.Cut, N: 0}))
		b := objstore.WithRetry(s, objstore.RetryOptions{Tries: 3})
		if text, err := read(t, b, "k", objstore.GetOptions{}); text != "" || objstore.KindOf(err) != objstore.Unreachable {
			t.Errorf("read %q, %v", text, err)
		}
	})
}

func TestRetryRecognisesItsOwnCompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), times(1, objstore.OpComplete, faultstore.Fault{Action: faultstore.After}))
		b := objstore.WithRetry(s, objstore.RetryOptions{})
		id, err := b.NewUpload(t.Context(), "k", objstore.PutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		part, err := b.PutPart(t.Context(), "k", id, 1, strings.NewReader("content"), 7)
		if err != nil {
			t.Fatal(err)
		}
		o, err := b.CompleteUpload(t.Context(), "k", id, []objstore.Part{part})
		if err != nil || o.Size != 7 {
			t.Errorf("%+v, %v", o, err)
		}
	})
}

func TestRetryDoesNotTakeAnotherObjectForItsCompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := faultstore.New(memstore.New(nil), nil)
		put(t, s, "k", "another")
		b := objstore.WithRetry(s, objstore.RetryOptions{})
		part := objstore.Part{Number: 1, Size: 7, ETag: "0123456789abcdef0123456789abcdef"}
		s.Decide(times(1, objstore.OpComplete, faultstore.Fault{Action: faultstore.Before}))
		if _, err := b.CompleteUpload(t.Context(), "k", "gone", []objstore.Part{part}); objstore.KindOf(err) != objstore.NoUpload {
			t.Errorf("error %v", err)
		}
	})
}

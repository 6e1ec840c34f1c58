package objstore_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/objstore/memstore"
)

func TestProbe(t *testing.T) {
	inner := memstore.New(nil)
	checks := objstore.Probe(t.Context(), inner)
	if !objstore.Probed(checks) || len(checks) != 9 {
		t.Errorf("%s", objstore.Describe(checks))
	}
	if keys := inner.Keys(); len(keys) > 0 {
		t.Errorf("left %q", keys)
	}
}

func TestProbeSaysWhatFails(t *testing.T) {
	for _, c := range []struct {
		op   string
		kind objstore.Kind
		want string // of Describe
	}{
		{objstore.OpList, objstore.Unreachable, "reach unreachable, clock -"},
		{objstore.OpList, objstore.NotAStore, "reach not-a-store, clock -"},
		{objstore.OpList, objstore.Untrusted, "reach untrusted, clock -"},
		{objstore.OpList, objstore.ClockSkew, "reach ok, clock clock-skew, key -"},
		{objstore.OpList, objstore.KeyRefused, "clock ok, key key-refused, bucket -"},
		{objstore.OpList, objstore.NoBucket, "key ok, bucket no-bucket, list -, write -"},
		{objstore.OpList, objstore.Denied, "bucket ok, list denied, write ok, read ok"},
		{objstore.OpPut, objstore.Denied, "list ok, write denied, read -, multipart -, delete -"},
		{objstore.OpPut, objstore.Full, "list ok, write full, read -"},
		{objstore.OpGet, objstore.Denied, "write ok, read denied, multipart denied, delete ok"},
		{objstore.OpNewUpload, objstore.Denied, "read ok, multipart denied, delete ok"},
		{objstore.OpComplete, objstore.Denied, "read ok, multipart denied, delete ok"},
		{objstore.OpDelete, objstore.Denied, "multipart ok, delete denied"},
	} {
		inner := memstore.New(nil)
		s := faultstore.New(inner, func(op, _ string) faultstore.Fault {
			if op == c.op {
				return faultstore.Fault{Action: faultstore.Before, Err: failure(c.kind)}
			}
			return faultstore.Fault{}
		})
		got := objstore.Describe(objstore.Probe(t.Context(), s))
		if !strings.Contains(got, c.want) {
			t.Errorf("%s %v: %s", c.op, c.kind, got)
		}
		uploads, err := inner.ListUploads(t.Context(), "")
		if left := inner.Keys(); c.op != objstore.OpDelete && len(left) > 0 || len(uploads) > 0 || err != nil {
			t.Errorf("%s %v: left %q, %v", c.op, c.kind, left, uploads)
		}
	}
}

// TestProbeBeginsPartsAnew: a store may learn with its first part that the upload has to begin in another way.
func TestProbeBeginsPartsAnew(t *testing.T) {
	for n, want := range map[int]string{1: "multipart ok, delete ok", 2: "multipart no-upload, delete ok"} {
		inner := memstore.New(nil)
		s := faultstore.New(inner, times(n, objstore.OpPutPart, faultstore.Fault{Action: faultstore.Before, Err: failure(objstore.NoUpload)}))
		if got := objstore.Describe(objstore.Probe(t.Context(), s)); !strings.Contains(got, want) {
			t.Errorf("%d times: %s", n, got)
		}
		if uploads, err := inner.ListUploads(t.Context(), ""); len(uploads) > 0 || err != nil {
			t.Errorf("%d times: left %v, %v", n, uploads, err)
		}
	}
}

func TestProbeFindsDamage(t *testing.T) {
	s := faultstore.New(memstore.New(nil), times(1, objstore.OpGet, faultstore.Fault{Action: faultstore.Corrupt}))
	if got := objstore.Describe(objstore.Probe(t.Context(), s)); !strings.Contains(got, "read damaged") {
		t.Error(got)
	}
}

func TestProbeFindsAWrongClock(t *testing.T) {
	b := memstore.New(func() time.Time { return time.Now().Add(-time.Hour) })
	if got := objstore.Describe(objstore.Probe(t.Context(), b)); !strings.Contains(got, "clock clock-skew, key ok") || !strings.Contains(got, "delete ok") {
		t.Error(got)
	}
}

func TestProbeClearsUpWhenItIsStopped(t *testing.T) {
	inner := memstore.New(nil)
	ctx, cancel := context.WithCancel(t.Context())
	s := faultstore.New(inner, func(op, _ string) faultstore.Fault {
		if op == objstore.OpPutPart {
			cancel()
		}
		return faultstore.Fault{}
	})
	checks := objstore.Probe(ctx, s)
	uploads, err := inner.ListUploads(t.Context(), "")
	if objstore.Probed(checks) || len(inner.Keys()) > 0 || len(uploads) > 0 || err != nil {
		t.Errorf("%s; left %q, %v", objstore.Describe(checks), inner.Keys(), uploads)
	}
}

// TestProbeOfSilence has a store that takes every request and never answers.
func TestProbeOfSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := objstore.WithRetry(objstore.WithHooks(memstore.New(time.Now), objstore.Hooks{
			Around: func(ctx context.Context, c objstore.Call, _ objstore.Act) error {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(15 * time.Second): // as s3store gives up
					return objstore.Errorf(objstore.Unreachable, c.Op, c.Key, "nothing moves")
				}
			},
		}), objstore.RetryOptions{})
		start := time.Now()
		got := objstore.Describe(objstore.Probe(t.Context(), silent))
		if !strings.Contains(got, "reach unreachable, clock -") {
			t.Errorf("said: %s", got)
		}
		if d := time.Since(start); d > 31*time.Second {
			t.Errorf("it kept somebody waiting for %s", d)
		}
	})
}

package memstore_test

import (
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/objstore/storetest"
	"github.com/google/go-cmp/cmp"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) objstore.Bucket { return memstore.New(nil) })
}

func put(t testing.TB, b objstore.Bucket, key, text string) objstore.Object {
	t.Helper()
	o, err := b.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestClockIsTheCallers(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 3, 0, 0, time.UTC)
	s := memstore.New(func() time.Time { return now })
	if o := put(t, s, "a", "x"); !o.Modified.Equal(now) {
		t.Errorf("Modified = %v", o.Modified)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	s := memstore.New(nil)
	put(t, s, "a", "1")
	id, err := s.NewUpload(t.Context(), "u", objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := s.Clone()
	put(t, s, "b", "2")
	put(t, s, "a", "changed")
	if _, err := s.PutPart(t.Context(), "u", id, 1, strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a"}, c.Keys()); diff != "" {
		t.Error(diff)
	}
	if data, ok := c.Bytes("a"); !ok || string(data) != "1" {
		t.Errorf("the clone's a is %q", data)
	}
	if parts, err := c.ListParts(t.Context(), "u", id); err != nil || len(parts) != 0 {
		t.Errorf("the clone's upload has %v, %v", parts, err)
	}
}

func BenchmarkPutGet4K(b *testing.B) {
	s, text := memstore.New(nil), strings.Repeat("x", 4096)
	for b.Loop() {
		put(b, s, "k", text)
		body, _, err := s.Get(b.Context(), "k", objstore.GetOptions{})
		if err != nil {
			b.Fatal(err)
		}
		body.Close()
	}
	b.SetBytes(2 * 4096)
}

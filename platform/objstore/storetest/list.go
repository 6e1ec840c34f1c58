package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
)

var listTests = map[string]func(*testing.T, suite){
	"list an empty bucket":  testListEmpty,
	"list in byte order":    testListOrder,
	"list by prefix":        testListPrefix,
	"list after":            testListAfter,
	"list describes":        testListDescribes,
	"list more than a page": testListPages,
	"list sees writes":      testListSees,
}

func testListEmpty(_ *testing.T, s suite) {
	s.wantKeys("", "", 0)
	s.wantKeys("x/", "", 10)
	s.wantKeys("", "zzz", 1)
}

// tricky has names around '/' (0x2f): "a-b" < "a.b" < "a/b" < "a0", and upper case before lower case.
var tricky = []string{
	"A/z", "B", "a-b/c", "a-b/d", "a.b", "a/-", "a/b", "a/b!/x", "a/b.txt", "a/b0", "a0/a", "aa", "b/c/d/e", "b/c/d0", "b/c-d", "b/c0", "z", "å/b", "ø",
}

func testListOrder(_ *testing.T, s suite) {
	want := slices.Clone(tricky)
	want = slices.DeleteFunc(want, func(k string) bool { return k == "a/b" }) // "a/b" and "a/b!/x" may both be, "a/b" and "a/b/…" not
	slices.Sort(want)
	for _, i := range []int{7, 3, 11, 0, 17, 5, 1, 13, 2, 9, 4, 8, 6, 10, 12, 14, 15, 16} {
		s.putString(want[i], want[i])
	}
	for _, page := range []int{0, 1, 2, 3, 5, 100} {
		s.wantKeys("", "", page, want...)
	}
}

func testListPrefix(t *testing.T, s suite) {
	sorted := slices.Sorted(slices.Values(tricky))
	for _, key := range sorted {
		s.putString(key, key)
	}
	for _, prefix := range []string{"a", "a/", "a/b", "a-", "b/c", "b/c/", "b/c/d", "b/c/d/", "b/c/d/e", "b/c/d/e/", "z", "zz", "A", "å", "å/", "x/y/z", "a/b!"} {
		want := slices.DeleteFunc(slices.Clone(sorted), func(k string) bool { return !strings.HasPrefix(k, prefix) })
		for _, page := range []int{0, 1, 2} {
			s.wantKeys(prefix, "", page, want...)
		}
	}
	if t.Failed() {
		t.Logf("the bucket holds %q", sorted)
	}
}

func testListAfter(_ *testing.T, s suite) {
	sorted := slices.Sorted(slices.Values(tricky))
	for _, key := range sorted {
		s.putString(key, key)
	}
	starts := append(slices.Clone(sorted), "0", "a", "a/", "a/b!", "a0", "b/", "b/c/d", "b/c/dz", "b/cz", "~", "å", "øø", "a/b\u0001")
	for _, after := range starts {
		for _, prefix := range []string{"", "a", "a/", "b/c"} {
			want := slices.DeleteFunc(slices.Clone(sorted), func(k string) bool { return k <= after || !strings.HasPrefix(k, prefix) })
			s.wantKeys(prefix, after, 0, want...)
		}
	}
}

func testListDescribes(t *testing.T, s suite) {
	put := s.put("dir/k", []byte("12345"), map[string]string{"a": "b"})
	objects, more, err := s.List(s.ctx, "dir/", "", 10)
	if err != nil || more || len(objects) != 1 {
		t.Fatalf("List: %+v, %v, %v", objects, more, err)
	}
	got := objects[0]
	if got.Key != "dir/k" || got.Size != 5 || got.ETag != put.ETag || !near(got.Modified) {
		t.Errorf("List: %+v, Put answered %+v", got, put)
	}
	head, err := s.Head(s.ctx, "dir/k")
	if err != nil || head.Modified.Sub(got.Modified).Abs().Seconds() >= 1 {
		t.Errorf("Head says modified %v, List %v (%v)", head.Modified, got.Modified, err)
	}
}

func testListPages(t *testing.T, s suite) {
	var want []string
	for i := range 1203 {
		key := fmt.Sprintf("p/%d/file-%04d", i%3, i)
		s.putString(key, "")
		want = append(want, key)
	}
	slices.Sort(want)
	for _, page := range []int{0, 100, 1203, 5000} {
		s.wantKeys("p/", "", page, want...)
	}
	objects, more, err := s.List(s.ctx, "p/", "", 0)
	if err != nil || len(objects) != objstore.DefaultPage || !more {
		t.Errorf("List without a limit: %d objects, more %v, %v", len(objects), more, err)
	}
}

func testListSees(t *testing.T, s suite) {
	for i := range 30 {
		key := fmt.Sprintf("n/%02d", i)
		s.putString(key, "x")
		if keys := s.keys("n/", "", 0); len(keys) != i+1 || keys[i] != key {
			t.Fatalf("after %d objects List shows %q", i+1, keys)
		}
	}
	for i := range 30 {
		if err := s.Delete(s.ctx, fmt.Sprintf("n/%02d", i)); err != nil {
			t.Fatal(err)
		}
		if keys := s.keys("n/", "", 0); len(keys) != 29-i {
			t.Fatalf("after %d deletions List shows %q", i+1, keys)
		}
	}
}

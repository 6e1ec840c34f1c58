package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"github.com/google/go-cmp/cmp"
)

var objectTests = map[string]func(*testing.T, suite){
	"put and get":            testPutGet,
	"empty object":           testEmpty,
	"large object":           testLarge,
	"ranges":                 testRanges,
	"overwrite":              testOverwrite,
	"metadata":               testMeta,
	"bad metadata":           testBadMeta,
	"body is rewound":        testRewound,
	"short body":             testShortBody,
	"caller's file is open":  testNotClosed,
	"if none match":          testIfNoneMatch,
	"absent":                 testAbsent,
	"delete":                 testDelete,
	"copy":                   testCopy,
	"copy over":              testCopyOver,
	"context that has ended": testCanceled,
}

func testPutGet(t *testing.T, s suite) {
	want := random(1, 100_000)
	put := s.put("a/b.bin", want, nil)
	if put.Key != "a/b.bin" || put.Size != 100_000 || put.ETag == "" || !near(put.Modified) {
		t.Errorf("Put answered %+v", put)
	}
	s.wantBytes("a/b.bin", want)
	head, err := s.Head(s.ctx, "a/b.bin")
	if err != nil {
		t.Fatal(err)
	}
	_, got := s.get("a/b.bin", objstore.GetOptions{})
	if head.ETag != put.ETag || got.ETag != put.ETag || head.Size != put.Size || !near(head.Modified) {
		t.Errorf("Put answered %+v, Head %+v, Get %+v", put, head, got)
	}
	if strings.Contains(put.ETag, `"`) {
		t.Errorf("ETag %s has quotes", put.ETag)
	}
}

func testEmpty(t *testing.T, s suite) {
	s.put("empty", nil, map[string]string{"a": "1"})
	s.wantBytes("empty", nil)
	_, got := s.get("empty", objstore.GetOptions{})
	if got.Meta["a"] != "1" {
		t.Errorf("Meta = %v", got.Meta)
	}
	s.wantKeys("", "", 0, "empty")
	_, _, err := s.Get(s.ctx, "empty", objstore.GetOptions{Length: 1})
	s.wantKind("a range of nothing", err, objstore.Invalid)
}

func testLarge(_ *testing.T, s suite) {
	want := random(2, 9<<20)
	s.put("large", want, nil)
	s.wantBytes("large", want)
}

func testRanges(t *testing.T, s suite) {
	all := random(3, 1000)
	s.put("r", all, map[string]string{"a": "1"})
	for _, c := range []struct{ offset, length, end int64 }{
		{0, 0, 1000}, {0, 1, 1}, {0, 1000, 1000}, {0, 5000, 1000}, {1, 0, 1000}, {10, 20, 30}, {999, 0, 1000}, {999, 1, 1000}, {999, 9, 1000},
	} {
		data, o := s.get("r", objstore.GetOptions{Offset: c.offset, Length: c.length})
		if !bytes.Equal(data, all[c.offset:c.end]) {
			t.Errorf("%d+%d: %s", c.offset, c.length, difference(data, all[c.offset:c.end]))
		}
		if o.Size != 1000 || o.Meta["a"] != "1" || o.ETag == "" {
			t.Errorf("%d+%d: object %+v, want the whole object's size", c.offset, c.length, o)
		}
	}
	for _, o := range []objstore.GetOptions{{Offset: 1000}, {Offset: 1000, Length: 1}, {Offset: 5000, Length: 7}, {Offset: -1}, {Length: -1}} {
		_, _, err := s.Get(s.ctx, "r", o)
		s.wantKind("a range behind the end", err, objstore.Invalid)
	}
}

func testOverwrite(t *testing.T, s suite) {
	one := s.put("k", []byte("one"), map[string]string{"a": "1", "b": "2"})
	for _, text := range []string{"two", "six", "another length", ""} {
		next := s.put("k", []byte(text), map[string]string{"a": text + "!"})
		if next.ETag == one.ETag {
			t.Errorf("ETag %s stayed when the bytes changed to %q", next.ETag, text)
		}
		s.wantBytes("k", []byte(text))
		_, got := s.get("k", objstore.GetOptions{})
		if diff := cmp.Diff(map[string]string{"a": text + "!"}, got.Meta); diff != "" {
			t.Errorf("metadata after overwriting (-want +got):\n%s", diff)
		}
		if got.ETag != next.ETag {
			t.Errorf("Put answered ETag %s, Get %s", next.ETag, got.ETag)
		}
		one = next
	}
	s.putString("k", "bare")
	if _, got := s.get("k", objstore.GetOptions{}); len(got.Meta) > 0 {
		t.Errorf("metadata %v of the object before", got.Meta)
	}
	s.wantKeys("", "", 0, "k")
}

func testMeta(t *testing.T, s suite) {
	meta := map[string]string{
		"mtime": "1732312345.123456789", "path": "Bilder/Påske «2026»/été — 日本 😀.jpg", "percent": "100%25 %zz %", "space": "  a  b  ",
		"empty": "", "newline": "a\nb\tc\x01", "quotes": `"a", 'b'; c=\d`, "name-with-dash": "x", "n0": "=?UTF-8?Q?a?=", "long": strings.Repeat("ø", 400),
	}
	put := s.put("m", []byte("x"), meta)
	head, err := s.Head(s.ctx, "m")
	if err != nil {
		t.Fatal(err)
	}
	_, got := s.get("m", objstore.GetOptions{})
	for what, o := range map[string]objstore.Object{"Put": put, "Head": head, "Get": got} {
		if diff := cmp.Diff(meta, o.Meta); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

func testBadMeta(_ *testing.T, s suite) {
	for _, meta := range []map[string]string{
		{"Upper": "x"}, {"": "x"}, {"a b": "x"}, {"å": "x"}, {"a": "\xff"}, {"a": strings.Repeat("x", 3000)}, {"a": strings.Repeat("日", 600)},
	} {
		_, err := s.Put(s.ctx, "k", strings.NewReader(""), 0, objstore.PutOptions{Meta: meta})
		s.wantKind("bad metadata", err, objstore.Invalid)
	}
	s.wantKeys("", "", 0)
}

func testRewound(t *testing.T, s suite) {
	body := strings.NewReader("hello world")
	if _, err := body.Seek(6, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(s.ctx, "k", body, 5, objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	s.wantBytes("k", []byte("hello"))
}

func testShortBody(t *testing.T, s suite) {
	s.putString("k", "before")
	if _, err := s.Put(s.ctx, "k", strings.NewReader("short"), 100, objstore.PutOptions{}); err == nil {
		t.Error("a body of 5 bytes passed for 100")
	}
	if _, err := s.Put(s.ctx, "k", brokenBody{}, 100, objstore.PutOptions{}); err == nil {
		t.Error("a body that cannot be read passed")
	}
	s.wantBytes("k", []byte("before"))
	s.wantKeys("", "", 0, "k")
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error)       { return 0, errors.New("input/output error") }
func (brokenBody) Seek(int64, int) (int64, error) { return 0, nil }

// closer is a body that must stay open.
type closer struct {
	*strings.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

func testNotClosed(t *testing.T, s suite) {
	body := &closer{Reader: strings.NewReader("x")}
	if _, err := s.Put(s.ctx, "k", body, 1, objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if body.closed {
		t.Error("Put closed its body")
	}
}

func testIfNoneMatch(_ *testing.T, s suite) {
	put := s.putString("k", "one")
	_, _, err := s.Get(s.ctx, "k", objstore.GetOptions{IfNoneMatch: put.ETag})
	s.wantKind("an object that is the same", err, objstore.NotModified)
	s.get("k", objstore.GetOptions{IfNoneMatch: "0123456789abcdef0123456789abcdef"})
	s.putString("k", "two")
	if data, _ := s.get("k", objstore.GetOptions{IfNoneMatch: put.ETag}); string(data) != "two" {
		s.t.Errorf("Get answered %q", data)
	}
	_, _, err = s.Get(s.ctx, "absent", objstore.GetOptions{IfNoneMatch: put.ETag})
	s.wantKind("an absent object", err, objstore.NotFound)
}

func testAbsent(_ *testing.T, s suite) {
	s.putString("a/b/c", "x")
	for _, key := range []string{"absent", "a/b/d", "a/x/c", "A/b/c", "a/b/C"} {
		_, _, err := s.Get(s.ctx, key, objstore.GetOptions{})
		s.wantKind("Get "+key, err, objstore.NotFound)
		_, err = s.Head(s.ctx, key)
		s.wantKind("Head "+key, err, objstore.NotFound)
		_, err = s.Copy(s.ctx, key, "copy")
		s.wantKind("Copy "+key, err, objstore.NotFound)
	}
	_, _, err := s.Get(s.ctx, "a/b", objstore.GetOptions{})
	s.wantKind("Get of what is only a prefix", err, objstore.NotFound)
	s.wantKeys("", "", 0, "a/b/c")
}

func testDelete(t *testing.T, s suite) {
	s.putString("a/b/c", "x")
	s.putString("a/b/d", "y")
	for range 2 { // the second time it is absent
		if err := s.Delete(s.ctx, "a/b/c"); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"never", "a/b", "a/b/x/y", "x/y/z"} {
		if err := s.Delete(s.ctx, key); err != nil {
			t.Errorf("Delete(%q): %v", key, err)
		}
	}
	s.wantKeys("", "", 0, "a/b/d")
	_, err := s.Head(s.ctx, "a/b/c")
	s.wantKind("Head of a deleted object", err, objstore.NotFound)
	s.putString("a/b/c", "again")
	s.wantBytes("a/b/c", []byte("again"))
	if _, got := s.get("a/b/c", objstore.GetOptions{}); len(got.Meta) > 0 {
		t.Errorf("metadata %v of the deleted object", got.Meta)
	}
}

func testCopy(t *testing.T, s suite) {
	data, meta := random(5, 70_000), map[string]string{"mtime": "1.5", "path": "Påske/日本.txt"}
	s.put("from/Påske 1+1=2 & 100%.bin", data, meta)
	got, err := s.Copy(s.ctx, "from/Påske 1+1=2 & 100%.bin", "to/Kopi?.bin")
	if err != nil {
		t.Fatal(err)
	}
	if got.Key != "to/Kopi?.bin" || got.Size != 70_000 {
		t.Errorf("Copy answered %+v", got)
	}
	s.wantBytes("to/Kopi?.bin", data)
	s.wantBytes("from/Påske 1+1=2 & 100%.bin", data)
	head, err := s.Head(s.ctx, "to/Kopi?.bin")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(meta, head.Meta); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if got.ETag != head.ETag {
		t.Errorf("Copy answered ETag %s, Head %s", got.ETag, head.ETag)
	}
}

func testCopyOver(t *testing.T, s suite) {
	s.put("a", []byte("aaa"), map[string]string{"n": "a"})
	s.put("b", []byte("bbb"), map[string]string{"n": "b", "x": "y"})
	if _, err := s.Copy(s.ctx, "a", "b"); err != nil {
		t.Fatal(err)
	}
	s.wantBytes("b", []byte("aaa"))
	if _, got := s.get("b", objstore.GetOptions{}); !cmp.Equal(got.Meta, map[string]string{"n": "a"}) {
		t.Errorf("metadata %v", got.Meta)
	}
	if _, err := s.Copy(s.ctx, "a", "a"); err != nil {
		t.Errorf("a copy onto itself: %v", err)
	}
	s.wantBytes("a", []byte("aaa"))
}

func testCanceled(t *testing.T, s suite) {
	s.putString("k", "x")
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, put := s.Put(ctx, "k", strings.NewReader("new"), 3, objstore.PutOptions{})
	_, _, get := s.Get(ctx, "k", objstore.GetOptions{})
	_, head := s.Head(ctx, "k")
	_, _, list := s.List(ctx, "", "", 0)
	_, create := s.NewUpload(ctx, "k", objstore.PutOptions{})
	for what, err := range map[string]error{"put": put, "get": get, "head": head, "list": list, "delete": s.Delete(ctx, "k"), "new": create} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", what, err)
		}
	}
	s.wantBytes("k", []byte("x"))
}

package storetest

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"github.com/google/go-cmp/cmp"
)

var uploadTests = map[string]func(*testing.T, suite){
	"multipart":              testMultipart,
	"multipart resumed":      testResumed,
	"multipart part again":   testReplacedPart,
	"multipart one part":     testOnePart,
	"multipart wrong parts":  testWrongParts,
	"multipart hidden":       testHidden,
	"multipart abort":        testAbort,
	"multipart gone":         testNoUpload,
	"multipart two uploads":  testTwoUploads,
	"multipart over object":  testOverObject,
	"multipart list uploads": testListUploads,
}

func (s suite) newUpload(key string, meta map[string]string) string {
	s.t.Helper()
	id, err := s.NewUpload(s.ctx, key, objstore.PutOptions{Meta: meta})
	if err != nil || id == "" {
		s.t.Fatalf("NewUpload(%q): %q, %v", key, id, err)
	}
	return id
}

func (s suite) putPart(key, id string, number int, data []byte) objstore.Part {
	s.t.Helper()
	p, err := s.PutPart(s.ctx, key, id, number, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		s.t.Fatalf("PutPart(%q, %d): %v", key, number, err)
	}
	if p.Number != number || p.Size != int64(len(data)) || p.ETag == "" {
		s.t.Fatalf("PutPart(%q, %d) answered %+v", key, number, p)
	}
	return p
}

func (s suite) parts(key, id string) []objstore.Part {
	s.t.Helper()
	parts, err := s.ListParts(s.ctx, key, id)
	if err != nil {
		s.t.Fatalf("ListParts(%q): %v", key, err)
	}
	return parts
}

func (s suite) complete(key, id string, parts ...objstore.Part) objstore.Object {
	s.t.Helper()
	o, err := s.CompleteUpload(s.ctx, key, id, parts)
	if err != nil {
		s.t.Fatalf("CompleteUpload(%q, %v): %v", key, parts, err)
	}
	return o
}

func testMultipart(t *testing.T, s suite) {
	key, meta := "Påske/stor fil.bin", map[string]string{"path": "Påske/stor fil.bin", "mtime": "12.5"}
	data := random(10, 2*objstore.MinPart+1234)
	id := s.newUpload(key, meta)
	one := s.putPart(key, id, 1, data[:objstore.MinPart])
	three := s.putPart(key, id, 3, data[2*objstore.MinPart:]) // numbers may have gaps, parts arrive in any order
	two := s.putPart(key, id, 2, data[objstore.MinPart:2*objstore.MinPart])
	if diff := cmp.Diff([]objstore.Part{one, two, three}, s.parts(key, id)); diff != "" {
		t.Errorf("ListParts (-put +listed):\n%s", diff)
	}
	o := s.complete(key, id, one, two, three)
	if o.Key != key || o.Size != int64(len(data)) || o.ETag == "" {
		t.Errorf("CompleteUpload answered %+v", o)
	}
	s.wantBytes(key, data)
	head, err := s.Head(s.ctx, key)
	if err != nil || head.ETag != o.ETag || !cmp.Equal(head.Meta, meta) {
		t.Errorf("Head: %+v, %v; CompleteUpload answered %+v", head, err, o)
	}
	part, _ := s.get(key, objstore.GetOptions{Offset: objstore.MinPart - 10, Length: 20}) // across a seam
	if !bytes.Equal(part, data[objstore.MinPart-10:objstore.MinPart+10]) {
		t.Error("a range across two parts is wrong")
	}
	if _, err := s.Copy(s.ctx, key, "copy"); err != nil {
		t.Fatal(err)
	}
	s.wantBytes("copy", data)
}

// testResumed goes on with an upload knowing nothing but what the store lists, as after a crash.
func testResumed(t *testing.T, s suite) {
	data := random(11, objstore.MinPart+77)
	s.putPart("k", s.newUpload("k", nil), 1, data[:objstore.MinPart])
	uploads, err := s.ListUploads(s.ctx, "k")
	if err != nil || len(uploads) != 1 {
		t.Fatalf("ListUploads: %+v, %v", uploads, err)
	}
	id := uploads[0].ID
	if parts := s.parts("k", id); len(parts) != 1 || parts[0].Size != objstore.MinPart {
		t.Fatalf("ListParts: %+v", parts)
	}
	s.putPart("k", id, 2, data[objstore.MinPart:])
	s.complete("k", id, s.parts("k", id)...)
	s.wantBytes("k", data)
}

func testReplacedPart(t *testing.T, s suite) {
	data := random(12, objstore.MinPart+10)
	id := s.newUpload("k", nil)
	wrong := s.putPart("k", id, 1, random(13, objstore.MinPart))
	s.putPart("k", id, 2, []byte("wrong and longer"))
	one, two := s.putPart("k", id, 1, data[:objstore.MinPart]), s.putPart("k", id, 2, data[objstore.MinPart:])
	if diff := cmp.Diff([]objstore.Part{one, two}, s.parts("k", id)); diff != "" {
		t.Errorf("ListParts (-put +listed):\n%s", diff)
	}
	if _, err := s.CompleteUpload(s.ctx, "k", id, []objstore.Part{wrong, two}); err == nil {
		t.Fatal("a part that was replaced was accepted")
	}
	s.complete("k", id, one, two)
	s.wantBytes("k", data)
}

func testOnePart(_ *testing.T, s suite) {
	id := s.newUpload("k", nil)
	s.complete("k", id, s.putPart("k", id, 1, []byte("tiny")))
	s.wantBytes("k", []byte("tiny"))
}

func testWrongParts(t *testing.T, s suite) {
	id := s.newUpload("k", nil)
	one := s.putPart("k", id, 1, random(14, objstore.MinPart))
	two := s.putPart("k", id, 2, []byte("end"))
	for what, parts := range map[string][]objstore.Part{
		"none": {}, "disordered": {two, one}, "twice": {one, one}, "missing": {one, {Number: 3, Size: 3, ETag: two.ETag}},
	} {
		_, err := s.CompleteUpload(s.ctx, "k", id, parts)
		s.wantKind("parts "+what, err, objstore.Invalid)
	}
	_, err := s.PutPart(s.ctx, "k", id, 0, strings.NewReader("x"), 1)
	s.wantKind("part 0", err, objstore.Invalid)
	_, err = s.PutPart(s.ctx, "k", id, 10_001, strings.NewReader("x"), 1)
	s.wantKind("part 10 001", err, objstore.Invalid)
	if _, err := s.PutPart(s.ctx, "k", id, 2, strings.NewReader("short"), 99); err == nil {
		t.Error("a part of 5 bytes passed for 99")
	}
	s.wantKeys("", "", 0)
	s.complete("k", id, one, two) // the upload has survived all of it
}

func testHidden(_ *testing.T, s suite) {
	id := s.newUpload("k", nil)
	one := s.putPart("k", id, 1, []byte("x"))
	s.wantKeys("", "", 0)
	_, err := s.Head(s.ctx, "k")
	s.wantKind("Head of an unfinished upload", err, objstore.NotFound)
	s.complete("k", id, one)
	s.wantKeys("", "", 0, "k")
}

func testAbort(t *testing.T, s suite) {
	id := s.newUpload("k", nil)
	s.putPart("k", id, 1, []byte("x"))
	for range 2 { // the second time it is gone
		if err := s.AbortUpload(s.ctx, "k", id); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.ListParts(s.ctx, "k", id)
	s.wantKind("ListParts after AbortUpload", err, objstore.NoUpload)
	if uploads, err := s.ListUploads(s.ctx, "k"); err != nil || len(uploads) > 0 {
		t.Errorf("ListUploads after AbortUpload: %+v, %v", uploads, err)
	}
	s.wantKeys("", "", 0)
}

func testNoUpload(t *testing.T, s suite) {
	id := s.newUpload("k", nil)
	one := s.putPart("k", id, 1, []byte("x"))
	s.complete("k", id, one)
	for what, id := range map[string]string{"completed": id, "never made": strings.Repeat("0", len(id)), "odd": "../../k"} {
		_, put := s.PutPart(s.ctx, "k", id, 1, strings.NewReader("y"), 1)
		_, list := s.ListParts(s.ctx, "k", id)
		_, complete := s.CompleteUpload(s.ctx, "k", id, []objstore.Part{one})
		abort := s.AbortUpload(s.ctx, "k", id)
		if what == "odd" && objstore.KindOf(put) == objstore.Invalid { // refused as no id at all
			continue
		}
		s.wantKind(what+": PutPart", put, objstore.NoUpload)
		s.wantKind(what+": ListParts", list, objstore.NoUpload)
		if complete != nil { // some servers look whether the object is already made of these parts
			s.wantKind(what+": CompleteUpload", complete, objstore.NoUpload)
		}
		if abort != nil {
			t.Errorf("%s: AbortUpload: %v", what, abort)
		}
	}
	s.wantBytes("k", []byte("x"))
}

func testTwoUploads(_ *testing.T, s suite) {
	a, b := s.newUpload("k", nil), s.newUpload("k", nil)
	pa, pb := s.putPart("k", a, 1, []byte("a")), s.putPart("k", b, 1, []byte("b"))
	s.complete("k", b, pb)
	s.wantBytes("k", []byte("b"))
	s.complete("k", a, pa)
	s.wantBytes("k", []byte("a"))
}

func testOverObject(t *testing.T, s suite) {
	s.put("k", []byte("before"), map[string]string{"a": "1"})
	id := s.newUpload("k", map[string]string{"b": "2"})
	one := s.putPart("k", id, 1, []byte("after"))
	s.wantBytes("k", []byte("before"))
	s.complete("k", id, one)
	s.wantBytes("k", []byte("after"))
	if _, got := s.get("k", objstore.GetOptions{}); !cmp.Equal(got.Meta, map[string]string{"b": "2"}) {
		t.Errorf("metadata %v", got.Meta)
	}
}

func testListUploads(t *testing.T, s suite) {
	s.newUpload("u/Å 1", nil)
	id := s.newUpload("u/Å 2", nil)
	s.newUpload("v", nil)
	got, err := s.ListUploads(s.ctx, "u/Å 2") // a whole key is what every store answers
	if err != nil || len(got) != 1 || got[0].ID != id || got[0].Key != "u/Å 2" || !near(got[0].Started) {
		t.Fatalf("ListUploads: %+v, %v", got, err)
	}
	all, err := s.ListUploads(s.ctx, "u/")
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, u := range all {
		keys = append(keys, u.Key)
	}
	if len(keys) > 0 && !slices.Equal(keys, []string{"u/Å 1", "u/Å 2"}) {
		t.Errorf("ListUploads of a prefix: %q", keys)
	}
	t.Logf("ListUploads of a prefix finds %d of 2", len(keys))
}

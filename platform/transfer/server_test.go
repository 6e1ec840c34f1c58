package transfer

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3test"
)

// TestRealServer crashes uploads to a real S3 server at each of their requests, finishes them, and brings the bytes back over a
// connection that is cut.
func TestRealServer(t *testing.T) {
	s3 := s3test.VersityGW(t).NewBucket(t)
	d := disktest.New(disktest.Options{})
	content := noise(11*mib, 80)
	if err := d.WriteFile("f", content); err != nil {
		t.Fatal(err)
	}
	info, err := d.Stat("f")
	if err != nil {
		t.Fatal(err)
	}
	var moved atomic.Int64
	for _, at := range []int{1, 4, 5, 6} { // new-upload, three parts, complete, list-uploads
		moved.Store(0)
		o := Options{MultipartFrom: 5 * mib, PartSize: 5 * mib, Journal: new(MemJournal), Progress: func(n int64) { moved.Add(n) }}
		f := &faulty{at: at, after: at%2 == 0, stay: true, kind: objstore.Unreachable}
		newKey := func() string { return "v/f/" + strings.Repeat("k", at) }
		up, err := New(f.bucket(s3), o).Upload(t.Context(), d, "f", info.Signature, newKey, map[string]string{"path": "ø"})
		if err != nil {
			up, err = New(s3, o).Upload(t.Context(), d, "f", info.Signature, newKey, map[string]string{"path": "ø"})
		}
		if err != nil {
			t.Fatalf("crash at request %d: %v", at, err)
		}
		if moved.Load() != up.Size {
			t.Errorf("crash at request %d: progress %d", at, moved.Load())
		}
		cut := onDown(s3, func(n int, _ objstore.Call, body io.ReadCloser) io.ReadCloser {
			if n == 2 {
				return &cutBody{body, 1000, io.ErrUnexpectedEOF}
			}
			return body
		})
		ranges := []Range{{up.Key, 0, 6 * mib}, {up.Key, 6 * mib, 5 * mib}}
		if err := New(cut, o).Download(t.Context(), ranges, up.Size, up.SHA256, d, ".staging"); err == nil {
			t.Error("a cut answer was no error")
		}
		if err := New(s3, o).Download(t.Context(), ranges, up.Size, up.SHA256, d, ".staging"); err != nil {
			t.Fatal(err)
		}
		if err := d.Remove(".staging"); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s3.ListUploads(t.Context(), ""); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

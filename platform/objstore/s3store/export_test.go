package s3store

import (
	"bytes"
	"context"
	"io"
	"testing"

	"elkjopcloud/platform/objstore"
	"github.com/google/go-cmp/cmp"
)

// CopyInParts makes b copy what is larger than 6 MiB in parts of 5 MiB, so that tests need no 5 GiB.
func CopyInParts(b *Bucket) { b.copies = copyLimits{whole: 6 << 20, part: 5 << 20} }

// CheckLargeCopy is run against real servers by the external tests.
func CheckLargeCopy(t *testing.T, b *Bucket) {
	CopyInParts(b)
	ctx := context.WithoutCancel(t.Context())
	data := bytes.Repeat([]byte("0123456789abcdef"), 800_000) // 12.8 MB: three parts
	meta := map[string]string{"path": "Påske/stor.bin", "sha256": "abc"}
	if _, err := b.Put(ctx, "from", bytes.NewReader(data), int64(len(data)), objstore.PutOptions{Meta: meta, ContentType: "image/jpeg"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Copy(ctx, "from", "to/copy"); err != nil {
		t.Fatal(err)
	}
	body, got, err := b.Get(ctx, "to/copy", objstore.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if copied, err := io.ReadAll(body); err != nil || !bytes.Equal(copied, data) {
		t.Errorf("%d bytes, %v", len(copied), err)
	}
	if diff := cmp.Diff(meta, got.Meta); diff != "" {
		t.Error(diff)
	}
	if contentType, err := b.contentType(ctx, "to/copy"); contentType != "image/jpeg" || err != nil {
		t.Errorf("type %q, %v", contentType, err)
	}
	if uploads, err := b.ListUploads(ctx, ""); len(uploads) > 0 || err != nil {
		t.Errorf("left %v, %v", uploads, err)
	}
}

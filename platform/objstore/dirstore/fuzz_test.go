package dirstore

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/objstore"
)

// Whatever a disk makes of the store's own files: an object stays readable, and nothing outside the folder is touched.
func FuzzOwnFiles(f *testing.F) {
	f.Add(`{"records":[{"size":1,"mtime":5,"meta":{"a":"b"}}]}`)
	f.Add(`{"key":"../../x","meta":{"a":"b"},"started":"2026-01-01T00:00:00Z"}`)
	f.Add(`{"format":1,"id":"x"}`)
	f.Add(`{"records":[{"size":-1,"mtime":-9223372036854775808,"meta":null},{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		ctx, dir := context.Background(), t.TempDir()
		must(t, Create(dir))
		s, err := Open(dir, Options{})
		must(t, err)
		must(t, put(ctx, s, "a", "x", map[string]string{"m": "1"}))
		id, err := s.NewUpload(ctx, "b", objstore.PutOptions{})
		must(t, err)
		for _, name := range []string{metaPath("a"), filepath.Join(uploadPath(id), uploadFile)} {
			full := filepath.Join(dir, filepath.FromSlash(name))
			must(t, os.WriteFile(full, []byte(text), 0o644))
		}
		if o, err := s.Head(ctx, "a"); err != nil || o.Size != 1 {
			t.Fatalf("the object is %+v, %v", o, err)
		}
		must(t, put(ctx, s, "a", "xy", nil))
		_, _ = s.ListParts(ctx, "b", id)
		if _, err := s.ListUploads(ctx, ""); err != nil {
			t.Fatal(err)
		}
		must(t, os.WriteFile(filepath.Join(dir, Marker), []byte(text), 0o644))
		if _, err := Open(dir, Options{}); err != nil && objstore.KindOf(err) != objstore.Damaged && objstore.KindOf(err) != objstore.Invalid {
			t.Fatalf("an error without a kind: %v", err)
		}
	})
}

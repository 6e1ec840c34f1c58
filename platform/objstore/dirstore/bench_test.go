package dirstore_test

import (
	"fmt"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
)

func BenchmarkPut4K(b *testing.B) {
	for name, meta := range map[string]map[string]string{"bare": nil, "meta": {"sha256": strings.Repeat("0", 64), "mtime": "1732312345.5"}} {
		b.Run(name, func(b *testing.B) {
			s, _ := newStore(b)
			text := strings.Repeat("x", 4096)
			for i := 0; b.Loop(); i++ {
				put(b, s, fmt.Sprintf("synced/docs/%d/file-%d.txt", i%10, i), text, meta)
			}
		})
	}
}

func BenchmarkGet4K(b *testing.B) {
	s, _ := newStore(b)
	put(b, s, "synced/docs/file.txt", strings.Repeat("x", 4096), map[string]string{"mtime": "1"})
	for b.Loop() {
		read(b, s, "synced/docs/file.txt")
	}
}

func BenchmarkHeadAbsent(b *testing.B) {
	s, _ := newStore(b)
	put(b, s, "synced/docs/file.txt", "x", nil)
	for b.Loop() {
		if _, err := s.Head(b.Context(), "Synced/Docs/Absent.txt"); objstore.KindOf(err) != objstore.NotFound {
			b.Fatal(err)
		}
	}
}

func BenchmarkList1000Of10000(b *testing.B) {
	s, dir := newStore(b)
	for i := range 10_000 {
		write(b, dir, fmt.Sprintf("files/%d/f%05d", i%10, i), "x")
	}
	for b.Loop() {
		if objects, _, err := s.List(b.Context(), "files/", "files/5/f00005", 1000); err != nil || len(objects) != 1000 {
			b.Fatal(len(objects), err)
		}
	}
}

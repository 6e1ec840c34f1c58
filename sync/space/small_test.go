package space

import (
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// BenchmarkSmallBatch writes and reads a batch of one edit, as most are.
func BenchmarkSmallBatch(b *testing.B) {
	c := &tree.Content{Hash: tree.EmptyHash, Size: 5, Extents: []tree.Extent{{Key: "folder/file/01JD8W00000000000000000000.txt", Length: 5}}}
	x := &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: 7, Run: 1}, Time: 5, DeviceName: "A", Parents: []merge.BatchID{{Device: 1, Seq: 6, Run: 1}}}
	x.Ops = []merge.Op{{Kind: merge.Put, Node: x.Stamp(0), Version: x.Stamp(0), Content: c}}
	body, err := EncodeBatch(x)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := EncodeBatch(x); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := DecodeBatch(x.BatchID, body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

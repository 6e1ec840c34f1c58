package space

import (
	"bytes"
	"io"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

const many = 100_000

func BenchmarkEncodeBatches(b *testing.B) {
	bs := build(many)
	for b.Loop() {
		size := 0
		for _, x := range bs {
			body, err := EncodeBatch(x)
			if err != nil {
				b.Fatal(err)
			}
			size += len(body)
		}
		b.ReportMetric(float64(size)/many, "bytes/op")
	}
}

func BenchmarkDecodeBatches(b *testing.B) {
	bs := build(many)
	bodies := make([][]byte, len(bs))
	for i, x := range bs {
		bodies[i], _ = EncodeBatch(x)
	}
	for b.Loop() {
		for i, x := range bs {
			if _, err := DecodeBatch(x.BatchID, bodies[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkFold(b *testing.B) {
	bs := build(many)
	for b.Loop() {
		fold(bs)
	}
}

func BenchmarkCheckpoint(b *testing.B) {
	s := Snapshot{fold(build(many)).Checkpoint(1 << 60), nil}
	body, _ := EncodeCheckpoint(s)
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			if _, err := EncodeCheckpoint(s); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(body)), "bytes")
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := DecodeCheckpoint(body); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("state", func(b *testing.B) {
		for b.Loop() {
			s.State()
		}
	})
	b.Run("prune", func(b *testing.B) {
		r := Rules{}.orDefault()
		st := s.State()
		for b.Loop() {
			prune(s.Checkpoint, keeping(st, r, time.Now().UnixNano(), func(merge.Node) bool { return false }))
		}
	})
}

// BenchmarkPull pulls a volume of 100 000 files: a new device from a checkpoint, and from the histories alone.
// BenchmarkStart is what a start does with what was told within the last hour: it decodes and folds all batches, or loads their fold.
func BenchmarkStart(b *testing.B) {
	bs := build(many)
	s := Snapshot{fold(bs).Checkpoint(1 << 60), nil}
	body, err := encodeFold(s, "", nil)
	if err != nil {
		b.Fatal(err)
	}
	var stored []StoredBatch
	for _, x := range bs {
		batch, _ := EncodeBatch(x)
		stored = append(stored, StoredBatch{ID: x.BatchID, Body: batch})
	}
	b.Run("batches", func(b *testing.B) {
		for b.Loop() {
			fold(decodeAll(stored))
		}
	})
	b.Run("fold", func(b *testing.B) {
		for b.Loop() {
			s, _, err := decodeFold(bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			merge.NewLog(s.Checkpoint)
		}
	})
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			if _, err := encodeFold(s, "", nil); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(body))/many, "bytes/op")
	})
}

func BenchmarkPull(b *testing.B) {
	for _, from := range []string{"checkpoint", "histories"} {
		b.Run(from, func(b *testing.B) {
			store := memstore.New(nil)
			if _, err := Create(b.Context(), store); err != nil {
				b.Fatal(err)
			}
			bs := build(many)
			if from == "checkpoint" {
				c := fold(bs).Checkpoint(1 << 60)
				body, _ := EncodeCheckpoint(Snapshot{c, nil})
				put(b.Context(), store, synced.Key(layout.CheckpointName{Last: c.Last.Time, Made: 1}.Key()), body, objstore.PutOptions{})
			}
			for _, x := range bs {
				body, _ := EncodeBatch(x)
				put(b.Context(), store, synced.Key(layout.Batch(x.BatchID)), body, objstore.PutOptions{})
			}
			for b.Loop() {
				pullFresh(b, store)
			}
		})
	}
}

func pullFresh(b *testing.B, store objstore.Bucket) {
	s, err := Open(b.Context(), store)
	if err != nil {
		b.Fatal(err)
	}
	v := s.Volume(synced, &MemCache{}, Writer{Device: 5, Run: 1, Name: "PC", Zone: func() int { return 0 }, Now: time.Now, Rand: io.LimitReader(nil, 0)})
	if _, err := v.Pull(b.Context(), Poll); err != nil {
		b.Fatal(err)
	}
	if v.State().Root().Folder("folder 999") == nil {
		b.Fatal("not all is there")
	}
}

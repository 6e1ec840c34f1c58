package treedb_test

import (
	"context"
	"testing"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
)

func BenchmarkSave10k(b *testing.B)  { benchmarkSave(b, 10_000) }
func BenchmarkSave100k(b *testing.B) { benchmarkSave(b, 100_000) }

// benchmarkSave writes all rows of a new pair in one durable transaction.
func benchmarkSave(b *testing.B, n int) {
	db := open(b, temporary(b))
	rows := manyRows(n)
	b.ReportAllocs()
	for b.Loop() {
		save(b, db.Pair("p"), engine.Change{Set: rows})
		b.StopTimer()
		if err := db.RemovePair(context.Background(), "p"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkSaveAgain100k replaces all rows of a pair.
func BenchmarkSaveAgain100k(b *testing.B) {
	db := open(b, temporary(b))
	rows := manyRows(100_000)
	save(b, db.Pair("p"), engine.Change{Set: rows})
	b.ReportAllocs()
	for b.Loop() {
		save(b, db.Pair("p"), engine.Change{Set: rows})
	}
}

func BenchmarkLoad100k(b *testing.B) {
	db := open(b, temporary(b))
	save(b, db.Pair("p"), engine.Change{Set: manyRows(100_000)})
	b.ReportAllocs()
	for b.Loop() {
		if n := len(load(b, db.Pair("p")).Base); n != 100_000 {
			b.Fatal(n)
		}
	}
}

// BenchmarkSaveOneRow is the latency of one durable change in a pair of 100 000 rows.
func BenchmarkSaveOneRow(b *testing.B) {
	db := open(b, temporary(b))
	rows := manyRows(100_000)
	save(b, db.Pair("p"), engine.Change{Set: rows})
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		save(b, db.Pair("p"), engine.Change{Set: []*plan.Base{rows[i*7919%len(rows)]}})
		i++
	}
}

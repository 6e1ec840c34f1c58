package treedb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/treedb"
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
		if n := load(b, db.Pair("p")).Base.Len(); n != 100_000 {
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

// BenchmarkActivitySearch looks for a text that is nowhere in a full history.
func BenchmarkActivitySearch(b *testing.B) {
	a := fullHistory(b)
	for b.Loop() {
		if _, err := a.Page(context.Background(), 0, 50, "not to be found"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkActivityAppend1k appends to a full history, so that as many events are removed.
func BenchmarkActivityAppend1k(b *testing.B) {
	a := fullHistory(b)
	events := manyEvents(1000)
	for b.Loop() {
		if err := a.Append(context.Background(), events...); err != nil {
			b.Fatal(err)
		}
	}
}

func fullHistory(b *testing.B) *treedb.Activity {
	b.Helper()
	a := open(b, temporary(b)).Activity()
	if err := a.Append(context.Background(), manyEvents(treedb.ActivityRows)...); err != nil {
		b.Fatal(err)
	}
	return a
}

func manyEvents(n int) []treedb.Event {
	events := make([]treedb.Event, n)
	for i := range events {
		events[i] = treedb.Event{Time: time.Now(), Kind: "uploaded", Pair: "Synced", Path: fmt.Sprintf("Pictures/2026/Summer/IMG_%06d.jpeg", i), Bytes: 1 << 20, Device: "Kari's PC"}
	}
	return events
}

// BenchmarkJournalSave is the latency of one durable entry of 100 parts.
func BenchmarkJournalSave(b *testing.B) {
	j := open(b, temporary(b)).Journal()
	u := transfer.Unfinished{Key: "key", UploadID: "upload", Parts: make([]transfer.StoredPart, 100)}
	for b.Loop() {
		if err := j.Save(context.Background(), "id", u); err != nil {
			b.Fatal(err)
		}
	}
}

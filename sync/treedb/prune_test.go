package treedb

import (
	"testing"
	"time"
)

func TestActivityBeyondItsRowsIsPruned(t *testing.T) {
	db, err := Open(Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if db.Activity().most != ActivityRows {
		t.Errorf("%d rows are kept, want %d", db.Activity().most, ActivityRows)
	}
	a := &Activity{db, 20}
	for i := range 5 {
		events := make([]Event, 9)
		for j := range events {
			events[j] = Event{Time: time.Now(), Bytes: int64(i*9 + j)}
		}
		if err := a.Append(t.Context(), events...); err != nil {
			t.Fatal(err)
		}
	}
	got, err := a.Page(t.Context(), 0, 100, "")
	if err != nil || len(got) != 20 || got[0].Bytes != 44 || got[19].Bytes != 25 {
		t.Errorf("%d events, %v: %v", len(got), err, got)
	}
}

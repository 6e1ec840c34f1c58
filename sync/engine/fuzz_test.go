package engine

import (
	"encoding/json"
	"testing"
)

// A question that cannot be read is no question, and no answer is carried out that nobody gave.
func FuzzGuard(f *testing.F) {
	f.Add([]byte(`{"open":{"deleted":3},"answer":"keep","back":["0000000000000001-0000000000000002-00000003-00000004"]}`))
	f.Add([]byte(`{"answer":"apply","open":7}`))
	f.Add([]byte(`{"open":{},"answer":"apply","back":"x"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var g guard
		g.restore(b)
		if g.Open == nil && (g.Answer != "" || len(g.Back) > 0) {
			t.Fatalf("an answer without a question: %+v", g)
		}
		if g.Answer != "" && g.Answer != Keep && g.Answer != Apply {
			t.Fatalf("the answer is %q", g.Answer)
		}
		if json.Unmarshal(b, &guard{}) != nil && (g.Open != nil || g.Answer != "" || g.Back != nil) {
			t.Fatalf("half of what cannot be read counts: %+v", g)
		}
	})
}

package merge

import (
	"encoding/json"
	"strings"
	"testing"

	"elkjopcloud/sync/tree"

	"github.com/google/go-cmp/cmp"
)

func TestBatchesThatCannotBe(t *testing.T) {
	good := func() *Batch {
		return &Batch{BatchID: BatchID{Seq: 1}, Time: 1, Ops: []Op{{Kind: Create, Name: "a", Content: text("abc")}}}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	empty := good()
	empty.Ops[0].Content = &tree.Content{Hash: tree.EmptyHash}
	if err := empty.Check(); err != nil {
		t.Errorf("an empty file: %v", err)
	}
	for name, spoil := range map[string]func(b *Batch){
		"no time":              func(b *Batch) { b.Time = 0 },
		"a time before 1970":   func(b *Batch) { b.Time = -1 },
		"no number":            func(b *Batch) { b.Seq = 0 },
		"an unknown kind":      func(b *Batch) { b.Ops[0].Kind = "chmod" },
		"no kind":              func(b *Batch) { b.Ops[0].Kind = "" },
		"no name":              func(b *Batch) { b.Ops[0].Name = "" },
		"a path as the name":   func(b *Batch) { b.Ops[0].Name = "a/b" },
		"dots as the name":     func(b *Batch) { b.Ops[0].Name = ".." },
		"a bad name of a move": func(b *Batch) { b.Ops = append(b.Ops, Op{Kind: Move, Name: "\xff"}) },
		"no content":           func(b *Batch) { b.Ops[0].Content = nil },
		"a put of nothing":     func(b *Batch) { b.Ops = []Op{{Kind: Put}} },
		"no hash":              func(b *Batch) { b.Ops[0].Content.Hash = tree.Hash{} },
		"a negative size":      func(b *Batch) { b.Ops[0].Content.Size = -3 },
		"too little":           func(b *Batch) { b.Ops[0].Content.Size = 4 },
		"too much":             func(b *Batch) { b.Ops[0].Content.Size = 2 },
		"an empty extent": func(b *Batch) {
			b.Ops[0].Content.Extents = append(b.Ops[0].Content.Extents, tree.Extent{Key: "k"})
		},
		"a negative extent": func(b *Batch) {
			b.Ops[0].Content.Extents = []tree.Extent{{Key: "k", Length: 5}, {Key: "k", Length: -2}}
		},
		"a negative offset": func(b *Batch) { b.Ops[0].Content.Extents[0].Offset = -1 },
		"lengths that overflow": func(b *Batch) {
			e := tree.Extent{Key: "k", Length: 1 << 62}
			b.Ops[0].Content.Extents = []tree.Extent{e, e, e, e}
		},
		"an end that overflows":     func(b *Batch) { b.Ops[0].Content.Extents[0].Offset = 1<<63 - 3 },
		"a key outside the volume":  func(b *Batch) { b.Ops[0].Content.Extents[0].Key = "../other/file" },
		"a key that begins above":   func(b *Batch) { b.Ops[0].Content.Extents[0].Key = "/etc/passwd" },
		"no key":                    func(b *Batch) { b.Ops[0].Content.Extents[0].Key = "" },
		"something after good ones": func(b *Batch) { b.Ops = append(b.Ops, Op{Kind: Delete}, Op{Kind: Mkdir}) },
	} {
		b := good()
		if spoil(b); b.Check() == nil {
			t.Errorf("%s: the batch passes", name)
		}
	}
}

func TestBatchRoundTrip(t *testing.T) {
	for _, b := range parse(t, chain+deleteless) {
		b.Stored, b.Zone, b.Confirmed = 0, -3600, true
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var got Batch
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(*b, got); d != "" {
			t.Errorf("%s: -want +got\n%s", raw, d)
		}
		if strings.Contains(string(raw), "Stored") {
			t.Errorf("the store's clock is written: %s", raw)
		}
	}
}

const deleteless = "60 D <50B: move D / Docs; restore g@; delete g@:f D; purge g@"

package space

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

func fullNode() merge.Node {
	a, b := merge.Stamp{Time: 1763856000000, Device: 1, Run: 2, Index: 3}, merge.Stamp{Time: 5, Device: 9, Run: 1, Index: 1}
	return merge.Node{ID: a, Parent: b, Name: "blåbær.txt", Plain: "p", Deleted: true, Purged: true, Place: b, Current: a, DeletedBy: b, DeletedAt: math.MaxInt64, Confirmed: true}
}

func fullVersion() merge.Version {
	a := merge.Stamp{Time: 1763856000000, Device: 1, Run: 2, Index: 3}
	return merge.Version{ID: a, Node: a, Base: a, Stored: -7, Confirmed: true, Content: tree.Content{Hash: tree.EmptyHash, Size: 9, Mtime: math.MinInt64 + 1, Exec: true,
		Extents: []tree.Extent{{Key: "a/b.zip", Offset: 3, Length: 4}, {Key: "a/b.zip", Length: 5}}}}
}

// What this program writes is read quickly, and means the same as to encoding/json.
func TestLinesAreReadQuickly(t *testing.T) {
	for _, n := range []merge.Node{{}, fullNode(), {Name: "d", Dir: true}} {
		line, _ := json.Marshal(wireNode(n))
		var got merge.Node
		if q := (&quick{}); !q.node(append(line, '\n'), &got) || got != n {
			t.Errorf("%s was read as %+v", line, got)
		}
	}
	for _, v := range []merge.Version{{}, fullVersion()} {
		line, _ := json.Marshal(wireVersion(v))
		var got merge.Version
		if q := (&quick{}); !q.version(append(line, '\n'), &got) || !cmp.Equal(got, v) {
			t.Errorf("%s was read as %+v", line, got)
		}
	}
}

// What is written otherwise is left to encoding/json.
func TestLinesThatAreWrittenOtherwise(t *testing.T) {
	for _, line := range []string{
		"", "{", "{}", "null", `{"n":"a"} `, `{"n": "a"}`, `{"n":"a",}`, `{"n":"a"}x`, `{"N":"a"}`, `{"n":"\u0061"}`, `{"n":"a","n":"b"}`, `{"n":"a","i":"0"}`,
		`{"i":0}`, `{"i":"1"}`, `{"n":"` + "\xff" + `"}`, `{"d":false}`, `{"d":null}`, `{"xt":01}`, `{"xt":1.0}`, `{"xt":9223372036854775808}`, `{"xt":-}`, `{"unknown":1}`, "{\"n\":\"a\tb\"}",
	} {
		var n merge.Node
		if (&quick{}).node([]byte(line), &n) {
			t.Errorf("%s was read as %+v", line, n)
		}
	}
	for _, line := range []string{`{"f":{"e":[]}}`, `{"f":{"e":null}}`, `{"f":{"e":[{"n":1},]}}`, `{"f":{"e":[{"n":1}`, `{"f":{"e":[{}]}}`, `{"f":null}`, `{"f":{"h":"00"}}`} {
		var v merge.Version
		if (&quick{}).version([]byte(line), &v) {
			t.Errorf("%s was read as %+v", line, v)
		}
	}
}

func FuzzLines(f *testing.F) {
	node, _ := json.Marshal(wireNode(fullNode()))
	version, _ := json.Marshal(wireVersion(fullVersion()))
	f.Add(node)
	f.Add(version)
	f.Fuzz(func(t *testing.T, line []byte) {
		var n merge.Node
		var w wireNode
		if (&quick{}).node(line, &n) && (json.Unmarshal(line, &w) != nil || n != merge.Node(w)) {
			t.Errorf("%q was read as the node %+v instead of %+v", line, n, w)
		}
		var v merge.Version
		var x wireVersion
		if (&quick{}).version(line, &v) && (json.Unmarshal(line, &x) != nil || !cmp.Equal(v, merge.Version(x))) {
			t.Errorf("%q was read as the version %+v instead of %+v", line, v, x)
		}
	})
}

// Strings that stand in one piece of memory stay what they are.
func TestKeptStrings(t *testing.T) {
	q := &quick{}
	var got, want []string
	for i := range 5000 {
		s := strings.Repeat(string(rune('a'+i%26)), i%97)
		got, want = append(got, q.keep([]byte(s))), append(want, s)
	}
	long := strings.Repeat("x", textChunk)
	if d := cmp.Diff(want, got); d != "" || q.keep([]byte(long)) != long {
		t.Error(d)
	}
}

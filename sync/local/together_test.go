package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// packed writes files, sends them together and returns them as versions.
func (w *world) packed(contents ...string) []merge.Version {
	w.t.Helper()
	var files []plan.Small
	for i, c := range contents {
		path := fmt.Sprintf("from%02d", i)
		files = append(files, plan.Small{Path: path, Was: w.write(path, c)})
	}
	var out []merge.Version
	for i, p := range w.r.Pack(w.t.Context(), files, func() string { w.n++; return fmt.Sprintf("c/%d.zip", w.n) }, nil) {
		if p.Err != nil {
			w.t.Fatal(p.Err)
		}
		out = append(out, merge.Version{ID: merge.Stamp{Time: int64(1000 + i), Device: 1}, Content: p.Sent.Content})
	}
	return out
}

// TestPackAndStage: what was sent together comes together, each file with its bytes, time and bit.
func TestPackAndStage(t *testing.T) {
	w := newWorld(t, disktest.Options{})
	contents := []string{"one", strings.Repeat("two", 1000), "3"}
	vs := w.packed(contents...)
	vs[1].Content.Exec = true
	if got := fmt.Sprint(w.r.Groups(vs)); got != "[[0 1 2]]" {
		t.Fatalf("groups %s", got)
	}
	for i, err := range w.r.StageGroup(t.Context(), vs) {
		if err != nil {
			t.Fatal(err)
		}
		got, _ := w.disk.ReadFile(staged(vs[i]))
		info, err := w.disk.Stat(staged(vs[i]))
		if err != nil || got != contents[i] || info.Mtime != vs[i].Content.Mtime || info.Exec != (i == 1) {
			t.Errorf("%d: %q, %+v, %v", i, got, info, err)
		}
		if !w.r.Staged(vs[i]) {
			t.Errorf("%d does not wait", i)
		}
	}
	if got := w.r.Groups(vs); len(got) > 0 {
		t.Errorf("what waits is to come again: %v", got)
	}
}

// TestGroups: only small files near to one another in one object come together, and not too many.
func TestGroups(t *testing.T) {
	v := func(key string, at, n int64) merge.Version {
		return merge.Version{ID: merge.Stamp{Time: at, Run: uint32(len(key)), Index: uint32(n)}, Content: tree.Content{Size: n, Extents: []tree.Extent{{Key: key, Offset: at, Length: n}}}}
	}
	big := v("d", 0, transfer.MaxTogether+1)
	parts := merge.Version{ID: merge.Stamp{Time: 9}, Content: tree.Content{Size: 2, Extents: []tree.Extent{{Key: "e", Length: 1}, {Key: "f", Length: 1}}}}
	var many []merge.Version
	const most = 64
	for i := range int64(most + 1) {
		many = append(many, v("m", i*10, 10))
	}
	for name, c := range map[string]struct {
		vs   []merge.Version
		want []Group
	}{
		"two objects":    {[]merge.Version{v("b", 5, 5), v("aa", 0, 5), v("b", 0, 5), v("aa", 5, 5)}, []Group{{1, 3}, {2, 0}}},
		"far away":       {[]merge.Version{v("b", 0, 5), v("b", 6+transfer.MaxGap, 5)}, []Group{{0}, {1}}},
		"the same bytes": {[]merge.Version{v("b", 0, 5), v("b", 0, 5), v("b", 0, 6)}, []Group{{0}, {2}}},
		"alone":          {[]merge.Version{big, parts, {}}, []Group{{0}, {1}, {2}}},
		"too many":       {many, []Group{upTo(most), {most}}},
		"too much":       {[]merge.Version{v("b", 0, 1<<20), v("b", 1<<20, 1<<20), v("b", 2<<20, 1<<20), v("b", 3<<20, 1<<20), v("b", 4<<20, 1)}, []Group{{0, 1, 2, 3}, {4}}},
	} {
		if diff := cmp.Diff(c.want, newWorld(t, disktest.Options{}).r.Groups(c.vs)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func upTo(n int) Group {
	var g Group
	for i := range n {
		g = append(g, i)
	}
	return g
}

// TestStageGroupGoesOn: what does not come together comes alone; of a store that does not answer it is not asked for each file.
func TestStageGroupGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(n int) error
		wants int // requests
		ok    bool
	}{
		"damaged once":  {nil, 3, true}, // a half was right
		"refused once":  {func(n int) error { return errAt(n, 1, objstore.Invalid) }, 1 + 3, true},
		"never answers": {func(n int) error { return errAt(n, n, objstore.Unreachable) }, 1, false},
	} {
		w := newWorld(t, disktest.Options{})
		vs := w.packed("one", "two", "three")
		n := 0
		b := objstore.WithHooks(w.store, objstore.Hooks{
			Around: func(ctx context.Context, call objstore.Call, act objstore.Act) error {
				n++
				if c.fault != nil {
					if err := c.fault(n); err != nil {
						return err
					}
				}
				return act(ctx)
			},
			Down: func(_ context.Context, _ objstore.Call, _ objstore.Object, body io.ReadCloser) io.ReadCloser {
				if c.fault == nil && n == 1 {
					return &altered{body, 6}
				}
				return body
			},
		})
		w.r.Transfer = transfer.New(b, transfer.Options{Parallel: 1})
		for i, err := range w.r.StageGroup(t.Context(), vs) {
			if (err == nil) != c.ok || w.r.Staged(vs[i]) != c.ok {
				t.Errorf("%s: %d: %v", name, i, err)
			}
		}
		if n != c.wants {
			t.Errorf("%s: %d requests, want %d", name, n, c.wants)
		}
	}
}

func errAt(n, at int, k objstore.Kind) error {
	if n != at {
		return nil
	}
	return &objstore.Error{Kind: k, Op: "get", Err: errNetwork}
}

// altered changes all bytes of a body but the first few.
type altered struct {
	io.ReadCloser
	keep int
}

func (a *altered) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	for i := range p[:n] {
		if a.keep--; a.keep < 0 {
			p[i] ^= 1
		}
	}
	return n, err
}

var errNetwork = errors.New("the network")

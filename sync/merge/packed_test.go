package merge

import (
	"bufio"
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"elkjopcloud/sync/tree"
)

func drawStamp(t *rapid.T) Stamp {
	n := func(max int) int { return rapid.IntRange(0, max).Draw(t, "part") }
	return Stamp{Time: int64(n(5)), Device: tree.Device(n(2)), Run: uint32(n(2)), Index: uint32(n(3))}
}

// Packed lists give back what was added, whatever it was, and find the first of each stamp.
func TestPackedListsHoldWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		is, text := rapid.Bool(), rapid.String()
		number := rapid.Int64()
		inOrder, next := is.Draw(t, "in order"), Stamp{}
		id := func() Stamp {
			if !inOrder {
				return drawStamp(t)
			}
			if is.Draw(t, "same batch") && next.Index < 1<<31 {
				next.Index += uint32(rapid.IntRange(1, 1<<rapid.IntRange(0, 20).Draw(t, "gap")).Draw(t, "step"))
			} else {
				next = Stamp{Time: next.Time + 1, Run: 3, Index: uint32(rapid.IntRange(0, 3).Draw(t, "first"))}
			}
			return next
		}
		var nodes []Node
		var versions []Version
		first, firstVersion := map[Stamp]int{}, map[Stamp]int{}
		for i := range rapid.IntRange(0, 60).Draw(t, "how many") {
			n := Node{
				ID: id(), Parent: drawStamp(t), Name: text.Draw(t, "name"), Plain: text.Draw(t, "plain"), Dir: is.Draw(t, "dir"),
				Deleted: is.Draw(t, "deleted"), Purged: is.Draw(t, "purged"), Place: drawStamp(t), Current: drawStamp(t), DeletedBy: drawStamp(t),
				DeletedAt: number.Draw(t, "at"), Confirmed: is.Draw(t, "confirmed"),
			}
			v := Version{ID: id(), Node: drawStamp(t), Base: drawStamp(t), Stored: number.Draw(t, "stored"), Confirmed: is.Draw(t, "confirmed")}
			v.Content = tree.Content{Hash: tree.Hash{byte(i), 31: 7}, Size: number.Draw(t, "size"), Mtime: number.Draw(t, "mtime"), Exec: is.Draw(t, "exec")}
			for range rapid.IntRange(0, 2).Draw(t, "extents") {
				e := tree.Extent{Key: text.Draw(t, "key"), Offset: number.Draw(t, "offset"), Length: v.Content.Size}
				if is.Draw(t, "part") {
					e.Length = number.Draw(t, "length")
				}
				v.Content.Extents = append(v.Content.Extents, e)
			}
			if _, twice := first[n.ID]; !twice {
				first[n.ID] = i
			}
			if _, twice := firstVersion[v.ID]; !twice {
				firstVersion[v.ID] = i
			}
			nodes, versions = append(nodes, n), append(versions, v)
		}
		packedNodes, packedVersions := NodesOf(nodes...), VersionsOf(versions...)
		for i, n := range packedNodes.All {
			if at, ok := packedNodes.Find(n.ID); n != nodes[i] || at != first[n.ID] || !ok {
				t.Fatalf("node %d is\n%+v instead of\n%+v, found at %d", i, n, nodes[i], at)
			}
			if packedNodes.name(i) != n.Name || packedNodes.dir(i) != n.Dir || packedNodes.parent(i) != n.Parent {
				t.Fatalf("parts of node %d", i)
			}
		}
		for i, v := range packedVersions.All {
			if at, ok := packedVersions.Find(v.ID); at != firstVersion[v.ID] || !ok {
				t.Fatalf("version %d is found at %d", i, at)
			}
			if d := cmp.Diff(versions[i], v); d != "" {
				t.Fatalf("version %d: -want +got\n%s", i, d)
			}
			id, node, base := packedVersions.lineage(i)
			if id != v.ID || node != v.Node || base != v.Base || packedVersions.hash(i) != v.Content.Hash {
				t.Fatalf("parts of version %d", i)
			}
		}
		for _, n := range nodes {
			n.ID.Index++
			at, ok := packedNodes.Find(n.ID)
			if want, there := first[n.ID]; ok != there || at != want {
				t.Fatalf("the one after is %d %v instead of %d %v", at, ok, want, there)
			}
		}
		if packedNodes.Len() != len(nodes) || !packedNodes.Equal(NodesOf(nodes...)) || !packedVersions.Equal(VersionsOf(versions...)) {
			t.Fatal("not all of it is there")
		}
		loadsWhatItSaves(t, &Checkpoint{Nodes: packedNodes, Versions: packedVersions}, first, firstVersion)
	})
}

// loadsWhatItSaves tells whether a checkpoint that was saved as it lies in memory is the same, and everything is found in it.
func loadsWhatItSaves(t *rapid.T, c *Checkpoint, nodes, versions map[Stamp]int) {
	var body bytes.Buffer
	w := bufio.NewWriter(&body)
	if err := errors.Join(c.SavePacked(w), w.Flush()); err != nil {
		t.Fatal(err)
	}
	var back Checkpoint
	finish, err := back.LoadPacked(bufio.NewReader(&body))
	if err != nil {
		t.Fatal(err)
	}
	finish()
	if !back.Nodes.Equal(c.Nodes) || !back.Versions.Equal(c.Versions) {
		t.Fatal("something else was loaded")
	}
	for id, want := range nodes {
		if at, ok := back.Nodes.Find(id); at != want || !ok {
			t.Fatalf("node %v is found at %d", id, at)
		}
	}
	for id, want := range versions {
		if at, ok := back.Versions.Find(id); at != want || !ok {
			t.Fatalf("version %v is found at %d", id, at)
		}
	}
}

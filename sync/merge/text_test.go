package merge

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elkjopcloud/sync/tree"
)

// The tiny text form of batches, one a line:
//
//	10 A: D = mkdir / docs; f = create D a.txt one
//	20 B: v = put f f two; move f@v / b.txt; delete D f@v
//
// A line begins with minutes since 1970 and the device (a letter, and for a cloned one a digit for its run); "<" and the names of lines
// ("10A") follow for what it had seen. A label names the node, version or placement that its operation makes; "/" is the root. A folder's move lists
// its members joined by "+". An entry of delete and a file of move, restore and purge is NODE@VERSION (NODE alone for a folder, or
// where the version has the node's label), in delete with ":PLACE" where that is not the node's own label. "_" in a name is a space.

type script struct {
	t       testing.TB
	labels  map[string]Stamp
	batches []*Batch
	ids     map[string]BatchID
	seqs    map[tree.Device]uint64
}

// parse reads batches in the order of the text.
func parse(t testing.TB, text string) []*Batch {
	t.Helper()
	s := &script{t: t, labels: map[string]Stamp{"/": {}}, ids: map[string]BatchID{}, seqs: map[tree.Device]uint64{}}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			s.line(line)
		}
	}
	return s.batches
}

func (s *script) line(line string) {
	s.t.Helper()
	head, rest, ok := strings.Cut(line, ":")
	w := strings.Fields(head)
	if !ok || len(w) < 2 {
		s.t.Fatalf("not a batch: %q", line)
	}
	minutes, err := strconv.Atoi(w[0])
	if err != nil {
		s.t.Fatalf("not a time: %q", line)
	}
	b := &Batch{Time: int64(minutes) * 60000, DeviceName: w[1][:1], Stored: int64(minutes)}
	b.Device = tree.Device(w[1][0])
	b.Run = 1
	if len(w[1]) > 1 {
		b.Run = uint32(w[1][1]-'0') + 1
	}
	s.seqs[b.Device]++
	b.Seq = s.seqs[b.Device]
	for _, p := range w[2:] {
		id, ok := s.ids[strings.TrimPrefix(p, "<")]
		if !ok {
			s.t.Fatalf("unknown batch %q in %q", p, line)
		}
		b.Parents = append(b.Parents, id)
	}
	s.ids[w[0]+w[1]] = b.BatchID
	for i, op := range strings.Split(rest, ";") {
		b.Ops = append(b.Ops, s.op(b.Stamp(i), strings.Fields(op)))
	}
	if err := b.Check(); err != nil {
		s.t.Fatalf("%q: %v", line, err)
	}
	s.batches = append(s.batches, b)
}

func (s *script) op(st Stamp, w []string) Op {
	s.t.Helper()
	if len(w) > 2 && w[1] == "=" {
		s.labels[w[0]] = st
		w = w[2:]
	}
	op := Op{Kind: Kind(w[0])}
	if w[0] == "found" {
		op.Kind, op.Found = Create, true
	}
	w = w[1:]
	switch op.Kind {
	case Mkdir, Create:
		op.Parent, op.Name = s.label(w[0]), name(w[1])
		if op.Kind == Create {
			op.Content = text(w[2])
		}
	case Put:
		op.Node, op.Version, op.Content = s.label(w[0]), s.label(w[1]), text(w[2])
	case Move:
		if strings.Contains(w[0], "@") {
			op.Node, op.Version = s.at(w[0])
		} else {
			for m := range strings.SplitSeq(w[0], "+") {
				op.Members = append(op.Members, s.label(m))
			}
		}
		op.Parent, op.Name = s.label(w[1]), name(w[2])
	case Delete:
		for _, e := range w {
			op.List = append(op.List, s.entry(e))
		}
	case Restore, Purge:
		op.Node, op.Version = s.at(w[0])
	}
	return op
}

func (s *script) label(l string) Stamp {
	s.t.Helper()
	st, ok := s.labels[l]
	if !ok && !strings.HasPrefix(l, "?") {
		s.t.Fatalf("unknown label %q", l)
	}
	if !ok {
		st = Stamp{Time: 1, Device: 0xdead, Run: 1, Index: uint32(len(l))}
	}
	return st
}

// at reads NODE@VERSION; "f@" is the first version of f, "D" a folder.
func (s *script) at(w string) (ID, Stamp) {
	s.t.Helper()
	n, v, file := strings.Cut(w, "@")
	if !file {
		return s.label(n), Stamp{}
	}
	if v == "" {
		v = n
	}
	return s.label(n), s.label(v)
}

func (s *script) entry(w string) Entry {
	s.t.Helper()
	what, place, moved := strings.Cut(w, ":")
	e := Entry{Dir: !strings.Contains(what, "@")}
	e.Node, e.Version = s.at(what)
	e.Place = e.Node
	if moved {
		e.Place = s.label(place)
	}
	return e
}

func name(w string) string { return strings.ReplaceAll(w, "_", " ") }

func text(w string) *tree.Content {
	c := &tree.Content{Hash: sha256.Sum256([]byte(w)), Size: int64(len(w)), Extents: []tree.Extent{{Key: w, Length: int64(len(w))}}}
	return c
}

// dump writes the visible tree and the trash, one entry a line, sorted: "docs/", "docs/a.txt one", "~ docs/b.txt two" for what is in the trash
// and "~~ …" for what is purged. Dates of the texts' first day are left out, and "conflicted copy" is "cc".
func dump(s *State) string {
	var l []string
	dumpFolder(s, s.Root(), &l)
	for n := range s.Nodes {
		if !n.Deleted {
			continue
		}
		mark := "~ "
		if n.Purged {
			mark = "~~ "
		}
		if n.Dir {
			l = append(l, mark+s.Path(n.ID)+"/")
		} else {
			l = append(l, mark+s.Path(n.ID)+" "+content(s, n))
		}
	}
	slices.Sort(l)
	return strings.NewReplacer("conflicted copy, ", "cc ", " 1970-01-01 ", " ").Replace(strings.Join(l, "\n"))
}

func dumpFolder(s *State, f *Folder, l *[]string) {
	for _, d := range f.Folders() {
		*l = append(*l, d.Path()+"/")
		dumpFolder(s, d, l)
	}
	for _, n := range f.Files() {
		*l = append(*l, tree.Join(f.Path(), n.Name)+" "+content(s, n))
	}
}

func content(s *State, n Node) string {
	v, ok := s.Version(n.Current)
	if !ok {
		return "(no version)"
	}
	return v.Content.Extents[0].Key
}

// lines brings an expected dump into the form of dump.
func lines(text string) string {
	var l []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			l = append(l, line)
		}
	}
	slices.Sort(l)
	return strings.Join(l, "\n")
}

// foldAll folds batches by their stamps, whatever their order in the slice, and checks the state after each.
func foldAll(t testing.TB, bs []*Batch) *State {
	t.Helper()
	bs = slices.Clone(bs)
	slices.SortFunc(bs, compareBatches)
	s := New()
	for _, b := range bs {
		s.Apply(b)
		if err := invariants(s); err != nil {
			t.Fatalf("after batch %s of %s: %v\n%s", b.BatchID, b.DeviceName, err, dump(s))
		}
	}
	return s
}

func (o Op) String() string {
	return fmt.Sprintf("%s node=%v members=%v ver=%v in=%v name=%q list=%v", o.Kind, o.Node, o.Members, o.Version, o.Parent, o.Name, o.List)
}

// full writes everything that a state holds: what is shown, and every field of nodes, versions and aliases.
func full(s *State) string {
	c := s.checkpoint()
	var b strings.Builder
	b.WriteString(dump(s))
	for _, n := range c.Nodes.All {
		fmt.Fprintf(&b, "\n%+v", n)
		for _, v := range s.Versions(n.ID) {
			fmt.Fprintf(&b, " %v", v.ID)
		}
	}
	for _, v := range c.Versions.All {
		fmt.Fprintf(&b, "\n%v %v %v %d %v %v %v", v.ID, v.Node, v.Base, v.Stored, v.Content.Hash, v.Content.Extents, s.Holder(v.Node, v.ID))
	}
	fmt.Fprintf(&b, "\n%v\n%v\n%v", c.Aliases, c.Equal, c.Left)
	return b.String()
}

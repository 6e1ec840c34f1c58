package plan

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"

	"github.com/google/go-cmp/cmp"
)

// A caseWorld is two devices that work without faults; tests set up a case on it and read what was planned as lines.
func caseWorld(t *testing.T) (*simWorld, *simDev, *simDev) {
	t.Helper()
	w := simRun(0, 0, false)
	w.devs = nil
	for i := range 2 {
		d := w.device(i + 1)
		d.disk = newSimDisk(&w.tick)
		w.devs = append(w.devs, d)
	}
	return w, w.devs[0], w.devs[1]
}

// fill makes files "path=content" and folders "path/" on a disk.
func fill(t *testing.T, d *simDisk, lines ...string) {
	t.Helper()
	for _, s := range lines {
		path, content, file := strings.Cut(s, "=")
		err := error(nil)
		if file {
			err = d.create(path, content, false)
		} else {
			err = d.mkdir(strings.TrimSuffix(path, "/"))
		}
		if err != nil {
			t.Fatalf("make %s: %v", s, err)
		}
	}
}

// settled lets all devices work until nothing is left to do.
func settled(t *testing.T, w *simWorld) {
	t.Helper()
	w.settle()
	for _, b := range w.bad {
		t.Error(b)
	}
	w.bad = nil
}

func shownTree(d *simDisk) []string {
	out := []string{}
	d.walk(func(path string, n *simNode) { out = append(out, simLine(path, n)) })
	sort.Strings(out)
	return out
}

func (u Up) line() string {
	switch u.Kind {
	case merge.Delete:
		return fmt.Sprintf("delete %d", len(u.Gone))
	case merge.Create, merge.Put:
		return fmt.Sprintf("%s %s %s", u.Kind, u.Path, simContent(u.Known))
	}
	return fmt.Sprintf("%s %s", u.Kind, u.Path)
}

func upLines(u Ups) []string {
	out := []string{}
	for _, x := range u.Do {
		out = append(out, x.line())
	}
	sort.Strings(out)
	return out
}

func downLines(d Downs) []string {
	out := []string{}
	for _, x := range d.Do {
		out = append(out, strings.Split(downText(x), " ")[0]+" "+strings.TrimPrefix(x.From+">"+x.To, ">"))
	}
	sort.Strings(out)
	return out
}

func want(t *testing.T, what string, got []string, lines ...string) {
	t.Helper()
	if lines == nil {
		lines = []string{}
	}
	if d := cmp.Diff(lines, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// matched tells which handle stands at which path after a scan, by the path that it had in Base; "new" for one that is none.
func matched(d *simDev) []string {
	in := d.look(true)
	v := newView(in)
	out := []string{}
	for h := range in.Local.All {
		was := "new"
		if b := in.Base.Get(h); b != nil {
			was = b.Name
			for p := in.Base.Get(b.Parent); p != nil; p = in.Base.Get(p.Parent) {
				was = tree.Join(p.Name, was)
			}
		}
		out = append(out, v.path(h)+" < "+was)
	}
	sort.Strings(out)
	return out
}

func rename(t *testing.T, d *simDisk, from, to string) {
	t.Helper()
	if err := d.rename(from, to); err != nil {
		t.Fatalf("rename %s %s: %v", from, to, err)
	}
}

func (d *simDisk) replaceWith(path, content string) {
	_ = d.remove(path)
	_ = d.create(path, content, false)
}

func (d *simDisk) swap(a, b string) {
	_ = d.rename(a, "swap")
	_ = d.rename(b, a)
	_ = d.rename("swap", b)
}

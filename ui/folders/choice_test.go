package folders

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/app"
)

// wide is p/{d/{x,y},e} and q: one byte in each folder, of which some are off.
func wide(off ...string) *choice {
	found := []app.Folder{{Bytes: 7}, {Path: "p", Bytes: 5}, {Path: "p/d", Bytes: 3}, {Path: "p/d/x", Bytes: 1}, {Path: "p/d/y", Bytes: 1}, {Path: "p/e", Bytes: 1}, {Path: "q", Bytes: 1}}
	for i := range found {
		if found[i].State = app.FolderOn; slices.Contains(off, found[i].Path) {
			found[i].State = app.FolderOff
		}
	}
	return newChoice(found)
}

// at is the place of a folder.
func (c *choice) at(path string) int {
	return slices.IndexFunc(c.all, func(n node) bool { return n.Path == path })
}

func (c *choice) text() string {
	out := []string{fmt.Sprint(c.size(0))}
	for i, n := range c.all[1:] {
		if s := c.states[i+1]; s != app.FolderOn {
			out = append(out, n.Path+" "+s)
		}
	}
	return strings.Join(out, ", ")
}

// TestChoice: what is pressed is what is shown, and what is said to the client is the least that comes to it.
func TestChoice(t *testing.T) {
	for _, tt := range []struct {
		name       string
		off, press []string
		want       string // how much is here, and what is not all here
		says       string
	}{
		{"nothing", nil, nil, "7", "on [] off []"},
		{"one", nil, []string{"p/d/x"}, "6, p partly, p/d partly, p/d/x off", "on [] off [p/d/x]"},
		{"with all below", nil, []string{"p/d"}, "4, p partly, p/d off, p/d/x off, p/d/y off", "on [] off [p/d]"},
		{"twice is nothing", nil, []string{"p/d", "p/d"}, "7", "on [] off []"},
		{"a part first, then all", nil, []string{"p/d/x", "p"}, "7", "on [] off []"},
		{"each below, but not the folder itself", nil, []string{"p/d/x", "p/d/y"}, "5, p partly, p/d partly, p/d/x off, p/d/y off", "on [] off [p/d/x p/d/y]"},
		{"on again", []string{"p/d", "p/d/x", "p/d/y"}, []string{"p/d"}, "7", "on [p/d] off []"},
		{"one of what is off", []string{"p", "p/d", "p/d/x", "p/d/y", "p/e"}, []string{"p/d/x"}, "5, p partly, p/d partly, p/d/y off, p/e off", "on [p] off [p/d/y p/e]"},
		{"one for another", []string{"q"}, []string{"q", "p/e"}, "6, p partly, p/e off", "on [q] off [p/e]"},
		{"more of what is partly off", []string{"p/d/x"}, []string{"p/d", "p/d"}, "4, p partly, p/d off, p/d/x off, p/d/y off", "on [] off [p/d]"},
	} {
		c := wide(tt.off...)
		for _, p := range tt.press {
			c.toggle(c.at(p))
		}
		on, off := c.changes()
		if says := fmt.Sprintf("on %v off %v", on, off); c.text() != tt.want || says != tt.says {
			t.Errorf("%s: %s; %s", tt.name, c.text(), says)
		}
	}
}

func TestFold(t *testing.T) {
	c := wide()
	shown := func(want ...string) {
		t.Helper()
		var got []string
		for _, i := range c.rows {
			got = append(got, c.all[i].Path)
		}
		if !slices.Equal(got, want) {
			t.Errorf("shown %q, want %q", got, want)
		}
	}
	shown("p", "q")
	c.fold(c.at("p"), true)
	c.fold(c.at("q"), true) // there is nothing in it
	shown("p", "p/d", "p/e", "q")
	c.fold(c.at("p/d"), true)
	shown("p", "p/d", "p/d/x", "p/d/y", "p/e", "q")
	c.fold(c.at("p"), false)
	shown("p", "q")
	c.fold(c.at("p"), true)
	shown("p", "p/d", "p/d/x", "p/d/y", "p/e", "q")
	if c.all[c.at("p/d/x")].depth != 3 || c.open[c.at("q")] {
		t.Error("depths or folds are wrong")
	}
}

// TestLeaving: what goes is named by what was here, each with all below.
func TestLeaving(t *testing.T) {
	c := wide("p/e")
	c.toggle(c.at("p/d"))
	c.toggle(c.at("q"))
	var got []string
	for _, n := range c.leaving() {
		got = append(got, n.Path)
	}
	if !slices.Equal(got, []string{"p/d", "q"}) {
		t.Errorf("leaving %q", got)
	}
	if c := newChoice(nil); len(c.rows) > 0 || len(c.leaving()) > 0 {
		t.Error("there is something of nothing")
	}
}

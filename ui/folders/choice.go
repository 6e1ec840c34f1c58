package folders

import (
	"strings"

	"elkjopcloud/app"
)

// choice is what somebody chooses among the folders of Synced, and has not said yet. It changes nothing by itself.
type choice struct {
	all    []node
	here   []bool // as it is chosen
	was    []bool
	open   map[int]bool // unfolded
	rows   []int        // what is shown
	states []string     // of all, as they are chosen
}

// node is one folder. The first one is Synced itself, which is no row.
type node struct {
	app.Folder
	parent, depth int
	end           int   // the first one behind all that is below it
	own           int64 // bytes of the files in it, not below
}

// newChoice begins with what the client says; folders come after those that they lie in.
func newChoice(found []app.Folder) *choice {
	c := &choice{open: map[int]bool{0: true}}
	var path []int // from the first one to where we are
	for i, f := range found {
		for len(path) > 0 && !within(f.Path, found[path[len(path)-1]].Path) {
			path = path[:len(path)-1]
		}
		n := node{Folder: f, parent: -1, depth: len(path), own: f.Bytes}
		if len(path) > 0 {
			n.parent = path[len(path)-1]
			c.all[n.parent].own -= f.Bytes
		}
		c.all = append(c.all, n)
		path = append(path, i)
		for _, p := range path {
			c.all[p].end = i + 1
		}
		c.was = append(c.was, f.State != app.FolderOff)
	}
	c.here = append([]bool{}, c.was...)
	c.settle()
	return c
}

func within(path, dir string) bool { return dir == "" || strings.HasPrefix(path, dir+"/") }

// settle works out what is shown.
func (c *choice) settle() {
	c.rows, c.states = c.rows[:0], make([]string, len(c.all))
	for i := len(c.all) - 1; i >= 0; i-- { // what is below comes first
		if c.states[i] == "" {
			c.states[i] = app.FolderOn
		}
		if !c.here[i] {
			c.states[i] = app.FolderOff
		}
		if p := c.all[i].parent; p >= 0 && c.states[i] != app.FolderOn {
			c.states[p] = app.FolderPartly
		}
	}
	for i := 1; i < len(c.all); i++ {
		if !c.open[c.all[i].parent] {
			i = c.all[c.all[i].parent].end - 1
			continue
		}
		c.rows = append(c.rows, i)
	}
}

// leaf tells whether there is no folder below.
func (c *choice) leaf(i int) bool { return c.all[i].end == i+1 }

// fold shows what is below a folder, or hides it.
func (c *choice) fold(i int, open bool) {
	c.open[i] = open && !c.leaf(i)
	c.settle()
}

// toggle takes a folder off with all that is below, or has it again. What has a folder in it is here, too.
func (c *choice) toggle(i int) {
	on := c.states[i] != app.FolderOn
	for j := i; j < c.all[i].end; j++ {
		c.here[j] = on
	}
	for p := c.all[i].parent; on && p >= 0; p = c.all[p].parent {
		c.here[p] = true
	}
	c.settle()
}

// size is how much of a folder is on this computer as it is chosen.
func (c *choice) size(i int) (n int64) {
	for j := i; j < c.all[i].end; j++ {
		if c.here[j] {
			n += c.all[j].own
		}
	}
	return n
}

// changes are the folders to say, those that are on first: each with all that is below it, so that what is off there is said after.
func (c *choice) changes() (on, off []string) {
	covered := 0 // all before it are on with one above them
	for i, n := range c.all {
		if c.here[i] && !c.was[i] && i >= covered {
			on, covered = append(on, n.Path), n.end
		}
	}
	covered = 0
	for i, n := range c.all {
		if !c.here[i] && i >= covered {
			covered = n.end
			if c.was[i] || c.below(i, on) || c.some(i) {
				off = append(off, n.Path)
			}
		}
	}
	return on, off
}

// off are the folders that are off, each with all that is below it.
func (c *choice) off() (out []string) {
	for i := 0; i < len(c.all); i++ {
		if !c.here[i] {
			out = append(out, c.all[i].Path)
			i = c.all[i].end - 1
		}
	}
	return out
}

func (c *choice) below(i int, paths []string) bool {
	for _, p := range paths {
		if within(c.all[i].Path, p) {
			return true
		}
	}
	return false
}

// some tells whether anything below a folder was here.
func (c *choice) some(i int) bool {
	for j := i; j < c.all[i].end; j++ {
		if c.was[j] {
			return true
		}
	}
	return false
}

// leaving are the folders that go from this computer, with what is below each of them.
func (c *choice) leaving() (out []node) {
	for i := 0; i < len(c.all); i++ {
		if c.was[i] && !c.here[i] {
			out = append(out, c.all[i])
			i = c.all[i].end - 1
		}
	}
	return out
}

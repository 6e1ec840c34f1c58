package space

import (
	"errors"
	"fmt"
	"maps"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// checkSnapshot returns why no State can be made of a checkpoint: what is named must be there, folders must hang in folders and
// end at the root, and nothing may go round in circles.
func checkSnapshot(c *merge.Checkpoint) error {
	if c.Last.Time < 0 || c.Last.Time >= maxTime || c.Nodes.Len() > 0 && len(c.Seen) == 0 {
		return errors.New("it does not say what it holds")
	}
	equal, err := pairs(c.Equal)
	if err == nil {
		err = checkVersions(c, equal)
	}
	if err == nil {
		err = checkNodes(c, equal)
	}
	return err
}

// links maps a thing to the one it stands for, or hangs in.
type links map[merge.Stamp]merge.Stamp

// ends tells whether every walk along the links comes to an end. It does for sure where each leads to something older.
func (l links) ends() bool {
	older := true
	for at, to := range l {
		older = older && to.Compare(at) < 0
	}
	return older || l.walk()
}

func (l links) walk() bool {
	done := make(map[merge.Stamp]bool, len(l))
	for at := range l {
		var way []merge.Stamp
		for steps := 0; !done[at]; steps++ {
			if steps > len(l) {
				return false
			}
			way = append(way, at)
			next, ok := l[at]
			if !ok {
				break
			}
			at = next
		}
		for _, s := range way {
			done[s] = true
		}
	}
	return true
}

func (l links) last(s merge.Stamp) merge.Stamp {
	for {
		next, ok := l[s]
		if !ok {
			return s
		}
		s = next
	}
}

func pairs(ps [][2]merge.Stamp) (links, error) {
	l := make(links, len(ps))
	for _, p := range ps {
		if _, twice := l[p[0]]; twice || p[0].IsZero() {
			return nil, fmt.Errorf("%v stands for two", p[0])
		}
		l[p[0]] = p[1]
	}
	if !l.ends() {
		return nil, errors.New("what stands for one another goes round in a circle")
	}
	return l, nil
}

func checkVersions(c *merge.Checkpoint, equal links) error {
	var v merge.Version
	before, put := links{}, &merge.Batch{BatchID: merge.BatchID{Seq: 1}, Time: 1, Ops: []merge.Op{{Kind: merge.Put, Content: &v.Content}}}
	for i := range c.Versions.Len() {
		v = c.Versions.At(i)
		if first, _ := c.Versions.Find(v.ID); v.ID.IsZero() || first != i {
			return fmt.Errorf("version %v is there twice", v.ID)
		}
		if err := put.Check(); err != nil {
			return fmt.Errorf("version %v: %w", v.ID, err)
		}
		if !v.Base.IsZero() {
			before[v.ID] = v.Base
		}
	}
	maps.Copy(before, equal)
	if !before.ends() {
		return errors.New("a version is its own ancestor")
	}
	return nil
}

func checkNodes(c *merge.Checkpoint, equal links) error {
	aliases, err := pairs(c.Aliases)
	if err != nil {
		return err
	}
	in := links{} // folders alone: a file has nothing in it
	for i, n := range c.Nodes.All {
		if first, _ := c.Nodes.Find(n.ID); n.ID.IsZero() || first != i {
			return fmt.Errorf("node %v is there twice", n.ID)
		}
		if n.Dir {
			in[n.ID] = n.Parent
		}
		if err := tree.CheckName(n.Name); err != nil {
			return fmt.Errorf("node %v: %w", n.ID, err)
		}
		_, other := aliases[n.ID]
		if _, held := c.Versions.Find(equal.last(n.Current)); !n.Dir && !other && !held {
			return fmt.Errorf("node %v has no content", n.ID)
		}
	}
	for _, n := range c.Nodes.All {
		if _, dir := in[n.Parent]; !dir && !n.Parent.IsZero() {
			return fmt.Errorf("node %v hangs in no folder", n.ID)
		}
	}
	for _, to := range aliases {
		if _, ok := c.Nodes.Find(aliases.last(to)); !ok && !aliases.last(to).IsZero() {
			return fmt.Errorf("node %v is not there", to)
		}
	}
	if !in.ends() {
		return errors.New("a folder hangs in itself")
	}
	return nil
}

package space

import (
	"errors"
	"fmt"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// checkSnapshot returns why no State can be made of a checkpoint: what is named must be there, folders must hang in folders and
// end at the root, and nothing may go round in circles.
func checkSnapshot(c *merge.Checkpoint) error {
	if c.Last.Time < 0 || c.Last.Time >= maxTime || len(c.Nodes) > 0 && len(c.Seen) == 0 {
		return errors.New("it does not say what it holds")
	}
	versions, err := checkVersions(c)
	if err != nil {
		return err
	}
	return checkNodes(c, versions)
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

func checkVersions(c *merge.Checkpoint) (map[merge.Stamp]bool, error) {
	equal, err := pairs(c.Equal)
	if err != nil {
		return nil, err
	}
	have := make(map[merge.Stamp]bool, len(c.Versions))
	for i := range c.Versions {
		v := &c.Versions[i]
		if v.ID.IsZero() || have[v.ID] {
			return nil, fmt.Errorf("version %v is there twice", v.ID)
		}
		if err := (&merge.Batch{BatchID: merge.BatchID{Seq: 1}, Time: 1, Ops: []merge.Op{{Kind: merge.Put, Content: &v.Content}}}).Check(); err != nil {
			return nil, fmt.Errorf("version %v: %w", v.ID, err)
		}
		have[v.ID] = true
	}
	before := make(links, len(c.Versions))
	for i := range c.Versions {
		if v := &c.Versions[i]; !v.Base.IsZero() {
			before[v.ID] = v.Base
		}
	}
	for from, to := range equal {
		before[from] = to
		have[from] = have[equal.last(to)]
	}
	if !before.ends() {
		return nil, errors.New("a version is its own ancestor")
	}
	return have, nil
}

func checkNodes(c *merge.Checkpoint, versions map[merge.Stamp]bool) error {
	aliases, err := pairs(c.Aliases)
	if err != nil {
		return err
	}
	dirs, in := map[merge.ID]bool{{}: true}, make(links, len(c.Nodes))
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if _, twice := in[n.ID]; twice || n.ID.IsZero() {
			return fmt.Errorf("node %v is there twice", n.ID)
		}
		in[n.ID] = n.Parent
		if n.Dir {
			dirs[n.ID] = true
		}
		if err := tree.CheckName(n.Name); err != nil {
			return fmt.Errorf("node %v: %w", n.ID, err)
		}
		if _, other := aliases[n.ID]; !n.Dir && !other && !versions[n.Current] {
			return fmt.Errorf("node %v has no content", n.ID)
		}
	}
	for id, parent := range in {
		if !dirs[parent] {
			return fmt.Errorf("node %v hangs in no folder", id)
		}
	}
	for _, to := range aliases {
		if _, ok := in[aliases.last(to)]; !ok && !aliases.last(to).IsZero() {
			return fmt.Errorf("node %v is not there", to)
		}
	}
	if !in.ends() {
		return errors.New("a folder hangs in itself")
	}
	return nil
}

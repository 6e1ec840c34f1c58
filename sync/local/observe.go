package local

import (
	"slices"
	"strings"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// observation tells what is known of the disk.
func (r *Replica) observation() Observation {
	o := Observation{Entries: r.entries.Blinded(r.blindFolders())}
	for _, s := range r.skipped {
		o.Skipped = append(o.Skipped, s)
	}
	slices.SortFunc(o.Skipped, func(a, b scan.Skip) int { return strings.Compare(a.Path, b.Path) })
	return o
}

// blindFolders are those that hold something that is not looked at and not just junk, which goes with its folder.
func (r *Replica) blindFolders() map[string]bool {
	out := map[string]bool{}
	for p, s := range r.skipped {
		if s.Reason == scan.Junk && r.strewn(p) {
			continue
		}
		for dir, _ := tree.Split(p); dir != "" && !out[dir]; dir, _ = tree.Split(dir) {
			out[dir] = true
		}
	}
	return out
}

// strewn tells of a path that the rules call junk whether it is a file that systems strew about. Their folders, and unfinished files,
// may hold what somebody misses.
func (r *Replica) strewn(path string) bool { return r.strict.MatchEntry(path, false) == ignore.Junk }

func signature(i disk.Info) plan.Signature {
	return plan.Signature{Size: i.Size, Mtime: i.Mtime, Ctime: i.Ctime, Number: i.ID.Number, Birth: i.ID.Birth, Exec: i.Exec}
}

func toDisk(s plan.Signature) disk.Signature {
	return disk.Signature{Size: s.Size, Mtime: s.Mtime, Ctime: s.Ctime, ID: disk.FileID{Number: s.Number, Birth: s.Birth}}
}

// Skip returns the planner's question: whether nothing may be concluded or done at a path, by what the last Observe saw, the rules,
// the roots of other pairs, and the names that this disk can hold.
func (r *Replica) Skip() func(path string, dir bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := skipper{rules: r.Rules, fs: r.FS, fold: !r.FS.CaseSensitive(), blind: map[string]bool{}, known: map[string]bool{}}
	for p := range r.skipped {
		s.blind[s.key(p)] = true
	}
	for _, p := range r.Exclude() {
		s.blind[s.key(p)] = true
	}
	return s.skip
}

// Unsure returns the planner's question whether a path lies where the last Observe could not look, though it would have.
func (r *Replica) Unsure() func(path string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := skipper{fold: !r.FS.CaseSensitive()}.key
	var unread []string
	for p, s := range r.skipped {
		if s.Reason == scan.Unreadable {
			unread = append(unread, key(p))
		}
	}
	return func(path string) bool {
		return slices.ContainsFunc(unread, func(u string) bool { return tree.Under(key(path), u) })
	}
}

type skipper struct {
	rules *ignore.Rules
	fs    disk.FS
	fold  bool            // the disk does not tell case apart, and the cloud may spell a name otherwise
	blind map[string]bool // by key
	known map[string]bool // folders already answered
}

func (s skipper) key(path string) string {
	if s.fold {
		return tree.Fold(path)
	}
	return path
}

func (s skipper) skip(path string, dir bool) bool {
	if parent, _ := tree.Split(path); parent != "" {
		answer, ok := s.known[parent]
		if !ok {
			answer = s.skip(parent, true)
			s.known[parent] = answer
		}
		if answer {
			return true
		}
	}
	if path == "" || parked(path) {
		return false
	}
	_, name := tree.Split(path)
	return s.blind[s.key(path)] || s.rules.Match(path, dir) != ignore.None || s.fs.ValidName(name) != nil
}

// Package plan decides what one device does next: a pure function of three trees. Local is what the disk shows, Cloud is the merge of
// all histories, Base is what both were when they were last equal. Up gives what this device tells the others; Down gives what it does
// to its disk. Nothing here reads a disk, a clock or a network, and nothing is decided from absence in Cloud: a local file goes only because
// its node is in the trash.
//
// Reading order: plan.go (the trees), bases.go and locals.go (many rows in little memory), match.go (which local entry is which of Base), equal.go (whether
// there is anything to plan), index.go (looking things up), need.go (which files must be read), up.go, batch.go (operations and the Base that they leave),
// backup.go (where the disk wins), down.go and its parts, away.go (back after a long time), off.go (what is kept in the cloud only), guard.go (too much at once).
package plan

import (
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Handle names one thing on this device's disk for as long as Base knows it. 0 is the root folder of the pair.
type Handle int64

// Signature is what the disk says of an entry without reading it.
type Signature struct {
	Size   int64
	Mtime  int64 // nanoseconds
	Ctime  int64 // nanoseconds; 0 where unknown
	Number uint64
	Birth  int64 // nanoseconds; 0 where unknown
	Exec   bool
}

// SameFile tells whether two observations are of one and the same entry on the disk, as far as the disk can prove it.
func (a Signature) SameFile(b Signature) bool {
	return a.Number == b.Number && a.Number != 0 && a.Birth == b.Birth && a.Birth != 0
}

// Unchanged tells whether the content is surely the same in both observations.
func (a Signature) Unchanged(b Signature) bool {
	return a.Size == b.Size && a.Mtime == b.Mtime && a.Ctime == b.Ctime && a.Number == b.Number && a.Birth == b.Birth
}

// Base is one thing that was equal here and in the cloud.
type Base struct {
	ID, Parent Handle
	Name       string // the bytes on the disk
	Dir        bool
	Nodes      []Member    // a file has one; a folder all that showed as this one
	Version    merge.Stamp // files
	Hash       tree.Hash   // files
	Disk       Signature   // as it was then; Exec is the version's
}

// Member is a node and the operation that had placed it.
type Member struct {
	ID    merge.ID
	Place merge.Stamp
}

// Local is one thing on the disk now. It has the ID of the Base entry that it is, or one of its own.
type Local struct {
	ID, Parent Handle
	Name       string
	Dir        bool
	Blind      bool      // folders: something in it is not looked at (ignored, unreadable), so that it cannot be removed
	Hash       tree.Hash // files; zero when not known, and then different from every content in the volume
	Disk       Signature
}

// Input is what a plan is made from. Up and Down do not change it.
type Input struct {
	Local *Locals
	Base  *Bases
	State *merge.State
	// UpOnly says that the pair is a backup: the disk wins, and nothing comes down.
	UpOnly bool
	// Skip tells of a local path whether nothing may be concluded or done there: ignored, unreadable, a name that this disk cannot
	// hold, the root of another pair.
	Skip func(path string, dir bool) bool
	// Unsure tells of a path of which Skip says so whether it merely cannot be looked at now, as in an unreadable folder: what the others moved there
	// stays where it is here. Nil is never.
	Unsure func(path string) bool
	// Joining tells that this device begins with what lies in the folder: nothing of it was compared with the cloud before.
	Joining bool
	// Off tells of a folder's node whether a person keeps it, and all below it, off this disk. Nil is never. See off.go.
	Off func(merge.ID) bool
	// Expired tells of what State knows whether it has expired, so that others may have forgotten it: a node, or one version of a file. Nil is
	// never. It need not be asked of a live file's current version.
	Expired func(merge.ID, merge.Stamp) bool
	// Most is how many new files a plan downwards brings where it takes nothing away, and how many a plan upwards tells, or how many rows it adopts; the
	// others come in later rounds. 0 is all of them.
	Most int
	// Huge is the size in bytes from which on new files are told whatever Most says; 0 is never. They move for as long as they are planned.
	Huge int64
	// FoldNames says that the disk holds names that differ only in case or Unicode form as one.
	FoldNames bool
	// NoExec says that the disk has no execute bit: what Local shows there means nothing.
	NoExec bool
}

package engine

import (
	"time"

	"elkjopcloud/sync/plan"
)

// State is what a pair is doing.
type State string

const (
	UpToDate     State = "up-to-date"
	Checking     State = "checking"
	Working      State = "working"
	Waiting      State = "waiting" // something goes on later by itself
	NotConnected State = "not-connected"
	Paused       State = "paused"
	NeedsYou     State = "needs-you"
	Offline      State = "offline"
)

// Problem is one thing that could not be done. Code is one of the constants; the words for people are made elsewhere.
type Problem struct {
	Code string
	Path string // on the disk, relative to the root; or of an object
	Err  error
}

// Codes of problems.
const (
	CodeUnreadable  = "unreadable" // no permission to read
	CodeBusy        = "busy"       // open in another program
	CodeChanging    = "keeps-changing"
	CodeName        = "name"          // this disk cannot hold the name
	CodeEncoding    = "name-encoding" // the name is not valid Unicode
	CodeLongName    = "name-too-long" // no volume can hold the name
	CodeSkipped     = "skipped"       // a link, a special file, a rule; told, but no fault
	CodeDiskFull    = "disk-full"
	CodeCloudFull   = "cloud-full"
	CodeReadOnly    = "read-only"
	CodeDamaged     = "damaged" // a copy in the cloud does not have the bytes it should have
	CodeMissing     = "missing" // a copy in the cloud is not there
	CodeCold        = "cold"    // a copy in the cloud lies in cold storage, and cannot be read now
	CodeHistory     = "history" // a part of the volume's history cannot be read
	CodeKeyRefused  = "key-refused"
	CodeDenied      = "denied"
	CodeClock       = "clock"
	CodeUntrusted   = "untrusted"
	CodeNotAStore   = "not-a-store"
	CodeNoBucket    = "no-bucket"
	CodeOffline     = "offline"
	CodeServerBusy  = "server-busy"
	CodeNewerFormat = "newer-format"
	CodeDatabase    = "database"
	CodeOther       = "other"
	CodeAway        = "removed-while-away" // the histories do not reach back to when this computer last saw it
	CodeElsewhere   = "changed-elsewhere"  // another computer changed what this one backs up
	CodeGuard       = "many-changes"
	CodeNoRoot      = "not-connected"
)

// Question is what the guard asks before a pair goes on.
type Question struct {
	Down      bool // the changes come from the cloud; otherwise they were made here
	Tally     plan.Tally
	Samples   []string // up to ten paths
	Asked     time.Time
	Confirmed bool // a person has said yes, and it is not done yet
}

// Status is a pair's state at one moment. It is a value; nobody changes it.
type Status struct {
	Name         string
	State        State
	Files        int   // in Base
	Bytes        int64 // in Base
	PendingFiles int
	PendingBytes int64
	Problems     []Problem
	Question     *Question
	LastSeen     time.Time // when the root was last there
	LastDone     time.Time // when everything was last equal
	Skipped      []Problem // what is not looked at, and why
	Remain       []string  // folders that are kept off this disk and stand here for what is skipped in them, by path
}

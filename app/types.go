package app

import "time"

// S3 says where an S3 server is and how to reach it. Secrets are not among it.
type S3 struct {
	Endpoint string // an address with or without https://
	Bucket   string
	Prefix   string // keys below this; may be empty
	Region   string // may be empty
	CA       string // file of a certificate to trust, may be empty
	// Credentials says where the secret is kept: "keyring" (the system's), "env" (read from the environment at each start), or, for users
	// without a keyring who chose it, "file" (encrypted under a passphrase) or "session" (nowhere: it is lost when the program ends).
	Credentials string
	AccessKey   string // but with "env"
	Proxy       string // "" or "system", "none", or the address of a proxy
}

// Check is one thing that was tried when a store was connected.
type Check struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Message string `json:"message"`          // what was tried, or why it failed
	Action  string `json:"action,omitempty"` // what to do when it failed
}

// DeviceInfo is one computer of the space.
type DeviceInfo struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	System   string    `json:"system"`
	LastSeen time.Time `json:"last_seen"`
	This     bool      `json:"this"`
	Backups  []string  `json:"backups"`
}

// BackupInfo is one folder that this computer backs up.
type BackupInfo struct {
	Name   string   `json:"name"`
	Root   string   `json:"root"`
	Volume string   `json:"volume"` // "Backup/<device>/<folder>"
	Skip   []string `json:"skip"`
	State  string   `json:"state"`
	Detail string   `json:"detail"` // as PairStatus.Detail
	Files  int      `json:"files"`
	Bytes  int64    `json:"bytes"`
	Paused bool     `json:"paused,omitempty"` // as PairStatus.Paused
	Every  string   `json:"every,omitempty"`  // as PairStatus.Every
}

// SkipReport says what a backup leaves out.
type SkipReport struct {
	Name    string   `json:"name"`
	Skip    []string `json:"skip"`    // all rules, in gitignore's syntax, in their order
	Kept    int      `json:"kept"`    // files that a rule leaves out and that stay in the cloud
	Trashed int      `json:"trashed"` // files that were moved to the trash
}

// SkipEffect is what rules of a backup leave out now.
type SkipEffect struct {
	Extent         // in the folder; while that is not connected, of its copies
	Copies  Extent `json:"copies"`   // of the files in the cloud
	NotHere bool   `json:"not_here"` // the folder is not connected
}

// Skipped is something in a folder that is not backed up.
type Skipped struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Part is a part of a backup.
type Part struct {
	Backup  string   // NAME of this computer's, DEVICE/NAME of another one's
	Paths   []string // files and folders in it, '/'-separated; none is all of it
	Version string   // of the one file in Paths: an earlier version; "" is the newest
}

// Progress is how far a piece of work is. Totals are 0 while they are not known.
type Progress struct {
	Phase      string `json:"phase"` // "upload", "verify", "download", "check" or a pair's name
	Path       string `json:"path,omitempty"`
	Files      int    `json:"files"`
	FilesTotal int    `json:"files_total"`
	Bytes      int64  `json:"bytes"`
	BytesTotal int64  `json:"bytes_total"`
}

// RestoreReport says what was brought to the disk.
type RestoreReport struct {
	To      string   `json:"to"` // the folder that was written to; empty when nothing was
	Files   int      `json:"files"`
	Folders int      `json:"folders"`
	Bytes   int64    `json:"bytes"`
	Present int      `json:"present"` // files that were there already, with the same bytes
	Renamed []string `json:"renamed"` // paths of files that got another name because theirs was taken
	// CloudOnly are those of Files that are in the cloud again and on no disk here: of another computer's backup, of a folder that is not
	// connected, of the Archive.
	CloudOnly int        `json:"cloud_only"`
	Problems  []*Problem `json:"problems"`
}

// Conflict is a copy that was made because a file was changed in two places, and the file that has the name now.
type Conflict struct {
	ID       string        `json:"id"`
	Path     string        `json:"path"` // of the copy
	Original string        `json:"original"`
	Size     int64         `json:"size"`
	Modified time.Time     `json:"modified"`
	Device   string        `json:"device"`
	Mine     bool          `json:"mine"`            // the copy was made on this computer
	Seen     string        `json:"seen"`            // which content of the copy this is
	Other    *ConflictSide `json:"other,omitempty"` // nil when nothing has the name any more
}

// ConflictSide is the file whose name the copy was to have.
type ConflictSide struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	Device   string    `json:"device"`
	Mine     bool      `json:"mine"`
	Seen     string    `json:"seen"`
}

// Whether a folder of Synced is on this computer.
const (
	FolderOn     = "on"
	FolderOff    = "off"    // only in the cloud and on other computers
	FolderPartly = "partly" // without some folders in it
)

// Folder is a folder of Synced, with all that is in it and below.
type Folder struct {
	Path      string `json:"path"`
	State     string `json:"state"`
	Files     int    `json:"files"`
	Bytes     int64  `json:"bytes"`
	HereFiles int    `json:"here_files"` // of these, what is to be on this computer
	HereBytes int64  `json:"here_bytes"`
	Remains   bool   `json:"remains,omitempty"` // it is off, and files of it that are not synced are still on this computer
}

// ArchiveReport says what was put into the Archive.
type ArchiveReport struct {
	Files    int        `json:"files"`
	Bytes    int64      `json:"bytes"`
	Uploaded int        `json:"uploaded"` // files whose bytes were sent; the others were there already
	Verified int        `json:"verified"` // files that were read back and compared
	Freed    int        `json:"freed"`    // files moved to the recycle bin
	Paths    []string   `json:"paths"`    // where what was given lies in the Archive
	Problems []*Problem `json:"problems"`
}

// StorageInfo says where everything is kept, for people.
type StorageInfo struct {
	Kind  string `json:"kind"`  // "folder", "s3", or "" for none yet
	Place string `json:"place"` // the folder, or the server's address
	Name  string `json:"name"`  // of the bucket
	// Of a folder, while Run runs: the bytes that its drive can still take, and those that it has in all. 0 in all: nobody can say, as with every server.
	Free int64 `json:"free,omitempty"`
	Size int64 `json:"size,omitempty"`
}

// Suggestion is a folder of the user's that is worth a backup.
type Suggestion struct {
	Kind string `json:"kind"` // "desktop", "documents", "pictures", "music" or "videos"
	Path string `json:"path"`
}

// Extent is how much there is in a folder, without what is never backed up.
type Extent struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// Item is one file or folder in the Archive or in a backup.
type Item struct {
	Path     string    `json:"path"`
	Dir      bool      `json:"dir"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified,omitzero"`
}

// TrashItem is one thing that was deleted.
type TrashItem struct {
	ID        string    `json:"id"`
	Area      string    `json:"area"` // "backup", "synced" or "archive"
	Path      string    `json:"path"` // for a backup with device and folder before it
	Dir       bool      `json:"dir,omitempty"`
	Size      int64     `json:"size"`
	DeletedAt time.Time `json:"deleted_at"`
	DeletedBy string    `json:"deleted_by"`
	ExpiresAt time.Time `json:"expires_at"`
	// Whole is, of a file that TrashFiles returns, the id of the folder that it was deleted with; "" when it was deleted by itself. What is done with
	// that id is done with the folder and all that was deleted with it.
	Whole string `json:"whole,omitempty"`
}

// VersionItem is one content that a file has had.
type VersionItem struct {
	ID       string    `json:"id"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	Device   string    `json:"device"`
	Current  bool      `json:"current"`
}

// SidebarInfo says whether the file manager shows the Synced folder in its sidebar.
type SidebarInfo struct {
	State   string   `json:"state"`             // one of the Sidebar words
	Path    string   `json:"path,omitempty"`    // of the folder
	Problem *Problem `json:"problem,omitempty"` // why a place does not show it, and what to do by hand; also when another place does
}

// States of the sidebar.
const (
	SidebarShown   = "shown"
	SidebarRemoved = "removed" // its user took it away, and it stays away
	SidebarOff     = "off"     // switched off in the settings
	SidebarNone    = "none"    // there is no Synced folder, or no sidebar here
	SidebarFailed  = "failed"
)

// LinksInfo says whether links of ours open the program.
type LinksInfo struct {
	State   string   `json:"state"` // one of the Links words
	Problem *Problem `json:"problem,omitempty"`
}

// States of links.
const (
	LinksOn    = "on"
	LinksOff   = "off"
	LinksOther = "other" // another program opens them
	LinksNone  = "none"  // this system, or this home, has nothing that could
)

// States of the whole and of one pair, as people hear of them. The worst pair wins.
const (
	StateSafe     = "safe"
	StateWorking  = "working"
	StatePaused   = "paused"
	StateNeedsYou = "needs-you"
	StateOffline  = "offline"
)

// Status is what the client is doing at one moment. It is a value; nobody changes it.
type Status struct {
	State       string       `json:"state"`
	Paused      bool         `json:"paused"`                // all of it; State is also paused when all is safe but for folders that wait by themselves
	PausedUntil time.Time    `json:"paused_until,omitzero"` // zero while paused: until somebody resumes, or what it paused for is over
	PausedFor   string       `json:"paused_for,omitempty"`  // OnMetered, OnBattery or OnSchedule when Run paused by itself
	Pairs       []PairStatus `json:"pairs"`
	Problems    []*Problem   `json:"problems"`
	MovedBytes  int64        `json:"moved_bytes"` // sent and brought by this process
	MovedFiles  int          `json:"moved_files"`
	Archived    int64        `json:"archived"` // bytes of what lies in the Archive, as far as this process has read of it
	Trashed     int64        `json:"trashed"`  // the same of the Trash
}

// PairStatus is one folder and its volume.
type PairStatus struct {
	Name         string    `json:"name"`
	Area         string    `json:"area"`
	Root         string    `json:"root"`
	State        string    `json:"state"`  // one of the State words
	Detail       string    `json:"detail"` // the engine's own state, such as "not-connected"
	Files        int       `json:"files"`
	Bytes        int64     `json:"bytes"`
	PendingFiles int       `json:"pending_files"`
	PendingBytes int64     `json:"pending_bytes"`
	Problems     int       `json:"problems"`
	Skipped      int       `json:"skipped"` // things that are not looked at; SkippedIn has them
	LastSeen     time.Time `json:"last_seen,omitzero"`
	LastDone     time.Time `json:"last_done,omitzero"`
	Question     *Question `json:"question,omitempty"`
	Paused       bool      `json:"paused,omitempty"` // a backup that waits, by itself, until somebody lets it go on
	Every        string    `json:"every,omitempty"`  // how often a backup is made: EveryHour or EveryDay, "" for at once
	Next         time.Time `json:"next,omitzero"`    // when that is next; zero while it is being made, and where Run does not work

	problems []*Problem
}

// Question is what the guard asks before a pair goes on.
type Question struct {
	Text      string    `json:"text"`      // in plain words
	Direction string    `json:"direction"` // "up": changes made here; "down": changes that come from the cloud
	Deleted   int       `json:"deleted"`
	Rewritten int       `json:"rewritten"`
	Files     int       `json:"files"` // in the pair before
	Samples   []string  `json:"samples"`
	Asked     time.Time `json:"asked"`
}

// ActivityItem is one thing that happened.
type ActivityItem struct {
	Time    time.Time `json:"time"`
	Kind    string    `json:"kind"`
	Pair    string    `json:"pair"`
	Path    string    `json:"path"`
	Bytes   int64     `json:"bytes"`
	Device  string    `json:"device"`
	Message string    `json:"message,omitempty"`
}

// CheckReport says whether everything that the space refers to is there.
type CheckReport struct {
	Volumes  int        `json:"volumes"`
	Versions int        `json:"versions"`
	Objects  int        `json:"objects"`
	Bytes    int64      `json:"bytes"`
	Healed   int        `json:"healed"` // were lost there, and were sent again from here
	Missing  int        `json:"missing"`
	Damaged  int        `json:"damaged"`
	ReadData bool       `json:"read_data"`
	Problems []*Problem `json:"problems"`
}

// Package control is the local socket by which the command line reaches the client that runs already: one process at a time holds a home
// directory, the others ask it. A question is one line of JSON with a method and its arguments; the answer is any number of lines with
// progress and one with the result or the problem. One connection carries one question; hanging up cancels it.
//
// The socket lies in the home directory, which only its owner may enter; who can open it may do whatever the owner may do.
//
// Reading order: client.go (what can be asked), message.go (the lines), server.go and dispatch.go (answering), remote.go (asking),
// socket.go (where the socket is).
package control

import (
	"context"
	"time"

	"elkjopcloud/app"
)

// Client is everything that can be asked of a client, in this process or in another one. *Remote is one; so is *app.Client, but for State.
type Client interface {
	unstated

	// State is the client's Status. Asking another process for it may fail.
	State(ctx context.Context) (app.Status, error)
}

// unstated is what *app.Client and Client have in common.
type unstated interface {
	ConnectFolder(ctx context.Context, dir string) ([]app.Check, error)
	ConnectS3(ctx context.Context, s app.S3, secret string) ([]app.Check, error)
	Device(ctx context.Context) (app.DeviceInfo, error)
	SetDeviceName(ctx context.Context, name string) error
	Devices(ctx context.Context) ([]app.DeviceInfo, error)

	AddBackup(ctx context.Context, dir, name string, skip []string) (app.BackupInfo, error)
	Backups(ctx context.Context) ([]app.BackupInfo, error)
	RemoveBackup(ctx context.Context, name string, toTrash bool) error
	SkippedIn(ctx context.Context, name string) ([]app.Skipped, error)
	SkipRules(ctx context.Context, name string, add, remove []string, toTrash bool) (app.SkipReport, error)
	RebuildIndex(ctx context.Context) error
	PauseBackup(ctx context.Context, name string, paused bool) error
	SetEvery(ctx context.Context, name, every string) error
	BackUpNow(ctx context.Context, name string) error
	ContinueBackup(ctx context.Context, deviceSlashName, dir string) (app.BackupInfo, error)
	RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(app.Progress)) (app.RestoreReport, error)

	SetSynced(ctx context.Context, dir string) error
	SetSyncedWithout(ctx context.Context, dir string, off []string) error
	Conflicts(ctx context.Context) ([]app.Conflict, error)
	SettleConflict(ctx context.Context, seen app.Conflict, keep string) error
	Folders(ctx context.Context) ([]app.Folder, error)
	FoldersInCloud(ctx context.Context) ([]app.Folder, error)
	KeepFolders(ctx context.Context, on, off []string) ([]app.Folder, error)
	KeepAside(ctx context.Context, paths []string) ([]string, error)
	Sidebar(ctx context.Context) (app.SidebarInfo, error)
	SetSidebar(ctx context.Context, on bool) (app.SidebarInfo, error)
	Links(ctx context.Context) (app.LinksInfo, error)
	SetLinks(ctx context.Context, on bool) (app.LinksInfo, error)

	ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(app.Progress)) (app.ArchiveReport, error)
	ArchiveList(ctx context.Context, path string) ([]app.Item, error)
	ArchiveFind(ctx context.Context, text string) ([]app.Item, error)
	ArchiveGet(ctx context.Context, path, to string, progress func(app.Progress)) (app.RestoreReport, error)
	ArchiveRemove(ctx context.Context, path string) error

	Trash(ctx context.Context, area, find string) ([]app.TrashItem, error)
	TrashRestore(ctx context.Context, ids []string, to string) (app.RestoreReport, error)
	TrashDelete(ctx context.Context, ids []string) (int, error)
	TrashEmpty(ctx context.Context) (int, error)
	Versions(ctx context.Context, path string) ([]app.VersionItem, error)
	RestoreVersion(ctx context.Context, path, id, to string) error

	Once(ctx context.Context, progress func(app.Progress)) error
	Check(ctx context.Context, readData bool, progress func(app.Progress)) (app.CheckReport, error)
	Activity(ctx context.Context, limit int) ([]app.ActivityItem, error)
	Pause(ctx context.Context, d time.Duration) error
	Resume(ctx context.Context) error
	WhenToWork(ctx context.Context) (app.WhenToWork, error)
	SetWhenToWork(ctx context.Context, w app.WhenToWork) error
	Speed(ctx context.Context) (app.Speed, error)
	SetSpeed(ctx context.Context, x app.Speed) error
	Network(ctx context.Context) (app.Network, error)
	SetNetwork(ctx context.Context, n app.Network, password string) error
	Answer(ctx context.Context, pair, answer string) error
	Queue(ctx context.Context) ([]app.Transfer, error)
	First(ctx context.Context, path string) error
}

// App is the client of this process, as *app.Client offers it: its status is at hand, so that asking for it takes no context.
type App interface {
	unstated
	Status() app.Status
}

// Local gives the client of this process the method that it has not.
type Local struct{ App }

// State returns the client's status.
func (l Local) State(context.Context) (app.Status, error) { return l.Status(), nil }

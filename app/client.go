package app

import (
	"context"
	"time"
)

// Client is everything that the product does on one computer, for one home directory. Its methods may be called from any goroutine.
// Errors for people are *Problem. Works before anything is set up: what needs a store answers with CodeNotSetUp then.
type Client struct{}

// Close stops what runs and closes the database.
func (c *Client) Close() error { return nil }

// ConnectFolder connects to a space in a plain folder, which is made when it is missing, and makes the space when there is none.
func (c *Client) ConnectFolder(ctx context.Context, dir string) ([]Check, error) { return nil, notSetUp() }

// ConnectS3 connects to a space in a bucket: it tries the store out, makes the space when there is none, and saves the settings. The
// secret goes to the system's keyring and nowhere else; with "env" it is ignored.
func (c *Client) ConnectS3(ctx context.Context, s S3, secret string) ([]Check, error) {
	return nil, notSetUp()
}

// Device returns this computer.
func (c *Client) Device(ctx context.Context) (DeviceInfo, error) { return DeviceInfo{}, notSetUp() }

// SetDeviceName renames this computer. Backups keep the name under which they began.
func (c *Client) SetDeviceName(ctx context.Context, name string) error { return notSetUp() }

// Devices returns all computers of the space.
func (c *Client) Devices(ctx context.Context) ([]DeviceInfo, error) { return nil, notSetUp() }

// AddBackup begins to back up a folder. An empty name is the folder's own; skip are patterns in gitignore's syntax.
func (c *Client) AddBackup(ctx context.Context, dir, name string, skip []string) (BackupInfo, error) {
	return BackupInfo{}, notSetUp()
}

// Backups returns the folders that this computer backs up.
func (c *Client) Backups(ctx context.Context) ([]BackupInfo, error) { return nil, notSetUp() }

// RemoveBackup stops backing up a folder. The copies stay, or go to the trash.
func (c *Client) RemoveBackup(ctx context.Context, name string, toTrash bool) error {
	return notSetUp()
}

// SkippedIn returns what of a folder is not backed up, and why.
func (c *Client) SkippedIn(ctx context.Context, name string) ([]Skipped, error) {
	return nil, notSetUp()
}

// ContinueBackup goes on with another computer's backup "DEVICE/NAME" in a folder here. What is there already is not sent again.
func (c *Client) ContinueBackup(ctx context.Context, deviceSlashName, dir string) (BackupInfo, error) {
	return BackupInfo{}, notSetUp()
}

// RestoreBackup writes [DEVICE/]NAME[/PATH] below the folder to, as it is or was at a time; nothing there is overwritten.
func (c *Client) RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(Progress)) (RestoreReport, error) {
	return RestoreReport{}, notSetUp()
}

// SetSynced chooses the Synced folder; it is made when it is missing.
func (c *Client) SetSynced(ctx context.Context, dir string) error { return notSetUp() }

// Conflicts returns the copies in the Synced folder that nobody has renamed.
func (c *Client) Conflicts(ctx context.Context) ([]Conflict, error) { return nil, notSetUp() }

// ArchiveAdd puts files and folders into the Archive, reads all of it back and compares it; then, with free, what is still the same goes
// to the recycle bin.
func (c *Client) ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(Progress)) (ArchiveReport, error) {
	return ArchiveReport{}, notSetUp()
}

// ArchiveList returns what lies in a folder of the Archive ("" is the whole), or the one file of that path.
func (c *Client) ArchiveList(ctx context.Context, path string) ([]Item, error) {
	return nil, notSetUp()
}

// ArchiveFind returns what has the text in its path, whatever its case.
func (c *Client) ArchiveFind(ctx context.Context, text string) ([]Item, error) {
	return nil, notSetUp()
}

// ArchiveGet writes a file or folder of the Archive below the folder to; nothing there is overwritten.
func (c *Client) ArchiveGet(ctx context.Context, path, to string, progress func(Progress)) (RestoreReport, error) {
	return RestoreReport{}, notSetUp()
}

// ArchiveRemove moves a file or folder of the Archive to the trash.
func (c *Client) ArchiveRemove(ctx context.Context, path string) error { return notSetUp() }

// Trash returns what was deleted, the newest first. area is "", "backup", "synced" or "archive"; find is a part of the path.
func (c *Client) Trash(ctx context.Context, area, find string) ([]TrashItem, error) {
	return nil, notSetUp()
}

// TrashRestore puts things back where they were; with to they are only written below that folder and stay in the trash.
func (c *Client) TrashRestore(ctx context.Context, ids []string, to string) (RestoreReport, error) {
	return RestoreReport{}, notSetUp()
}

// TrashDelete deletes things in the trash for ever and returns how many.
func (c *Client) TrashDelete(ctx context.Context, ids []string) (int, error) { return 0, notSetUp() }

// TrashEmpty deletes everything in the trash for ever and returns how many things.
func (c *Client) TrashEmpty(ctx context.Context) (int, error) { return 0, notSetUp() }

// Versions returns what a file holds and held, the newest first. path is a path on this computer, or AREA/….
func (c *Client) Versions(ctx context.Context, path string) ([]VersionItem, error) {
	return nil, notSetUp()
}

// RestoreVersion makes an earlier version the newest one, or, with to, writes it to that file, which must not exist.
func (c *Client) RestoreVersion(ctx context.Context, path, id, to string) error { return notSetUp() }

// Once does everything that there is to do, all pairs side by side. Problems of files and pairs are in Status; the error is only
// what kept it from trying.
func (c *Client) Once(ctx context.Context, progress func(Progress)) error { return notSetUp() }

// Run works and watches until ctx ends, and takes up what is changed through this client.
func (c *Client) Run(ctx context.Context) error { return notSetUp() }

// Status returns what is being done.
func (c *Client) Status() Status { return Status{} }

// Changed has a value when Status may have changed since it was last read.
func (c *Client) Changed() <-chan struct{} { return nil }

// Activity returns what happened, the newest first; 0 is as much as is sensible.
func (c *Client) Activity(ctx context.Context, limit int) ([]ActivityItem, error) {
	return nil, notSetUp()
}

// Pause stops all pairs for a time; 0 is until Resume.
func (c *Client) Pause(ctx context.Context, d time.Duration) error { return notSetUp() }

// Resume ends a pause.
func (c *Client) Resume(ctx context.Context) error { return notSetUp() }

// Answer answers the guard's question of a pair: "keep" brings back what would go, "apply" says that it was meant.
func (c *Client) Answer(ctx context.Context, pair, answer string) error { return notSetUp() }

// Check proves that every content that the space refers to is there, and with readData that its bytes are right.
func (c *Client) Check(ctx context.Context, readData bool, progress func(Progress)) (CheckReport, error) {
	return CheckReport{}, notSetUp()
}

// Sweep forgets what has expired: at most once a day by itself, now when called.
func (c *Client) Sweep(ctx context.Context) error { return notSetUp() }

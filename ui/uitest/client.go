// Package uitest is for tests of the window: a client that does nothing but remember what it was asked (client.go), one that has been in use for a
// while (lived.go), and somebody who uses a page (person.go).
package uitest

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"elkjopcloud/app"
)

// Client is a client that shows what it is told to, and remembers what it was asked to do.
type Client struct {
	Is        app.Status
	At        app.StorageInfo
	InTrash   []app.TrashItem
	Items     []app.Item
	Events    []app.ActivityItem
	Computers []app.DeviceInfo
	Clashes   []app.Conflict
	LeftOut   []app.Skipped
	Tree      []app.Folder          // of Synced
	Copies    map[string][]app.Item // of every backup, by folder
	Skips     []string              // the rules of every backup
	Effect    app.SkipEffect        // of every rule
	Older     []app.VersionItem     // of every file of a backup
	Pace      app.Speed
	Work      app.WhenToWork
	Net       app.Network
	Kept      app.Keeping
	Deep      app.Details
	Added     app.ArchiveReport // what adding to the Archive ends with
	Brought   app.RestoreReport // what every restore ends with; the zero value: all files that were asked for
	Checked   app.CheckReport
	Tests     []app.Check       // what connecting tried; nil: everything went well
	Files     map[string][]byte // of the Archive, by their paths
	Queued    []app.Transfer
	Asks      int              // how often the queue was asked for
	Err       error            // how everything ends
	Fails     map[string]error // how single things end, by the word that Did begins with

	mu      sync.Mutex
	did     []string
	changed chan struct{}
}

// NewClient returns a client that is not set up.
func NewClient() *Client {
	return &Client{
		changed: make(chan struct{}, 1), Added: app.ArchiveReport{Files: 12, Verified: 12, Bytes: 41_000_000_000},
		Checked: app.CheckReport{Versions: 12_431, Bytes: 38_000_000_000}, Kept: app.Keeping{Days: 30, Versions: 5},
		Deep: app.Details{Home: "/home/kari/.local/share/elkjop", Storage: app.S3{Endpoint: "https://s3.example.com", Bucket: "family", Region: "eu-north-1", Credentials: "keyring"}},
	}
}

// Do remembers something that was asked for, and says how it ends.
func (f *Client) Do(what string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, strings.TrimSpace(fmt.Sprintln(append([]any{what}, args...)...)))
	if err := f.Fails[what]; err != nil {
		return err
	}
	return f.Err
}

// Did returns what was asked for since it was last called, a line each.
func (f *Client) Did() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	did := f.did
	f.did = nil
	return did
}

func (f *Client) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Status is what was set; where it is paused and no folder waits by itself, all of it is.
func (f *Client) Status() app.Status {
	s := f.Is
	s.Paused = s.Paused || s.State == app.StatePaused && !slices.ContainsFunc(s.Pairs, func(p app.PairStatus) bool { return p.Paused || !p.Next.IsZero() })
	return s
}
func (f *Client) Changed() <-chan struct{} { return f.changed }
func (f *Client) Storage() app.StorageInfo { return f.At }
func (f *Client) Device(context.Context) (app.DeviceInfo, error) {
	return app.DeviceInfo{Name: "Kari's laptop", This: true}, nil
}
func (f *Client) Devices(context.Context) ([]app.DeviceInfo, error)  { return f.Computers, f.Err }
func (f *Client) SetDeviceName(_ context.Context, name string) error { return f.Do("name", name) }
func (f *Client) Pause(_ context.Context, d time.Duration) error     { return f.Do("pause", d) }
func (f *Client) Speed(context.Context) (app.Speed, error)           { return f.Pace, f.Err }
func (f *Client) SetSpeed(_ context.Context, x app.Speed) error {
	f.Pace = x
	return f.Do("speed", x.Up, x.Down, x.Pace, x.Week)
}
func (f *Client) WhenToWork(context.Context) (app.WhenToWork, error) { return f.Work, f.Err }
func (f *Client) SetWhenToWork(_ context.Context, w app.WhenToWork) error {
	f.Work = w
	return f.Do("work", w.Metered, w.Battery)
}
func (f *Client) Network(context.Context) (app.Network, error) { return f.Net, f.Err }
func (f *Client) SetNetwork(_ context.Context, n app.Network, password string) error {
	f.Net = n
	return f.Do("network", n.Proxy, n.User, password)
}
func (f *Client) Keeping(context.Context) (app.Keeping, error) { return f.Kept, f.Err }
func (f *Client) Details() app.Details                         { return f.Deep }
func (f *Client) RebuildIndex(context.Context) error           { return f.Do("rebuild") }
func (f *Client) SaveHelp(_ context.Context, dir, version string) (string, error) {
	return filepath.Join(dir, "elkjop-help-2026-11-25.zip"), f.Do("help", filepath.ToSlash(dir), version)
}
func (f *Client) Resume(context.Context) error                   { return f.Do("resume") }
func (f *Client) Once(context.Context, func(app.Progress)) error { return f.Do("once") }
func (f *Client) Answer(_ context.Context, pair, answer string) error {
	return f.Do("answer", pair, answer)
}
func (f *Client) SetSynced(_ context.Context, dir string) error {
	return f.Do("synced", filepath.ToSlash(dir))
}
func (f *Client) Conflicts(context.Context) ([]app.Conflict, error) { return f.Clashes, f.Err }
func (f *Client) CountConflicts() int                               { return len(f.Clashes) }
func (f *Client) SettleConflict(_ context.Context, seen app.Conflict, keep string) error {
	return f.Do("settle", seen.ID, keep)
}

func (f *Client) SetSyncedWithout(_ context.Context, dir string, off []string) error {
	return f.Do("synced", filepath.ToSlash(dir), "without", off)
}
func (f *Client) FoldersInCloud(context.Context) ([]app.Folder, error) {
	if err := f.Fails["folders"]; err != nil {
		return nil, err
	}
	return f.Tree, f.Err
}
func (f *Client) Folders(context.Context) ([]app.Folder, error) { return f.Tree, f.Err }
func (f *Client) KeepFolders(_ context.Context, on, off []string) ([]app.Folder, error) {
	return f.Tree, f.Do("folders", "on", on, "off", off)
}
func (f *Client) KeepAside(_ context.Context, paths []string) (places []string, err error) {
	for _, p := range paths {
		places = append(places, "/home/kari/"+p)
	}
	return places, f.Do("aside", paths)
}

func (f *Client) brought(files int) app.RestoreReport {
	if f.Brought.Files+len(f.Brought.Problems) > 0 {
		return f.Brought
	}
	return app.RestoreReport{Files: files}
}

func (f *Client) TrashFiles(context.Context) ([]app.TrashItem, error) {
	return f.InTrash, f.Err
}
func (f *Client) TrashRestore(_ context.Context, ids []string, to string) (app.RestoreReport, error) {
	return f.brought(len(ids)), f.Do("restore", ids, to)
}
func (f *Client) TrashDelete(_ context.Context, ids []string) (int, error) {
	return len(ids), f.Do("delete", ids)
}
func (f *Client) Activity(_ context.Context, limit int) ([]app.ActivityItem, error) {
	return f.Events[:min(len(f.Events), limit)], f.Err
}
func (f *Client) Queue(context.Context) ([]app.Transfer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Asks++
	return f.Queued, f.Err
}
func (f *Client) First(_ context.Context, path string) error { return f.Do("first", path) }
func (f *Client) AddBackup(_ context.Context, dir, _ string, _ []string) (app.BackupInfo, error) {
	return app.BackupInfo{Name: filepath.Base(dir)}, f.Do("backup", filepath.ToSlash(dir))
}
func (f *Client) RemoveBackup(_ context.Context, name string, toTrash bool) error {
	return f.Do("stop", name, toTrash)
}
func (f *Client) PauseBackup(_ context.Context, name string, paused bool) error {
	return f.Do("pause-backup", name, paused)
}
func (f *Client) SetEvery(_ context.Context, name, every string) error {
	return f.Do("every", name, every)
}
func (f *Client) BackUpNow(_ context.Context, name string) error           { return f.Do("now", name) }
func (f *Client) SkippedIn(context.Context, string) ([]app.Skipped, error) { return f.LeftOut, f.Err }
func (f *Client) Backups(context.Context) (out []app.BackupInfo, err error) {
	for _, p := range f.Is.Pairs {
		out = append(out, app.BackupInfo{Name: p.Name, Root: p.Root, Skip: slices.Clone(f.Skips)})
	}
	return out, f.Err
}
func (f *Client) SkipRules(_ context.Context, name string, add, remove []string, toTrash bool) (app.SkipReport, error) {
	err := f.Do("rules", name, add, remove, toTrash)
	if err == nil {
		f.Skips = slices.DeleteFunc(append(slices.Clone(f.Skips), add...), func(s string) bool { return slices.Contains(remove, s) })
	}
	return app.SkipReport{Name: name, Skip: f.Skips}, err
}
func (f *Client) SkipAlso(_ context.Context, name, rule string, toTrash bool) (r app.SkipReport, err error) {
	if err = f.Do("skip", name, rule, toTrash); err == nil {
		f.Skips = append(slices.Clone(f.Skips), rule)
	}
	if toTrash {
		r.Trashed = f.Effect.Copies.Files
	}
	return r, err
}
func (f *Client) SkipEffect(ctx context.Context, name, rule string) (app.SkipEffect, error) {
	if err := f.Do("effect", name, rule); err != nil {
		return app.SkipEffect{}, err
	}
	return f.Effect, ctx.Err()
}
func (f *Client) ContinueBackup(_ context.Context, spec, dir string) (app.BackupInfo, error) {
	return app.BackupInfo{}, f.Do("continue", spec, dir)
}
func (f *Client) BackupList(_ context.Context, name, path string) ([]app.Item, error) {
	return f.Copies[path], f.Do("look", name, path)
}
func (f *Client) BackupFind(ctx context.Context, name, text string) (out []app.Item, err error) {
	for _, items := range f.Copies {
		for _, x := range items {
			if strings.Contains(strings.ToLower(path.Base(x.Path)), strings.ToLower(text)) {
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(a, b app.Item) int { return strings.Compare(a.Path, b.Path) })
	if err := f.Do("search", name, text); err != nil {
		return nil, err
	}
	return out, ctx.Err()
}
func (f *Client) BackupVersions(_ context.Context, name, path string) ([]app.VersionItem, error) {
	return f.Older, f.Do("versions", name, path)
}
func (f *Client) GetBack(_ context.Context, part app.Part, to string, _ func(app.Progress)) (app.RestoreReport, error) {
	return f.brought(max(len(part.Paths), 1)), f.Do("get back", part.Backup, part.Paths, part.Version, "to", to)
}
func (f *Client) RestoreBackup(_ context.Context, spec, to string, _ time.Time, _ func(app.Progress)) (app.RestoreReport, error) {
	return f.brought(3), f.Do("get", spec, to)
}
func (f *Client) Suggestions() []app.Suggestion {
	return []app.Suggestion{{Kind: "desktop", Path: "/home/kari/Desktop"}, {Kind: "documents", Path: "/home/kari/Documents"}, {Kind: "pictures", Path: "/home/kari/Pictures"}, {Kind: "music", Path: "/home/kari/Music"}}
}
func (f *Client) Measure(_ context.Context, dir string) (app.Extent, error) {
	n := len(dir)
	return app.Extent{Files: n * 97, Bytes: int64(n) * 412_000_000}, nil
}
func (f *Client) ArchiveAdd(_ context.Context, paths []string, free bool, _ func(app.Progress)) (app.ArchiveReport, error) {
	return f.Added, f.Do("archive", paths, free)
}
func (f *Client) ArchiveList(_ context.Context, path string) ([]app.Item, error) {
	return f.Items, f.Do("list", path)
}
func (f *Client) ArchiveFind(_ context.Context, text string) ([]app.Item, error) {
	return f.Items, f.Do("find", text)
}
func (f *Client) ArchiveGet(_ context.Context, path, to string, _ func(app.Progress)) (app.RestoreReport, error) {
	return f.brought(1), f.Do("fetch", path, to)
}
func (f *Client) ArchivePreview(_ context.Context, path string) ([]byte, error) {
	return f.Files[path], f.Do("preview", path)
}
func (f *Client) ArchiveRemove(_ context.Context, path string) error { return f.Do("unarchive", path) }
func (f *Client) Check(_ context.Context, readData bool, _ func(app.Progress)) (app.CheckReport, error) {
	r := f.Checked
	r.ReadData = readData
	return r, f.Do("check", readData)
}
func (f *Client) ConnectFolder(_ context.Context, dir string) ([]app.Check, error) {
	return f.checks(), f.Do("folder", filepath.ToSlash(dir))
}
func (f *Client) ConnectS3(_ context.Context, x app.S3, _ string) ([]app.Check, error) {
	return f.checks(), f.Do("s3", x.Endpoint, x.Bucket)
}

func (f *Client) checks() (out []app.Check) {
	if f.Tests != nil {
		return f.Tests
	}
	for _, name := range []string{"reach", "clock", "key", "bucket", "list", "write", "read", "multipart", "delete"} {
		out = append(out, app.Check{Name: name, OK: true})
	}
	return out
}

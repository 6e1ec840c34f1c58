package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"elkjopcloud/app"
)

// fake is a client that shows what it is told to, and remembers what it was asked to do.
type fake struct {
	mu      sync.Mutex
	did     []string
	status  app.Status
	storage app.StorageInfo
	trash   []app.TrashItem
	items   []app.Item
	events  []app.ActivityItem
	devices []app.DeviceInfo
	clashes []app.Conflict
	skipped []app.Skipped
	speed   app.Speed
	work    app.WhenToWork
	network app.Network
	changed chan struct{}
	err     error
}

func newFake() *fake { return &fake{changed: make(chan struct{}, 1)} }

func (f *fake) do(what string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, fmt.Sprintln(append([]any{what}, args...)...))
	return f.err
}

func (f *fake) Run(ctx context.Context) error { <-ctx.Done(); return nil }
func (f *fake) Status() app.Status            { return f.status }
func (f *fake) Changed() <-chan struct{}      { return f.changed }
func (f *fake) Storage() app.StorageInfo      { return f.storage }
func (f *fake) Device(context.Context) (app.DeviceInfo, error) {
	return app.DeviceInfo{Name: "Kari's laptop", This: true}, nil
}
func (f *fake) Devices(context.Context) ([]app.DeviceInfo, error)  { return f.devices, f.err }
func (f *fake) SetDeviceName(_ context.Context, name string) error { return f.do("name", name) }
func (f *fake) Pause(_ context.Context, d time.Duration) error     { return f.do("pause", d) }
func (f *fake) Resume(context.Context) error                       { return f.do("resume") }
func (f *fake) Once(context.Context, func(app.Progress)) error     { return f.do("once") }
func (f *fake) Answer(_ context.Context, pair, answer string) error {
	return f.do("answer", pair, answer)
}
func (f *fake) SetSynced(_ context.Context, dir string) error {
	return f.do("synced", filepath.ToSlash(dir))
}
func (f *fake) Conflicts(context.Context) ([]app.Conflict, error)              { return f.clashes, f.err }
func (f *fake) Trash(context.Context, string, string) ([]app.TrashItem, error) { return f.trash, f.err }
func (f *fake) TrashRestore(_ context.Context, ids []string, to string) (app.RestoreReport, error) {
	return app.RestoreReport{Files: len(ids)}, f.do("restore", ids, to)
}
func (f *fake) TrashDelete(_ context.Context, ids []string) (int, error) {
	return len(ids), f.do("delete", ids)
}
func (f *fake) Activity(_ context.Context, limit int) ([]app.ActivityItem, error) {
	return f.events[:min(len(f.events), limit)], f.err
}
func (f *fake) AddBackup(_ context.Context, dir, _ string, _ []string) (app.BackupInfo, error) {
	return app.BackupInfo{Name: filepath.Base(dir)}, f.do("backup", filepath.ToSlash(dir))
}
func (f *fake) RemoveBackup(_ context.Context, name string, toTrash bool) error {
	return f.do("stop", name, toTrash)
}
func (f *fake) SkippedIn(context.Context, string) ([]app.Skipped, error) { return f.skipped, f.err }
func (f *fake) ContinueBackup(_ context.Context, spec, dir string) (app.BackupInfo, error) {
	return app.BackupInfo{}, f.do("continue", spec, dir)
}
func (f *fake) RestoreBackup(_ context.Context, spec, to string, _ time.Time, _ func(app.Progress)) (app.RestoreReport, error) {
	return app.RestoreReport{Files: 3}, f.do("get", spec, to)
}
func (f *fake) Suggestions() []app.Suggestion {
	return []app.Suggestion{{Kind: "desktop", Path: "/home/kari/Desktop"}, {Kind: "documents", Path: "/home/kari/Documents"}, {Kind: "pictures", Path: "/home/kari/Pictures"}, {Kind: "music", Path: "/home/kari/Music"}}
}
func (f *fake) Measure(_ context.Context, dir string) (app.Extent, error) {
	n := len(dir)
	return app.Extent{Files: n * 97, Bytes: int64(n) * 412_000_000}, nil
}
func (f *fake) ArchiveAdd(_ context.Context, paths []string, free bool, _ func(app.Progress)) (app.ArchiveReport, error) {
	return app.ArchiveReport{Files: 12, Verified: 12, Bytes: 41_000_000_000}, f.do("archive", paths, free)
}
func (f *fake) ArchiveList(context.Context, string) ([]app.Item, error) { return f.items, f.err }
func (f *fake) ArchiveFind(context.Context, string) ([]app.Item, error) { return f.items, f.err }
func (f *fake) ArchiveGet(_ context.Context, path, to string, _ func(app.Progress)) (app.RestoreReport, error) {
	return app.RestoreReport{Files: 1}, f.do("fetch", path, to)
}
func (f *fake) ArchiveRemove(_ context.Context, path string) error { return f.do("unarchive", path) }
func (f *fake) Check(context.Context, bool, func(app.Progress)) (app.CheckReport, error) {
	return app.CheckReport{Versions: 12_431, Bytes: 38_000_000_000}, f.do("check")
}
func (f *fake) Speed(context.Context) (app.Speed, error) { return f.speed, f.err }
func (f *fake) SetSpeed(_ context.Context, x app.Speed) error {
	f.speed = x
	return f.do("speed", x.Up, x.Down, x.Pace, x.Week)
}
func (f *fake) WhenToWork(context.Context) (app.WhenToWork, error) { return f.work, f.err }
func (f *fake) SetWhenToWork(_ context.Context, w app.WhenToWork) error {
	f.work = w
	return f.do("work", w.Metered, w.Battery)
}
func (f *fake) Network(context.Context) (app.Network, error) { return f.network, f.err }
func (f *fake) SetNetwork(_ context.Context, n app.Network, password string) error {
	f.network = n
	return f.do("network", n.Proxy, n.User, password)
}
func (f *fake) ConnectFolder(_ context.Context, dir string) ([]app.Check, error) {
	return checks(), f.do("folder", filepath.ToSlash(dir))
}
func (f *fake) ConnectS3(_ context.Context, x app.S3, _ string) ([]app.Check, error) {
	return checks(), f.do("s3", x.Endpoint, x.Bucket)
}

func checks() (out []app.Check) {
	for _, name := range []string{"reach", "clock", "key", "bucket", "list", "write", "read", "multipart", "delete"} {
		out = append(out, app.Check{Name: name, OK: true})
	}
	return out
}

// aTime is when all pictures are taken.
func aTime() time.Time { return time.Date(2026, 11, 25, 14, 3, 0, 0, time.Local) }

// lived is a client that has been in use for a while.
func lived() *fake {
	f := newFake()
	now := aTime()
	f.storage = app.StorageInfo{Kind: "folder", Place: "/media/nas/kari"}
	f.status = app.Status{State: app.StateNeedsYou, MovedBytes: 1, Pairs: []app.PairStatus{
		{Name: "Synced", Area: "synced", Root: "/home/kari/Elkjøp Cloud", State: "safe", Detail: "up-to-date", Files: 2_311, Bytes: 4_120_000_000, LastDone: now.Add(-time.Minute)},
		{Name: "Documents", Area: "backup", Root: "/home/kari/Documents", State: "safe", Detail: "up-to-date", Files: 12_431, Bytes: 38_200_000_000, LastDone: now.Add(-time.Minute), Skipped: 3},
		{Name: "Pictures", Area: "backup", Root: "/home/kari/Pictures", State: "working", Detail: "working", Files: 40_112, Bytes: 212_000_000_000, PendingFiles: 374, PendingBytes: 8_600_000_000},
		{Name: "Old projects", Area: "backup", Root: "/media/kari/USB", State: "needs-you", Detail: "not-connected", Files: 811, Bytes: 9_120_000_000, LastSeen: now.AddDate(0, 0, -22)},
		{Name: "Letters", Area: "backup", Root: "/home/kari/Letters", State: "needs-you", Detail: "needs-you", Files: 98, Bytes: 12_000_000, Problems: 2, Question: &app.Question{Direction: "up", Deleted: 812, Files: 1_020, Samples: []string{"2019/Hytta.odt", "2019/Til banken.odt", "2020/Søknad.odt"}}},
	}, Problems: []*app.Problem{
		app.NewProblem("not-connected", "/media/kari/USB", nil), app.NewProblem("many-changes", "/home/kari/Letters", nil),
		app.NewProblem("unreadable", "/home/kari/Documents/secret.odt", nil), app.NewProblem("unreadable", "/home/kari/Documents/locked.pdf", nil),
	}}
	for i := range 4000 {
		kinds := []string{"uploaded", "changed", "downloaded", "deleted", "moved"}
		f.events = append(f.events, app.ActivityItem{Time: now.Add(-time.Duration(i*i) * 7 * time.Second), Kind: kinds[i%5], Pair: "Pictures", Path: fmt.Sprintf("/home/kari/Pictures/2026/IMG_%04d.jpg", 4000-i), Bytes: int64(i*i) * 1_234, Device: "Kari's laptop"})
	}
	for i := range 3000 {
		f.trash = append(f.trash, app.TrashItem{
			ID: fmt.Sprint(i), Area: []string{"backup", "synced", "archive"}[i%3], Path: fmt.Sprintf("Kari's laptop/Pictures/Ferie %d/IMG_%04d.jpg", 2026-i%7, i), Size: int64(i%90) * 99_999,
			DeletedAt: now.Add(-time.Duration(i) * 13 * time.Minute), DeletedBy: "Kari's laptop", ExpiresAt: now.AddDate(0, 0, 30).Add(-time.Duration(i) * 13 * time.Minute),
		})
	}
	f.items = []app.Item{{Path: "Summer 2019", Dir: true}, {Path: "Taxes", Dir: true}, {Path: "Wedding.mp4", Size: 12_400_000_000, Modified: now.AddDate(-2, 0, 0)}, {Path: "Scans.zip", Size: 812_000_000, Modified: now.AddDate(0, -3, 0)}}
	f.devices = []app.DeviceInfo{{Name: "Kari's laptop", System: "Linux", This: true, LastSeen: now}, {Name: "Old PC", System: "Windows", LastSeen: now.AddDate(0, -1, 0), Backups: []string{"Documents", "Pictures"}}}
	f.clashes = []app.Conflict{{Path: "Budget (from Old PC).xlsx", Original: "Budget.xlsx", Size: 41_000, Modified: now.Add(-26 * time.Hour), Device: "Old PC"}}
	f.speed = app.Speed{Up: 500_000, Pace: app.Gentle, Week: app.Week(nil).With(5, 0, 24, app.Full).With(6, 0, 24, app.Full)}
	for day := range 5 {
		f.speed.Week = f.speed.Week.With(day, 8, 16, app.Nothing).With(day, 0, 6, app.Full)
	}
	f.skipped = []app.Skipped{{Path: "/home/kari/Documents/link", Reason: "link"}, {Path: "/home/kari/Documents/~lock.odt", Reason: "temporary file"}}
	return f
}

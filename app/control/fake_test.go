package control

import (
	"context"
	"reflect"
	"sync"
	"time"

	"elkjopcloud/app"
)

// fake is a client that remembers how it was asked and answers something that can be recognised.
type fake struct {
	mu    sync.Mutex
	asked []any // the method's name and its arguments

	err     error         // what every method returns
	block   chan struct{} // when not nil, methods wait for it or for the end of their context
	started chan struct{} // closed when a blocking method has begun
	ended   chan error    // receives why a blocking method ended
}

func (f *fake) note(ctx context.Context, method string, args ...any) error {
	f.mu.Lock()
	f.asked = append([]any{method}, args...)
	f.mu.Unlock()
	if f.block == nil {
		return f.err
	}
	close(f.started)
	select {
	case <-f.block:
		return f.err
	case <-ctx.Done():
		f.ended <- ctx.Err()
		return ctx.Err()
	}
}

// step tells how far the work is.
func step(progress func(app.Progress)) {
	if progress != nil {
		progress(app.Progress{Phase: "upload", Files: 1, FilesTotal: 2})
	}
}

var (
	aTime   = time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)
	aReport = app.RestoreReport{To: "x", Files: 3, Problems: []*app.Problem{{Code: "busy", Path: "p", Message: "m", Action: "a"}}}
)

func (f *fake) ConnectFolder(ctx context.Context, dir string) ([]app.Check, error) {
	return []app.Check{{Name: "reach", OK: true}}, f.note(ctx, "ConnectFolder", dir)
}
func (f *fake) ConnectS3(ctx context.Context, s app.S3, secret string) ([]app.Check, error) {
	return []app.Check{{Name: "reach", OK: true}}, f.note(ctx, "ConnectS3", s, secret)
}
func (f *fake) Device(ctx context.Context) (app.DeviceInfo, error) {
	return app.DeviceInfo{ID: "1", Name: "Anna"}, f.note(ctx, "Device")
}
func (f *fake) SetDeviceName(ctx context.Context, name string) error {
	return f.note(ctx, "SetDeviceName", name)
}
func (f *fake) Devices(ctx context.Context) ([]app.DeviceInfo, error) {
	return []app.DeviceInfo{{ID: "1", LastSeen: aTime}}, f.note(ctx, "Devices")
}
func (f *fake) AddBackup(ctx context.Context, dir, name string, skip []string) (app.BackupInfo, error) {
	return app.BackupInfo{Name: name}, f.note(ctx, "AddBackup", dir, name, skip)
}
func (f *fake) Backups(ctx context.Context) ([]app.BackupInfo, error) {
	return []app.BackupInfo{{Name: "b"}}, f.note(ctx, "Backups")
}
func (f *fake) SkipRules(ctx context.Context, name string, add, remove []string, toTrash bool) (app.SkipReport, error) {
	return app.SkipReport{Name: "Docs", Skip: []string{"*.o"}, Kept: 2}, f.note(ctx, "SkipRules", name, add, remove, toTrash)
}
func (f *fake) RemoveBackup(ctx context.Context, name string, toTrash bool) error {
	return f.note(ctx, "RemoveBackup", name, toTrash)
}
func (f *fake) SkippedIn(ctx context.Context, name string) ([]app.Skipped, error) {
	return []app.Skipped{{Path: "p"}}, f.note(ctx, "SkippedIn", name)
}
func (f *fake) RebuildIndex(ctx context.Context) error { return f.note(ctx, "RebuildIndex") }
func (f *fake) PauseBackup(ctx context.Context, name string, paused bool) error {
	return f.note(ctx, "PauseBackup", name, paused)
}
func (f *fake) SetEvery(ctx context.Context, name, every string) error {
	return f.note(ctx, "SetEvery", name, every)
}
func (f *fake) BackUpNow(ctx context.Context, name string) error {
	return f.note(ctx, "BackUpNow", name)
}
func (f *fake) ContinueBackup(ctx context.Context, deviceSlashName, dir string) (app.BackupInfo, error) {
	return app.BackupInfo{Root: dir}, f.note(ctx, "ContinueBackup", deviceSlashName, dir)
}
func (f *fake) RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(app.Progress)) (app.RestoreReport, error) {
	step(progress)
	return aReport, f.note(ctx, "RestoreBackup", spec, to, at)
}
func (f *fake) SetSynced(ctx context.Context, dir string) error { return f.note(ctx, "SetSynced", dir) }
func (f *fake) Conflicts(ctx context.Context) ([]app.Conflict, error) {
	return []app.Conflict{{Path: "p"}}, f.note(ctx, "Conflicts")
}
func (f *fake) SettleConflict(ctx context.Context, seen app.Conflict, keep string) error {
	return f.note(ctx, "SettleConflict", seen, keep)
}
func (f *fake) Folders(ctx context.Context) ([]app.Folder, error) {
	return []app.Folder{{Path: "p", State: app.FolderOff}}, f.note(ctx, "Folders")
}
func (f *fake) SetSyncedWithout(ctx context.Context, dir string, off []string) error {
	return f.note(ctx, "SetSyncedWithout", dir, off)
}

func (f *fake) FoldersInCloud(ctx context.Context) ([]app.Folder, error) {
	return []app.Folder{{Path: "c"}}, f.note(ctx, "FoldersInCloud")
}

func (f *fake) KeepAside(ctx context.Context, paths []string) ([]string, error) {
	return []string{"beside"}, f.note(ctx, "KeepAside", paths)
}

func (f *fake) KeepFolders(ctx context.Context, on, off []string) ([]app.Folder, error) {
	return []app.Folder{{Path: "q"}}, f.note(ctx, "KeepFolders", on, off)
}
func (f *fake) Sidebar(ctx context.Context) (app.SidebarInfo, error) {
	return app.SidebarInfo{State: app.SidebarShown, Path: "p"}, f.note(ctx, "Sidebar")
}
func (f *fake) SetSidebar(ctx context.Context, on bool) (app.SidebarInfo, error) {
	return app.SidebarInfo{State: app.SidebarOff}, f.note(ctx, "SetSidebar", on)
}
func (f *fake) Links(ctx context.Context) (app.LinksInfo, error) {
	return app.LinksInfo{State: app.LinksOther}, f.note(ctx, "Links")
}
func (f *fake) SetLinks(ctx context.Context, on bool) (app.LinksInfo, error) {
	return app.LinksInfo{State: app.LinksOn}, f.note(ctx, "SetLinks", on)
}
func (f *fake) ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(app.Progress)) (app.ArchiveReport, error) {
	step(progress)
	return app.ArchiveReport{Files: 1}, f.note(ctx, "ArchiveAdd", paths, free)
}
func (f *fake) ArchiveList(ctx context.Context, path string) ([]app.Item, error) {
	return []app.Item{{Path: path}}, f.note(ctx, "ArchiveList", path)
}
func (f *fake) ArchiveFind(ctx context.Context, text string) ([]app.Item, error) {
	return []app.Item{{Path: text}}, f.note(ctx, "ArchiveFind", text)
}
func (f *fake) ArchiveGet(ctx context.Context, path, to string, progress func(app.Progress)) (app.RestoreReport, error) {
	step(progress)
	return aReport, f.note(ctx, "ArchiveGet", path, to)
}
func (f *fake) ArchiveRemove(ctx context.Context, path string) error {
	return f.note(ctx, "ArchiveRemove", path)
}
func (f *fake) Trash(ctx context.Context, area, find string) ([]app.TrashItem, error) {
	return []app.TrashItem{{ID: "1", DeletedAt: aTime}}, f.note(ctx, "Trash", area, find)
}
func (f *fake) TrashRestore(ctx context.Context, ids []string, to string) (app.RestoreReport, error) {
	return aReport, f.note(ctx, "TrashRestore", ids, to)
}
func (f *fake) TrashDelete(ctx context.Context, ids []string) (int, error) {
	return len(ids), f.note(ctx, "TrashDelete", ids)
}
func (f *fake) TrashEmpty(ctx context.Context) (int, error) { return 7, f.note(ctx, "TrashEmpty") }
func (f *fake) Versions(ctx context.Context, path string) ([]app.VersionItem, error) {
	return []app.VersionItem{{ID: path}}, f.note(ctx, "Versions", path)
}
func (f *fake) RestoreVersion(ctx context.Context, path, id, to string) error {
	return f.note(ctx, "RestoreVersion", path, id, to)
}
func (f *fake) Once(ctx context.Context, progress func(app.Progress)) error {
	step(progress)
	return f.note(ctx, "Once")
}
func (f *fake) Check(ctx context.Context, readData bool, progress func(app.Progress)) (app.CheckReport, error) {
	step(progress)
	return app.CheckReport{Objects: 2}, f.note(ctx, "Check", readData)
}
func (f *fake) Activity(ctx context.Context, limit int) ([]app.ActivityItem, error) {
	return make([]app.ActivityItem, limit), f.note(ctx, "Activity", limit)
}
func (f *fake) Pause(ctx context.Context, d time.Duration) error { return f.note(ctx, "Pause", d) }
func (f *fake) Resume(ctx context.Context) error                 { return f.note(ctx, "Resume") }
func (f *fake) WhenToWork(ctx context.Context) (app.WhenToWork, error) {
	return app.WhenToWork{Battery: true}, f.note(ctx, "WhenToWork")
}
func (f *fake) SetWhenToWork(ctx context.Context, w app.WhenToWork) error {
	return f.note(ctx, "SetWhenToWork", w)
}
func (f *fake) Speed(ctx context.Context) (app.Speed, error) {
	return app.Speed{Up: 7, Week: app.Week{"x"}}, f.note(ctx, "Speed")
}
func (f *fake) SetSpeed(ctx context.Context, x app.Speed) error { return f.note(ctx, "SetSpeed", x) }
func (f *fake) Network(ctx context.Context) (app.Network, error) {
	return app.Network{Proxy: "none"}, f.note(ctx, "Network")
}
func (f *fake) SetNetwork(ctx context.Context, n app.Network, password string) error {
	return f.note(ctx, "SetNetwork", n, password)
}
func (f *fake) Answer(ctx context.Context, pair, answer string) error {
	return f.note(ctx, "Answer", pair, answer)
}
func (f *fake) Queue(ctx context.Context) ([]app.Transfer, error) {
	return []app.Transfer{{Pair: "p", Path: "x", Up: true, First: true}}, f.note(ctx, "Queue")
}
func (f *fake) First(ctx context.Context, path string) error { return f.note(ctx, "First", path) }
func (f *fake) State(ctx context.Context) (app.Status, error) {
	return app.Status{State: app.StateSafe, Pairs: []app.PairStatus{{Name: "p", Question: &app.Question{Text: "?"}}}}, f.note(ctx, "State")
}

// sample makes a value of a type that differs from its zero value.
func sample(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch v.Interface().(type) {
	case string:
		v.SetString("a b\n\"ø\xe2\x82\xac\"")
	case bool:
		v.SetBool(true)
	case int:
		v.SetInt(4)
	case time.Duration:
		v.SetInt(int64(90 * time.Minute))
	case []string:
		v.Set(reflect.ValueOf([]string{"-one", "two words", ""}))
	case time.Time:
		v.Set(reflect.ValueOf(aTime))
	case app.WhenToWork:
		v.Set(reflect.ValueOf(app.WhenToWork{Metered: true}))
	case app.Speed:
		v.Set(reflect.ValueOf(app.Speed{Up: 1, Down: 2, Pace: app.Gentle, Week: app.Week{"a", "b"}}))
	case app.Network:
		v.Set(reflect.ValueOf(app.Network{Proxy: "http://proxy", User: "kari"}))
	case app.Conflict:
		v.Set(reflect.ValueOf(app.Conflict{ID: "1", Path: "p", Size: 3, Modified: aTime, Mine: true, Seen: "s", Other: &app.ConflictSide{Size: 4, Modified: aTime, Device: "d"}}))
	case app.S3:
		v.Set(reflect.ValueOf(app.S3{Endpoint: "e", Bucket: "b", Prefix: "p", Region: "r", CA: "c", Credentials: "keyring", AccessKey: "k", Proxy: "none"}))
	}
	return v
}

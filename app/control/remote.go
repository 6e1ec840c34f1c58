package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"elkjopcloud/app"
)

// Remote is the client that runs in another process. Each method is one connection to it; see Client for what they do.
type Remote struct {
	dial func(context.Context) (net.Conn, error)
}

// ask sends one question and waits for its answer; progress comes from this goroutine.
func ask[T any](ctx context.Context, r *Remote, progress func(app.Progress), method string, args ...any) (T, error) {
	var out T
	body, err := encode(method, args)
	if err != nil {
		return out, err
	}
	conn, err := r.dial(ctx)
	if err != nil {
		return out, ended(ctx, unheard(err))
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if _, err := conn.Write(body); err != nil {
		return out, ended(ctx, unheard(err))
	}
	last, err := listen(bufio.NewReader(conn), progress)
	if err != nil {
		return out, ended(ctx, err)
	}
	if err := json.Unmarshal(last.Result, &out); err != nil && last.Problem == nil {
		return out, gone(fmt.Errorf("read an answer: %w", err))
	}
	if last.Problem != nil {
		return out, last.Problem
	}
	return out, nil
}

func encode(method string, args []any) ([]byte, error) {
	q := question{Method: method, Args: make([]json.RawMessage, len(args))}
	for i, a := range args {
		body, err := json.Marshal(a)
		if err != nil {
			return nil, fmt.Errorf("ask for %s: %w", method, err)
		}
		q.Args[i] = body
	}
	body, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", method, err)
	}
	if len(body) >= maxQuestion {
		return nil, &app.Problem{Code: app.CodeWrongUse, Message: "That is too much at once.", Action: "Give fewer names, or the folder that they are in.", Err: errTooLong}
	}
	return append(body, '\n'), nil
}

func unheard(err error) error { return fmt.Errorf("%w: %w", ErrUnheard, err) }

// listen reads up to the last line of the answer.
func listen(r *bufio.Reader, progress func(app.Progress)) (answer, error) {
	for heard := false; ; {
		line, err := readLine(r, maxAnswer)
		switch {
		case err != nil && !heard:
			return answer{}, unheard(err)
		case errors.Is(err, io.EOF):
			return answer{}, errNoAnswer
		case err != nil:
			return answer{}, err
		}
		heard = true
		a, err := parseAnswer(line)
		if err != nil || a.Progress == nil && !a.Heard {
			return a, err
		}
		if a.Progress != nil && progress != nil {
			progress(*a.Progress)
		}
	}
}

// ended tells the asker's own giving up from a running program that went away.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return app.NewProblem(app.CodeCanceled, "", ctx.Err())
	}
	return gone(err)
}

// gone is what exit code 11 stands for.
func gone(err error) error { return app.NewProblem(app.CodeAnotherInstance, "", err) }

// none is the result of methods that return nothing but an error.
type none struct{}

func tell(ctx context.Context, r *Remote, progress func(app.Progress), method string, args ...any) error {
	_, err := ask[*none](ctx, r, progress, method, args...)
	return err
}

// ConnectFolder asks the running client.
func (r *Remote) ConnectFolder(ctx context.Context, dir string) ([]app.Check, error) {
	return ask[[]app.Check](ctx, r, nil, "ConnectFolder", dir)
}

// ConnectS3 asks the running client. The secret travels over the socket, which only its owner can open.
func (r *Remote) ConnectS3(ctx context.Context, s app.S3, secret string) ([]app.Check, error) {
	return ask[[]app.Check](ctx, r, nil, "ConnectS3", s, secret)
}

// Device asks the running client.
func (r *Remote) Device(ctx context.Context) (app.DeviceInfo, error) {
	return ask[app.DeviceInfo](ctx, r, nil, "Device")
}

// SetDeviceName asks the running client.
func (r *Remote) SetDeviceName(ctx context.Context, name string) error {
	return tell(ctx, r, nil, "SetDeviceName", name)
}

// Devices asks the running client.
func (r *Remote) Devices(ctx context.Context) ([]app.DeviceInfo, error) {
	return ask[[]app.DeviceInfo](ctx, r, nil, "Devices")
}

// AddBackup asks the running client.
func (r *Remote) AddBackup(ctx context.Context, dir, name string, skip []string) (app.BackupInfo, error) {
	return ask[app.BackupInfo](ctx, r, nil, "AddBackup", dir, name, skip)
}

// Backups asks the running client.
func (r *Remote) Backups(ctx context.Context) ([]app.BackupInfo, error) {
	return ask[[]app.BackupInfo](ctx, r, nil, "Backups")
}

// RemoveBackup asks the running client.
func (r *Remote) RemoveBackup(ctx context.Context, name string, toTrash bool) error {
	return tell(ctx, r, nil, "RemoveBackup", name, toTrash)
}

// SkippedIn asks the running client.
func (r *Remote) SkippedIn(ctx context.Context, name string) ([]app.Skipped, error) {
	return ask[[]app.Skipped](ctx, r, nil, "SkippedIn", name)
}

// SkipRules asks the running client.
func (r *Remote) SkipRules(ctx context.Context, name string, add, remove []string, toTrash bool) (app.SkipReport, error) {
	return ask[app.SkipReport](ctx, r, nil, "SkipRules", name, add, remove, toTrash)
}

// RebuildIndex asks the running client.
func (r *Remote) RebuildIndex(ctx context.Context) error { return tell(ctx, r, nil, "RebuildIndex") }

// PauseBackup asks the running client.
func (r *Remote) PauseBackup(ctx context.Context, name string, paused bool) error {
	return tell(ctx, r, nil, "PauseBackup", name, paused)
}

// SetEvery asks the running client.
func (r *Remote) SetEvery(ctx context.Context, name, every string) error {
	return tell(ctx, r, nil, "SetEvery", name, every)
}

// BackUpNow asks the running client.
func (r *Remote) BackUpNow(ctx context.Context, name string) error {
	return tell(ctx, r, nil, "BackUpNow", name)
}

// ContinueBackup asks the running client.
func (r *Remote) ContinueBackup(ctx context.Context, deviceSlashName, dir string) (app.BackupInfo, error) {
	return ask[app.BackupInfo](ctx, r, nil, "ContinueBackup", deviceSlashName, dir)
}

// RestoreBackup asks the running client.
func (r *Remote) RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(app.Progress)) (app.RestoreReport, error) {
	return ask[app.RestoreReport](ctx, r, progress, "RestoreBackup", spec, to, at)
}

// SetSynced asks the running client.
func (r *Remote) SetSynced(ctx context.Context, dir string) error {
	return tell(ctx, r, nil, "SetSynced", dir)
}

// SetSyncedWithout asks the running client.
func (r *Remote) SetSyncedWithout(ctx context.Context, dir string, off []string) error {
	return tell(ctx, r, nil, "SetSyncedWithout", dir, off)
}

// Conflicts asks the running client.
func (r *Remote) Conflicts(ctx context.Context) ([]app.Conflict, error) {
	return ask[[]app.Conflict](ctx, r, nil, "Conflicts")
}

// SettleConflict asks the running client.
func (r *Remote) SettleConflict(ctx context.Context, seen app.Conflict, keep string) error {
	return tell(ctx, r, nil, "SettleConflict", seen, keep)
}

// Folders asks the running client.
func (r *Remote) Folders(ctx context.Context) ([]app.Folder, error) {
	return ask[[]app.Folder](ctx, r, nil, "Folders")
}

// FoldersInCloud asks the running client.
func (r *Remote) FoldersInCloud(ctx context.Context) ([]app.Folder, error) {
	return ask[[]app.Folder](ctx, r, nil, "FoldersInCloud")
}

// KeepAside asks the running client. Where folders are that were moved before one failed is in the history only.
func (r *Remote) KeepAside(ctx context.Context, paths []string) ([]string, error) {
	return ask[[]string](ctx, r, nil, "KeepAside", paths)
}

// KeepFolders asks the running client.
func (r *Remote) KeepFolders(ctx context.Context, on, off []string) ([]app.Folder, error) {
	return ask[[]app.Folder](ctx, r, nil, "KeepFolders", on, off)
}

// Sidebar asks the running client.
func (r *Remote) Sidebar(ctx context.Context) (app.SidebarInfo, error) {
	return ask[app.SidebarInfo](ctx, r, nil, "Sidebar")
}

// SetSidebar asks the running client.
func (r *Remote) SetSidebar(ctx context.Context, on bool) (app.SidebarInfo, error) {
	return ask[app.SidebarInfo](ctx, r, nil, "SetSidebar", on)
}

// Links asks the running client.
func (r *Remote) Links(ctx context.Context) (app.LinksInfo, error) {
	return ask[app.LinksInfo](ctx, r, nil, "Links")
}

// SetLinks asks the running client.
func (r *Remote) SetLinks(ctx context.Context, on bool) (app.LinksInfo, error) {
	return ask[app.LinksInfo](ctx, r, nil, "SetLinks", on)
}

// ArchiveAdd asks the running client.
func (r *Remote) ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(app.Progress)) (app.ArchiveReport, error) {
	return ask[app.ArchiveReport](ctx, r, progress, "ArchiveAdd", paths, free)
}

// ArchiveList asks the running client.
func (r *Remote) ArchiveList(ctx context.Context, path string) ([]app.Item, error) {
	return ask[[]app.Item](ctx, r, nil, "ArchiveList", path)
}

// ArchiveFind asks the running client.
func (r *Remote) ArchiveFind(ctx context.Context, text string) ([]app.Item, error) {
	return ask[[]app.Item](ctx, r, nil, "ArchiveFind", text)
}

// ArchiveGet asks the running client.
func (r *Remote) ArchiveGet(ctx context.Context, path, to string, progress func(app.Progress)) (app.RestoreReport, error) {
	return ask[app.RestoreReport](ctx, r, progress, "ArchiveGet", path, to)
}

// ArchiveRemove asks the running client.
func (r *Remote) ArchiveRemove(ctx context.Context, path string) error {
	return tell(ctx, r, nil, "ArchiveRemove", path)
}

// Trash asks the running client.
func (r *Remote) Trash(ctx context.Context, area, find string) ([]app.TrashItem, error) {
	return ask[[]app.TrashItem](ctx, r, nil, "Trash", area, find)
}

// TrashRestore asks the running client.
func (r *Remote) TrashRestore(ctx context.Context, ids []string, to string) (app.RestoreReport, error) {
	return ask[app.RestoreReport](ctx, r, nil, "TrashRestore", ids, to)
}

// TrashDelete asks the running client.
func (r *Remote) TrashDelete(ctx context.Context, ids []string) (int, error) {
	return ask[int](ctx, r, nil, "TrashDelete", ids)
}

// TrashEmpty asks the running client.
func (r *Remote) TrashEmpty(ctx context.Context) (int, error) {
	return ask[int](ctx, r, nil, "TrashEmpty")
}

// Versions asks the running client.
func (r *Remote) Versions(ctx context.Context, path string) ([]app.VersionItem, error) {
	return ask[[]app.VersionItem](ctx, r, nil, "Versions", path)
}

// RestoreVersion asks the running client.
func (r *Remote) RestoreVersion(ctx context.Context, path, id, to string) error {
	return tell(ctx, r, nil, "RestoreVersion", path, id, to)
}

// Once asks the running client.
func (r *Remote) Once(ctx context.Context, progress func(app.Progress)) error {
	return tell(ctx, r, progress, "Once")
}

// Check asks the running client.
func (r *Remote) Check(ctx context.Context, readData bool, progress func(app.Progress)) (app.CheckReport, error) {
	return ask[app.CheckReport](ctx, r, progress, "Check", readData)
}

// Activity asks the running client.
func (r *Remote) Activity(ctx context.Context, limit int) ([]app.ActivityItem, error) {
	return ask[[]app.ActivityItem](ctx, r, nil, "Activity", limit)
}

// Pause asks the running client.
func (r *Remote) Pause(ctx context.Context, d time.Duration) error {
	return tell(ctx, r, nil, "Pause", d)
}

// Resume asks the running client.
func (r *Remote) Resume(ctx context.Context) error { return tell(ctx, r, nil, "Resume") }

// WhenToWork asks the running client.
func (r *Remote) WhenToWork(ctx context.Context) (app.WhenToWork, error) {
	return ask[app.WhenToWork](ctx, r, nil, "WhenToWork")
}

// SetWhenToWork asks the running client.
func (r *Remote) SetWhenToWork(ctx context.Context, w app.WhenToWork) error {
	return tell(ctx, r, nil, "SetWhenToWork", w)
}

// Speed asks the running client.
func (r *Remote) Speed(ctx context.Context) (app.Speed, error) {
	return ask[app.Speed](ctx, r, nil, "Speed")
}

// SetSpeed asks the running client.
func (r *Remote) SetSpeed(ctx context.Context, x app.Speed) error {
	return tell(ctx, r, nil, "SetSpeed", x)
}

// Network asks the running client.
func (r *Remote) Network(ctx context.Context) (app.Network, error) {
	return ask[app.Network](ctx, r, nil, "Network")
}

// SetNetwork asks the running client. The password travels over the socket, which only its owner can open.
func (r *Remote) SetNetwork(ctx context.Context, n app.Network, password string) error {
	return tell(ctx, r, nil, "SetNetwork", n, password)
}

// Answer asks the running client.
func (r *Remote) Answer(ctx context.Context, pair, answer string) error {
	return tell(ctx, r, nil, "Answer", pair, answer)
}

// Queue asks the running client.
func (r *Remote) Queue(ctx context.Context) ([]app.Transfer, error) {
	return ask[[]app.Transfer](ctx, r, nil, "Queue")
}

// First asks the running client.
func (r *Remote) First(ctx context.Context, path string) error {
	return tell(ctx, r, nil, "First", path)
}

// State asks the running client.
func (r *Remote) State(ctx context.Context) (app.Status, error) {
	return ask[app.Status](ctx, r, nil, "State")
}

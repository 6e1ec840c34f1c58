package command

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
	"elkjopcloud/sync/engine"
)

// fake is a client of which only some methods are there; the others end the test.
type fake struct {
	Client
	status  app.Status
	trash   []app.TrashItem
	once    func(context.Context) error
	changed chan struct{}
	secret  string
	closed  bool
	mu      sync.Mutex
}

func (f *fake) Close() error { f.closed = true; return nil }
func (f *fake) Status() app.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}
func (f *fake) Changed() <-chan struct{} { return f.changed }
func (f *fake) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
func (f *fake) Once(ctx context.Context, _ func(app.Progress)) error {
	if f.once == nil {
		return nil
	}
	return f.once(ctx)
}
func (f *fake) Trash(context.Context, string, string) ([]app.TrashItem, error) { return f.trash, nil }
func (f *fake) TrashEmpty(context.Context) (int, error) {
	n := len(f.trash)
	f.trash = nil
	return n, nil
}
func (f *fake) TrashDelete(_ context.Context, ids []string) (int, error) {
	f.trash = f.trash[len(ids):]
	return len(ids), nil
}
func (f *fake) ConnectS3(_ context.Context, _ app.S3, secret string) ([]app.Check, error) {
	f.secret = secret
	return []app.Check{{Name: "clock", Message: "The clock is wrong."}}, &app.Problem{Code: engine.CodeClock, Message: "The clock is wrong."}
}

// played is what a command line printed and how it ended.
type played struct {
	code     int
	out, err string
}

func play(t *testing.T, w World, args ...string) played {
	t.Helper()
	var out, errs strings.Builder
	w.Stdout, w.Stderr = &out, &errs
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Stdin == nil {
		w.Stdin = strings.NewReader("")
	}
	if w.Home == "" {
		w.Home = short(t)
	}
	code := Main(t.Context(), args, w)
	return played{code, out.String(), errs.String()}
}

// short returns a folder whose path is short enough for a socket.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ec")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func opening(c Client) func(context.Context, string, *slog.Logger) (Client, error) {
	return func(context.Context, string, *slog.Logger) (Client, error) { return c, nil }
}

func held(context.Context, string, *slog.Logger) (Client, error) {
	return nil, app.NewProblem(app.CodeAnotherInstance, "", nil)
}

func TestOnceEndsWithWhatItMet(t *testing.T) {
	for _, c := range []struct {
		name string
		st   app.Status
		want int
	}{
		{"safe", app.Status{State: app.StateSafe}, 0},
		{"a file", app.Status{State: app.StateNeedsYou, Problems: []*app.Problem{{Code: engine.CodeBusy}}}, 3},
		{"the guard", app.Status{State: app.StateNeedsYou, Problems: []*app.Problem{{Code: engine.CodeGuard}}}, 7},
		{"offline without a problem", app.Status{State: app.StateOffline}, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fake{status: c.st}
			if got := play(t, World{Open: opening(f)}, "once"); got.code != c.want {
				t.Errorf("%+v", got)
			}
			if !f.closed {
				t.Error("the client is still open")
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fake{once: func(ctx context.Context) error { cancel(); return ctx.Err() }}
	var out, errs strings.Builder
	code := Main(ctx, []string{"once", "--json"}, World{Open: opening(f), Home: short(t), Stdout: &out, Stderr: &errs, Now: time.Now})
	if code != 130 || !strings.Contains(out.String(), `"code": "canceled"`) || !strings.Contains(errs.String(), "goes on where it was") {
		t.Errorf("%d %s %s", code, out.String(), errs.String())
	}
}

func TestSomebodyElseHasTheHome(t *testing.T) {
	t.Run("and cannot be asked", func(t *testing.T) {
		got := play(t, World{Open: held, Patience: 60 * time.Millisecond}, "status")
		if got.code != 11 || !strings.Contains(got.err, "running already") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("and answers", func(t *testing.T) {
		home := short(t)
		serve(t, home, &fake{status: app.Status{State: app.StatePaused, Paused: true}})
		if got := play(t, World{Open: held, Home: home}, "status"); got.code != 0 || !strings.Contains(got.out, "Paused") {
			t.Errorf("%+v", got)
		}
		if got := play(t, World{Open: held, Home: home, Patience: 60 * time.Millisecond}, "run"); got.code != 11 {
			t.Errorf("two run: %+v", got)
		}
	})
	t.Run("and leaves", func(t *testing.T) {
		tries := 0
		got := play(t, World{Open: func(context.Context, string, *slog.Logger) (Client, error) {
			if tries++; tries < 3 {
				return held(context.Background(), "", nil)
			}
			return &fake{status: app.Status{State: app.StateSafe}}, nil
		}}, "status")
		if got.code != 0 || tries != 3 {
			t.Errorf("%+v after %d tries", got, tries)
		}
	})
	t.Run("and leaves while it is asked", func(t *testing.T) {
		home := short(t)
		l, err := control.Listen(home)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
				_ = conn.Close()
			}
		}()
		tries := 0
		got := play(t, World{Home: home, Open: func(context.Context, string, *slog.Logger) (Client, error) {
			if tries++; tries < 3 {
				return held(context.Background(), "", nil)
			}
			return &fake{status: app.Status{State: app.StateSafe}}, nil
		}}, "status")
		if got.code != 0 || tries != 3 {
			t.Errorf("%+v after %d tries", got, tries)
		}
	})
}

func serve(t *testing.T, home string, f *fake) {
	t.Helper()
	l, err := control.Listen(home)
	if err != nil {
		t.Fatal(err)
	}
	s := control.Serve(t.Context(), l, control.Local{App: f}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = s.Close() })
}

// TestALongCommandCanBeAsked: while one process does everything there is to do, another one can look.
func TestALongCommandCanBeAsked(t *testing.T) {
	home, release := short(t), make(chan struct{})
	begun := make(chan struct{})
	f := &fake{status: app.Status{State: app.StateWorking}, once: func(context.Context) error { close(begun); <-release; return nil }}
	ended := make(chan int, 1)
	go func() {
		ended <- Main(t.Context(), []string{"once"}, World{Open: opening(f), Home: home, Stdout: io.Discard, Stderr: io.Discard, Now: time.Now})
	}()
	<-begun
	if got := play(t, World{Open: held, Home: home}, "status", "--json"); got.code != 0 || !strings.Contains(got.out, `"working"`) {
		t.Errorf("%+v", got)
	}
	close(release)
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Lstat(filepath.Join(home, "control.sock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
}

func TestJSONShapes(t *testing.T) {
	deleted := time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)
	f := &fake{trash: []app.TrashItem{{ID: "s-1", Area: "synced", Path: "a<b>.txt", Size: 5, DeletedAt: deleted, DeletedBy: "Anna", ExpiresAt: deleted.AddDate(0, 0, 30)}}}
	got := play(t, World{Open: opening(f)}, "trash", "ls", "--json")
	want := `[{"id":"s-1","area":"synced","path":"a<b>.txt","size":5,"deleted_at":"2026-03-01T14:00:00Z","deleted_by":"Anna","expires_at":"2026-03-31T14:00:00Z"}]`
	if diff := cmp.Diff(want, squeezed(t, got.out)); diff != "" {
		t.Error(diff)
	}
	got = play(t, World{Open: opening(&fake{})}, "trash", "ls", "--json")
	if got.out != "[]\n" {
		t.Errorf("an empty list is %q", got.out)
	}
	got = play(t, World{Open: opening(&fake{status: app.Status{State: "safe", Pairs: []app.PairStatus{{Name: "p"}}}})}, "status", "--json")
	if !strings.Contains(got.out, `"problems": []`) || !strings.Contains(got.out, `"pending_files": 0`) {
		t.Error(got.out)
	}
}

func squeezed(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer("\n", "", "  ", "", `": `, `":`).Replace(strings.TrimSpace(text))
}

func TestTheSecretComesFromStandardInput(t *testing.T) {
	args := []string{"connect", "s3", "--endpoint", "http://x", "--bucket", "b", "--credentials", "keyring", "--access-key", "k"}
	f := &fake{}
	got := play(t, World{Open: opening(f), Stdin: strings.NewReader("s3cret key\r\nmore\n")}, args...)
	if f.secret != "s3cret key" {
		t.Errorf("the secret is %q", f.secret)
	}
	if got.code != 1 || strings.Count(got.out+got.err, "The clock is wrong.") != 1 || strings.Contains(got.out+got.err, "s3cret") {
		t.Errorf("%+v", got)
	}
	got = play(t, World{Open: opening(f), Stdin: strings.NewReader("s\n")}, append(args, "--json")...)
	if strings.Count(got.out, `"problem"`) != 1 || !strings.Contains(got.out, `"connected": false`) {
		t.Errorf("%+v", got)
	}
}

func TestRunSaysOnlyWhatChanges(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, 3, 1, 14, 0, 0, 0, time.Local)
	l := lookout{s: &session{World: World{Stdout: &out, Now: func() time.Time { return now }}, typed: &grammar{}}}
	busy := &app.Problem{Code: "busy", Path: "/x", Message: "It is open."}
	for _, st := range []app.Status{
		{State: app.StateWorking}, {State: app.StateWorking, Pairs: []app.PairStatus{{PendingFiles: 3}}}, {State: app.StateSafe}, {State: app.StateSafe},
		{State: app.StateNeedsYou, Problems: []*app.Problem{busy}}, {State: app.StateNeedsYou, Problems: []*app.Problem{busy}}, {State: app.StateSafe},
	} {
		l.look(st)
	}
	want := "14:00:00 Working…\n14:00:00 Everything is safe.\n14:00:00 1 thing needs you.\n/x: It is open.\n14:00:00 Everything is safe.\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestPathsAreData(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for in, want := range map[string]string{
		"Synced/a.txt": "Synced/a.txt", "Backup/Anna/x": "Backup/Anna/x", "Archive/y": "Archive/y",
		"./Synced/a.txt": filepath.Join(dir, "Synced", "a.txt"), "docs/a.txt": filepath.Join(dir, "docs", "a.txt"), "-rf": filepath.Join(dir, "-rf"),
	} {
		got, err := localOrArea(in)
		if err != nil || got != want {
			t.Errorf("%q became %q, %v", in, got, err)
		}
	}
	if _, err := here(""); exitCode(err, nil) != exitWrongUse {
		t.Errorf("no path: %v", err)
	}
}

// TestEveryCommandHasExamples: help without an example is no help.
func TestEveryCommandHasExamples(t *testing.T) {
	for _, args := range []string{
		"connect folder", "connect s3", "device", "devices", "backup add", "backup list", "backup remove", "backup skipped", "backup when", "backup continue",
		"backup restore", "sync set", "sync status", "sync conflicts", "archive add", "archive ls", "archive find", "archive get", "archive rm",
		"trash ls", "trash restore", "trash delete", "trash empty", "versions ls", "versions restore", "once", "run", "status", "problems",
		"activity", "pause", "resume", "answer", "check", "tour",
	} {
		got := play(t, World{Open: held}, append(strings.Fields(args), "--help")...)
		if got.code != 0 || !strings.Contains(got.out, "    elkjop") || !strings.Contains(got.out, "--json") {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

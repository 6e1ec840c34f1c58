package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"elkjopcloud/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// *app.Client is what the socket is made for.
var _ App = (*app.Client)(nil)

// home returns a short folder, because the path of a socket is limited.
func home(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ec")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func serving(t *testing.T, c Client) (*Server, *Remote) {
	t.Helper()
	dir := home(t)
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := Serve(t.Context(), l, c, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { _ = s.Close() })
	r, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// TestEveryMethod asks each method of Client over a real socket: arguments and results must come through, or a new method was forgotten.
func TestEveryMethod(t *testing.T) {
	f := &fake{}
	_, r := serving(t, f)
	for i := range clientType.NumMethod() {
		m := clientType.Method(i)
		t.Run(m.Name, func(t *testing.T) {
			steps := 0
			args, sent := samples(t.Context(), m.Type, func(app.Progress) { steps++ })
			over := reflect.ValueOf(r).MethodByName(m.Name).Call(args)
			if diff := cmp.Diff(append([]any{m.Name}, sent...), f.asked); diff != "" {
				t.Errorf("it was asked otherwise (-sent +asked):\n%s", diff)
			}
			direct := reflect.ValueOf(f).MethodByName(m.Name).Call(args)
			for j := range over {
				if diff := cmp.Diff(direct[j].Interface(), over[j].Interface(), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
					t.Errorf("result %d (-direct +over the socket):\n%s", j, diff)
				}
			}
			if takes := strings.Contains(m.Type.String(), "app.Progress"); takes && steps != 2 { // one each
				t.Errorf("%d steps of progress", steps)
			}
		})
	}
}

func samples(ctx context.Context, m reflect.Type, progress func(app.Progress)) (args []reflect.Value, sent []any) {
	for i := range m.NumIn() {
		switch t := m.In(i); t {
		case contextType:
			args = append(args, reflect.ValueOf(ctx))
		case progressType:
			args = append(args, reflect.ValueOf(progress))
		default:
			v := sample(t)
			args, sent = append(args, v), append(sent, v.Interface())
		}
	}
	return args, sent
}

func TestProblemsComeThrough(t *testing.T) {
	f := &fake{err: &app.Problem{Code: "key-refused", Path: "p", Message: "m", Action: "a"}}
	_, r := serving(t, f)
	checks, err := r.ConnectFolder(t.Context(), "x")
	var p *app.Problem
	if !errors.As(err, &p) || p.Code != "key-refused" || p.Path != "p" || p.Message != "m" || p.Action != "a" {
		t.Errorf("error %v", err)
	}
	if len(checks) != 1 {
		t.Errorf("what was returned beside the error is lost: %v", checks)
	}
	f.err = errors.New("plain")
	if err := r.Resume(t.Context()); !errors.As(err, &p) || p.Code != "other" || p.Message != "plain" {
		t.Errorf("error %v", err)
	}
}

func blocking() *fake {
	return &fake{block: make(chan struct{}), started: make(chan struct{}), ended: make(chan error, 1)}
}

func TestHangingUpCancels(t *testing.T) {
	f := blocking()
	_, r := serving(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() { asked <- r.Once(ctx, nil) }()
	<-f.started
	cancel()
	if err := <-f.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the work ended with %v", err)
	}
	var p *app.Problem
	if err := <-asked; !errors.As(err, &p) || p.Code != app.CodeCanceled {
		t.Errorf("the asker got %v", err)
	}
}

func TestCloseCancelsAndTells(t *testing.T) {
	f := blocking()
	s, r := serving(t, f)
	asked := make(chan error, 1)
	go func() { asked <- r.Once(t.Context(), nil) }()
	<-f.started
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-asked; err == nil {
		t.Error("the asker was told that all is well")
	}
	var p *app.Problem
	if err := r.Resume(t.Context()); !errors.As(err, &p) || p.Code != app.CodeAnotherInstance {
		t.Errorf("after the end: %v", err)
	}
}

func TestDrainWaits(t *testing.T) {
	f := blocking()
	s, r := serving(t, f)
	asked := make(chan error, 1)
	go func() { asked <- r.Once(t.Context(), nil) }()
	<-f.started
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Drain(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it did not wait: %v", err)
	}
	if err := r.Resume(t.Context()); !errors.Is(err, ErrUnheard) {
		t.Errorf("a question that came too late: %v", err)
	}
	close(f.block)
	if err := <-asked; err != nil {
		t.Error(err)
	}
	if err := s.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestStrangeQuestions sends what no asker of ours sends: each gets a problem or a closed connection, and nothing is called.
func TestStrangeQuestions(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":              "hello\n",
		"no method":            "{}\n",
		"unknown method":       `{"method":"Close"}` + "\n",
		"method of reflect":    `{"method":"note","args":["x"]}` + "\n",
		"too few arguments":    `{"method":"Trash","args":["backup"]}` + "\n",
		"too many arguments":   `{"method":"Resume","args":[1]}` + "\n",
		"argument of no shape": `{"method":"Pause","args":["soon"]}` + "\n",
		"number too large":     `{"method":"Activity","args":[1e99]}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			_, r := serving(t, f)
			a := raw(t, r, line)
			if a.Problem == nil || a.Problem.Code != app.CodeWrongUse {
				t.Errorf("answer %+v", a)
			}
			if f.asked != nil {
				t.Errorf("it was called: %v", f.asked)
			}
		})
	}
}

// raw sends a line and returns what comes back.
func raw(t *testing.T, r *Remote, line string) answer {
	t.Helper()
	conn, err := r.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, line); err != nil {
		t.Fatal(err)
	}
	a, err := listen(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTooMuchAtOnce(t *testing.T) {
	f := &fake{}
	_, r := serving(t, f)
	var p *app.Problem
	if _, err := r.ArchiveFind(t.Context(), strings.Repeat("x", maxQuestion)); !errors.As(err, &p) || p.Code != app.CodeWrongUse {
		t.Errorf("the asker's own limit: %v", err)
	}
	conn, err := r.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(strings.Repeat("x", maxQuestion+1<<16))) // the server may hang up before all of it is sent
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("%d bytes of an answer to an endless question", n)
	}
	if f.asked != nil {
		t.Errorf("it was called: %v", f.asked)
	}
}

func TestReadLine(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"one line", "abc\n", "abc", nil},
		{"empty line", "\n", "", nil},
		{"exactly the most", "1234567890123456789\n", "1234567890123456789", nil},
		{"too long", "12345678901234567890\n", "", errTooLong},
		{"endless", strings.Repeat("x", 5000), "", errTooLong},
		{"cut short", "abc", "", io.ErrUnexpectedEOF},
		{"nothing", "", "", io.EOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readLine(bufio.NewReaderSize(strings.NewReader(c.in), 16), 20)
			if string(got) != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestListenAndDial(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		if _, err := Dial(t.Context(), home(t)); err == nil {
			t.Error("somebody answered")
		}
	})
	t.Run("only the owner", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("Windows has no such permissions")
		}
		dir := home(t)
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		listening(t, dir)
		for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, socketName): 0o600} {
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v", path, info.Mode(), err)
			}
		}
	})
	t.Run("left by a killed program", func(t *testing.T) {
		dir := home(t)
		l := listening(t, dir)
		l.(*listener).Listener.(*net.UnixListener).SetUnlinkOnClose(false)
		_ = l.(*listener).Listener.Close()
		if _, err := Dial(t.Context(), dir); err == nil {
			t.Error("somebody answered")
		}
		listening(t, dir)
		if _, err := Dial(t.Context(), dir); err != nil {
			t.Error(err)
		}
	})
	t.Run("a file of somebody else", func(t *testing.T) {
		dir := home(t)
		path := filepath.Join(dir, socketName)
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, err := Listen(dir); err == nil {
			_ = l.Close()
			t.Error("it listens where a file was")
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != "mine" {
			t.Errorf("the file is not what it was: %q, %v", content, err)
		}
	})
	t.Run("removed when closed", func(t *testing.T) {
		dir := home(t)
		l := listening(t, dir)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		empty(t, dir)
	})
}

func TestLongPath(t *testing.T) {
	runtimeDir := home(t)
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir)
	dir := filepath.Join(home(t), strings.Repeat("long", 40))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l := listening(t, dir)
	if _, err := Dial(t.Context(), dir); err != nil {
		t.Error(err)
	}
	held, err := os.ReadDir(runtimeDir)
	if err != nil || len(held) != 1 {
		t.Errorf("in the short place: %v, %v", held, err)
	}

	// A killed program leaves all of it; the next one cleans up.
	l.(*listener).Listener.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = l.(*listener).Listener.Close()
	again := listening(t, dir)
	if held, err = os.ReadDir(runtimeDir); err != nil || len(held) != 1 {
		t.Errorf("in the short place after a kill: %v, %v", held, err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	empty(t, runtimeDir)
	empty(t, dir)
}

// TestRecordIsNotTrustedToDelete: whatever the record in the home says, only a socket of ours is removed.
func TestRecordIsNotTrustedToDelete(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", home(t))
	dir := filepath.Join(home(t), strings.Repeat("long", 40))
	precious := filepath.Join(home(t), "precious.txt")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(precious, []byte("x"), 0o600),
		os.WriteFile(filepath.Join(dir, recordName), []byte(precious), 0o600)); err != nil {
		t.Fatal(err)
	}
	if l, err := Listen(dir); err == nil {
		_ = l.Close()
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func listening(t *testing.T, dir string) net.Listener {
	t.Helper()
	l, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if held, err := os.ReadDir(dir); err != nil || len(held) > 0 {
		t.Errorf("%s holds %v, %v", dir, held, err)
	}
}

// FuzzQuestion: whatever comes over the socket, it is refused or it is a question that calls one of Client's methods.
func FuzzQuestion(f *testing.F) {
	f.Add([]byte(`{"method":"Trash","args":["backup",""]}`))
	f.Add([]byte(`{"method":"RestoreBackup","args":["a","b","2026-03-01T14:00:00Z"]}`))
	f.Add([]byte(`{"method":"ConnectS3","args":[{"Endpoint":"e"},"s"]}`))
	f.Add([]byte(`{"method":"Pause","args":[5400000000000]}`))
	f.Add([]byte(`{"method":"State","args":null}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		got, err := readLine(bufio.NewReader(strings.NewReader(string(line)+"\n")), 1<<16)
		if err != nil {
			return
		}
		q, err := parseQuestion(got)
		if err != nil {
			return
		}
		if q.Method == "Activity" { // the fake makes as many as it is asked for
			return
		}
		client := &fake{}
		_, err = dispatch(t.Context(), client, q, func(app.Progress) {})
		if _, known := clientType.MethodByName(q.Method); !known && err == nil {
			t.Errorf("%s was called", q.Method)
		}
		if err == nil && client.asked[0] != q.Method {
			t.Errorf("%v was called for %s", client.asked, q.Method)
		}
	})
}

// FuzzAnswer: an answer that parses can be sent again and is the same.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"result":[1,2]}`))
	f.Add([]byte(`{"problem":{"code":"offline","path":"","message":"m","action":"a"}}`))
	f.Add([]byte(`{"progress":{"phase":"upload","files":1,"files_total":2,"bytes":3,"bytes_total":4}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		a, err := parseAnswer(line)
		if err != nil {
			return
		}
		body, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := parseAnswer(body)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(b)
		if err != nil || string(again) != string(body) {
			t.Errorf("%s became %s, %v", body, again, err)
		}
	})
}

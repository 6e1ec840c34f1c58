package command

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/DeRuina/timberjack"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
	"elkjopcloud/sync/engine"
)

// session is one command at work.
type session struct {
	World
	ctx   context.Context
	typed *grammar

	logger *slog.Logger
	local  Client          // what this process has open; nil when another one is asked
	server *control.Server // nil while nobody can ask this process
	ends   []func() error  // run in reverse order
	met    []*app.Problem  // problems of single files and folders
}

// home returns the home directory as an absolute path.
func (s *session) home() (string, error) {
	dir := s.typed.Home
	if dir == "" {
		dir = s.World.Home
	}
	if dir == "" {
		return "", &app.Problem{Code: app.CodeWrongUse, Message: "There is no place for the settings.", Action: "Name one with --home DIR."}
	}
	return filepath.Abs(dir)
}

// client returns the client of the home: in this process when the home is free, else the one that runs.
func (s *session) client() (control.Client, error) { return s.reach(s.try) }

// ownClient is client for a command that only this process can do: it waits a moment for the home to be free.
func (s *session) ownClient() (control.Client, error) {
	return s.reach(func(home string) (control.Client, error) {
		if err := s.open(home); err != nil {
			return nil, err
		}
		return control.Local{App: s.local}, nil
	})
}

// reach tries until it succeeds, while somebody else has the home and patience lasts.
func (s *session) reach(try func(home string) (control.Client, error)) (control.Client, error) {
	home, err := s.home()
	if err != nil {
		return nil, err
	}
	patience := time.NewTimer(s.Patience)
	defer patience.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		c, err := try(home)
		if exitCode(err, nil) != exitOther {
			return c, err
		}
		select {
		case <-again.C: // who holds the home may be about to listen, or to leave
		case <-patience.C:
			return nil, err
		case <-s.ctx.Done():
			return nil, s.ctx.Err()
		}
	}
}

// try opens the home, or finds who has it open.
func (s *session) try(home string) (control.Client, error) {
	err := s.open(home)
	if err == nil {
		return control.Local{App: s.local}, nil
	}
	if exitCode(err, nil) != exitOther {
		return nil, err
	}
	r, unasked := control.Dial(s.ctx, home)
	if unasked != nil {
		return nil, err
	}
	return r, nil
}

// open opens the home in this process.
func (s *session) open(home string) error {
	log, err := s.log(home)
	if err != nil {
		return err
	}
	c, err := s.Open(s.ctx, home, log)
	if err != nil {
		return err
	}
	s.local = c
	s.ends = append(s.ends, c.Close)
	return nil
}

// longClient is client for a command that takes its time: others can ask this process meanwhile.
func (s *session) longClient() (control.Client, error) {
	c, err := s.client()
	if err != nil || s.local == nil {
		return c, err
	}
	s.serve()
	return c, nil
}

// serve lets others ask this process. Where the system has no sockets in files, the others hear that they cannot.
func (s *session) serve() {
	home, err := s.home()
	if err != nil {
		return
	}
	l, err := control.Listen(home)
	if err != nil {
		s.logger.Warn("others cannot ask this process", "error", err)
		return
	}
	s.server = control.Serve(s.ctx, l, control.Local{App: s.local}, s.logger)
	s.ends = append(s.ends, s.drain)
}

// drain lets those who asked get their answers.
func (s *session) drain() error {
	if err := s.server.Drain(s.ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return s.server.Close()
}

const (
	logName  = "elkjop.log"
	logSize  = 10 // megabytes, after which a new one is begun
	logCount = 2  // old ones that are kept
)

// log returns the log: a file in the home, or standard error.
func (s *session) log(home string) (*slog.Logger, error) {
	if s.logger != nil {
		return s.logger, nil
	}
	if s.typed.Verbose {
		s.logger = slog.New(slog.NewTextHandler(s.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
		return s.logger, nil
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, unmade(err, home)
	}
	file := &timberjack.Logger{Filename: filepath.Join(home, logName), MaxSize: logSize, MaxBackups: logCount, FileMode: 0o600}
	s.ends = append(s.ends, file.Close)
	s.logger = slog.New(slog.NewTextHandler(file, nil))
	return s.logger, nil
}

// unmade says why there is no home.
func unmade(err error, home string) *app.Problem {
	p := app.Unwritten(err, home)
	switch p.Code {
	case engine.CodeDiskFull:
	case engine.CodeReadOnly:
		p.Action = "Allow your user to write there, or name another one with --home DIR."
	default:
		p = &app.Problem{Code: app.CodeWrongUse, Path: home, Message: "The folder for the settings cannot be made.", Action: "Name another one with --home DIR.", Err: err}
	}
	return p
}

// meet remembers problems that did not stop the command.
func (s *session) meet(problems []*app.Problem) { s.met = append(s.met, problems...) }

// end closes what was opened, says what went wrong, and returns the exit code.
func (s *session) end(err error) int {
	s.noteFailure(err)
	for i := len(s.ends) - 1; i >= 0; i-- {
		if e := s.ends[i](); err == nil {
			err = e
		}
	}
	if err == nil {
		return exitCode(nil, s.met)
	}
	if s.ctx.Err() != nil && errors.Is(err, s.ctx.Err()) {
		err = app.NewProblem(app.CodeCanceled, "", err)
	}
	var told shown
	if errors.As(err, &told) {
		return exitCode(err, s.met)
	}
	p := asProblem(err)
	if s.typed.JSON {
		s.encode(map[string]*app.Problem{"problem": p})
	}
	showProblem(s.Stderr, p)
	return exitCode(err, s.met)
}

// asProblem gives any error the shape of a problem.
func asProblem(err error) *app.Problem {
	var p *app.Problem
	if errors.As(err, &p) {
		return p
	}
	return app.Unwritten(err, "")
}

// noteFailure logs why the command failed: what people read says less.
func (s *session) noteFailure(err error) {
	if err == nil || s.logger == nil {
		return
	}
	if p := asProblem(err); p.Err != nil && p.Code != app.CodeCanceled {
		s.logger.Warn("the command failed", "code", p.Code, "path", p.Path, "error", p.Err)
	}
}

// print shows a result: v as JSON, or what human writes.
func (s *session) print(v any, human func(io.Writer)) {
	if s.typed.JSON {
		s.encode(v)
		return
	}
	human(s.Stdout)
}

// done is the result of commands that have nothing to tell but that they did it.
type done struct {
	Done bool `json:"done"`
}

// say prints one sentence, or that it is done.
func (s *session) say(sentence string) {
	s.print(done{true}, func(w io.Writer) { line(w, sentence) })
}

func (s *session) encode(v any) {
	e := json.NewEncoder(s.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(whole(reflect.ValueOf(v)).Interface())
}

// whole returns a value in which lists that are nil are empty ones, down to the fields of structs in lists.
func whole(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(whole(v.Index(i)))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(whole(v.Field(i)))
			}
		}
		return out
	}
	return v
}

// here makes a path that was typed mean the same in another process.
func here(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil || path == "" {
		return "", &app.Problem{Code: app.CodeWrongUse, Path: path, Message: "This is no path.", Action: "Give the path of a file or folder.", Err: err}
	}
	return abs, nil
}

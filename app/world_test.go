package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/layout"
)

// world is one cloud and the computers that use it.
type world struct {
	t     *testing.T
	store *memstore.Store
	mu    sync.Mutex
	skip  time.Duration // how far the clock was put forward
}

func newWorld(t *testing.T) *world {
	w := &world{t: t}
	w.store = memstore.New(w.now)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.skip)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skip += d
}

// computer is one home directory, and the client that has it open.
type computer struct {
	*Client
	t     *testing.T
	w     *world
	home  string
	count *objstore.Counter
	parts *fakeParts
	desk  Desktop
	power Power

	mu   sync.Mutex
	puts []string // keys
	gets []string // also of parts
}

func (c *computer) remember(ctx context.Context, call objstore.Call, act objstore.Act) error {
	c.mu.Lock()
	switch call.Op {
	case objstore.OpPut:
		c.puts = append(c.puts, call.Key)
	case objstore.OpGet:
		c.gets = append(c.gets, call.Key)
	}
	c.mu.Unlock()
	return act(ctx)
}

// sent returns the keys of the content objects that were put since the last call.
func (c *computer) sent() (content []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.puts {
		if v, ok := layout.VolumeOf(k); ok {
			if rel, _ := v.Rel(k); !strings.HasPrefix(rel, layout.Reserved) {
				content = append(content, k)
			}
		}
	}
	c.t.Logf("puts: %v", c.puts)
	c.puts = nil
	return content
}

type fakeParts struct {
	store objstore.Bucket
	err   error
	trash func(string) error
	rule  string
}

func (p *fakeParts) Create(context.Context, config.Storage, string) error { return nil }
func (p *fakeParts) Store(context.Context, config.Storage, string) (objstore.Bucket, error) {
	return p.store, p.err
}
func (p *fakeParts) SaveSecret(context.Context, config.Storage, string) error { return nil }
func (p *fakeParts) SaveProxy(context.Context, config.Storage, string) error  { return nil }
func (p *fakeParts) HarmfulRule(context.Context, config.Storage) (string, error) {
	if p.rule == "?" {
		return "", errors.New("no right to look")
	}
	return p.rule, nil
}
func (p *fakeParts) Trash(_ context.Context, path string) error { return p.trash(path) }

func (w *world) computer(name string) *computer {
	c := &computer{t: w.t, w: w, home: realDir(w.t)}
	c.start()
	if _, err := c.ConnectFolder(w.t.Context(), realDir(w.t)); err != nil {
		w.t.Fatal(err)
	}
	if err := c.SetDeviceName(w.t.Context(), name); err != nil {
		w.t.Fatal(err)
	}
	return c
}

func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (c *computer) start() {
	c.t.Helper()
	c.puts = nil
	c.count = objstore.WithCount(objstore.WithHooks(c.w.store, objstore.Hooks{Around: c.remember}))
	c.parts = &fakeParts{store: c.count, trash: func(string) error { return errors.New("no recycle bin") }}
	var err error
	c.Client, err = New(c.t.Context(), Options{Home: c.home, Parts: c.parts, Log: slog.New(slog.DiscardHandler), Now: c.w.now, System: "test", Desktop: c.desk, Power: c.power})
	if err != nil {
		c.t.Fatal(err)
	}
	opened := c.Client
	c.t.Cleanup(func() {
		if opened == c.Client {
			_ = opened.Close()
		}
	})
}

// restart ends the client and begins a new one on the same home.
func (c *computer) restart() {
	c.t.Helper()
	if err := c.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.start()
}

// once does a full cycle, after which everything must be well.
func (c *computer) once() {
	c.t.Helper()
	c.try()
	if s := c.Status(); s.State != StateSafe {
		c.t.Fatalf("not safe: %s", show(s))
	}
}

// try does a full cycle.
func (c *computer) try() {
	c.t.Helper()
	if err := c.Once(c.t.Context(), nil); err != nil {
		c.t.Fatal(err)
	}
}

func show(s Status) string {
	out := s.State
	for _, p := range s.Pairs {
		out += fmt.Sprintf("\n  %s %s (%s)", p.Name, p.State, p.Detail)
	}
	for _, p := range s.Problems {
		out += fmt.Sprintf("\n  %s %s: %s: %v", p.Code, p.Path, p.Message, p.Err)
	}
	return out
}

func (c *computer) addBackup(dir, name string, skip ...string) {
	c.t.Helper()
	if _, err := c.AddBackup(c.t.Context(), dir, name, skip); err != nil {
		c.t.Fatal(err)
	}
}

func (c *computer) synced() string {
	c.t.Helper()
	dir := filepath.Join(realDir(c.t), "Synced")
	if err := c.SetSynced(c.t.Context(), dir); err != nil {
		c.t.Fatal(err)
	}
	return dir
}

// put writes files: path → content; a path that ends in "/" is a folder.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for path, content := range files {
		abs := filepath.Join(dir, path)
		must(t, os.MkdirAll(filepath.Dir(abs), 0o700))
		if strings.HasSuffix(path, "/") {
			must(t, os.MkdirAll(abs, 0o700))
			continue
		}
		must(t, os.WriteFile(abs, []byte(content), 0o600))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// read returns all files of a folder but our own, and empty folders with "/".
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if strings.HasPrefix(d.Name(), ".elkjop") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			if in, err := os.ReadDir(path); err != nil || len(in) > 0 {
				return err
			}
			out[rel+"/"] = ""
			return nil
		}
		b, err := os.ReadFile(path)
		out[rel] = string(b)
		return err
	})
	must(t, err)
	return out
}

func same(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, read(t, dir)); d != "" {
		t.Fatalf("%s (-want +got)\n%s", dir, d)
	}
}

func code(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return "no Problem: " + err.Error()
	}
	return ""
}

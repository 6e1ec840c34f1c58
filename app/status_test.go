package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
)

// TestTroubleIsRemembered: who only looks after a run that could not reach the storage must not read that everything is safe; what works
// again takes it back.
func TestTroubleIsRemembered(t *testing.T) {
	for _, x := range []struct {
		kind         objstore.Kind
		code, state  string
		pair, detail string
	}{
		{objstore.Unreachable, engine.CodeOffline, StateOffline, StateOffline, string(engine.Offline)},
		{objstore.NotAStore, engine.CodeNotAStore, StateOffline, StateOffline, string(engine.Offline)},
		{objstore.KeyRefused, engine.CodeKeyRefused, StateNeedsYou, StateNeedsYou, string(engine.Waiting)},
	} {
		t.Run(x.code, func(t *testing.T) {
			a := newWorld(t).computer("A")
			put(t, a.synced(), map[string]string{"s.txt": "s"})
			a.once()
			a.restart()
			good := a.parts.store
			a.parts.store = objstore.WithHooks(good, objstore.Hooks{Around: refusing(x.kind)})
			if err := a.Once(t.Context(), nil); code(err) != x.code {
				t.Fatal(err)
			}
			a.restart()
			s := a.Status()
			if s.State != x.state || len(s.Problems) != 1 || s.Problems[0].Code != x.code || s.Pairs[0].State != x.pair || s.Pairs[0].Detail != x.detail {
				t.Errorf("it says %s", show(s))
			}
			a.once()
			a.restart()
			if s := a.Status(); s.State != StateSafe || len(s.Problems) != 0 {
				t.Errorf("when it works again it says %s", show(s))
			}
		})
	}
}

func refusing(kind objstore.Kind) func(context.Context, objstore.Call, objstore.Act) error {
	return func(_ context.Context, call objstore.Call, _ objstore.Act) error {
		return objstore.Errorf(kind, call.Op, call.Key, "injected")
	}
}

// TestFirstCycleWithProblems: what the first cycle could not do is not called work that goes on.
func TestFirstCycleWithProblems(t *testing.T) {
	a := newWorld(t).computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b.txt": "b"})
	a.addBackup(docs, "Docs")
	a.parts.store = objstore.WithHooks(a.parts.store, objstore.Hooks{Around: full("b.txt")})
	a.unlink()
	a.try()
	a.restart()
	if s := a.Status(); s.State != StateNeedsYou || s.Pairs[0].State != StateNeedsYou || len(s.Problems) != 1 {
		t.Errorf("it says %s", show(s))
	}
}

// full has no room for one file.
func full(name string) func(context.Context, objstore.Call, objstore.Act) error {
	return func(ctx context.Context, call objstore.Call, act objstore.Act) error {
		if call.Op == objstore.OpPut && strings.Contains(call.Key, name) {
			return objstore.Errorf(objstore.Full, call.Op, call.Key, "injected")
		}
		return act(ctx)
	}
}

// TestUnreadableDescription: a description of the storage, or settings, that this program cannot use are named, and left as they are.
func TestUnreadableDescription(t *testing.T) {
	for _, x := range []struct{ text, code, says string }{
		{`{"format":99,"id":"x"}`, engine.CodeNewerFormat, "made this storage"},
		{`{{{`, engine.CodeHistory, "space.json"},
		{``, engine.CodeHistory, "space.json"},
	} {
		w := newWorld(t)
		a := w.computer("A")
		_, err := w.store.Put(t.Context(), "space.json", strings.NewReader(x.text), int64(len(x.text)), objstore.PutOptions{})
		must(t, err)
		a.restart()
		_, connecting := a.ConnectFolder(t.Context(), realDir(t))
		for _, err := range []error{a.Once(t.Context(), nil), connecting} {
			if code(err) != x.code || !strings.Contains(err.Error(), x.says) {
				t.Errorf("%q: %v", x.text, err)
			}
		}
		if body, _, err := w.store.Get(t.Context(), "space.json", objstore.GetOptions{}); err != nil {
			t.Error(err)
		} else if b, err := io.ReadAll(body); err != nil || string(b) != x.text {
			t.Errorf("%q became %q, %v", x.text, b, err)
		}
	}
}

func TestDamagedSettings(t *testing.T) {
	a := newWorld(t).computer("A")
	must(t, a.Close())
	path := filepath.Join(a.home, config.Name)
	good, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, []byte("[[[broken"), 0o600))
	var p *Problem
	if _, err := New(t.Context(), a.o); !errors.As(err, &p) || p.Code != CodeSettings || p.Path != path || strings.Contains(p.Message, "toml") {
		t.Errorf("%v", err)
	}
	must(t, os.WriteFile(path, good, 0o600))
	a.start()
	a.once()
}

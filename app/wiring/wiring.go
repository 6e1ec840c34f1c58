// Package wiring builds every concrete part of the client. It is the only place that knows them all; both programs start here.
//
// Reading order: wiring.go (Open), storage.go (stores and their keys), proxy.go, desktop.go (the user's desktop).
package wiring

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/platform/desktop/instance"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/desktop/power"
	"elkjopcloud/platform/desktop/trashcan"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
	"elkjopcloud/sync/engine"
)

// Options of Open. The zero value works.
type Options struct {
	Log     *slog.Logger        // nil: nothing is logged
	Journal string              // the file that Log writes to; "" is none
	Now     func() time.Time    // nil: time.Now
	Getenv  func(string) string // nil: os.Getenv
	Program string              // what another start of the program is told; "" is "elkjop"
	// Keychain keeps secrets; nil: the system's.
	Keychain keychain.Keychain
	// Trash moves a file to the recycle bin; nil: the system's.
	Trash func(ctx context.Context, path string) error
	// Power tells of battery, metered networks and sleep; nil: the system does.
	Power app.Power
	// Desktop says that this home is the computer's own one, so that its Synced folder may be in the sidebar of the user's file manager. Icon
	// is what Windows shows there, a file and a number; "" is a folder.
	Desktop bool
	Icon    string
	// Asked is called, one at a time, when the program is started again: this one is to show its window and, when link is not empty, to ask its
	// user about that link, which urlscheme.Parse accepts. It must not wait. nil: this program has no window.
	Asked func(link string)
	// Wrap decorates every store that is opened, next to the store itself; nil: nothing. For counting and for faults.
	Wrap func(objstore.Bucket) objstore.Bucket
	// How long an S3 server may be silent, how often a request is tried again, and how often the pairs look.
	Timeouts s3store.Timeouts
	Retry    objstore.RetryOptions
	Pace     engine.Pace
}

// Open returns the client of a home directory, which is made when it is missing. It works when nothing is set up yet. When another
// process has the home open the error is a *app.Problem of CodeAnotherInstance. The caller closes the client.
func Open(ctx context.Context, home string, o Options) (*app.Client, error) {
	o = o.defaults()
	home, err := makeHome(home)
	if err != nil {
		return nil, app.Unwritten(err, home)
	}
	lock, err := instance.Acquire(home, o.Program)
	if errors.Is(err, instance.ErrHeld) {
		return nil, app.NewProblem(app.CodeAnotherInstance, home, err)
	}
	if err != nil {
		return nil, app.Unwritten(fmt.Errorf("take the home folder: %w", err), home)
	}
	options := app.Options{Home: home, Parts: newParts(home, o), Log: o.Log, Journal: o.Journal, Now: o.Now, System: system, Power: o.Power, Pace: o.Pace, Closed: lock.Release}
	if o.Asked != nil {
		options.Closed = answer(lock, o)
	}
	if o.Desktop {
		options.Desktop = desktop(brand.Default(), o.Icon, o.Asked != nil)
	}
	c, err := app.New(ctx, options)
	if err != nil {
		return nil, errors.Join(err, options.Closed())
	}
	return c, nil
}

// answer lets later starts of the program ask this one until the function that it returns is called, which also gives the home back.
func answer(lock *instance.Lock, o Options) (leave func() error) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := lock.Serve(ctx, func(r instance.Request) { o.Asked(r.Link) }); err != nil {
			o.Log.Warn("a later start cannot ask this one", "error", err)
		}
	}()
	return func() error {
		stop()
		<-ended
		return lock.Release()
	}
}

func (o Options) defaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Program == "" {
		o.Program = "elkjop"
	}
	if o.Keychain == nil {
		o.Keychain = keychain.System()
	}
	if o.Power == nil {
		o.Power = &power.System{}
	}
	if o.Trash == nil {
		o.Trash = trashcan.Move
	}
	return o
}

// makeHome makes the home directory, readable by this user alone, and follows the links on the way, so that it has one name.
func makeHome(home string) (string, error) {
	abs, err := filepath.Abs(home)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return abs, fmt.Errorf("make the home folder: %w", err)
	}
	return filepath.EvalSymlinks(abs)
}

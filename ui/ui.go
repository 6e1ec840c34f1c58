// Package ui is the window: the list of pages at the left, the page at the right, one line that says how everything is.
//
// What the client does reaches the window on one way: the bridge takes a snapshot and hands it to the page that is shown. What somebody
// does reaches the client as jobs, which run beside the window.
//
// Reading order: ui.go (Run), bridge.go (the client's news), window.go (the frame), desk.go (what pages work with), pace.go (how fast), notice.go
// (notifications), call.go (later starts and links), tray.go and drowse.go (without the window).
package ui

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/activity"
	"elkjopcloud/ui/archives"
	"elkjopcloud/ui/backups"
	"elkjopcloud/ui/home"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/synced"
	"elkjopcloud/ui/trash"
	"elkjopcloud/ui/welcome"
)

// Client is what the window shows and asks: *app.Client is one.
type Client interface {
	home.Source
	backups.Source
	synced.Source
	archives.Source
	trash.Source
	activity.Source
	settings.Source
	welcome.Source

	Run(ctx context.Context) error
	Status() app.Status
	Changed() <-chan struct{}
	Storage() app.StorageInfo
	Device(ctx context.Context) (app.DeviceInfo, error)
	CountConflicts() int
	Once(ctx context.Context, progress func(app.Progress)) error
	Answer(ctx context.Context, pair, answer string) error
}

// Options of Run.
type Options struct {
	App      fyne.App
	Client   Client
	Brand    brand.Brand
	Version  string
	UserHome string // the user's own folder
	// ChooseFolder and ChooseFile let somebody choose, in the system's own way; "" when nobody chose. They may take their time. nil: Fyne's.
	ChooseFolder, ChooseFile func(ctx context.Context) (string, error)
	// Reveal shows a file or folder in the system's file manager.
	Reveal func(ctx context.Context, path string) error
	// Tell shows a notification; of one kind there are few. It must not wait. nil: there are none.
	Tell func(kind, title, text string)
	// Tray tells whether the desktop shows icons of programs without a window now. nil: the window has no such icon.
	Tray func(ctx context.Context) bool
	// SignIn lets the system start the program when its user signs in. nil: it is not offered.
	SignIn settings.SignIn
	// Asked hears what later starts of the program want of this one, and what this one was started for. nil: nothing.
	Asked <-chan Call
	// Hidden begins without the window; the tray, and whoever starts the program again, shows it.
	Hidden bool
	// Focused hears, in the window, what has the keyboard now, twenty times a second. nil: nobody asks.
	Focused func(Focus)
	// Stuck ends the program in place of whoever called Run, which does not return though all is over; it gets what Run would have returned. nil: Run is waited for.
	Stuck func(error)
}

// Call is what a start of the program wants: that the window comes to the front, and perhaps more.
type Call struct {
	Invited bool // a link invites to a shared folder
}

// UI is the window and what goes on behind it.
type UI struct {
	o      Options
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	bridge *bridge
	window *window
	failed error         // why the client does not work; to be read when the work is over
	quits  chan struct{} // the program is to end
	left   chan struct{} // there is no window any more
	called chan struct{} // somebody wants it back
	beside func(func())  // starts a job; tests do it on the spot
}

// New makes the window; Run shows it. It must be called on the goroutine that calls Run.
func New(ctx context.Context, o Options) *UI {
	u := &UI{o: o, quits: make(chan struct{}, 1), left: make(chan struct{}, 1), called: make(chan struct{}, 1)}
	u.ctx, u.cancel = context.WithCancel(ctx)
	u.bridge, u.beside = newBridge(o.Client), u.work.Go
	u.window = newWindow(u)
	return u
}

// hear does what later starts of the program want, until the program ends.
func (u *UI) hear() {
	for {
		select {
		case <-u.ctx.Done():
			return
		case c := <-u.o.Asked:
			signal(u.called)
			u.bridge.later(func() { u.window.answerCall(c) })
		}
	}
}

// Run lets the client work and shows the window until somebody closes it or ctx ends. It returns what kept the client from working.
func (u *UI) Run() error {
	u.work.Go(func() { u.failed = u.o.Client.Run(u.ctx) })
	u.work.Go(func() { u.bridge.run(u.ctx) })
	if u.o.Asked != nil {
		u.work.Go(u.hear)
	}
	if u.o.Focused != nil {
		u.work.Go(u.watchFocus)
	}
	go u.drowse()
	stop := context.AfterFunc(u.ctx, func() { u.bridge.later(u.o.App.Quit) })
	returned := make(chan struct{})
	if u.o.Stuck != nil {
		go u.outlive(returned) // it is not waited for: it may be what ends the program
	}
	if u.o.Hidden && u.o.Client.Storage().Kind != "" {
		u.window.away = true
		u.bridge.appear(false)
		signal(u.left)
		u.o.App.Run()
	} else {
		u.window.win.ShowAndRun()
	}
	close(returned)
	stop()
	return u.finish()
}

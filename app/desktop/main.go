// Program elkjop-cloud is the client as a window.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	elkjopcloud "elkjopcloud"
	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/app/control"
	"elkjopcloud/app/wiring"
	"elkjopcloud/platform/desktop/chooser"
	"elkjopcloud/platform/desktop/interrupt"
	"elkjopcloud/platform/desktop/notify"
	"elkjopcloud/platform/desktop/opener"
	"elkjopcloud/platform/desktop/tray"
	"elkjopcloud/ui"
	"elkjopcloud/ui/settings"
)

func main() { os.Exit(run()) }

// run returns the exit code.
func run() int {
	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	b := brand.Default()
	begin, wrong := begun(os.Args[1:])
	if errors.Is(wrong, errUse) {
		fmt.Fprintln(os.Stderr, wrong)
		return 2
	}
	if wrong != nil {
		return ui.Refuse(ctx, newApp(b), b, unread(wrong), os.Exit)
	}
	home, own := folder()
	log, end := journal(home)
	defer end()
	asked := make(calls, 8)
	client, err := wiring.Open(ctx, home, wiring.Options{Log: log, Journal: filepath.Join(home, logName), Program: b.Name, Desktop: own, Asked: asked.add})
	if err != nil && another(err) && (begin.hidden || handOver(ctx, home, begin, log) == nil) {
		return 0
	}
	a := newApp(b)
	if err != nil {
		return ui.Refuse(ctx, a, b, err, os.Exit)
	}
	if begin.link != "" {
		asked.add(begin.link)
	}
	user, _ := os.UserHomeDir() // without one, the places that are proposed are relative, and can be changed
	notices := newNotices(b.Name, log)
	go func() { _ = notices.Run(ctx) }() // it ends with ctx
	choose := chooser.Chooser{Title: b.Name}
	var server *control.Server
	finish := once(func(err error) int {
		err = errors.Join(err, client.Close())
		if server != nil {
			_ = server.Close()
		}
		return code(log, err)
	})
	window := ui.New(ctx, ui.Options{
		App: a, Client: client, Brand: b, Version: version(), UserHome: user, ChooseFolder: choose.Folder, ChooseFile: choose.File,
		Reveal: reveal, Focused: focused(log),
		Tell: func(kind, title, text string) { notices.Tell(notify.Message{Kind: kind, Title: title, Text: text}) },
		Tray: trayOf(ctx), SignIn: signIn(own), Hidden: begin.hidden, Asked: asked, Stuck: stuck(log, finish),
	})
	if l, err := control.Listen(home); err == nil {
		server = control.Serve(ctx, l, control.Local{App: client}, log)
	}
	return finish(window.Run())
}

// stuck returns what ends the program when the window's loop does not return.
func stuck(log *slog.Logger, finish func(error) int) func(error) {
	return func(err error) {
		log.Warn("the window's loop does not return")
		os.Exit(finish(err))
	}
}

// once lets what ends the program be done by whoever comes first; others wait for that.
func once(end func(error) int) func(error) int {
	var first sync.Once
	var code int
	return func(err error) int {
		first.Do(func() { code = end(err) })
		return code
	}
}

// newApp returns what draws the windows.
func newApp(b brand.Brand) fyne.App {
	fyneapp.SetMetadata(fyne.AppMetadata{ID: b.ID, Name: b.Name, Version: version(), Icon: fyne.NewStaticResource("Icon.png", elkjopcloud.Icon), Migrations: map[string]bool{"fyneDo": true}})
	return fyneapp.NewWithID(b.ID)
}

// trayOf returns what tells whether the tray is shown; nil in a session without a bus, where there never is one.
func trayOf(ctx context.Context) func(context.Context) bool {
	if !tray.Possible(ctx) {
		return nil
	}
	return tray.Shown
}

// signIn lets the system start this program; nil for homes that play another computer.
func signIn(own bool) settings.SignIn {
	start, err := wiring.AtSignIn("--hidden")
	if !own || err != nil {
		return nil
	}
	return start
}

// newNotices shows notifications. Of several that come together the last says how many things there are.
func newNotices(program string, log *slog.Logger) *notify.Notifier {
	last := func(all []notify.Message) notify.Message { return all[len(all)-1] }
	failed := func(err error) { log.Warn("a notification was not shown", "error", err) }
	return notify.New(notify.System(program), last, notify.Options{Failed: failed})
}

// reveal shows a file in its folder, and a folder itself.
func reveal(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return opener.Open(ctx, path)
	}
	return opener.Reveal(ctx, path)
}

func another(err error) bool {
	var p *app.Problem
	return errors.As(err, &p) && p.Code == app.CodeAnotherInstance
}

func code(log *slog.Logger, err error) int {
	if err != nil {
		log.Error("the window ended", "error", err)
		return 1
	}
	return 0
}

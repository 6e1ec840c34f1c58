package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"elkjopcloud/app/brand"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// refused is the exit code of a program that could not start.
const refused = 1

// Refuse shows why the client cannot start, until the window is closed or ctx ends, and returns the program's exit code. stuck ends the program, with a code, where
// Refuse does not return though all is over.
func Refuse(ctx context.Context, a fyne.App, b brand.Brand, err error, stuck func(code int)) int {
	w, told := refuse(a, b, err)
	stop := context.AfterFunc(ctx, func() { newBridge(nil).later(a.Quit) })
	defer stop()
	returned := make(chan struct{})
	go outlast(ctx, told, returned, func() { stuck(refused) }) // it is not waited for: it may be what ends the program
	w.ShowAndRun()
	close(returned)
	return refused
}

// refuse makes the window, and what is told when it is closed.
func refuse(a fyne.App, b brand.Brand, err error) (w fyne.Window, told <-chan struct{}) {
	look := loadLook(a.Preferences())
	a.Settings().SetTheme(theme.New(look.Mode, look.Scale))
	tag := look.Language
	if tag == "" {
		tag = text.Match(lang.SystemLocale().LanguageString())
	}
	closed := make(chan struct{}, 1)
	w = a.NewWindow(b.Name)
	w.SetOnClosed(func() { signal(closed) })
	w.SetContent(refusal(text.For(tag), err, w.Close))
	w.Resize(fyne.NewSize(620, 420))
	w.CenterOnScreen()
	return w, closed
}

func refusal(w *text.Words, err error, quit func()) fyne.CanvasObject {
	what, then := page.Words(w, err)
	button := widgets.NewButton(w.T("quit"), "", widgets.Primary, quit)
	return container.NewStack(widgets.Inset(20, 20, 24, 24, widgets.Poster(theme.PictureStuck, what, then, button)))
}

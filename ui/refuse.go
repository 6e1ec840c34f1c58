package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"elkjopcloud/app/brand"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Refuse shows why the client cannot start, until the window is closed, and returns the program's exit code.
func Refuse(a fyne.App, b brand.Brand, err error) int {
	look := loadLook(a.Preferences())
	a.Settings().SetTheme(theme.New(look.Mode, look.Scale))
	tag := look.Language
	if tag == "" {
		tag = text.Match(lang.SystemLocale().LanguageString())
	}
	w := a.NewWindow(b.Name)
	w.SetContent(refusal(text.For(tag), err, w.Close))
	w.Resize(fyne.NewSize(620, 420))
	w.CenterOnScreen()
	w.ShowAndRun()
	return 1
}

func refusal(w *text.Words, err error, quit func()) fyne.CanvasObject {
	what, then := page.Words(w, err)
	button := widgets.NewButton(w.T("quit"), "", widgets.Primary, quit)
	return container.NewStack(widgets.Inset(20, 20, 24, 24, widgets.Empty(theme.PictureSearch, what, then, button)))
}

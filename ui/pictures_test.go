package ui

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestPictures draws every page, in both sizes, light and dark, in English and Finnish, into the folder that ELKJOP_PICTURES names. It is for
// people to look at; nothing is compared.
func TestPictures(t *testing.T) {
	dir := os.Getenv("ELKJOP_PICTURES")
	if dir == "" {
		t.Skip("ELKJOP_PICTURES names no folder to draw into")
	}
	for _, look := range []struct {
		name string
		look settings.Look
		size fyne.Size
	}{
		{"light-1100", settings.Look{Language: "en", Mode: theme.Light, Scale: 1}, fyne.NewSize(1100, 720)},
		{"dark-1100", settings.Look{Language: "en", Mode: theme.Dark, Scale: 1}, fyne.NewSize(1100, 720)},
		{"light-820", settings.Look{Language: "fi", Mode: theme.Light, Scale: 1}, fyne.NewSize(820, 560)},
		{"dark-820-large", settings.Look{Language: "nb", Mode: theme.Dark, Scale: 1.35}, fyne.NewSize(820, 560)},
	} {
		draw := func(name string, w *window) {
			w.win.Resize(look.size)
			settle(w, look.size)
			save(t, filepath.Join(dir, look.name, name+".png"), w)
		}
		c := uitest.Lived()
		u := opened(t, c)
		u.window.changeLook(look.look)
		u.window.show(u.bridge.snapshot(t.Context()))
		for _, place := range places() {
			u.window.goTo(place)
			draw(place, u.window)
		}
		down := find(t, u.window, func(s *container.Scroll) bool { return s.Size().Height > 300 }) // the settings are longer than the window
		for i := range 5 {
			down.ScrollToOffset(fyne.NewPos(0, float32(i+1)*(look.size.Height-160)))
			draw(fmt.Sprint(placeSettings, i+2), u.window)
		}
		c.At.Kind, c.Net = "s3", app.Network{Proxy: "http://proxy.example.com:3128", User: "kari"}
		u.window.show(u.bridge.snapshot(t.Context()))
		settle(u.window, look.size)
		down.ScrollToOffset(fyne.NewPos(0, down.Content.MinSize().Height-look.size.Height-240))
		draw(placeSettings+"-network", u.window)
		c.At.Kind = "folder"
		u.window.show(u.bridge.snapshot(t.Context()))
		u.window.answer()
		draw("guard", u.window)
		for _, x := range []struct {
			name, place string
			choose      bool
			press       string
		}{
			{"backup-folder", placeBackup, true, ""}, {"backup-others", placeBackup, false, "backup.others"}, {"synced-keep", placeSynced, true, ""}, {"synced-folders", placeSynced, false, "synced.folders"}, {"archive-delete", placeArchive, true, "archive.delete"},
			{"archive-grid", placeArchive, false, "archive.grid"}, {"trash-delete", placeTrash, true, "trash.delete"}, {"trash-empty", placeTrash, false, "trash.empty-it"}, {"activity-history", placeActivity, false, "activity.history"},
		} {
			clearOverlays(u.window)
			u.window.goTo(x.place)
			if x.choose {
				find(t, u.window, func(r *widgets.Rows) bool { return true }).OnOpen(map[bool]int{true: 3}[x.place == placeArchive])
			}
			if x.press != "" {
				press(t, u.window, x.press)
			}
			draw(x.name, u.window)
			if x.press == "synced.folders" {
				rows := find(t, u.window, func(r *widgets.Rows) bool { return true })
				rows.OnOpen(2)
				rows.OnOpen(0)
				rows.OnCheck(4)
				draw(x.name+"-open", u.window)
				press(t, u.window, "synced.folders.save")
				draw(x.name+"-ask", u.window)
			}
		}
		clearOverlays(u.window)
		u.window.close()
		draw("quit", u.window)
		clearOverlays(u.window)
		u.window.answerCall(Call{Invited: true})
		draw("invited", u.window)
		u = opened(t, uitest.NewClient())
		u.window.changeLook(look.look)
		draw("welcome", u.window)
		press(t, u.window, "welcome.own")
		draw("welcome-own", u.window)
		press(t, u.window, "back")
		press(t, u.window, "welcome.try")
		draw("welcome-try", u.window)
		for _, name := range []string{"welcome-computer", "welcome-folders", "welcome-synced"} {
			press(t, u.window, "continue")
			draw(name, u.window)
		}
		u = opened(t, uitest.Joining())
		u.window.changeLook(look.look)
		press(t, u.window, "welcome.try")
		for range 3 {
			press(t, u.window, "continue")
		}
		draw("welcome-joining", u.window)
		press(t, u.window, "synced.folders")
		rows := find(t, u.window, func(r *widgets.Rows) bool { return true })
		rows.OnOpen(0)
		rows.OnCheck(1)
		draw("welcome-joining-folders", u.window)
		press(t, u.window, "synced.folders.save")
		draw("welcome-joining-chosen", u.window)
	}
}

func clearOverlays(w *window) {
	for o := w.win.Canvas().Overlays(); o.Top() != nil; {
		o.Remove(o.Top())
	}
}

// press presses what bears the words of a key, or the short ones of it where there is little room.
func press(t *testing.T, w *window, key string) {
	t.Helper()
	word, short := w.desk.Words.T(key), w.desk.Words.T(key+".short")
	find(t, w, func(b interface {
		fyne.Tappable
		Text() string
	}) bool {
		return b.Text() == word || b.Text() == short
	}).Tapped(nil)
}

// find returns the last visible thing of a kind that is wanted: what lies on top.
func find[T any](t *testing.T, w *window, wanted func(T) bool) (found T) {
	t.Helper()
	var some bool
	each(w, func(x T) {
		if wanted(x) {
			found, some = x, true
		}
	})
	if !some {
		t.Fatalf("there is no %T that is wanted", *new(T))
	}
	return found
}

// each goes through the visible things of a kind.
func each[T any](w *window, f func(T)) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		if x, ok := o.(T); ok {
			f(x)
		}
		switch x := o.(type) {
		case *fyne.Container:
			for _, k := range x.Objects {
				walk(k)
			}
		case fyne.Widget:
			for _, k := range test.WidgetRenderer(x).Objects() {
				walk(k)
			}
		}
	}
	walk(w.win.Content())
	if o := w.win.Canvas().Overlays().Top(); o != nil {
		walk(o)
	}
}

// opened is a window on a client.
func opened(t *testing.T, c *uitest.Client) *UI {
	t.Helper()
	a := &trayApp{App: test.NewTempApp(t)}
	u := New(t.Context(), Options{App: a, Client: c, Brand: brand.Default(), Version: "1", UserHome: "/home/kari", Tray: func(context.Context) bool { return false }, SignIn: &signIn{"on"}})
	u.bridge.now, u.beside = uitest.Now, func(f func()) { f() }
	t.Cleanup(u.cancel)
	return u
}

// settle lays the window out until nothing moves: the height of text depends on its width.
func settle(w *window, size fyne.Size) {
	for range 3 {
		w.win.Resize(size.AddWidthHeight(0, 1))
		w.win.Resize(size)
	}
}

func save(t *testing.T, path string, w *window) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, w.win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

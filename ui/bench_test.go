package ui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/backups"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

const many = 100_000

// full is a client with very much of everything.
func full() *uitest.Client {
	c := uitest.Lived()
	now := uitest.Now()
	c.InTrash, c.Events, c.Items, c.Is.Problems = nil, nil, nil, nil
	for i := range many {
		at := now.Add(-time.Duration(i) * time.Minute)
		path := fmt.Sprintf("Kari's laptop/Pictures/Ferie %d/IMG_%06d.jpg", 2026-i%20, i)
		c.InTrash = append(c.InTrash, app.TrashItem{ID: fmt.Sprint(i), Area: []string{"backup", "synced", "archive"}[i%3], Path: path, Size: int64(i), DeletedAt: at, ExpiresAt: at.AddDate(0, 0, 30)})
		c.Events = append(c.Events, app.ActivityItem{Time: at, Kind: "uploaded", Pair: "Pictures", Path: path, Bytes: int64(i)})
		c.Items = append(c.Items, app.Item{Path: path, Size: int64(i), Modified: at})
	}
	return c
}

func benchmarked(b *testing.B, place string) *window {
	b.Helper()
	return benchmarkedOn(b, full(), place)
}

func benchmarkedOn(b *testing.B, c *uitest.Client, place string) *window {
	b.Helper()
	u := New(b.Context(), Options{App: test.NewTempApp(b), Client: c, Brand: brand.Default(), Version: "1", UserHome: "/home/kari"})
	u.bridge.now, u.beside = uitest.Now, func(f func()) { f() }
	b.Cleanup(u.cancel)
	u.window.win.Resize(fyne.NewSize(1100, 720))
	u.window.show(u.bridge.snapshot(b.Context()))
	u.window.goTo(place)
	return u.window
}

// seen finds something of a kind in the window.
func seen[T any](b *testing.B, w *window) (found T) {
	b.Helper()
	ok := false
	uitest.Walk(w.win.Content(), func(o fyne.CanvasObject) {
		if x, is := o.(T); is && !ok {
			found, ok = x, true
		}
	})
	if !ok {
		b.Fatalf("there is no %T", found)
	}
	return found
}

// BenchmarkPageShow is what one picture of the client costs a page that holds 100 000 things; there are at most four a second.
func BenchmarkPageShow(b *testing.B) {
	for _, place := range []string{placeHome, placeArchive, placeTrash, placeActivity} {
		b.Run(place, func(b *testing.B) {
			w := benchmarked(b, place)
			s := w.u.bridge.snapshot(b.Context())
			for b.Loop() {
				w.show(s)
			}
		})
	}
}

// BenchmarkPageJump goes to the other end of 100 000 things.
func BenchmarkPageJump(b *testing.B) {
	for _, place := range []string{placeArchive, placeTrash} {
		b.Run(place, func(b *testing.B) {
			r := seen[*widgets.Rows](b, benchmarked(b, place))
			for i := 0; b.Loop(); i++ {
				r.TypedKey(&fyne.KeyEvent{Name: []fyne.KeyName{fyne.KeyEnd, fyne.KeyHome}[i%2]})
			}
		})
	}
}

// BenchmarkBackupFiles goes into a folder of a backup that holds 100 000 files, and to its other end, with what is done beside the window.
func BenchmarkBackupFiles(b *testing.B) {
	c := full()
	c.Copies = map[string][]app.Item{"": c.Items}
	w := benchmarkedOn(b, c, placeBackup)
	seen[*widgets.Rows](b, w).OnOpen(0)
	r := seen[*widgets.Rows](b, w)
	page := w.pages[placeBackup].(*backups.Page)
	for name, do := range map[string]func(i int){
		"open": func(int) { page.Opened(); seen[*widgets.Rows](b, w).OnOpen(0) },
		"show": func(int) { w.show(w.u.bridge.snapshot(b.Context())) },
		"jump": func(i int) { r.TypedKey(&fyne.KeyEvent{Name: []fyne.KeyName{fyne.KeyEnd, fyne.KeyHome}[i%2]}) },
	} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				do(i)
			}
		})
	}
}

// BenchmarkPageSearch types one letter into the search of 100 000 things.
func BenchmarkPageSearch(b *testing.B) {
	w := benchmarked(b, placeTrash)
	e := seen[*widget.Entry](b, w)
	for i := 0; b.Loop(); i++ {
		e.SetText([]string{"img_01", "img_012"}[i%2])
	}
}

// BenchmarkPageOpen goes to a page and loads its 100 000 things.
func BenchmarkPageOpen(b *testing.B) {
	for _, place := range []string{placeArchive, placeTrash} {
		b.Run(place, func(b *testing.B) {
			w := benchmarked(b, place)
			for b.Loop() {
				w.goTo(place)
			}
		})
	}
}

// BenchmarkTrashEvent unfolds and folds 100 000 files that were deleted at once, and chooses all of them, and none.
func BenchmarkTrashEvent(b *testing.B) {
	c := full()
	for i := range c.InTrash {
		c.InTrash[i].Area, c.InTrash[i].DeletedAt, c.InTrash[i].Whole = "backup", uitest.Now(), "w"
	}
	w := benchmarkedOn(b, c, placeTrash)
	r := seen[*widgets.Rows](b, w)
	for name, do := range map[string]func(i int){"fold": func(i int) { r.OnFold(0, i%2 == 0) }, "choose": func(int) { r.OnCheck(0) }} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				do(i)
			}
		})
	}
}

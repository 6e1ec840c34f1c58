package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/ui/theme"
)

// many is how many rows a list must be at ease with.
const many = 100_000

func benchmarked(b *testing.B, o fyne.CanvasObject) fyne.Window {
	b.Helper()
	a := test.NewTempApp(b)
	a.Settings().SetTheme(theme.New(theme.Light, 1))
	win := a.NewWindow("")
	win.SetContent(o)
	win.Resize(fyne.NewSize(900, 700))
	return win
}

func benchRows(b *testing.B) *Rows {
	r := NewRows(true, func(i int) Row {
		return Row{Icon: theme.File, Tone: Idle, Title: fmt.Sprintf("IMG_%06d.jpg", i), Caption: "Backup · Kari's laptop/Pictures/Ferie 2026 · today 14:03", Side: "2.1 MB", Under: "30 days left"}
	})
	r.SetCount(many)
	benchmarked(b, r)
	return r
}

func benchTiles(b *testing.B) *Tiles {
	x := NewTiles(func(i int) Shot {
		return Shot{Icon: theme.Photo, Tone: Idle, Title: fmt.Sprintf("IMG_%06d.jpg", i), Caption: "today 14:03"}
	})
	x.SetCount(many)
	benchmarked(b, x)
	return x
}

// BenchmarkRowsJump goes from one end of 100 000 rows to the middle and to the other end: every row that is seen is another one.
func BenchmarkRowsJump(b *testing.B) {
	r := benchRows(b)
	for i := 0; b.Loop(); i++ {
		r.to([]int{0, many / 2, many - 1}[i%3])
	}
}

// BenchmarkRowsRefresh shows the same rows anew, as a page does at every moment that it is given.
func BenchmarkRowsRefresh(b *testing.B) {
	r := benchRows(b)
	for b.Loop() {
		r.SetCount(many)
	}
}

// BenchmarkTilesJump is BenchmarkRowsJump for small pictures.
func BenchmarkTilesJump(b *testing.B) {
	x := benchTiles(b)
	for i := 0; b.Loop(); i++ {
		x.to([]int{0, many / 2, many - 1}[i%3])
	}
}

// BenchmarkTilesRefresh is BenchmarkRowsRefresh for small pictures.
func BenchmarkTilesRefresh(b *testing.B) {
	x := benchTiles(b)
	for b.Loop() {
		x.SetCount(many)
	}
}

package widgets

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/ui/theme"
)

// TestWidths: the parts fill the bar, in their proportions, and the least of them is seen.
func TestWidths(t *testing.T) {
	for _, tt := range []struct {
		parts []float64
		width float32
	}{{[]float64{1}, 100}, {[]float64{1, 1}, 100}, {[]float64{1e12, 1, 1e9}, 300}, {[]float64{1, 2, 3, 4}, 800}, {[]float64{1, 2, 3}, 5}} {
		var parts []Share
		for _, p := range tt.parts {
			parts = append(parts, Share{Part: p})
		}
		got, sum := widths(parts, tt.width), float32(0)
		for i, w := range got {
			sum += w
			if w < shareLeast || i > 0 && (w < got[i-1]) != (tt.parts[i] < tt.parts[i-1]) && math.Abs(float64(w-got[i-1])) > 0.01 {
				t.Errorf("%v are %v wide", tt.parts, got)
			}
		}
		if sum += float32(len(got)-1) * shareGap; tt.width > 40 && math.Abs(float64(sum-tt.width)) > 0.1 {
			t.Errorf("%v take %v of %v", tt.parts, sum, tt.width)
		}
	}
	if got := widths(nil, 100); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestShares: what is nothing is left out, and the same anew changes nothing.
func TestShares(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Dark, 1))
	s := NewShares()
	w := a.NewWindow("")
	w.SetContent(s.Container)
	w.Resize(fyne.NewSize(500, 100))
	all := []Share{{Icon: theme.Backup, Colour: theme.Accent, Word: "Backup", Text: "3 GB", Part: 3}, {Word: "Synced", Text: "0 B"}, {Icon: theme.Trash, Colour: theme.Muted, Word: "Trash", Text: "1 GB", Part: 1}}
	s.Set(all...)
	r := test.WidgetRenderer(s.bar)
	if len(s.legend.Objects) != 2 || len(r.Objects()) != 2 {
		t.Fatalf("%d of 2 parts, %d in the bar", len(s.legend.Objects), len(r.Objects()))
	}
	first := s.legend.Objects[0]
	s.Set(all...)
	if s.legend.Objects[0] != first {
		t.Error("the same was made anew")
	}
	s.Set()
	if len(s.legend.Objects) != 0 || len(r.Objects()) != 0 {
		t.Error("nothing is something")
	}
}

package theme

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
)

// pairs are what is read on what.
func pairs() [][2]fyne.ThemeColorName {
	background := fynetheme.ColorNameBackground
	return [][2]fyne.ThemeColorName{
		{Text, background}, {Text, Surface}, {Text, Raised}, {Text, Side}, {Text, AccentSoft}, {Text, WarningSoft}, {Text, DangerSoft}, {Text, Quiet},
		{Muted, background}, {Muted, Surface}, {Muted, Side}, {Muted, Quiet},
		{Accent, background}, {Accent, Surface}, {Accent, AccentSoft}, {Accent, Side}, {OnAccent, Accent},
		{Warning, background}, {Warning, Surface}, {Warning, WarningSoft}, {Warning, Side},
		{Second, Surface}, {Third, Surface},
		{Danger, background}, {Danger, Surface}, {Danger, DangerSoft}, {OnDanger, Danger},
		{fynetheme.ColorNameForeground, fynetheme.ColorNameButton}, {fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameInputBackground},
	}
}

func TestContrast(t *testing.T) {
	for _, mode := range []Mode{Light, Dark} {
		th := New(mode, 1)
		for _, p := range pairs() {
			if got := contrast(th.Color(p[0], 0), th.Color(p[1], 0)); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, 4.5 is needed", mode, p[0], p[1], got)
			}
		}
	}
}

// contrast is WCAG's.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n.R) + 0.7152*linear(n.G) + 0.0722*linear(n.B)
}

func TestModes(t *testing.T) {
	background := fynetheme.ColorNameBackground
	for _, tt := range []struct {
		mode   Mode
		system fyne.ThemeVariant
		dark   bool
	}{
		{System, fynetheme.VariantDark, true}, {System, fynetheme.VariantLight, false},
		{Light, fynetheme.VariantDark, false}, {Dark, fynetheme.VariantLight, true},
	} {
		dark := luminance(New(tt.mode, 1).Color(background, tt.system)) < 0.2
		if dark != tt.dark {
			t.Errorf("%s where the system prefers %d: dark is %t", tt.mode, tt.system, dark)
		}
	}
	if got := New(Light, 1.5).Size(Body); got != 19.5 {
		t.Errorf("large text is %v", got)
	}
}

func TestEveryColourThatFyneAsksFor(t *testing.T) {
	test.NewTempApp(t)
	test.AssertAllColorNamesDefined(t, New(Light, 1), "ours")
}

// TestDrawings draws every file, in a colour that must then be in it.
func TestDrawings(t *testing.T) {
	test.NewTempApp(t)
	names, err := Drawings()
	if err != nil || len(names) < 40 {
		t.Fatalf("%d drawings, %v", len(names), err)
	}
	red := color.NRGBA{R: 255, A: 255}
	for _, name := range names {
		base := strings.TrimSuffix(name[strings.Index(name, "/")+1:], ".svg")
		res, size := Icon(base).In(red), float32(24)
		if strings.HasPrefix(name, "pictures/") {
			res, size = Picture(base).With(func(fyne.ThemeColorName) color.Color { return red }), 160
		}
		if bytes.Contains(res.Content(), []byte("@")) || bytes.Contains(res.Content(), []byte("currentColor")) {
			t.Errorf("%s: a colour was not filled in", name)
		}
		if !drawn(t, res, size) {
			t.Errorf("%s: nothing is drawn", name)
		}
	}
}

func drawn(t *testing.T, res fyne.Resource, size float32) bool {
	t.Helper()
	img := canvas.NewImageFromResource(res)
	img.SetMinSize(fyne.NewSquareSize(size))
	c := software.NewCanvas()
	c.SetContent(img)
	shot := c.Capture()
	var out bytes.Buffer
	if err := png.Encode(&out, shot); err != nil {
		t.Fatal(err)
	}
	red := 0
	for y := range shot.Bounds().Dy() {
		for x := range shot.Bounds().Dx() {
			if r, g, _, _ := shot.At(x, y).RGBA(); r > 0x8000 && g < 0x6000 {
				red++
			}
		}
	}
	return red > 6
}

// TestEveryIconHasAFile: a name without a file would be an empty place.
func TestEveryIconHasAFile(t *testing.T) {
	names, err := Drawings()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(names, " ")
	for _, i := range []Icon{
		Home, Backup, Synced, Archive, Trash, Activity, Settings, Check, Up, Down, Pause, Play, Alert, Offline, Clock, Eye, Unplug, Folder, File, Drive,
		Plus, More, Search, Close, Back, Forward, Unfold, Restore, Open, Computer, Cloud, Key, Globe, Info, Shield, Pencil, Refresh, Two, Box, Circle,
	} {
		if !strings.Contains(all, "icons/"+string(i)+".svg") {
			t.Errorf("there is no icon %s", i)
		}
	}
	for _, p := range []Picture{PictureWelcome, PictureBackup, PictureSynced, PictureArchive, PictureTrash, PictureQuiet, PictureSearch, PictureFlow, PictureStuck} {
		if !strings.Contains(all, "pictures/"+string(p)+".svg") {
			t.Errorf("there is no picture %s", p)
		}
	}
}

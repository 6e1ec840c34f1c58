// Package theme is how the window looks: its colours in light and dark, its sizes, its icons and drawn pictures. Contrast is kept by a test.
//
// Reading order: theme.go (what Fyne asks for), palette.go (the colours), icon.go (icons and pictures).
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Colours of our own, beside those of Fyne.
const (
	Surface     fyne.ThemeColorName = "surface"     // cards and lists
	Raised      fyne.ThemeColorName = "raised"      // menus, which lie over them
	Side        fyne.ThemeColorName = "side"        // behind the list on the left
	Line        fyne.ThemeColorName = "line"        // borders and separators
	Text        fyne.ThemeColorName = "text"        // what is read
	Muted       fyne.ThemeColorName = "muted"       // what explains
	Accent      fyne.ThemeColorName = "accent"      // what to press; what is well
	OnAccent    fyne.ThemeColorName = "onAccent"    // text on it
	AccentSoft  fyne.ThemeColorName = "accentSoft"  // behind text in Accent
	Warning     fyne.ThemeColorName = "warn"        // what needs somebody
	WarningSoft fyne.ThemeColorName = "warnSoft"    // behind text in Warning
	Danger      fyne.ThemeColorName = "danger"      // what takes things away
	DangerSoft  fyne.ThemeColorName = "dangerSoft"  // behind text in Danger
	OnDanger    fyne.ThemeColorName = "onDanger"    // text on Danger
	Second      fyne.ThemeColorName = "second"      // one of several things beside one in Accent
	Third       fyne.ThemeColorName = "third"       // another one
	Quiet       fyne.ThemeColorName = "quiet"       // behind Muted text: what is idle
	Shade       fyne.ThemeColorName = "shade"       // the shadow of a card
	Hover       fyne.ThemeColorName = "hoverColour" // behind what the pointer is on
)

// Sizes of our own.
const (
	Caption fyne.ThemeSizeName = fynetheme.SizeNameCaptionText
	Body    fyne.ThemeSizeName = fynetheme.SizeNameText
	Section fyne.ThemeSizeName = fynetheme.SizeNameSubHeadingText
	Title   fyne.ThemeSizeName = fynetheme.SizeNameHeadingText

	Radius     = 8  // of buttons and fields
	CardRadius = 12 // of cards
)

// Mode says which of the two looks is shown.
type Mode string

// The modes.
const (
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"
)

// Theme is the look of the window. It implements fyne.Theme.
type Theme struct {
	mode  Mode
	scale float32
}

// New returns the theme; scale enlarges all text, 1 is normal.
func New(mode Mode, scale float32) *Theme {
	if scale <= 0 {
		scale = 1
	}
	return &Theme{mode: mode, scale: scale}
}

// variant is what the mode makes of what the system prefers.
func (t *Theme) variant(v fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.mode {
	case Light:
		return fynetheme.VariantLight
	case Dark:
		return fynetheme.VariantDark
	}
	return v
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	v = t.variant(v)
	p := light()
	if v == fynetheme.VariantDark {
		p = dark()
	}
	if c, ok := p[name]; ok {
		return c
	}
	if own, ok := fyneColours()[name]; ok {
		return p[own]
	}
	return fynetheme.DefaultTheme().Color(name, v)
}

// Font implements fyne.Theme: Fyne's own fonts have all letters of our six languages.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return fynetheme.DefaultTheme().Font(s) }

// Icon implements fyne.Theme: those inside Fyne's own widgets.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return fynetheme.DefaultTheme().Icon(n) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case Caption:
		return 11 * t.scale
	case Body:
		return 13 * t.scale
	case Section:
		return 16 * t.scale
	case Title:
		return 22 * t.scale
	case fynetheme.SizeNamePadding:
		return 6
	case fynetheme.SizeNameInnerPadding:
		return 10
	case fynetheme.SizeNameInlineIcon:
		return 18 * t.scale // as high as the text beside it
	case fynetheme.SizeNameLineSpacing:
		return 4
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNameMenuRadius, fynetheme.SizeNamePopupRadius:
		return Radius
	case fynetheme.SizeNameCardRadius, fynetheme.SizeNameDialogRadius:
		return CardRadius
	case fynetheme.SizeNameModalBlurRadius:
		return 0 // behind a dialog everything stays legible
	}
	return fynetheme.DefaultTheme().Size(name)
}

// MutedNow is the colour of Muted as it is now, for drawings inside Fyne's own widgets.
func MutedNow() color.Color { return fynetheme.Color(Muted) }

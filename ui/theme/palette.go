package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

func light() palette {
	return palette{
		fynetheme.ColorNameBackground: rgb(0xF6F8F7), Surface: rgb(0xFFFFFF), Raised: rgb(0xFFFFFF), Side: rgb(0xECF1EE), Line: rgb(0xDCE4E0),
		Text: rgb(0x14211B), Muted: rgb(0x55635C),
		Accent: rgb(0x0A6E45), OnAccent: rgb(0xFFFFFF), AccentSoft: rgb(0xDDF2E6),
		Warning: rgb(0x8A5200), WarningSoft: rgb(0xFFF0D6),
		Danger: rgb(0xB3261E), DangerSoft: rgb(0xFCE7E5), OnDanger: rgb(0xFFFFFF),
		Second: rgb(0x1F66AD), Third: rgb(0x7A46B0),
		Quiet: rgb(0xE9EEEB), Shade: rgba(0x0E2018, 0x1C), Hover: rgba(0x0A6E45, 0x12),
	}
}

func dark() palette {
	return palette{
		fynetheme.ColorNameBackground: rgb(0x121815), Surface: rgb(0x1B2320), Raised: rgb(0x27312D), Side: rgb(0x161D1A), Line: rgb(0x2F3B36),
		Text: rgb(0xE9F0EC), Muted: rgb(0xA6B4AD),
		Accent: rgb(0x4BD397), OnAccent: rgb(0x06281A), AccentSoft: rgb(0x173A2B),
		Warning: rgb(0xF4BE62), WarningSoft: rgb(0x3B2D12),
		Danger: rgb(0xFF8E84), DangerSoft: rgb(0x42211E), OnDanger: rgb(0x3A0A06),
		Second: rgb(0x6DB3F5), Third: rgb(0xC29BF5),
		Quiet: rgb(0x27312D), Shade: rgba(0x000000, 0x50), Hover: rgba(0x4BD397, 0x18),
	}
}

// fyneColours says which of ours Fyne's own widgets take.
func fyneColours() map[fyne.ThemeColorName]fyne.ThemeColorName {
	return map[fyne.ThemeColorName]fyne.ThemeColorName{
		fynetheme.ColorNameForeground: Text, fynetheme.ColorNamePlaceHolder: Muted, fynetheme.ColorNameDisabled: Muted,
		fynetheme.ColorNamePrimary: Accent, fynetheme.ColorNameHyperlink: Accent, fynetheme.ColorNameForegroundOnPrimary: OnAccent,
		fynetheme.ColorNameFocus: AccentSoft, fynetheme.ColorNameSelection: AccentSoft, fynetheme.ColorNameHover: Hover, fynetheme.ColorNamePressed: Hover,
		fynetheme.ColorNameButton: Quiet, fynetheme.ColorNameDisabledButton: Quiet,
		fynetheme.ColorNameInputBackground: Surface, fynetheme.ColorNameInputBorder: Line, fynetheme.ColorNameSeparator: Line,
		fynetheme.ColorNameMenuBackground: Raised, fynetheme.ColorNameOverlayBackground: Surface, fynetheme.ColorNameHeaderBackground: Side,
		fynetheme.ColorNameSuccess: Accent, fynetheme.ColorNameForegroundOnSuccess: OnAccent,
		fynetheme.ColorNameWarning: Warning, fynetheme.ColorNameForegroundOnWarning: fynetheme.ColorNameBackground,
		fynetheme.ColorNameError: Danger, fynetheme.ColorNameForegroundOnError: OnDanger, fynetheme.ColorNameShadow: Shade,
	}
}

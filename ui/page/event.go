package page

import (
	"path/filepath"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Event shows one thing that happened.
func Event(w *text.Words, e app.ActivityItem, now time.Time) widgets.Row {
	what := e.Kind
	if key := "event." + e.Kind; w.Has(key) {
		what = w.T(key)
	}
	caption := what
	if e.Pair != "" {
		caption += " · " + e.Pair
	}
	if e.Device != "" {
		caption += " · " + e.Device
	}
	icon, tone := eventIcon(e.Kind)
	row := widgets.Row{Icon: icon, Tone: tone, Title: filepath.Base(e.Path), Caption: caption, Under: When(w, e.Time, now)}
	if e.Bytes > 0 {
		row.Side = w.Size(e.Bytes)
	}
	return row
}

func eventIcon(kind string) (theme.Icon, widgets.Tone) {
	switch kind {
	case "uploaded", "changed":
		return theme.Up, widgets.Good
	case "downloaded", "replaced":
		return theme.Down, widgets.Good
	case "moved", "renamed":
		return theme.Pencil, widgets.Idle
	case "deleted", "removed":
		return theme.Trash, widgets.Idle
	}
	return theme.Info, widgets.Warn
}

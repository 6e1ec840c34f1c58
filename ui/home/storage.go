package home

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// storage is the card of how much there is of each area, as far as this computer knows. It is not there while there is nothing.
type storage struct {
	desk   *page.Desk
	card   *fyne.Container
	room   *widgets.Line
	shares *widgets.Shares
}

func newStorage(desk *page.Desk) *storage {
	s := &storage{desk: desk, room: widgets.NewLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted}), shares: widgets.NewShares()}
	title := widgets.NewLine(desk.Words.T("home.storage"), widgets.Style{Size: theme.Section, Bold: true})
	s.card = widgets.Card(widgets.Column(10, container.NewBorder(nil, nil, nil, s.room, title), s.shares.Container))
	s.card.Hide()
	return s
}

func (s *storage) show(now page.Snapshot) {
	w := s.desk.Words
	of := map[string]int64{"archive": now.Status.Archived, "trash": now.Status.Trashed}
	for _, p := range now.Status.Pairs {
		of[p.Area] += p.Bytes
	}
	var all []widgets.Share
	none := true
	for _, a := range []struct {
		id     string
		icon   theme.Icon
		colour fyne.ThemeColorName
	}{{"backup", theme.Backup, theme.Accent}, {"synced", theme.Synced, theme.Second}, {"archive", theme.Archive, theme.Third}, {"trash", theme.Trash, theme.Muted}} {
		all = append(all, widgets.Share{Icon: a.icon, Colour: a.colour, Word: w.T("place." + a.id), Text: w.Size(of[a.id]), Part: float64(of[a.id])})
		none = none && of[a.id] == 0
	}
	s.shares.Set(all...)
	room := ""
	if now.Storage.Size > 0 {
		room = w.T("home.storage.free", "free", w.Size(now.Storage.Free))
	}
	s.room.Set(room)
	if s.card.Hidden != none {
		s.card.Hidden = none
		s.card.Refresh()
	}
}

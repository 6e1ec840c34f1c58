package home

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// most is how many problems and how many events the page shows.
const (
	mostProblems = 3
	mostEvents   = 5
)

// needs is the card of what needs somebody. It is there only while something does.
type needs struct {
	desk  *page.Desk
	card  *fyne.Container
	title *widgets.Line
	rows  []*widgets.RowView
	more  *widgets.Paragraph // how many are hidden
	all   *widgets.Button
}

func newNeeds(desk *page.Desk) *needs {
	n := &needs{desk: desk, title: widgets.NewLine(desk.Words.T("home.needs-you"), widgets.Style{Size: theme.Section, Bold: true})}
	n.all = widgets.NewButton(desk.Words.T("home.show-all"), "", widgets.Quiet, func() { desk.Go("activity") })
	parts := []fyne.CanvasObject{container.NewBorder(nil, nil, nil, n.all, n.title)}
	for range mostProblems {
		v := widgets.NewTallRow(true)
		n.rows = append(n.rows, v)
		parts = append(parts, v)
	}
	n.more = widgets.NewParagraph("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	parts = append(parts, n.more)
	n.card = widgets.Card(widgets.Column(2, parts...))
	n.card.Hide()
	return n
}

func (n *needs) show(s page.Snapshot) {
	groups, hidden := n.desk.Hidden.Among(s)
	for i, v := range n.rows {
		v.Hidden = i >= len(groups)
		if !v.Hidden {
			v.Set(groups[i].Row(n.desk.Words), nil, func() { n.desk.Fix(groups[i]) })
		}
	}
	n.all.Hidden, n.more.Hidden = len(groups) <= mostProblems && len(hidden) == 0, len(hidden) == 0
	n.more.Set(n.desk.Words.N("activity.hidden", len(hidden)))
	if none := len(groups)+len(hidden) == 0; n.card.Hidden != none {
		n.card.Hidden = none
		n.card.Refresh()
	}
}

// area is the card of one area; pressing it goes there.
type area struct {
	*widgets.Press
	line *widgets.Paragraph
}

func newArea(desk *page.Desk, id string, icon theme.Icon) *area {
	w := desk.Words
	a := &area{line: widgets.NewParagraph("", widgets.Style{Colour: theme.Muted})}
	chip := container.NewStack(widgets.NewPanel(theme.AccentSoft, "", 9), widgets.Inset(7, 7, 7, 7, widgets.NewIcon(icon, theme.Accent, 20)))
	head := container.NewBorder(nil, nil, chip, widgets.NewIcon(theme.Forward, theme.Muted, 16))
	name := widgets.NewCutLine(w.T("place."+id), widgets.Style{Size: theme.Section, Bold: true})
	what := widgets.NewParagraph(w.T("home."+id+".what"), widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	a.Press = widgets.NewPress(w.T("place."+id), widgets.Column(8, head, name, a.line, what), func() { desk.Go(id) })
	return a
}

func (a *area) show(line string) { a.line.Set(line) }

// folderLine says how much of an area there is.
func folderLine(w *text.Words, s page.Snapshot, id string) string {
	pairs := s.Pairs(id)
	if len(pairs) == 0 {
		return w.T("home." + id + ".none")
	}
	files, bytes := 0, int64(0)
	for _, p := range pairs {
		files, bytes = files+p.Files, bytes+p.Bytes
	}
	line := w.N("files", files) + ", " + w.Size(bytes)
	if id == "backup" {
		line = w.N("folders", len(pairs)) + "\n" + line
	}
	return line
}

// recent is the card of what happened last.
type recent struct {
	desk  *page.Desk
	card  *fyne.Container
	rows  []*widgets.RowView
	empty *widgets.Paragraph
	all   *widgets.Button
}

func newRecent(desk *page.Desk) *recent {
	r := &recent{desk: desk, empty: widgets.NewParagraph(desk.Words.T("home.recent.none"), widgets.Style{Colour: theme.Muted})}
	title := widgets.NewLine(desk.Words.T("home.recent"), widgets.Style{Size: theme.Section, Bold: true})
	r.all = widgets.NewButton(desk.Words.T("home.show-all"), "", widgets.Quiet, func() { desk.Go("activity") })
	parts := []fyne.CanvasObject{container.NewBorder(nil, nil, nil, r.all, title), r.empty}
	for range mostEvents {
		v := widgets.NewFlushRow()
		v.Hide()
		r.rows = append(r.rows, v)
		parts = append(parts, v)
	}
	r.card = widgets.Card(widgets.Column(2, parts...))
	return r
}

func (r *recent) show(s page.Snapshot) {
	r.empty.Hidden, r.all.Hidden = len(s.Recent) > 0, len(s.Recent) == 0
	for i, v := range r.rows {
		v.Hidden = i >= len(s.Recent)
		if !v.Hidden {
			v.Set(page.Event(r.desk.Words, s.Recent[i], s.Now), nil, nil)
		}
	}
}

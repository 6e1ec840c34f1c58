package home

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

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
	all   *widgets.Button
}

func newNeeds(desk *page.Desk) *needs {
	n := &needs{desk: desk, title: widgets.NewLine(desk.Words.T("home.needs-you"), widgets.Style{Size: theme.Section, Bold: true})}
	n.all = widgets.NewButton(desk.Words.T("home.show-all"), "", widgets.Quiet, func() { desk.Go("activity") })
	parts := []fyne.CanvasObject{container.NewBorder(nil, nil, nil, n.all, n.title)}
	for range mostProblems {
		v := widgets.NewFlushRow()
		n.rows = append(n.rows, v)
		parts = append(parts, v)
	}
	n.card = widgets.Card(widgets.Column(2, parts...))
	n.card.Hide()
	return n
}

func (n *needs) show(s page.Snapshot) {
	groups := page.Groups(s.Status.Problems)
	for i, v := range n.rows {
		v.Hidden = i >= len(groups)
		if !v.Hidden {
			v.Set(groups[i].Row(n.desk.Words), nil, func() { n.desk.Fix(groups[i]) })
		}
	}
	n.all.Hidden = len(groups) <= mostProblems
	if n.card.Hidden != (len(groups) == 0) {
		n.card.Hidden = len(groups) == 0
		n.card.Refresh()
	}
}

// area is the card of one area; pressing it goes there.
type area struct {
	widget.BaseWidget
	desk             *page.Desk
	id               string
	icon             theme.Icon
	line             string
	hovered, focused bool
}

func newArea(desk *page.Desk, id string, icon theme.Icon) *area {
	a := &area{desk: desk, id: id, icon: icon}
	a.ExtendBaseWidget(a)
	return a
}

func (a *area) show(line string) {
	if a.line != line {
		a.line = line
		a.Refresh()
	}
}

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
		line = w.N("folders", len(pairs)) + " · " + line
	}
	return line
}

// Tapped implements fyne.Tappable.
func (a *area) Tapped(*fyne.PointEvent) { a.desk.Go(a.id) }

// TypedKey implements fyne.Focusable.
func (a *area) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace {
		a.desk.Go(a.id)
	}
}

// TypedRune implements fyne.Focusable.
func (a *area) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (a *area) FocusGained() { a.focused = true; a.Refresh() }

// FocusLost implements fyne.Focusable.
func (a *area) FocusLost() { a.focused = false; a.Refresh() }

// MouseIn implements desktop.Hoverable.
func (a *area) MouseIn(*desktop.MouseEvent) { a.hovered = true; a.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (a *area) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (a *area) MouseOut() { a.hovered = false; a.Refresh() }

// CreateRenderer implements fyne.Widget.
func (a *area) CreateRenderer() fyne.WidgetRenderer {
	w := a.desk.Words
	over := widgets.NewPanel("", "", theme.CardRadius)
	line := widgets.NewParagraph("", widgets.Style{Colour: theme.Muted})
	chip := container.NewStack(widgets.NewPanel(theme.AccentSoft, "", 9), widgets.Inset(7, 7, 7, 7, widgets.NewIcon(a.icon, theme.Accent, 20)))
	name := widgets.NewCutLine(w.T("place."+a.id), widgets.Style{Size: theme.Section, Bold: true})
	what := widgets.NewParagraph(w.T("home."+a.id+".what"), widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	head := container.NewBorder(nil, nil, chip, widgets.NewIcon(theme.Forward, theme.Muted, 16))
	card := widgets.Card(widgets.Column(8, head, name, line, what))
	return &areaRenderer{WidgetRenderer: widget.NewSimpleRenderer(container.NewStack(card, over)), paint: func() {
		line.Set(a.line)
		fill, edge := fyne.ThemeColorName(""), fyne.ThemeColorName("")
		if a.hovered {
			fill = theme.Hover
		}
		if a.focused {
			edge = theme.Accent
		}
		over.Set(fill, edge)
	}}
}

type areaRenderer struct {
	fyne.WidgetRenderer
	paint func()
}

func (r *areaRenderer) Refresh() {
	r.paint()
	r.WidgetRenderer.Refresh()
}

// recent is the card of what happened last.
type recent struct {
	desk  *page.Desk
	card  *fyne.Container
	rows  []*widgets.RowView
	empty *widgets.Paragraph
}

func newRecent(desk *page.Desk) *recent {
	r := &recent{desk: desk, empty: widgets.NewParagraph(desk.Words.T("home.recent.none"), widgets.Style{Colour: theme.Muted})}
	title := widgets.NewLine(desk.Words.T("home.recent"), widgets.Style{Size: theme.Section, Bold: true})
	all := widgets.NewButton(desk.Words.T("home.show-all"), "", widgets.Quiet, func() { desk.Go("activity") })
	parts := []fyne.CanvasObject{container.NewBorder(nil, nil, nil, all, title), r.empty}
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
	r.empty.Hidden = len(s.Recent) > 0
	for i, v := range r.rows {
		v.Hidden = i >= len(s.Recent)
		if !v.Hidden {
			v.Set(page.Event(r.desk.Words, s.Recent[i], s.Now), nil, nil)
		}
	}
}

package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// sideWidth is how wide the list at the left is at least; besides a word and a number it holds an icon and their margins.
const (
	sideWidth = 196
	besides   = 78
)

// sideRoom is how wide the list must be for its words, which are longer in some languages, and larger for some people.
func sideRoom(w *text.Words) float32 {
	wide, number := float32(sideWidth), widgets.NewLine("99", widgets.Style{Size: theme.Caption, Bold: true}).MinSize().Width
	for _, id := range places() {
		wide = max(wide, widgets.NewLine(w.T("place."+id), widgets.Style{Bold: true}).MinSize().Width+number+besides)
	}
	return wide
}

// frame is the list at the left, the line on top and the place of the page.
type frame struct {
	words   *text.Words
	places  *widgets.SideList
	below   *widgets.SideList // settings, at the foot
	line    *statusLine
	body    *fyne.Container
	meter   *widgets.Line
	where   *widgets.Line
	content fyne.CanvasObject
}

func newFrame(w *text.Words, name string, went func(place string)) *frame {
	f := &frame{words: w, line: newStatusLine(), body: container.NewStack()}
	place := func(id string, icon theme.Icon) widgets.Place {
		return widgets.Place{ID: id, Icon: icon, Word: w.T("place." + id)}
	}
	f.places = widgets.NewSideList([]widgets.Place{
		place(placeHome, theme.Home), place(placeBackup, theme.Backup), place(placeSynced, theme.Synced), place(placeShared, theme.Shared), place(placeArchive, theme.Archive),
		place(placeTrash, theme.Trash), place(placeActivity, theme.Activity),
	}, went)
	f.below = widgets.NewSideList([]widgets.Place{place(placeSettings, theme.Settings)}, went)
	f.meter, f.where = widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Bold: true}), widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	foot := widgets.Column(8, f.below.Container, widgets.Rule(), widgets.Inset(0, 6, 12, 6, widgets.Column(1, f.meter, f.where)))
	title := widgets.Inset(10, 14, 12, 6, widgets.NewCutLine(name, widgets.Style{Size: theme.Section, Bold: true, Colour: theme.Accent}))
	list := widgets.Inset(8, 8, 10, 10, container.NewBorder(title, foot, nil, nil, f.places.Container))
	side := container.NewStack(widgets.NewPanel(theme.Side, "", 0), widgets.Gap(sideRoom(w), 10), list)
	right := container.NewBorder(f.line.content, nil, nil, nil, f.body)
	f.content = container.NewBorder(nil, nil, side, nil, right)
	return f
}

// open shows a page. The first page says how everything is by itself.
func (f *frame) open(place string, content fyne.CanvasObject) {
	f.places.Select(place)
	f.below.Select(place)
	f.line.content.Hidden = place == placeHome
	f.body.Objects = []fyne.CanvasObject{content}
	f.body.Refresh()
	f.content.Refresh()
}

// show shows a moment, in which so many problems are to be seen.
func (f *frame) show(s page.Snapshot, problems int) {
	state, text := page.Whole(f.words, s)
	f.line.show(state, text, s.Work.Share())
	f.places.Badge(placeActivity, problems)
	f.places.Badge(placeSynced, s.Conflicts)
	bytes := s.Status.Archived
	for _, p := range s.Status.Pairs {
		bytes += p.Bytes
	}
	f.meter.Set(f.words.T("meter", "size", f.words.Size(bytes)))
	where := s.Storage.Place
	if s.Storage.Name != "" {
		where = s.Storage.Name
	}
	f.where.Set(where)
}

// statusLine says on top of a page how everything is. It always takes the same room.
type statusLine struct {
	icon    *widgets.Icon
	word    *widgets.Line
	text    *widgets.Line
	bar     *widgets.Progress
	left    *fyne.Container
	right   *fyne.Container // where the bar is
	none    bool            // there is no bar
	content *fyne.Container
}

func newStatusLine() *statusLine {
	l := &statusLine{icon: widgets.NewIcon("", theme.Text, 18), bar: widgets.NewProgress()}
	l.word, l.text = widgets.NewLine("", widgets.Style{Bold: true}), widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	bar := container.NewGridWrap(fyne.NewSize(140, 6), l.bar)
	l.right = widgets.Inset(0, 0, 12, 0, widgets.Middle(bar))
	l.left = widgets.Across(8, l.icon, l.word)
	words := container.New(l, l.left, l.text, l.right)
	l.content = widgets.Column(0, widgets.Inset(9, 9, 24, 24, words), widgets.Rule())
	return l
}

func (l *statusLine) show(s widgets.State, text string, share float64) {
	colour := theme.Accent
	switch s.Tone {
	case widgets.Idle:
		colour = theme.Muted
	case widgets.Warn:
		colour = theme.Warning
	}
	l.icon.Set(s.Icon, colour)
	l.word.Set(s.Word)
	l.text.SetBoth(text, first(text))
	l.bar.Set(share)
	l.none = share < 0
	l.content.Refresh() // what has no room depends on the words
}

// first is the part of a line that is said where there is no room for all of it: its first sentence, or what stands before a point between two things.
func first(text string) string {
	if head, _, ok := strings.Cut(text, " · "); ok {
		return head
	}
	if head, _, ok := strings.Cut(text, ". "); ok {
		return head + "."
	}
	return text
}

// MinSize implements fyne.Layout.
func (l *statusLine) MinSize(all []fyne.CanvasObject) fyne.Size {
	left, text := l.left.MinSize(), l.text.MinSize()
	return fyne.NewSize(left.Width+text.Width+10, max(left.Height, text.Height, l.right.MinSize().Height))
}

// Layout implements fyne.Layout. The words say more than the bar: where there is no room for both, they have it.
func (l *statusLine) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	left, right := l.left.MinSize().Width+10, l.right.MinSize().Width
	if l.right.Hidden = l.none || left+l.text.Full()+right > size.Width; l.right.Hidden {
		right = 0
	}
	place := func(o fyne.CanvasObject, x, width float32) {
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
	place(l.left, 0, left)
	place(l.text, left, max(size.Width-left-right, 0))
	place(l.right, size.Width-right, right)
}

package welcome

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/folders"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// held is what the cloud holds of Synced before this computer has any of it, and what of that somebody wants. It is of one storage.
type held struct {
	p     *Page
	tree  *folders.Tree
	known bool // the cloud was asked, and has answered
	asked bool // an answer is waited for
	err   error
	use   bool // there is to be a Synced folder
	view  *fyne.Container
	open  func() // shows the tree
}

func newHeld(p *Page) *held {
	return &held{p: p, tree: folders.New(p.desk.Words, true), view: container.NewStack(), use: !p.alone}
}

// show returns what stands on the screen of the Synced folder; open shows the tree.
func (h *held) show(open func()) fyne.CanvasObject {
	h.open = open
	h.fill()
	return h.view
}

// wanted tells whether there is to be a Synced folder at all.
func (h *held) wanted(yes bool) {
	h.use = yes
	h.fill()
}

// look asks the cloud, unless it has answered.
func (h *held) look() {
	if h.known || h.asked {
		return
	}
	h.asked, h.err = true, nil
	h.fill()
	var found []app.Folder
	h.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = h.p.client.FoldersInCloud(ctx)
			return err
		},
		Done: func(err error) {
			h.asked, h.known, h.err = false, err == nil, err
			h.tree.Take(found)
			h.fill()
		},
	})
}

// off are the folders that are not to come; chosen tells whether that is to be said at all.
func (h *held) off() (off []string, chosen bool) {
	off = h.tree.Off()
	on, _ := h.tree.Changes()
	return off, len(on)+len(off) > 0
}

// fill shows what is known by now. Of a cloud that holds no folders there is nothing to say.
func (h *held) fill() {
	w := h.p.desk.Words
	var o fyne.CanvasObject
	switch {
	case !h.use:
	case h.asked:
		o = h.card(theme.Cloud, w.T("synced.cloud.looking"), "", "", nil)
	case h.err != nil:
		o = h.card(theme.Alert, page.Line(w, h.err), w.T("synced.cloud.unknown"), w.T("synced.cloud.again"), h.look)
	case h.tree.Count() > 0:
		line := w.T("synced.cloud.all")
		if len(h.tree.Off()) > 0 {
			line = h.tree.Here()
		}
		o = h.card(theme.Cloud, w.N("synced.cloud", h.tree.Count(), "size", w.Size(h.tree.Bytes())), line, w.T("synced.folders"), h.open)
	}
	h.view.Objects = nil
	if h.view.Hidden = o == nil; o != nil {
		h.view.Objects = []fyne.CanvasObject{o}
	}
	h.view.Refresh()
}

// card is one thing to say, and what can be done about it.
func (h *held) card(icon theme.Icon, title, about, label string, do func()) fyne.CanvasObject {
	words := []fyne.CanvasObject{widgets.NewParagraph(title, widgets.Style{Bold: true})}
	if about != "" {
		words = append(words, widgets.NewParagraph(about, widgets.Style{Colour: theme.Muted}))
	}
	var button fyne.CanvasObject
	if label != "" {
		button = widgets.Inset(0, 0, 8, 0, widgets.Middle(widgets.NewButton(label, "", widgets.Plain, do)))
	}
	chip := widgets.Inset(0, 0, 0, 10, widgets.Middle(widgets.NewIcon(icon, theme.Accent, 22)))
	return widgets.Card(container.NewBorder(nil, nil, chip, button, widgets.Middle(widgets.Column(3, words...))))
}

package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Header is the top of a page: its name, one line about it, and what can be done.
func Header(title, about string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	top := widgets.Beside(0, widgets.NewLine(title, widgets.Style{Size: theme.Title, Bold: true}), actions...)
	return widgets.Inset(0, 12, 0, 0, widgets.Column(4, top, widgets.NewParagraph(about, widgets.Style{Colour: theme.Muted})))
}

// Body is a page below its header: what is at the top stays, the content takes the rest.
func Body(header, content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Inset(14, 18, 24, 24, container.NewBorder(header, nil, nil, nil, content))
}

// Scrolling is a page whose whole content scrolls.
func Scrolling(header fyne.CanvasObject, parts ...fyne.CanvasObject) fyne.CanvasObject {
	all := widgets.Inset(14, 18, 24, 24, widgets.Column(14, append([]fyne.CanvasObject{header}, parts...)...))
	return container.NewVScroll(all)
}

// Restored says what a restore brought, and shows what it could not.
func (d *Desk) Restored(r app.RestoreReport, err error) {
	w := d.Words
	if err != nil {
		d.Explain(err)
		return
	}
	if len(r.Problems) > 0 {
		p := r.Problems[0]
		paths := []string{}
		for _, x := range r.Problems[:min(len(r.Problems), 10)] {
			paths = append(paths, x.Path)
		}
		d.Ask(widgets.Question{
			Icon: theme.Alert, Tone: widgets.Warn, Title: w.N("restored.problems", len(r.Problems)), Body: []string{title(w, p), help(w, p)}, Things: paths, Safe: w.T("close"),
		})
		return
	}
	said := w.N("restored.files", r.Files)
	if r.Files == 0 && r.Present > 0 {
		said = w.N("restored.present", r.Present)
	}
	if n := len(r.Renamed); n > 0 {
		said += " " + w.N("restored.renamed", n)
	}
	d.Say(widgets.Good, said)
}

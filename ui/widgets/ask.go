package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Choice is something to do in a dialog besides leaving it.
type Choice struct {
	Label string
	Kind  Kind
	Do    func()
}

// Question is a dialog: what happens, to what, what is not touched, how to undo it.
type Question struct {
	Icon   theme.Icon
	Tone   Tone
	Title  string
	Body   []string // paragraphs
	Things []string // names of what it is about
	Extra  fyne.CanvasObject
	Safe   string // the default and the Escape key: closes the dialog; Do of it in OnSafe
	OnSafe func() // may be nil
	Acts   []Choice
}

// dialogWidth is how wide dialogs are.
const dialogWidth = 480

// Dialog is a question that is being asked.
type Dialog struct {
	popup *widget.PopUp
	canv  fyne.Canvas
	Safe  *Button
	Acts  []*Button
}

// Ask shows a question in the middle of a window. Every answer closes it.
func Ask(c fyne.Canvas, q Question) *Dialog {
	d := &Dialog{canv: c}
	d.Safe = NewButton(q.Safe, "", Plain, d.then(q.OnSafe))
	buttons := []fyne.CanvasObject{d.Safe}
	for _, a := range q.Acts {
		b := NewButton(a.Label, "", a.Kind, d.then(a.Do))
		b.OnEscape(d.then(q.OnSafe))
		d.Acts = append(d.Acts, b)
		buttons = append(buttons, b)
	}
	d.Safe.OnEscape(d.then(q.OnSafe))
	d.popup = widget.NewModalPopUp(Inset(20, 18, 22, 22, question(q, buttons)), c)
	d.show()
	return d
}

func question(q Question, buttons []fyne.CanvasObject) fyne.CanvasObject {
	front, fill := q.Tone.colours()
	chip := container.NewStack(NewPanel(fill, "", 20), Inset(9, 9, 9, 9, NewIcon(q.Icon, front, 22)))
	all := []fyne.CanvasObject{container.NewBorder(nil, nil, Inset(0, 0, 0, 8, Middle(chip)), nil, Middle(NewParagraph(q.Title, Style{Size: theme.Section, Bold: true, Even: true})))}
	for _, p := range q.Body {
		all = append(all, NewParagraph(p, Style{}))
	}
	if len(q.Things) > 0 {
		all = append(all, things(q.Things))
	}
	if q.Extra != nil {
		all = append(all, q.Extra)
	}
	all = append(all, Gap(dialogWidth, 2), container.NewBorder(nil, nil, nil, Across(8, buttons...)))
	return Column(12, all...)
}

func things(names []string) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, n := range names {
		lines = append(lines, NewCutLine(n, Style{Size: theme.Caption, Colour: theme.Muted}))
	}
	return container.NewStack(NewPanel(theme.Quiet, "", theme.Radius), Inset(8, 8, 10, 10, Column(2, lines...)))
}

func (d *Dialog) then(f func()) func() {
	return func() {
		d.Close()
		if f != nil {
			f()
		}
	}
}

// show lays the dialog out twice: the height of its text is known only when its width is.
func (d *Dialog) show() {
	d.popup.Show()
	d.popup.Resize(fyne.NewSize(d.popup.MinSize().Width, 0))
	d.popup.Resize(d.popup.MinSize())
	d.canv.Focus(d.Safe)
}

// Close takes the dialog away.
func (d *Dialog) Close() { d.popup.Hide() }

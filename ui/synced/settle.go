package synced

import (
	"context"
	"errors"
	"path"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// askKeep shows both sides of a conflict and asks which of them stays. Both stay unless somebody says otherwise.
func (p *Page) askKeep(i int) {
	if p.settling {
		return
	}
	w, c := p.desk.Words, p.conflicts[i]
	sides, alike := p.sides(c), p.alike(c)
	name := path.Base(c.Original)
	q := widgets.Question{
		Icon: theme.Two, Tone: widgets.Warn, Title: w.T("synced.conflict", "file", name), Body: []string{w.T("synced.keep.body", "file", name)}, Safe: w.T("synced.later"),
	}
	all := widgets.NewCheck(w.T("synced.keep.all", "n", len(alike)), nil)
	chosen := func() []app.Conflict {
		if all.On() {
			return alike
		}
		return []app.Conflict{c}
	}
	q.Acts = []widgets.Choice{{Label: w.T("synced.keep.both"), Kind: widgets.Primary, Do: func() { p.settle(chosen(), nil) }}}
	if c.Other == nil {
		q.Title, q.Body = w.T("synced.alone", "file", name), []string{w.T("synced.alone.body", "copy", path.Base(c.Path))}
		q.Acts[0].Label = w.T("synced.alone.keep")
	}
	var d *widgets.Dialog
	var cards []fyne.CanvasObject
	for _, s := range sides {
		cards = append(cards, p.card(c, s, len(sides) == 2, func(keep func()) { d.Close(); keep() }, func() { p.settle(chosen(), &s) }))
	}
	extra := []fyne.CanvasObject{container.NewGridWithColumns(len(cards), cards...)}
	if len(alike) > 1 {
		extra = append(extra, all)
	}
	q.Extra = widgets.Column(10, extra...)
	d = p.desk.Ask(q)
	p.desk.Canvas().Focus(d.Acts[0])
}

// card shows one side, with what can be done with it.
func (p *Page) card(c app.Conflict, s side, two bool, close func(then func()), keep func()) fyne.CanvasObject {
	w := p.desk.Words
	file := c.Original
	if s.keep == app.KeepCopy {
		file = c.Path
	}
	words := widgets.Column(3, widgets.NewCutLine(s.who, widgets.Style{Bold: true}), widgets.NewCutLine(page.When(w, s.when, p.desk.Now()), widgets.Style{}),
		widgets.NewCutLine(w.Size(s.size), widgets.Style{Colour: theme.Muted}))
	show := widgets.NewButton("", theme.Open, widgets.Quiet, func() { p.desk.Open(filepath.Join(p.pair.Root, filepath.FromSlash(file))) })
	if !two {
		return widgets.Card(container.NewBorder(nil, nil, nil, widgets.Middle(show), words))
	}
	button := widgets.NewButton(p.keepWord(c, s), "", widgets.Plain, func() { close(keep) })
	return widgets.Card(widgets.Column(10, words, container.NewBorder(nil, nil, nil, show, button)))
}

// keepWord is what keeps a side. Where neither is this computer's, or both are, there is no mine.
func (p *Page) keepWord(c app.Conflict, s side) string {
	switch {
	case c.Other == nil || c.Mine == c.Other.Mine:
		return p.desk.Words.T("synced.keep.this")
	case s.mine:
		return p.desk.Words.T("synced.keep.mine")
	}
	return p.desk.Words.T("synced.keep.theirs")
}

// alike are the conflicts between the same two computers: what is chosen of one of them can be meant for all. A conflict of a computer with
// itself is like no other.
func (p *Page) alike(c app.Conflict) []app.Conflict {
	var out []app.Conflict
	for _, x := range p.conflicts {
		if x.ID == c.ID || between(x) == between(c) && between(c) != [2]string{} {
			out = append(out, x)
		}
	}
	return out
}

// between names the two computers of a conflict, in one order.
func between(c app.Conflict) [2]string {
	if c.Other == nil || c.Other.Device == c.Device {
		return [2]string{}
	}
	return [2]string{min(c.Device, c.Other.Device), max(c.Device, c.Other.Device)}
}

// keepOf is what keeps, of another conflict, the side of the same computer; nil keeps both.
func (p *Page) keepOf(c app.Conflict, chosen *side) string {
	if chosen == nil {
		return app.KeepBoth
	}
	for _, s := range p.sides(c) {
		if s.who == chosen.who && s.mine == chosen.mine {
			return s.keep
		}
	}
	return app.KeepBoth
}

// settle does it for each. One that cannot be settled keeps nobody from the others.
func (p *Page) settle(all []app.Conflict, chosen *side) {
	w, keeps := p.desk.Words, make([]string, len(all))
	for i, c := range all {
		keeps[i] = p.keepOf(c, chosen)
	}
	if len(all) == 1 && chosen != nil {
		keeps[0] = chosen.keep
	}
	var failed []*app.Problem
	p.settling = true
	p.desk.Say(widgets.Busy, w.T("synced.settling"))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			for i, c := range all {
				err := p.client.SettleConflict(ctx, c, keeps[i])
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err != nil {
					failed = append(failed, problem(err))
				}
			}
			return nil
		},
		Done: func(err error) {
			p.settling = false
			p.load()
			p.settled(len(all), failed, err)
		},
	})
}

func problem(err error) *app.Problem {
	var p *app.Problem
	if errors.As(err, &p) {
		return p
	}
	return app.NewProblem("other", "", err)
}

func (p *Page) settled(n int, failed []*app.Problem, err error) {
	w := p.desk.Words
	if done := n - len(failed); done > 0 && err == nil {
		p.desk.Say(widgets.Good, w.N("synced.settled", done))
	} else {
		p.desk.Say(widgets.Idle, w.T("synced.settled.none"))
	}
	switch {
	case err != nil:
		p.desk.Explain(err)
	case len(failed) == 1:
		p.desk.Explain(failed[0])
	case len(failed) > 1:
		g := page.Groups(failed)[0]
		paths := g.Paths()
		p.desk.Ask(widgets.Question{
			Icon: theme.Alert, Tone: widgets.Warn, Title: w.N("synced.unsettled", len(failed)), Body: []string{g.Title(w), g.Help(w)}, Things: paths[:min(len(paths), 10)], Safe: w.T("close"),
		})
	}
}

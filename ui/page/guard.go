package page

import (
	"context"

	"elkjopcloud/app"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// answerer takes the answer to the guard's question.
type answerer interface {
	Answer(ctx context.Context, pair, answer string) error
}

// AskGuard asks whether many deletions or changes were meant. To bring everything back is the default: nothing is lost by it.
func (d *Desk) AskGuard(c answerer, p app.PairStatus) {
	if p.Question == nil {
		return
	}
	w, q := d.Words, p.Question
	key := "guard.up"
	if q.Direction == "down" {
		key = "guard.down"
	}
	body := []string{w.T(key+".body", "folder", p.Name), w.T("guard.undo")}
	title := w.N(key+".deleted", q.Deleted, "folder", p.Name)
	if q.Deleted == 0 {
		title = w.N(key+".changed", q.Rewritten, "folder", p.Name)
	}
	d.Ask(widgets.Question{
		Icon: theme.Shield, Tone: widgets.Warn, Title: title, Body: body, Things: q.Samples, Safe: w.T("guard.keep"), OnSafe: d.answer(c, p.Name, "keep"),
		Acts: []widgets.Choice{{Label: w.T("guard.apply"), Kind: widgets.Danger, Do: d.answer(c, p.Name, "apply")}},
	})
}

func (d *Desk) answer(c answerer, pair, answer string) func() {
	return func() {
		d.Start(Job{
			Do:   func(ctx context.Context, _ func(app.Progress)) error { return c.Answer(ctx, pair, answer) },
			Done: d.Explain,
		})
	}
}

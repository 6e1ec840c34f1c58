package backups

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// rules is the view of what of a folder is to be skipped.
type rules struct {
	p        *Page
	name     string   // of the folder
	now      []string // the rules in effect
	asked    int      // how often they were asked for
	previews int      // how often it was asked what is typed would skip
	cancel   func()   // the last of that
	effect   *app.SkipEffect
	wanted   bool // it is to be added as soon as that is known
	times    *times

	entry   *widget.Entry
	save    *widgets.Button
	icon    *widgets.Icon
	preview *widgets.Line
	total   *widgets.Line
	list    *fyne.Container
	content *container.Scroll
}

// often are rules that many people want.
func often() []string { return []string{"*.iso", "*.tmp", "node_modules/", ".cache/"} }

func newRules(p *Page) *rules {
	w := p.desk.Words
	r := &rules{p: p, cancel: func() {}, times: newTimes(p), list: widgets.Column(0), icon: widgets.NewIcon("", theme.Muted, 18)}
	r.entry = widgets.NewEntry("", w.T("rule.example"))
	r.entry.OnChanged = func(string) { r.look() }
	r.entry.OnSubmitted = func(string) { r.add() }
	r.save = widgets.NewButton(w.T("rule.add"), theme.Plus, widgets.Primary, r.add)
	r.save.Disable()
	r.preview = widgets.NewCutLine(" ", widgets.Style{Bold: true})
	r.total = widgets.NewCutLine(" ", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	muted := widgets.Style{Size: theme.Caption, Colour: theme.Muted}
	picks := []fyne.CanvasObject{widgets.NewLine(w.T("rule.often"), muted)}
	for _, rule := range often() {
		picks = append(picks, widgets.NewButton(rule, "", widgets.Quiet, func() { r.entry.SetText(rule) }))
	}
	line := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 4, widgets.Middle(container.NewStack(widgets.Gap(18, 20), r.icon))), nil, widgets.Middle(r.preview))
	one := widgets.Card(widgets.Column(8,
		widgets.NewParagraph(w.T("rule.title"), widgets.Style{Size: theme.Section, Bold: true}),
		container.NewBorder(nil, nil, nil, widgets.Inset(0, 0, 8, 0, r.save), r.entry), line,
		widgets.Across(2, picks...), widgets.NewParagraph(w.T("rule.help"), muted)))
	two := widgets.Card(widgets.Column(6, widgets.Column(2, widgets.NewParagraph(w.T("rule.now"), widgets.Style{Size: theme.Section, Bold: true}), r.total), r.list))
	r.content = container.NewVScroll(widgets.Inset(0, 6, 0, 10, widgets.Column(12, r.times.content, one, two)))
	return r
}

// load shows the rules of a folder.
func (r *rules) load(name string) {
	if r.name != name {
		r.name, r.now = name, nil
		r.fill(false)
	}
	r.entry.SetText("")
	r.reload()
}

func (r *rules) reload() {
	r.asked++
	asked, name := r.asked, r.name
	var all []app.BackupInfo
	r.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			all, err = r.p.client.Backups(ctx)
			return err
		},
		Done: func(err error) {
			i := slices.IndexFunc(all, func(b app.BackupInfo) bool { return b.Name == name })
			switch {
			case asked != r.asked:
			case err != nil:
				r.total.Set(page.Line(r.p.desk.Words, err))
			case i >= 0:
				r.now = all[i].Skip
				r.fill(true)
				r.sum(asked)
			}
		},
	})
}

// sum tells what all rules skip together.
func (r *rules) sum(asked int) {
	w := r.p.desk.Words
	if len(r.now) == 0 {
		r.total.Set(w.T("rule.none"))
		return
	}
	r.total.Set(w.T("rule.counting"))
	name := r.name
	var x app.SkipEffect
	r.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			x, err = r.p.client.SkipEffect(ctx, name, "")
			return err
		},
		Done: func(err error) {
			switch {
			case asked != r.asked:
			case err != nil:
				r.total.Set(page.Line(w, err))
			case x.NotHere:
				r.total.Set(w.T("rule.away"))
			default:
				r.total.Set(w.N("rule.total", x.Files, "size", w.Size(x.Bytes)))
			}
		},
	})
}

// fill shows a row for each rule, and one for what is always skipped.
func (r *rules) fill(known bool) {
	w := r.p.desk.Words
	var rows []fyne.CanvasObject
	if !known {
		rows = append(rows, widgets.Skeleton(1))
	}
	for _, rule := range r.now {
		v := widgets.NewFlushRow()
		icon, about := r.about(rule)
		v.Set(widgets.Row{Icon: icon, Tone: widgets.Idle, Title: rule, Caption: about, Action: w.T("rule.remove")}, nil, func() { r.remove(rule) })
		rows = append(rows, v)
	}
	always := widgets.NewFlushRow()
	always.Set(widgets.Row{Icon: theme.Shield, Tone: widgets.Idle, Title: w.T("rule.always"), Caption: w.T("rule.always.which")}, nil, nil)
	r.list.Objects = append(rows, always)
	r.list.Refresh()
}

// about says in words what a rule is about, where that is easy.
func (r *rules) about(rule string) (theme.Icon, string) {
	w := r.p.desk.Words
	switch {
	case strings.HasPrefix(rule, "!"):
		return theme.Restore, w.T("rule.exception")
	case strings.HasPrefix(rule, "/"):
		return theme.Folder, w.T("rule.here")
	case strings.HasSuffix(rule, "/"):
		return theme.Folder, w.T("rule.folders")
	case strings.HasPrefix(rule, "*."):
		return theme.File, w.T("rule.ending")
	}
	return theme.File, w.T("rule.named")
}

func (r *rules) typed() string { return strings.TrimSpace(r.entry.Text) }

// look tells what the rule that is typed would skip. What was asked for before is canceled.
func (r *rules) look() {
	r.cancel()
	r.previews++
	r.effect, r.wanted = nil, false
	w, rule, now, name := r.p.desk.Words, r.typed(), r.previews, r.name
	known := slices.Contains(r.now, rule)
	r.save.Allow(rule != "" && !known)
	switch {
	case rule == "":
		r.say("", widgets.Idle, " ")
		return
	case known:
		r.say(theme.Check, widgets.Idle, w.T("rule.known"))
		return
	}
	r.say(theme.Clock, widgets.Idle, w.T("rule.counting"))
	var x app.SkipEffect
	r.cancel = r.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			x, err = r.p.client.SkipEffect(ctx, name, rule)
			return err
		},
		Done: func(err error) {
			if now == r.previews {
				r.found(x, err)
			}
		},
	})
}

// found shows what the rule that is typed would skip, and adds it when somebody waits for that.
func (r *rules) found(x app.SkipEffect, err error) {
	w := r.p.desk.Words
	switch {
	case err != nil:
		r.save.Disable()
		r.wanted = false
		r.say(theme.Alert, widgets.Warn, page.Line(w, err))
		return
	case x.NotHere:
		r.say(theme.Unplug, widgets.Idle, w.N("rule.copies", x.Files, "size", w.Size(x.Bytes)))
	case strings.HasPrefix(r.typed(), "!"):
		r.say(theme.Restore, widgets.Good, w.T("rule.exception"))
	case x.Files == 0:
		r.say(theme.Info, widgets.Idle, w.T("rule.nothing"))
	default:
		r.say(theme.Eye, widgets.Busy, w.N("rule.skips", x.Files, "size", w.Size(x.Bytes)))
	}
	r.effect = &x
	if r.wanted {
		r.add()
	}
}

func (r *rules) say(icon theme.Icon, tone widgets.Tone, words string) {
	colour := theme.Muted
	switch tone {
	case widgets.Warn:
		colour = theme.Warning
	case widgets.Busy, widgets.Good:
		colour = theme.Accent
	}
	if icon == "" {
		r.icon.Hide()
	} else {
		r.icon.Set(icon, colour)
		r.icon.Show()
	}
	r.preview.Set(words)
	r.preview.SetColour(colour)
}

// add adds the rule that is typed, after asking about copies that it matches.
func (r *rules) add() {
	w, rule := r.p.desk.Words, r.typed()
	switch {
	case r.save.Disabled():
	case r.effect == nil:
		r.wanted = true
	case r.effect.Copies.Files == 0:
		r.use(rule, false)
	default:
		x := r.effect.Copies
		r.p.desk.Ask(widgets.Question{
			Icon: theme.Backup, Tone: widgets.Warn, Title: w.N("rule.ask", x.Files, "size", w.Size(x.Bytes)),
			Body: []string{w.T("rule.ask.body", "rule", rule), w.T("rule.ask.undo")}, Safe: w.T("rule.keep"), OnSafe: func() { r.use(rule, false) },
			Acts: []widgets.Choice{{Label: w.T("rule.trash"), Kind: widgets.Danger, Do: func() { r.use(rule, true) }}},
		})
	}
}

func (r *rules) use(rule string, toTrash bool) {
	w, name := r.p.desk.Words, r.name
	r.save.Disable()
	var done app.SkipReport
	r.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			done, err = r.p.client.SkipAlso(ctx, name, rule, toTrash)
			return err
		},
		Done: func(err error) {
			said := w.T("rule.added", "rule", rule)
			if done.Trashed > 0 {
				said += " " + w.N("rule.trashed", done.Trashed)
			}
			r.changed(name, err, said)
		},
	})
}

// remove lets what a rule skips be backed up again. Nothing can be lost by it.
func (r *rules) remove(rule string) {
	name := r.name
	r.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			_, err := r.p.client.SkipRules(ctx, name, nil, []string{rule}, false)
			return err
		},
		Done: func(err error) { r.changed(name, err, r.p.desk.Words.T("rule.removed", "rule", rule)) },
	})
}

// changed shows the rules anew; what was typed stays when it could not be done.
func (r *rules) changed(name string, err error, said string) {
	if err != nil {
		r.p.desk.Explain(err)
	} else {
		r.p.desk.Say(widgets.Good, said)
	}
	if name != r.name {
		return
	}
	if err == nil {
		r.entry.SetText("")
	}
	r.save.Allow(r.typed() != "")
	r.reload()
}

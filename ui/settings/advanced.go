package settings

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// advanced is the card for people who want to know more closely: what the storage is, and what they can give to whoever helps them.
type advanced struct {
	p     *Page
	facts *fyne.Container
	save  *widgets.Button
	shown []fact
	card  *fyne.Container
}

// fact is one thing that is known of the storage.
type fact struct{ what, is string }

func newAdvanced(p *Page) *advanced {
	w := p.desk.Words
	a := &advanced{p: p, facts: widgets.Column(4)}
	log := widgets.NewButton(w.T("advanced.log.open"), theme.Folder, widgets.Plain, func() { p.desk.Open(p.client.Details().Home) })
	a.save = widgets.NewButton(w.T("advanced.help.save"), "", widgets.Plain, a.choose)
	a.card = section(w.T("settings.advanced"),
		widgets.Column(4, widgets.NewLine(w.T("advanced.storage"), widgets.Style{}), a.facts),
		option(w.T("advanced.log"), w.T("advanced.log.about"), log), option(w.T("advanced.help"), w.T("advanced.help.about"), a.save),
		option(w.T("advanced.rebuild"), w.T("advanced.rebuild.about"), widgets.NewButton(w.T("advanced.rebuild.ask"), "", widgets.Plain, a.askRebuild)))
	return a
}

// show says what the storage is, anew only when that is something else.
func (a *advanced) show(s page.Snapshot) {
	now := a.know(s.Storage)
	if slices.Equal(now, a.shown) {
		return
	}
	a.shown = now
	a.facts.Objects = nil
	for _, f := range now {
		what := widgets.NewLine(f.what, widgets.Style{Size: theme.Caption, Colour: theme.Muted})
		a.facts.Add(container.NewBorder(nil, nil, container.NewStack(widgets.Gap(130, 1), what), nil, widgets.NewParagraph(f.is, widgets.Style{Size: theme.Caption})))
	}
	a.card.Refresh()
}

// know are the facts of a storage. What is not known, or is as usual, is not said.
func (a *advanced) know(at app.StorageInfo) (out []fact) {
	w := a.p.desk.Words
	say := func(key, is string) {
		if is != "" {
			out = append(out, fact{w.T("advanced." + key), is})
		}
	}
	switch at.Kind {
	case "folder":
		say("kind", w.T("advanced.kind.folder"))
		say("place", at.Place)
		if at.Size > 0 {
			say("room", w.T("advanced.room.of", "free", w.Size(at.Free), "size", w.Size(at.Size)))
		}
	case "s3":
		s := a.p.client.Details().Storage
		say("kind", w.T("advanced.kind.s3"))
		say("address", s.Endpoint)
		say("bucket", s.Bucket)
		say("prefix", s.Prefix)
		say("region", s.Region)
		say("certificate", s.CA)
		if key := "advanced.keys." + s.Credentials; w.Has(key) {
			say("keys", w.T(key))
		}
	default:
		say("kind", w.T("settings.storage.none"))
	}
	return out
}

// askRebuild asks before everything is compared anew.
func (a *advanced) askRebuild() {
	d := a.p.desk
	w := d.Words
	d.Ask(widgets.Question{
		Icon: theme.Settings, Title: w.T("advanced.rebuild.title"), Body: []string{w.T("advanced.rebuild.body"), w.T("advanced.rebuild.deleted")}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("advanced.rebuild.do"), Kind: widgets.Primary, Do: a.rebuild}},
	})
}

func (a *advanced) rebuild() {
	d := a.p.desk
	d.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return a.p.client.RebuildIndex(ctx) },
		Done: func(err error) {
			if err != nil {
				d.Explain(err)
				return
			}
			d.Say(widgets.Good, d.Words.T("advanced.rebuild.done"))
		},
	})
}

// choose lets somebody choose where the help file goes.
func (a *advanced) choose() { a.p.desk.Folder(a.write) }

func (a *advanced) write(dir string) {
	d, path := a.p.desk, ""
	a.save.Disable()
	d.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			path, err = a.p.client.SaveHelp(ctx, dir, a.p.o.Version)
			return err
		},
		Done: func(err error) {
			a.save.Enable()
			if err != nil {
				d.Explain(err)
				return
			}
			d.Say(widgets.Good, d.Words.T("advanced.help.saved", "file", filepath.Base(path)))
			d.Open(path)
		},
	})
}

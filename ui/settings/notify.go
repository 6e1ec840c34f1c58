package settings

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Kind is a kind of notification.
type Kind string

// The kinds.
const (
	NeedsYou    Kind = "needs-you"
	ManyChanges Kind = "many-changes" // deleted or rewritten at once
	LongJob     Kind = "long-job"     // is finished
	NoBackup    Kind = "no-backup"    // for a week
	StorageFull Kind = "storage-full" // nearly; only of a storage that says how much room it has
)

func kinds() []Kind { return []Kind{NeedsYou, ManyChanges, LongJob, NoBackup, StorageFull} }

// Silent are the kinds that somebody wants to hear nothing of, as bits in the order of the constants.
type Silent int

// AllSilent is silence.
const AllSilent Silent = 1<<5 - 1

// Has tells whether a kind is among them.
func (s Silent) Has(k Kind) bool { return s&bit(k) != 0 }

// With adds a kind, or takes it out.
func (s Silent) With(k Kind, silent bool) Silent {
	if silent {
		return s | bit(k)
	}
	return s &^ bit(k)
}

func bit(k Kind) Silent { return 1 << max(slices.Index(kinds(), k), 0) }

// notifications is the card with a switch for each kind.
func (p *Page) notifications() fyne.CanvasObject {
	w := p.desk.Words
	names := []string{w.T("settings.notify.on"), w.T("settings.notify.off")}
	var parts []fyne.CanvasObject
	for _, k := range kinds() {
		choice := choose(names, []bool{false, true}, p.o.Look.Silent.Has(k), func(silent bool) { p.look(func(l *Look) { l.Silent = l.Silent.With(k, silent) }) })
		parts = append(parts, option(w.T("notify."+string(k)), w.T("notify."+string(k)+".about"), choice))
	}
	return section(w.T("settings.notify"), parts...)
}

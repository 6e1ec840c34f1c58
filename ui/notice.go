package ui

import (
	"strings"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/settings"
)

const (
	longJob  = 10 * time.Minute   // of work, after whose end somebody is told
	longTime = 7 * 24 * time.Hour // without a backup, after which somebody is told
	remind   = 24 * time.Hour     // until they are told of that again, or of a storage that is nearly full
	tightest = 10                 // a storage is nearly full when no more than the tenth part of it is free
)

// notices remembers what somebody was told, and what there was in the last moment.
type notices struct {
	needs    map[string]bool // what needed somebody
	working  time.Time       // since when there has been work; zero: there is none
	reminded time.Time       // of a backup that is long ago
	warned   time.Time       // of a storage that is nearly full
}

// news is one thing to tell.
type news struct {
	kind        settings.Kind
	title, text string
}

// notice tells somebody who does not have the window before them what is new, unless they want to hear nothing of its kind.
func (w *window) notice(s page.Snapshot) {
	for _, n := range append(w.troubles(s), w.rest(s)...) {
		if w.u.o.Tell != nil && !w.front && !w.look.Silent.Has(n.kind) {
			w.u.o.Tell(string(n.kind), n.title, n.text)
		}
	}
}

// troubles are the first thing of each kind that needs somebody since the last moment.
func (w *window) troubles(s page.Snapshot) (out []news) {
	before := w.told.needs
	w.told.needs = map[string]bool{}
	found := map[settings.Kind]bool{}
	for _, g := range page.Groups(s.Status.Problems) {
		key := g.Code + " " + strings.Join(g.Paths(), "\n")
		w.told.needs[key] = true
		kind := settings.NeedsYou
		if g.Remedy() == page.Answer {
			kind = settings.ManyChanges
		}
		if before[key] || found[kind] {
			continue
		}
		found[kind] = true
		state, _ := page.Whole(w.desk.Words, s)
		out = append(out, news{kind, state.Word, g.Title(w.desk.Words)})
	}
	return out
}

// rest is what somebody is told without anything being wrong.
func (w *window) rest(s page.Snapshot) (out []news) {
	words := w.desk.Words
	since := w.told.working
	switch {
	case s.Status.State == app.StateSafe:
		w.told.working = time.Time{}
		if !since.IsZero() && s.Now.Sub(since) >= longJob {
			state, line := page.Whole(words, s)
			out = append(out, news{settings.LongJob, state.Word, line})
		}
	case s.Status.State != app.StateWorking && s.Work.FilesTotal == 0:
		w.told.working = time.Time{} // it ended otherwise
	case since.IsZero() && s.Work.FilesTotal > 0:
		w.told.working = s.Now
	}
	if last := lastBackup(s); !last.IsZero() && s.Now.Sub(last) >= longTime && s.Now.Sub(w.told.reminded) >= remind {
		w.told.reminded = s.Now
		out = append(out, news{settings.NoBackup, words.T("notice.no-backup"), words.T("notice.no-backup.since", "when", page.When(words, last, s.Now))})
	}
	if at := s.Storage; nearlyFull(at) && s.Now.Sub(w.told.warned) >= remind {
		w.told.warned = s.Now
		out = append(out, news{settings.StorageFull, words.T("notice.storage"), words.T("notice.storage.left", "left", words.SizeOf(at.Free, at.Size))})
	}
	return out
}

// nearlyFull tells it only of a storage that says how much room it has.
func nearlyFull(at app.StorageInfo) bool { return at.Size > 0 && at.Free <= at.Size/tightest }

// lastBackup is when any backed-up folder was last up to date; zero when none ever was.
func lastBackup(s page.Snapshot) (last time.Time) {
	for _, p := range s.Pairs("backup") {
		if p.LastDone.After(last) {
			last = p.LastDone
		}
	}
	return last
}

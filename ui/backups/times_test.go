package backups

import (
	"errors"
	"slices"
	"testing"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// TestTimes: it is chosen how often a folder is backed up, and the page shows what is true, not what was pressed.
func TestTimes(t *testing.T) {
	c := uitest.Lived()
	docs := &c.Is.Pairs[slices.IndexFunc(c.Is.Pairs, func(p app.PairStatus) bool { return p.Name == "Documents" })]
	x, p := before(t, c)
	x.Open("Documents")
	c.Did()
	x.Press("Settings")
	c.Did()
	x.Press("Once a day")
	x.Same(c, "every Documents day")
	x.Press("Pause this folder")
	x.Same(c, "pause-backup Documents true")
	x.Hears("Documents waits until you let it go on.")
	x.Misses("Back up now")
	docs.Every, docs.Paused = app.EveryDay, true
	p.Show(uitest.Snapshot(c))
	x.Press("Resume this folder")
	x.Same(c, "pause-backup Documents false")
	x.Hears("Documents is backed up again.")
	docs.Paused, docs.Detail, docs.Next = false, app.DetailScheduled, uitest.Now().Add(time.Hour)
	p.Show(uitest.Snapshot(c))
	x.Press("Back up now")
	x.Same(c, "now Documents")
	x.Press("At once")
	x.Same(c, "every Documents")
}

func TestTimesRefused(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Open("Documents")
	x.Press("Settings")
	c.Fails = map[string]error{"every": errors.New("full"), "pause-backup": errors.New("full"), "now": errors.New("full")}
	x.Press("Every hour")
	if !x.Asked() {
		t.Fatal("nothing is said")
	}
	x.Press("Close")
	p.Show(uitest.Snapshot(c))
	if p.folder.rules.times.choice.At() != 0 {
		t.Error("it shows what was refused")
	}
	x.Press("Pause this folder")
	if !x.Asked() {
		t.Error("nothing is said of the pause")
	}
}

package shared

import (
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/ui/text"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestSaysWhatIsNotThere: in every language the page says that sharing is not there yet, and offers nothing that would do nothing.
func TestSaysWhatIsNotThere(t *testing.T) {
	for _, l := range text.Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			x := uitest.NewPerson(t, l.Tag)
			p := New(x.Desk)
			x.See(p.Content(), 820, 1200)
			p.Show(uitest.Snapshot(uitest.Lived()))
			for _, key := range []string{"place.shared", "shared.empty", "shared.empty.more", "shared.who.more", "shared.same.more", "shared.deleting.more", "shared.leaving.more"} {
				x.Reads(x.T(key))
			}
			x.Misses("shared.")
			uitest.Walk(p.Content(), func(o fyne.CanvasObject) {
				if b, ok := o.(*widgets.Button); ok {
					t.Errorf("there is a button %q", b.Text())
				}
			})
		})
	}
}

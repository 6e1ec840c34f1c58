package synced

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
)

// choosing is somebody who has opened the choice of folders.
func choosing(t *testing.T, c *uitest.Client, language string) (*uitest.Person, *Page) {
	t.Helper()
	x, p := before(t, c, language)
	x.Press(x.T("synced.folders"))
	c.Did()
	return x, p
}

func TestFoldersAreShown(t *testing.T) {
	c := uitest.Lived()
	x, _ := choosing(t, c, "en")
	x.Reads("Nothing is deleted there", "4.1 of 7.4\u00a0GB on this computer", "Bilder", "2.9 of 6.2\u00a0GB on this computer", "Møte", "Skole")
	x.Misses("Ferie 2024", "Matte")
	if r := x.Row("Bilder").Row(); !r.Partly || r.Chosen {
		t.Errorf("partly: %+v", r)
	}
	x.Open("Bilder")
	x.Reads("Ferie 2024", "Skipped files stay here", "Only in the cloud", "Ferie 2026")
	x.Row("Ferie 2026").Fold()
	if r := x.Row("Fra telefonen").Row(); r.Depth != 2 || !r.Chosen {
		t.Errorf("below: %+v", r)
	}
	x.Row("Bilder").Fold()
	x.Misses("Ferie 2024", "Fra telefonen")
	if x.Can("Use this choice") {
		t.Error("nothing was chosen, and it can be used")
	}
	x.Same(c)
}

// TestFoldersGo: before something goes it is said what happens; whoever does not want it has lost nothing of what he chose.
func TestFoldersGo(t *testing.T) {
	c := uitest.Lived()
	x, _ := choosing(t, c, "en")
	x.Row("Skole").Check()
	x.Row("Møte").Check()
	x.Reads("3 of 7.4\u00a0GB on this computer")
	x.Press("Use this choice")
	x.Reads("Remove 2 folders from this computer?", "stays in the cloud and on your other computers", "Skole · 1\u00a0GB", "for 30 days")
	x.Keys(fyne.KeyEscape)
	x.Same(c)
	x.Row("Møte").Check()
	x.Press("Use this choice")
	x.Reads("Remove 1 folder from this computer?")
	x.Press("Cancel")
	x.Press("Use this choice")
	x.Press("Remove from this computer")
	x.Same(c, "folders on [] off [Skole]")
	x.Hears("Your choice of folders is used from now on.")
	x.Reads("Changed in two places (5)")
}

// TestFoldersAside: what would go can stay as an ordinary folder; only then the whole choice is said. It is named where things are now.
func TestFoldersAside(t *testing.T) {
	c := uitest.Lived()
	x, _ := choosing(t, c, "en")
	x.Row("Bilder").Check() // all of it comes
	x.Row("Skole").Check()
	x.Row("Møte").Check()
	x.Press("Use this choice")
	x.Reads("Or keep it here: it is moved to /home/kari as an ordinary folder", "only on this computer")
	x.Same(c)
	x.Press("Keep here, stop syncing")
	x.Same(c, "aside [Møte Skole]", "folders on [Bilder/Ferie 2024 Bilder/Ferie 2025] off [Møte Skole]")
	x.Hears("Kept here: /home/kari/Møte and /home/kari/Skole")
	x.Reads("Changed in two places (5)")
}

// TestFoldersAsideFails: then nothing else of the choice is done, and it can be said again.
func TestFoldersAsideFails(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"aside": app.NewProblem(app.CodeNotAllHere, "/home/kari/Elkjøp Cloud", nil)}
	x, _ := choosing(t, c, "en")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	x.Press("Keep here, stop syncing")
	x.Same(c, "aside [Skole]")
	x.Reads("The Synced folder is not up to date, so nothing was moved", "Wait until it is")
	x.Press("Close")
	c.Fails = nil
	x.Press("Use this choice")
	x.Tab("Keep here, stop syncing")
	x.Keys(fyne.KeyReturn)
	x.Same(c, "aside [Skole]", "folders on [] off [Skole]")
}

// TestFoldersCome: what only comes is not asked about.
func TestFoldersCome(t *testing.T) {
	c := uitest.Lived()
	x, _ := choosing(t, c, "en")
	x.Row("Bilder").Check()
	x.Reads("7.4 of 7.4\u00a0GB on this computer")
	x.Press("Use this choice")
	if x.Asked() {
		t.Error("it asks")
	}
	x.Same(c, "folders on [Bilder/Ferie 2024 Bilder/Ferie 2025] off []")
}

func TestFoldersByKeyboard(t *testing.T) {
	c := uitest.Lived()
	x, _ := choosing(t, c, "en")
	if x.Focus() != "list" {
		t.Errorf("the keyboard is at %q", x.Focus())
	}
	x.Keys(fyne.KeyHome, fyne.KeyRight, fyne.KeyDown, fyne.KeySpace) // unfold Bilder, have Ferie 2024
	x.Reads("5 of 6.2\u00a0GB on this computer")
	x.Keys(fyne.KeyHome, fyne.KeyLeft)
	x.Misses("Ferie 2024")
	x.Keys(fyne.KeyEnd, fyne.KeyReturn)
	x.Reads("Matte")
	x.Keys(fyne.KeySpace)
	x.Tab("Use this choice")
	x.Keys(fyne.KeyReturn)
	x.Reads("Remove 1 folder from this computer?")
	x.Tab("Remove from this computer")
	x.Keys(fyne.KeyReturn)
	x.Same(c, "folders on [Bilder/Ferie 2024] off [Skole]")
}

// TestFoldersLeft: who goes back has chosen nothing, and begins anew.
func TestFoldersLeft(t *testing.T) {
	c := uitest.Lived()
	x, p := choosing(t, c, "en")
	x.Row("Skole").Check()
	p.Show(uitest.Snapshot(c)) // a moment later
	x.Reads("Use this choice")
	x.Press("") // the last one without words: back
	x.Reads("Changed in two places (5)")
	x.Press("Choose folders")
	if r := x.Row("Skole").Row(); !r.Chosen {
		t.Error("it is still chosen")
	}
	p.Opened()
	x.Reads("Changed in two places (5)")
	x.Same(c)
}

func TestFoldersFail(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"folders": app.NewProblem("read-only", "/home/kari", nil)}
	x, _ := choosing(t, c, "en")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	x.Press("Remove from this computer")
	x.Reads("The folder does not take changes")
	x.Press("Close")
	if r := x.Row("Skole").Row(); r.Chosen || !x.Can("Use this choice") {
		t.Error("what was chosen is lost")
	}
}

func TestNoFoldersToChoose(t *testing.T) {
	c := uitest.Lived()
	c.Tree = c.Tree[:1]
	x, _ := choosing(t, c, "en")
	x.Reads("There are no folders yet")
	c.Err = app.NewProblem("offline", "", nil)
	x, _ = before(t, c, "en")
	x.Press("Choose folders")
	x.Reads("The folders cannot be shown now.")
}

// TestFoldersLate: an answer to an earlier opening is not shown.
func TestFoldersLate(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Wait = true
	x.Press("Choose folders")
	x.Press("")
	x.Press("Choose folders")
	x.Step()
	x.Misses("Skole")
	x.Finish()
	x.Reads("Skole")
}

// TestFoldersInAllLanguages: no key is seen instead of a sentence.
func TestFoldersInAllLanguages(t *testing.T) {
	for _, language := range []string{"en", "nb", "sv", "da", "fi", "is"} {
		c := uitest.Lived()
		x, _ := choosing(t, c, language)
		x.Row("Skole").Check()
		x.Press(x.T("synced.folders.save"))
		x.Misses("synced.", "{")
		x.Reads(x.T("synced.folders.remove"))
	}
}

// TestFoldersAskFits: in the smallest window and with the largest text every answer is within reach, however many folders go.
func TestFoldersAskFits(t *testing.T) {
	for _, language := range []string{"en", "nb", "sv", "da", "fi", "is"} {
		c := uitest.Lived()
		c.Tree = []app.Folder{{State: app.FolderOn}}
		for i := range 12 {
			c.Tree = append(c.Tree, app.Folder{Path: fmt.Sprint("Mappe ", i), State: app.FolderOn, HereBytes: 1, Bytes: 1})
		}
		x, p := before(t, c, language)
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light, 1.35))
		x.See(p.Content(), 820, 560)
		x.Press(x.T("synced.folders"))
		x.Keys(fyne.KeyHome)
		for range 12 {
			x.Keys(fyne.KeySpace, fyne.KeyDown)
		}
		x.Press(x.T("synced.folders.save"))
		x.Reads(x.Desk.Words.N("synced.folders.ask", 12), "Mappe 0", x.Desk.Words.N("list.more", 9))
		x.Press(x.T("cancel"))
		x.Press(x.T("synced.folders.save"))
		x.Press(x.T("synced.folders.keep"))
		c.Did()
	}
}

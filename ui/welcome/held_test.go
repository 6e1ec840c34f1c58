package welcome

import (
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

const home = "/home/kari/Elkjøp Cloud"

// joining is somebody before the last screen, whose other computer has a Synced folder.
func joining(t *testing.T, c *uitest.Client) (*uitest.Person, *seen) {
	t.Helper()
	x, _, s := before(t, c)
	x.Press(x.T("welcome.own"))
	x.Folder = "/media/nas/kari"
	x.Press("Choose…")
	x.Press(x.T("own.test"))
	x.Press("Continue")
	x.Press("Continue")
	x.Reads("Step 4 of 4", x.T("synced.where"))
	c.Did()
	return x, s
}

// started is what the client is asked when the backups stay as they were proposed.
func started(synced string) []string {
	return []string{synced, "backup /home/kari/Desktop", "backup /home/kari/Documents", "backup /home/kari/Pictures"}
}

// TestHeldIsShown: what the cloud holds is said with its size, and without a choice all of it comes.
func TestHeldIsShown(t *testing.T) {
	c := uitest.Joining()
	x, s := joining(t, c)
	x.Reads("The cloud already holds 8 folders, 7.4\u00a0GB", "All of it comes to this computer.")
	x.Press("Start")
	x.Same(c, started("synced "+home)...)
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestHeldIsChosen: folders without a tick are named when the Synced folder is made, and not a moment later.
func TestHeldIsChosen(t *testing.T) {
	c := uitest.Joining()
	x, _ := joining(t, c)
	x.Press("Choose folders")
	x.Reads("A folder without a tick is not brought here", "7.4 of 7.4\u00a0GB come to this computer", "Bilder", "6.2\u00a0GB", "Comes to this computer", "Step 4 of 4")
	x.Row("Bilder").Fold()
	x.Row("Ferie 2024").Check()
	x.Row("Skole").Check()
	x.Misses("on this computer", "On this computer") // nothing is, yet
	x.Reads("4.1 of 6.2\u00a0GB come to this computer", "Stays in the cloud", "4.3 of 7.4\u00a0GB come to this computer")
	x.Same(c)
	x.Press("Use this choice")
	x.Reads("4.3 of 7.4\u00a0GB come to this computer", x.T("synced.where"))
	x.Misses("All of it comes")
	x.Same(c)
	x.Press("Start")
	x.Same(c, started("synced "+home+" without [Bilder/Ferie 2024 Skole]")...)
}

// TestHeldBack: Back takes back what was chosen since the screen was opened; what was used before stays, also over other screens.
func TestHeldBack(t *testing.T) {
	c := uitest.Joining()
	x, _ := joining(t, c)
	x.Press("Choose folders")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	x.Press("Choose folders")
	if r := x.Row("Skole").Row(); r.Chosen {
		t.Error("the choice is lost")
	}
	x.Row("Møte").Check()
	x.Press("Back")
	x.Reads("6.4 of 7.4\u00a0GB come to this computer")
	x.Press("Back")
	x.Reads("Step 3 of 4")
	x.Press("Continue")
	x.Reads("6.4 of 7.4\u00a0GB come to this computer")
	x.Press("Choose folders")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	x.Reads("All of it comes to this computer.")
	x.Press("Start")
	x.Same(c, started("synced "+home)...)
}

// TestHeldByKeyboard: the whole choice without a pointer.
func TestHeldByKeyboard(t *testing.T) {
	c := uitest.Joining()
	x, _ := joining(t, c)
	x.Tab("Choose folders")
	x.Keys(fyne.KeyReturn)
	if x.Focus() != "list" {
		t.Errorf("the keyboard is at %q", x.Focus())
	}
	x.Keys(fyne.KeyHome, fyne.KeyRight, fyne.KeyDown, fyne.KeySpace, fyne.KeyEnd, fyne.KeySpace)
	x.Tab("Use this choice")
	x.Keys(fyne.KeyReturn)
	x.Tab("Start")
	x.Keys(fyne.KeyReturn)
	x.Same(c, started("synced "+home+" without [Bilder/Ferie 2024 Skole]")...)
}

// TestHeldWithoutSynced: whoever wants no Synced folder is asked nothing of it, and what was chosen before is not said.
func TestHeldWithoutSynced(t *testing.T) {
	c := uitest.Joining()
	x, _ := joining(t, c)
	x.Press("Choose folders")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	x.Press(x.T("synced.use"))
	x.Misses("The cloud already holds", "Choose folders")
	x.Press("Back")
	x.Press("Continue")
	x.Misses("The cloud already holds", x.T("synced.where")) // still
	x.Press("Start")
	x.Same(c, started("")[1:]...)
}

// TestHeldNothing: a cloud without folders has nothing to choose from, and is not spoken of.
func TestHeldNothing(t *testing.T) {
	for name, tree := range map[string][]app.Folder{"no volume": nil, "no folder": {{State: app.FolderOn, Files: 3, Bytes: 10}}} {
		t.Run(name, func(t *testing.T) {
			c := uitest.Joining()
			c.Tree = tree
			x, _ := joining(t, c)
			x.Misses("The cloud already holds", "Choose folders", x.T("synced.cloud.looking"))
			x.Press("Start")
			x.Same(c, started("synced "+home)...)
		})
	}
}

// TestHeldTakesTime: until the cloud answers it is said that it is asked, it is asked once, and nobody has to wait.
func TestHeldTakesTime(t *testing.T) {
	c := uitest.Joining()
	x, s := joining(t, c)
	x.Press("Back")
	x.Press("Back")
	x.Press("Back")
	x.Press(x.T("welcome.own"))
	x.Press("Choose…")
	x.Press(x.T("own.test")) // the storage anew: what another one held is not known of this one
	x.Press("Continue")
	x.Wait = true
	x.Press("Continue")
	x.Reads(x.T("synced.cloud.looking"))
	x.Press("Back")
	x.Press("Continue")
	if n := x.Undone(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	x.Reads(x.T("synced.cloud.looking"))
	c.Did()
	x.Finish()
	x.Reads("The cloud already holds 8 folders")
	x.Press("Start")
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestHeldLate: the answer of a storage that is not the chosen one any more is not shown.
func TestHeldLate(t *testing.T) {
	c := uitest.Joining()
	x, p, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Press("Continue")
	x.Wait = true
	x.Press("Continue")
	first := p.held
	x.Press("Back")
	x.Press("Back")
	x.Press("Back")
	x.Press(x.T("welcome.own"))
	x.Press("Choose…")
	p.held = newHeld(p) // as the other storage makes it
	p.synced()
	x.Step() // the first storage's answer
	if first.tree.Count() != 8 {
		t.Fatal("it was not the first storage's")
	}
	x.Reads(x.T("synced.cloud.looking"))
	x.Misses("The cloud already holds")
}

// TestHeldUnknown: a cloud that cannot say what it holds keeps nobody from starting; what comes is said, and it can be asked again.
func TestHeldUnknown(t *testing.T) {
	c := uitest.Joining()
	c.Fails = map[string]error{"folders": app.NewProblem("offline", "", nil)}
	x, _ := joining(t, c)
	x.Reads("The storage cannot be reached", x.T("synced.cloud.unknown"))
	x.Press("Look again")
	x.Reads(x.T("synced.cloud.unknown"))
	c.Fails = nil
	x.Press("Look again")
	x.Misses(x.T("synced.cloud.unknown"))
	x.Reads("The cloud already holds 8 folders")
	c.Did()
	x.Press("Start")
	x.Same(c, started("synced "+home)...)
}

// TestHeldChangedMeanwhile: when a folder was renamed elsewhere while somebody chose, nothing is made, and the choice begins anew from what there is.
func TestHeldChangedMeanwhile(t *testing.T) {
	c := uitest.Joining()
	x, s := joining(t, c)
	x.Press("Choose folders")
	x.Row("Skole").Check()
	x.Press("Use this choice")
	c.Fails = map[string]error{"synced": app.NewProblem(app.CodeNoFolder, "Skole", nil)}
	c.Tree = append(c.Tree[:7:7], app.Folder{Path: "Skolen", State: app.FolderOn, Bytes: 1})
	x.Press("Start")
	x.Same(c, "synced "+home+" without [Skole]")
	x.Reads("A folder that you chose is not in Synced any more, so nothing was done", "Skole")
	x.Press("Close")
	x.Reads("The cloud already holds 7 folders", "All of it comes to this computer.", "Step 4 of 4")
	c.Fails = nil
	x.Press("Choose folders")
	x.Row("Skolen").Check()
	x.Press("Use this choice")
	x.Press("Start")
	x.Same(c, started("synced "+home+" without [Skolen]")...)
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestPlaceIsKept: the place of the Synced folder that was typed or chosen is still there after other screens.
func TestPlaceIsKept(t *testing.T) {
	c := uitest.Joining()
	x, _ := joining(t, c)
	x.Type(home, "/home/kari/Sky")
	x.Press("Choose folders")
	x.Press("Back")
	x.Reads("/home/kari/Sky")
	x.Folder = "/home/kari/Valgt"
	x.Press("Choose…")
	x.Press("Back")
	x.Press("Continue")
	x.Reads("/home/kari/Valgt")
	x.Press("Start")
	x.Same(c, started("synced /home/kari/Valgt")...)
}

package backups

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

func before(t *testing.T, c *uitest.Client) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c)
	x.See(p.Content(), 1000, 800)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	return x, p
}

// TestStates: every state has its word.
func TestStates(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pair  app.PairStatus
		share float64
		word  string
	}{
		{"safe", app.PairStatus{State: app.StateSafe}, 0, "Up to date"},
		{"some are left out", app.PairStatus{State: app.StateSafe, Skipped: 3}, 0, "Up to date, 3 skipped"},
		{"sending", app.PairStatus{State: app.StateWorking, Detail: "working", PendingFiles: 9}, 0.431, "Backing up, 43%"},
		{"looking", app.PairStatus{State: app.StateWorking, Detail: "checking"}, 0, "Checking"},
		{"waiting", app.PairStatus{State: app.StateWorking, Detail: "waiting"}, 0, "Waiting"},
		{"paused", app.PairStatus{State: app.StatePaused}, 0, "Paused"},
		{"waits for its time", app.PairStatus{State: app.StatePaused, Detail: app.DetailScheduled, Next: uitest.Now().Add(time.Hour)}, 0, "Waiting until 15:03"},
		{"made in time", app.PairStatus{State: app.StateSafe, Detail: app.DetailScheduled, Next: uitest.Now().Add(time.Hour)}, 0, "Up to date"},
		{"asks", app.PairStatus{State: app.StateNeedsYou}, 0, "Needs you"},
		{"unplugged", app.PairStatus{State: app.StateNeedsYou, Detail: "not-connected", LastSeen: uitest.Now().AddDate(0, 0, -22)}, 0, "Not connected"},
		{"offline", app.PairStatus{State: app.StateOffline}, 0, "No connection"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.NewClient()
			tt.pair.Name, tt.pair.Area, tt.pair.Root = "Docs", "backup", "/home/kari/Docs"
			c.Is.Pairs = []app.PairStatus{tt.pair}
			x, p := before(t, c)
			s := uitest.Snapshot(c)
			if tt.share > 0 {
				s.PairWork = map[string]float64{"Docs": tt.share}
			}
			p.Show(s)
			if got := x.Row("Docs").Row().State.Word; got != tt.word {
				t.Errorf("it says %q", got)
			}
			if tt.name == "unplugged" {
				x.Reads("Last seen 3 Nov 14:03. Your copies are kept.")
			}
		})
	}
}

func TestAddOneOfTheUsual(t *testing.T) {
	c := uitest.NewClient()
	x, _ := before(t, c)
	x.Reads("Nothing is backed up yet", "Pick the folders you would miss most.")
	x.Press("Choose folders")
	x.Reads("Desktop", "/home/kari/Documents", "Music")
	x.Press("Add") // the last one: music
	x.Same(c, "backup /home/kari/Music")
	x.Hears("Music is being backed up.")
	if x.Asked() {
		t.Error("it still asks")
	}
}

func TestAddAnother(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Press("Add folder")
	x.Press("Another folder…") // and none is chosen
	x.Same(c)
	x.Folder = "/media/kari/USB/Photos"
	x.Press("Add folder")
	x.Press("Another folder…")
	x.Same(c, "backup /media/kari/USB/Photos")
}

func TestAddThatFails(t *testing.T) {
	c := uitest.Lived()
	c.Err = app.NewProblem("not-connected", "/gone", nil)
	x, p := before(t, c)
	p.AddFolder("/gone")
	x.Reads("/gone", "The folder is not connected")
	if len(x.Said) > 0 {
		t.Errorf("said %q", x.Said)
	}
}

func TestFolder(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Open("Documents")
	x.Reads("/home/kari/Documents", "12,431 files, 38\u00a0GB", "Ferie i Lofoten.mp4")
	x.Misses("Old projects")
	x.Press("Open folder")
	x.Press("Skipped")
	x.Reads("/home/kari/Documents/~lock.odt")
	x.Misses("Ferie i Lofoten.mp4", x.T("files.search"))
	x.Open("/home/kari/Documents/link")
	if !slices.Equal(x.Shown, []string{"/home/kari/Documents", "/home/kari/Documents/link"}) {
		t.Errorf("shown %q", x.Shown)
	}
	c.Is.Pairs[1].Files = 12_432
	p.Show(uitest.Snapshot(c))
	x.Reads("12,432 files")
	x.Press("") // back
	x.Reads("Old projects")
}

func TestFolderWithoutSkips(t *testing.T) {
	c := uitest.Lived()
	c.LeftOut = nil
	x, _ := before(t, c)
	x.Open("Documents")
	x.Press("Skipped")
	x.Reads(x.T("folder.skipped.none"))
	c.Err = app.NewProblem("not-connected", "", nil)
	x.Press("")
	x.Open("Old projects")
	x.Press("Skipped")
	x.Reads(x.T("folder.skipped.unknown"))
}

// TestSlowFolder: what comes late for one folder is not shown at another.
func TestSlowFolder(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Wait = true
	x.Open("Documents") // 1: its files
	x.Press("Skipped")  // 2
	x.Press("")
	x.Open("Old projects") // 3: its files
	x.Press("Skipped")     // 4
	c.LeftOut = nil
	x.Step()
	x.Step() // of Documents
	x.Misses(x.T("folder.skipped.none"))
	x.Finish()
	x.Reads(x.T("folder.skipped.none"))
}

// TestStop: the copies stay unless somebody says otherwise.
func TestStop(t *testing.T) {
	for _, tt := range []struct {
		key  string
		want []string
	}{
		{"cancel", nil}, {"stop.keep", []string{"stop Documents false"}}, {"stop.trash", []string{"stop Documents true"}},
	} {
		t.Run(tt.key, func(t *testing.T) {
			c := uitest.Lived()
			x, _ := before(t, c)
			x.Open("Documents")
			c.Did()
			x.Press(x.T("folder.stop"))
			if x.Focus() != "Cancel" {
				t.Errorf("the keyboard is at %q", x.Focus())
			}
			x.Press(x.T(tt.key))
			x.Same(c, tt.want...)
			if tt.want != nil {
				x.Reads("Old projects") // the list again
			}
		})
	}
}

func TestStopThatFails(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"stop": app.NewProblem("offline", "", nil)}
	x, _ := before(t, c)
	x.Open("Documents")
	x.Press(x.T("folder.stop"))
	x.Press("Stop and keep the copies")
	x.Reads("The storage cannot be reached")
	x.Press("Close")
	x.Reads("Ferie i Lofoten.mp4") // still the folder
}

func TestOtherComputers(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Press("Other computers")
	x.Reads("Documents", "Pictures", "Old PC · Windows", "25 Oct")
	x.Misses("Kari's laptop")
	x.Folder = "/home/kari/old"
	x.Press(x.T("folder.get-back")) // the last one
	x.Same(c, "get back Old PC/Pictures []  to /home/kari/old")
	x.Press("")
	x.Press("Other computers")
	c.Computers = c.Computers[:1]
	x.Press("")
	x.Press("Other computers")
	x.Reads(x.T("others.none"))
	c.Err = app.NewProblem("offline", "", nil)
	x.Press("")
	x.Press("Other computers")
	x.Reads("The storage cannot be reached")
}

func TestListByKeyboard(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.List()
	x.Keys(fyne.KeyEnd, fyne.KeyReturn)
	x.Reads("/home/kari/Letters", "98 files")
}

// TestMenu: what can be done with a folder, by keyboard.
func TestMenu(t *testing.T) {
	for i, tt := range []struct {
		name  string
		reads string
		did   string
	}{
		{"open folder", "", ""}, {"files", "Ferie i Lofoten.mp4", "look Pictures"}, {"skipped", "~lock.odt", "look Pictures"}, {"rules", "Your rules skip", "look Pictures"},
		{"get back", "Get everything in Pictures back?", ""}, {"pause", "", "pause-backup Pictures true"}, {"stop", "Stop backing up Pictures?", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			x, _ := before(t, c)
			x.List()
			x.Keys(fyne.KeyDown, desktop.KeyMenu)
			for range i + 1 {
				x.Keys(fyne.KeyDown)
			}
			x.Keys(fyne.KeyReturn)
			if did := c.Did(); len(did) > 0 && did[0] != tt.did || tt.did == "" && len(did) > 0 {
				t.Errorf("the client was asked %q", did)
			}
			x.Reads(tt.reads)
			if tt.name == "open folder" && !slices.Equal(x.Shown, []string{"/home/kari/Pictures"}) {
				t.Errorf("shown %q", x.Shown)
			}
		})
	}
}

// TestMenuOfARow: its button shows the same, Escape closes it, and the folder of a drive that is away cannot be opened.
func TestMenuOfARow(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Row("Old projects").Menu()
	if !x.Asked() {
		t.Fatal("there is no menu")
	}
	x.Keys(fyne.KeyDown, fyne.KeyReturn) // the first that can be done
	x.Reads("/media/kari/USB", "Mormor.jpg")
	if len(x.Shown) > 0 {
		t.Errorf("shown %q", x.Shown)
	}
	x.Press("")
	x.Row("Letters").Menu()
	x.Keys(fyne.KeyEscape)
	if x.Asked() {
		t.Error("the menu is still there")
	}
}

// TestComingBack: whoever comes to the page sees the list, wherever they left it.
func TestComingBack(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Open("Documents")
	c.Is.Pairs = append(c.Is.Pairs, app.PairStatus{Name: "New", Area: "backup", Root: "/new", State: app.StateSafe, LastDone: uitest.Now().Add(-time.Minute)})
	p.Show(uitest.Snapshot(c))
	p.Opened()
	x.Reads("New", "Old projects")
}

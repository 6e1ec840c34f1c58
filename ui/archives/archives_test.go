package archives

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/uitest"
)

// before is somebody before the page of a client.
func before(t *testing.T, c *uitest.Client, o Options) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c, o)
	x.See(p.Content(), 1100, 900)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	x.See(p.Content(), 1100, 900)
	return x, p
}

func TestFoldersAndTrail(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	x.Same(c, "find", "list")
	x.Reads("10 items", "Summer 2019", "41\u00a0GB", "Wedding.mp4", "12\u00a0GB", "25 Nov 2024")
	c.Items = []app.Item{{Path: "Summer 2019/beach.mov", Size: 5_000_000}}
	x.Open("Summer 2019")
	x.Same(c, "list Summer 2019")
	x.Reads("Archive › Summer 2019", "beach.mov", "1 item")
	c.Items = nil
	x.Press("") // up
	x.Same(c, "list")
	x.Reads("Room for what you seldom need")
	x.Misses("All kinds", "Delete") // there is nothing to search, and nothing to choose
	x.Misses("beach.mov", "Archive ›")
}

func TestSearch(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	c.Did()
	c.Items = []app.Item{{Path: "Taxes/2019/Bill.pdf", Size: 9_000, Modified: uitest.Now()}}
	x.Type("Search in the Archive", "bi")
	x.Same(c, "find b", "find bi")
	x.Reads("Bill.pdf", "today 14:03 · Taxes/2019")
	c.Items = nil
	x.Type("bi", "zzz")
	x.Reads(x.T("nothing-found"))
}

// TestSlowAnswers: what was asked last is what is shown, and before the first answer there are no words about emptiness.
func TestSlowAnswers(t *testing.T) {
	c := uitest.Lived()
	x := uitest.NewPerson(t, "en")
	x.Wait = true
	p := New(x.Desk, c, Options{})
	x.See(p.Content(), 1100, 900)
	p.Opened()
	x.Misses("Room for what you seldom need", "Wedding.mp4")
	x.Type("Search in the Archive", "abc")
	if x.Undone() != 1 {
		t.Errorf("%d questions at one time", x.Undone())
	}
	x.Finish()
	x.Same(c, "find", "list", "find", "find abc") // the years, again because the first answer came too late to be of use
	x.Reads("Wedding.mp4")
}

func TestCannotBeReached(t *testing.T) {
	c := uitest.Lived()
	c.Err = app.NewProblem("offline", "", nil)
	x, _ := before(t, c, Options{})
	x.Reads("The storage cannot be reached")
	if x.Can("Download…") {
		t.Error("there is something to download")
	}
	c.Err = nil
	x.Press(x.T("fix.again"))
	x.Reads("Wedding.mp4")
}

func TestDownload(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	c.Did()
	if x.Can("Download…") || x.Can("Delete") {
		t.Error("nothing is chosen, and something can be done")
	}
	x.Open("Wedding.mp4") // a file is chosen, not opened
	x.Open("Scans.zip")
	x.Reads("2 chosen")
	x.Press("Download…") // and no folder
	x.Same(c)
	x.Folder = "/home/kari/got"
	x.Press("Download…")
	x.Same(c, "fetch Wedding.mp4 /home/kari/got", "fetch Scans.zip /home/kari/got")
	x.Hears("2 files are back.")
}

func TestDownloadThatFails(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	x.Folder = "/full"
	c.Fails = map[string]error{"fetch": app.NewProblem("disk-full", "/full", nil)}
	x.Open("Wedding.mp4")
	x.Open("Scans.zip")
	c.Did()
	x.Press("Download…")
	x.Same(c, "fetch Wedding.mp4 /full") // the next one would fail, too
	x.Reads("This computer's disk is full")
	x.Press("Close")
	c.Fails = nil
	c.Brought = app.RestoreReport{Files: 1, Problems: []*app.Problem{app.NewProblem("damaged", "/full/Scans.zip", nil)}}
	x.Press("Download…")
	x.Reads("The copy in the cloud is damaged", "/full/Scans.zip")
}

func TestDelete(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	x.Open("Wedding.mp4")
	c.Did()
	x.Press("Delete")
	x.Reads("Delete this from the Archive?", "Wedding.mp4", "It moves to Trash")
	if x.Focus() != "Cancel" {
		t.Errorf("the keyboard is at %q", x.Focus())
	}
	x.Keys(fyne.KeyReturn)
	x.Same(c)
	x.Press("Delete")
	c.Items = c.Items[:2]
	x.Press("Move to Trash")
	x.Same(c, "unarchive Wedding.mp4", "find", "list")
	x.Hears("Moved to Trash.")
	x.Misses("Wedding.mp4")
	if x.Can("Delete") {
		t.Error("what is gone is still chosen")
	}
}

func TestKeyboard(t *testing.T) {
	for _, grid := range []bool{false, true} {
		t.Run(fmt.Sprint("grid ", grid), func(t *testing.T) {
			c := uitest.Lived()
			x, p := before(t, c, Options{Grid: grid})
			c.Did()
			var all fyne.Shortcutable = p.rows
			if grid {
				all = p.tiles
				x.Desk.Canvas().Focus(p.tiles)
			} else {
				x.List()
			}
			x.Keys(fyne.KeyEnd, fyne.KeySpace, fyne.KeyHome)
			x.Reads("1 chosen")
			if got := p.picked(); !slices.Equal(got, []string{"Sang.mp3"}) {
				t.Errorf("chosen %q", got)
			}
			all.TypedShortcut(&fyne.ShortcutSelectAll{})
			x.Reads("10 chosen")
			all.TypedShortcut(&fyne.ShortcutSelectAll{})
			x.Reads("10 items")
			x.Keys(fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyReturn)
			x.Reads("Archive › Summer 2019")
			x.Same(c, "list Summer 2019")
		})
	}
}

// TestAdd: only after everything was compared is it offered to free the room, and keeping is the default.
func TestAdd(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, Options{})
	c.Did()
	x.Press("Add a folder")
	x.Same(c)
	x.Folder = "/home/kari/Summer 2020"
	x.Press("Add a folder")
	x.Reads("Summer 2020 is in the Archive and checked", "All 12 files were read back", "41\u00a0GB", "recycle bin")
	if x.Focus() != "Keep it here too" {
		t.Errorf("the keyboard is at %q", x.Focus())
	}
	x.Keys(fyne.KeyEscape)
	x.Same(c, "archive [/home/kari/Summer 2020] false", "find", "list")
	x.Press("Add a file")
	x.Press("Remove from this computer")
	x.Same(c, "archive [/home/kari/Summer 2020] false", "find", "list", "archive [/home/kari/Summer 2020] true", "find", "list")
}

func TestAddThatIsNotWhole(t *testing.T) {
	for _, tt := range []struct {
		name  string
		done  app.ArchiveReport
		fails error
		reads []string
		hears string
	}{
		{"a file cannot be read", app.ArchiveReport{Files: 2, Verified: 2, Problems: []*app.Problem{app.NewProblem("unreadable", "/home/kari/x/secret", nil)}}, nil,
			[]string{"Nothing was removed from this computer because of it", "/home/kari/x/secret"}, ""},
		{"nothing there", app.ArchiveReport{}, nil, nil, "There was nothing to add."},
		{"the cloud is full", app.ArchiveReport{}, app.NewProblem("cloud-full", "", nil), []string{"Your cloud storage is full"}, ""},
		{"stopped", app.ArchiveReport{}, app.NewProblem(app.CodeCanceled, "", nil), nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Added, c.Fails = tt.done, map[string]error{"archive": tt.fails}
			x, p := before(t, c, Options{})
			p.Add([]string{"/home/kari/x"})
			x.Reads(tt.reads...)
			x.Misses("Remove from this computer", "Adding x to the Archive")
			if tt.hears != "" {
				x.Hears(tt.hears)
			}
			if len(tt.reads) == 0 && x.Asked() {
				t.Error("a dialog without a reason")
			}
		})
	}
}

func TestAddSaysHowFar(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c, Options{})
	x.Wait = true
	p.Add([]string{"/home/kari/Summer"})
	x.Reads("Adding Summer to the Archive", "Looking at the files…", "Cancel")
	for phase, want := range map[string]string{"upload": "3 of 12 files sent", "verify": "3 of 12 files read back and compared", "": "Looking at the files…"} {
		if got := step(x.Desk, app.Progress{Phase: phase, Files: 3, FilesTotal: 12, Bytes: 1, BytesTotal: 9}); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", phase, got)
		}
	}
	x.Finish()
	x.Misses("Adding Summer to the Archive")
}

func TestFilter(t *testing.T) {
	c := uitest.Lived()
	c.Items = append(c.Items, app.Item{Path: "Summer 2019/Strand.jpg", Size: 9, Modified: uitest.Now().AddDate(-2, 0, 0)})
	x, p := before(t, c, Options{})
	c.Did()
	x.Choose("All kinds", "Pictures")
	x.Same(c, "find")
	if got := x.Titles(); !slices.Equal(got, []string{"Hytta.jpg", "Fjorden.jpg", "Mormor.png", "Båten.jpg", "Ødelagt.jpg", "Strand.jpg"}) {
		t.Errorf("pictures: %q", got)
	}
	x.Choose("All years", "2024")
	if got := x.Titles(); !slices.Equal(got, []string{"Mormor.png", "Strand.jpg"}) {
		t.Errorf("pictures of 2024: %q", got)
	}
	x.Reads("25 Nov 2024 · Summer 2019")
	x.Choose("Pictures", "Music")
	x.Reads(x.T("nothing-found"))
	x.Choose("Music", "All kinds")
	if got := x.Titles(); !slices.Equal(got, []string{"Wedding.mp4", "Mormor.png", "Strand.jpg"}) {
		t.Errorf("everything of 2024: %q", got)
	}
	if got := p.filter.when.Options; !slices.Equal(got, []string{"All years", "2026", "2025", "2024", "2023", "2022"}) {
		t.Errorf("years: %q", got)
	}
	x.Choose("2024", "All years")
	x.Reads("Summer 2019", "Taxes") // the folder itself again
}

// TestFilterInFolder: alone it looks through the folder that is shown; with words through everything; another folder begins anew.
func TestFilterInFolder(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c, Options{})
	x.Open("Summer 2019")
	c.Items = []app.Item{{Path: "Summer 2019/a.jpg"}, {Path: "Summer 2019/sub/b.jpg"}, {Path: "Summer 20190/c.jpg"}, {Path: "d.jpg"}}
	x.Choose("All kinds", "Pictures")
	if got := p.paths(); !slices.Equal(got, []string{"Summer 2019/a.jpg", "Summer 2019/sub/b.jpg"}) {
		t.Errorf("below the folder: %q", got)
	}
	x.Type("Search in the Archive", "j")
	if len(p.items) != 4 {
		t.Errorf("everywhere: %q", p.paths())
	}
	p.goTo("")
	if p.filter.on() || p.filter.kinds.Selected != "All kinds" {
		t.Errorf("still %q", p.filter.kinds.Selected)
	}
}

// TestYearThatIsGone: what is chosen stays a choice, though there is nothing of that year any more.
func TestYearThatIsGone(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c, Options{})
	x.Choose("All years", "2022")
	c.Items = c.Items[:3]
	p.Opened()
	if p.filter.when.Selected != "2022" || !slices.Equal(p.filter.when.Options, []string{"All years", "2024", "2022"}) {
		t.Errorf("%q of %q", p.filter.when.Selected, p.filter.when.Options)
	}
}

// TestSmallPictures: of what is seen, one after the other, small ones only; what is no picture keeps its icon and is asked for once.
func TestSmallPictures(t *testing.T) {
	c := uitest.Lived()
	c.Items = append(c.Items, app.Item{Path: "Panorama.jpg", Size: app.MaxPreview + 1}, app.Item{Path: "folder.jpg", Dir: true})
	var chose []bool
	x, p := before(t, c, Options{Changed: func(grid bool) { chose = append(chose, grid) }})
	c.Did()
	x.Wait = true
	x.Press("Small pictures")
	if x.Undone() != 1 {
		t.Fatalf("%d are fetched at one time", x.Undone())
	}
	for x.Undone() > 0 {
		x.Step()
	}
	did := c.Did()
	slices.Sort(did)
	if want := []string{"preview Båten.jpg", "preview Fjorden.jpg", "preview Hytta.jpg", "preview Mormor.png", "preview Ødelagt.jpg"}; !slices.Equal(did, want) {
		t.Errorf("fetched %q", did)
	}
	if got := withPicture(x); !slices.Equal(got, []string{"Båten.jpg", "Fjorden.jpg", "Hytta.jpg", "Mormor.png"}) {
		t.Errorf("shown with their pictures: %q", got)
	}
	p.Opened()
	x.Finish()
	x.Same(c, "find", "list") // the pictures are remembered
	x.Press("List")
	x.Press("Small pictures")
	x.Same(c)
	if !slices.Equal(chose, []bool{true, false, true}) {
		t.Errorf("remembered: %v", chose)
	}
}

func withPicture(x *uitest.Person) []string {
	var out []string
	for _, v := range x.Shots() {
		if v.Shot().Picture != nil {
			out = append(out, v.Shot().Title)
		}
	}
	slices.Sort(out)
	return out
}

// TestSmallPicturesWait: nothing is fetched while the client is paused or cannot reach the storage.
func TestSmallPicturesWait(t *testing.T) {
	for _, state := range []string{app.StatePaused, app.StateOffline} {
		c := uitest.Lived()
		c.Is.State = state
		x, p := before(t, c, Options{Grid: true})
		x.Same(c, "find", "list")
		c.Is.State = app.StateSafe
		p.Show(uitest.Snapshot(c))
		if got := withPicture(x); len(got) != 4 {
			t.Errorf("after %s: %q", state, got)
		}
	}
}

// TestSmallPicturesThatFail: a storage that cannot be reached is not asked sixty times; a single bad file keeps nobody from the others.
func TestSmallPicturesThatFail(t *testing.T) {
	for _, tt := range []struct {
		code        string
		again, once int
	}{{"offline", 1, 1}, {"damaged", 5, 0}} {
		c := uitest.Lived()
		x, _ := before(t, c, Options{})
		c.Did()
		c.Fails = map[string]error{"preview": app.NewProblem(tt.code, "", nil)}
		x.Wait = true
		x.Press("Small pictures")
		x.Finish()
		if n := len(c.Did()); n != tt.again {
			t.Errorf("%s: asked %d times", tt.code, n)
		}
		if x.Asked() || len(x.Said) > 0 {
			t.Errorf("%s: it is spoken of", tt.code)
		}
	}
}

// TestManyPictures: of a thousand only those that can be seen are asked for, and what is scrolled to comes first.
func TestManyPictures(t *testing.T) {
	c := uitest.NewClient()
	c.At.Kind, c.Files = "folder", map[string][]byte{}
	for i := range 1000 {
		name := fmt.Sprintf("%04d.jpg", i)
		c.Items = append(c.Items, app.Item{Path: name, Size: 900, Modified: uitest.Now().Add(-time.Duration(i) * time.Hour)})
		c.Files[name] = uitest.Photo(16, 12, i)
	}
	x, p := before(t, c, Options{})
	x.Wait = true
	x.Press("Small pictures")
	p.tiles.Highlight(900)
	c.Did()
	x.Step() // was begun before the jump
	x.Step()
	did := c.Did()
	if len(did) != 2 || did[1] < "preview 0850" {
		t.Errorf("after the jump: %q", did)
	}
	x.Finish()
	if n := len(c.Did()); n > waiting {
		t.Errorf("%d were fetched", n)
	}
}

func TestPageWithoutASnapshot(t *testing.T) {
	c := uitest.Lived()
	x := uitest.NewPerson(t, "nb")
	p := New(x.Desk, c, Options{})
	x.See(p.Content(), 820, 560)
	p.Opened()
	p.Show(page.Snapshot{})
	x.Reads("Legg til en mappe", "Alle typer", "Alle år")
	x.Misses("archive.")
}

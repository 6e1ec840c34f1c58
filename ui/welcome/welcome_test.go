package welcome

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/uitest"
)

type seen struct {
	done, left int
	language   string
}

func before(t *testing.T, c *uitest.Client) (*uitest.Person, *Page, *seen) {
	t.Helper()
	s := &seen{}
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c, Options{
		Brand: brand.Default(), UserHome: "/home/kari", Done: func() { s.done++ }, Leave: func() { s.left++ }, Language: func(tag string) { s.language = tag },
	})
	x.See(p.Content(), 900, 900)
	return x, p, s
}

// fresh is a client of a space in which there is only this computer.
func fresh() *uitest.Client {
	c := uitest.NewClient()
	c.Computers = []app.DeviceInfo{{Name: "laptop", This: true}}
	return c
}

// TestAllTheWay: nothing is looked after before Start, and then exactly what was ticked.
func TestAllTheWay(t *testing.T) {
	c := fresh()
	x, _, s := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Reads(x.T("try.warning"), "/home/kari/"+brand.Default().Name)
	x.Press("Continue")
	x.Same(c, "folder /home/kari/"+brand.Default().Name+" "+x.T("try.folder-name"))
	x.Reads("Step 2 of 4", "laptop")
	x.Type("laptop", "Kari's laptop")
	x.Press("Continue")
	x.Same(c, "name Kari's laptop")
	x.Reads("Step 3 of 4", "Desktop", "Documents", "Pictures", "Music", "3 folders, 23\u00a0GB")
	x.Open("Pictures") // not any more
	x.Folder = "/media/kari/Photos"
	x.Press("Add folder")
	x.Press("Add folder") // the same again is one
	x.Reads("3 folders", "Photos")
	x.Press("Continue")
	x.Reads("Step 4 of 4", "/home/kari/Elkjøp Cloud")
	x.Same(c)
	x.Press("Start")
	x.Same(c, "synced /home/kari/Elkjøp Cloud", "backup /home/kari/Desktop", "backup /home/kari/Documents", "backup /media/kari/Photos")
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestBackAndForth: one can always go back, and what was chosen is still chosen.
func TestBackAndForth(t *testing.T) {
	c := fresh()
	x, _, s := before(t, c)
	x.Press("Back")
	if s.left != 1 {
		t.Error("there is no way out")
	}
	x.Press(x.T("welcome.own"))
	x.Press("Back")
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Press("Continue")
	x.Open("Music")
	x.Reads("4 folders")
	x.Press("Continue")
	x.Press("Back")
	x.Reads("4 folders")
	x.Press("Back")
	x.Reads("Step 2 of 4")
	x.Press("Back")
	x.Reads(x.T("welcome.title"))
}

func TestNothingButStorage(t *testing.T) {
	c := fresh()
	x, _, s := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Press("Continue")
	for _, name := range []string{"Desktop", "Documents", "Pictures"} {
		x.Open(name)
	}
	x.Reads(x.T("folders.none"))
	x.Press("Continue")
	x.Press(x.T("synced.use"))
	x.Misses(x.T("synced.where"))
	c.Did()
	x.Press("Start")
	x.Same(c)
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestStartThatFails: a Synced folder that cannot be made stops it; a backup that cannot be added keeps nobody from the others.
func TestStartThatFails(t *testing.T) {
	for _, tt := range []struct {
		fails string
		done  int
		want  int // things that were asked
	}{{"synced", 0, 1}, {"backup", 1, 4}} {
		t.Run(tt.fails, func(t *testing.T) {
			c := fresh()
			x, _, s := before(t, c)
			x.Press(x.T("welcome.try"))
			for range 3 {
				x.Press("Continue")
			}
			c.Did()
			c.Fails = map[string]error{tt.fails: app.NewProblem("read-only", "/home/kari/x", nil)}
			x.Press("Start")
			x.Reads("The folder does not take changes", "/home/kari/x")
			if did := c.Did(); len(did) != tt.want || s.done != tt.done {
				t.Errorf("asked %q, done %d times", did, s.done)
			}
			x.Press("Close")
			if tt.done == 0 && !x.Can("Start") {
				t.Error("it cannot be tried again")
			}
		})
	}
}

func TestOwnFolder(t *testing.T) {
	c := fresh()
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.own"))
	x.Folder = "/media/nas/kari"
	x.Press("Choose…")
	x.Press(x.T("own.test"))
	x.Same(c, "folder /media/nas/kari")
	x.Reads("Step 2 of 4")
}

// TestOwnServer: presets fill in what is known; what was typed is asked for as it was typed, without the spaces of a paste.
func TestOwnServer(t *testing.T) {
	c := fresh()
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.own"))
	folder := x.T("own.folder")
	x.Choose(folder, "Hetzner")
	x.Reads("https://fsn1.your-objectstorage.com")
	x.Choose("Hetzner", "MinIO")
	x.Reads("http://localhost:9000")
	x.Type("http://localhost:9000", " https://s3.example.org ")
	x.Type("elkjop-cloud", "kari")
	x.Press(x.T("own.test"))
	x.Same(c, "s3 https://s3.example.org kari")
	x.Reads("Step 2 of 4")
}

// TestStorageThatFails: every test that was done is shown, and the reason; the way on is open for another try, and leads nowhere.
func TestStorageThatFails(t *testing.T) {
	c := fresh()
	c.Tests = []app.Check{{Name: "reach", OK: true}, {Name: "key", OK: false}}
	c.Fails = map[string]error{"folder": app.NewProblem("key-refused", "", nil)}
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Reads("The storage does not accept the access key", x.T("test.reach"), x.T("test.key"), "Step 1 of 4")
	c.Fails, c.Tests = nil, nil
	x.Press("Continue")
	x.Reads("Step 2 of 4")
}

func TestTestsTakeTime(t *testing.T) {
	c := fresh()
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Wait = true
	x.Press("Continue")
	x.Reads(x.T("test.busy"))
	if x.Can("Continue") {
		t.Error("it can be begun twice")
	}
	x.Finish()
	x.Reads("Step 2 of 4")
}

// others is a space with another computer's backups.
func others(t *testing.T) (*uitest.Person, *uitest.Client) {
	t.Helper()
	c := fresh()
	c.Computers = append(c.Computers, app.DeviceInfo{Name: "Old PC", System: "Windows", Backups: []string{"Documents", "Pictures"}})
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	c.Did()
	return x, c
}

func TestContinueAnother(t *testing.T) {
	x, c := others(t)
	x.Reads(x.T("computer.found"), "Old PC · Windows")
	x.Folder = "/home/kari/Pictures"
	x.Press(x.T("computer.use")) // the last one: Pictures
	x.Reads(x.T("computer.use.continue"), x.T("computer.use.get"))
	x.Press("Cancel")
	x.Same(c)
	x.Press(x.T("computer.use"))
	x.Press(x.T("computer.use.continue.go"))
	x.Same(c, "continue Old PC/Pictures /home/kari/Pictures")
	if r := x.Row("Pictures").Row(); r.State.Word != x.T("computer.use.done") || r.Action != "" {
		t.Errorf("%+v", r)
	}
}

func TestContinueThatFails(t *testing.T) {
	x, c := others(t)
	c.Err = errors.New("no")
	x.Folder = "/home/kari/Pictures"
	x.Press(x.T("computer.use"))
	x.Press(x.T("computer.use.continue.go"))
	x.Reads("Something unexpected happened")
	x.Press("Close")
	if r := x.Row("Pictures").Row(); r.Action == "" {
		t.Error("it cannot be tried again")
	}
}

func TestGetFilesFirst(t *testing.T) {
	x, c := others(t)
	x.Folder = "/home/kari/old"
	x.Press(x.T("computer.use"))
	x.Press(x.T("computer.use.get.go"))
	x.Same(c, "get Old PC/Pictures /home/kari/old")
	x.Hears("3 files are back.")
}

func TestNameThatFails(t *testing.T) {
	x, c := others(t)
	c.Fails = map[string]error{"name": app.NewProblem("wrong-use", "", errors.New("too long"))}
	x.Press("Continue")
	x.Press("Close")
	x.Reads("Step 2 of 4")
}

// TestMeasuring: what is not known yet is not added up.
func TestMeasuring(t *testing.T) {
	c := fresh()
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Wait = true
	x.Press("Continue")
	x.Step() // the name
	if !slices.Contains(x.Words(), "3 folders") || x.Row("Desktop").Row().Under != x.T("folders.measuring") {
		t.Errorf("%q", x.Words())
	}
	x.Finish()
	x.Reads("3 folders, 23\u00a0GB")
	if got := x.Row("Desktop").Row(); !strings.Contains(got.Under, "files") || got.Side == "" {
		t.Errorf("%+v", got)
	}
}

func TestLanguage(t *testing.T) {
	x, _, s := before(t, fresh())
	x.Choose("English", "Suomi")
	if s.language != "fi" {
		t.Errorf("language %q", s.language)
	}
}

func TestByKeyboard(t *testing.T) {
	c := fresh()
	x, _, s := before(t, c)
	x.Tab(x.T("welcome.try"))
	x.Keys(fyne.KeySpace)
	for range 3 {
		x.Tab("Continue")
		x.Keys(fyne.KeyReturn)
	}
	x.Tab("Start")
	x.Keys(fyne.KeyReturn)
	if s.done != 1 {
		t.Errorf("done %d times", s.done)
	}
}

// TestLeftMeanwhile: who goes back while a storage is tried out, or a name is given, stays where they went, and what was begun is ended.
func TestLeftMeanwhile(t *testing.T) {
	c := fresh()
	x, p, _ := before(t, c)
	x.Press(x.T("welcome.try"))
	x.Wait = true
	x.Press("Continue")
	ended := p.cancel == nil
	p.cancel = func() { ended = true }
	x.Press("Back")
	if !ended {
		t.Error("the storage is still tried out")
	}
	x.Press(x.T("welcome.own"))
	x.Finish()
	x.Reads(x.T("own.title"))
	if !x.Can(x.T("own.test")) {
		t.Error("the way on is shut for what was begun elsewhere")
	}

	x.Press("Back")
	x.Press(x.T("welcome.try"))
	x.Press("Continue")
	x.Wait = true
	x.Press("Continue")
	x.Press("Back")
	x.Finish()
	x.Reads(x.T("welcome.title"))
}

// TestOtherKindOfStorage: what was tried of one kind of storage is not said of another one.
func TestOtherKindOfStorage(t *testing.T) {
	c := fresh()
	c.Fails = map[string]error{"folder": app.NewProblem("read-only", "/media/cd", nil), "s3": app.NewProblem("key-refused", "", nil)}
	c.Tests = []app.Check{{Name: "reach", OK: true}}
	x, _, _ := before(t, c)
	x.Press(x.T("welcome.own"))
	x.Folder = "/media/cd"
	x.Press("Choose…")
	x.Press(x.T("own.test"))
	x.Reads("The folder does not take changes", x.T("test.reach"))
	x.Choose(x.T("own.folder"), "Wasabi")
	x.Misses("The folder does not take changes", x.T("test.reach"))
	x.Press(x.T("own.test"))
	x.Reads("The storage does not accept the access key", "Step 1 of 4")
	x.Misses("The folder does not take changes")
	x.Choose("Wasabi", x.T("own.folder"))
	x.Misses("The storage does not accept the access key")
	x.Reads("/media/cd") // what was chosen is still there
}

// TestOwnServerByKeyboard: address and keys are typed and the test is begun without a pointer; a secret is not shown.
func TestOwnServerByKeyboard(t *testing.T) {
	c := fresh()
	x, _, _ := before(t, c)
	x.Tab(x.T("welcome.own"))
	x.Keys(fyne.KeyReturn)
	x.Choose(x.T("own.folder"), "Ceph")
	x.Type("https://", "https://ceph.example.org")
	x.Tab(x.T("own.test"))
	x.Keys(fyne.KeyReturn)
	x.Same(c, "s3 https://ceph.example.org elkjop-cloud")
	x.Tab("Back")
	x.Keys(fyne.KeyReturn)
	x.Reads(x.T("welcome.title"))
}

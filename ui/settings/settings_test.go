package settings

import (
	"context"
	"errors"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
)

// list is the system's list of programs that start by themselves.
type list struct {
	state string
	err   error
}

func (l *list) State(context.Context) (string, error) { return l.state, nil }
func (l *list) Set(_ context.Context, on bool) error {
	if l.err != nil {
		return l.err
	}
	l.state = "off"
	if on {
		l.state = "on"
	}
	return nil
}

type seen struct {
	looks   []Look
	connect int
}

func before(t *testing.T, c *uitest.Client, o Options) (*uitest.Person, *Page, *seen) {
	t.Helper()
	s := &seen{}
	o.Brand, o.Version, o.Look.Scale, o.Look.Mode = brand.Default(), "1.2", 1, theme.System
	o.Changed, o.Connect = func(l Look) { s.looks = append(s.looks, l) }, func() { s.connect++ }
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c, o)
	x.See(p.Content(), 1000, 3000)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	return x, p, s
}

// TestLook: each menu changes the one thing that it says, and what is chosen already is no change.
func TestLook(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     Look
	}{
		{"As the system", "Norsk bokmål", Look{Language: "nb", Scale: 1}},
		{"As the system", "Dark", Look{Mode: theme.Dark, Scale: 1}},
		{"Normal", "Larger", Look{Scale: 1.35}},
		{"Keep working", "Quit", Look{Scale: 1, Ends: true}},
	} {
		t.Run(tt.to, func(t *testing.T) {
			x, _, s := before(t, uitest.Lived(), Options{Tray: true})
			x.Choose(tt.from, tt.to)
			if len(s.looks) != 1 {
				t.Fatalf("%d changes: %+v", len(s.looks), s.looks)
			}
			got := s.looks[0]
			if tt.want.Mode == "" {
				tt.want.Mode = theme.System
			}
			if got != tt.want {
				t.Errorf("%+v", got)
			}
			x.Choose(tt.to, tt.to)
			if len(s.looks) != 1 {
				t.Error("the same again is a change")
			}
		})
	}
}

// TestWithoutTray: what this desktop cannot do is not offered.
func TestWithoutTray(t *testing.T) {
	x, _, _ := before(t, uitest.Lived(), Options{})
	x.Misses(x.T("settings.close"), x.T("settings.start"))
}

func TestSignIn(t *testing.T) {
	l := &list{state: "switched-off"}
	x, _, _ := before(t, uitest.Lived(), Options{SignIn: l})
	on, off := x.T("settings.start.on"), x.T("settings.start.off")
	x.Choose(off, on)
	if l.state != "on" {
		t.Errorf("the list says %q", l.state)
	}
	l.err = errors.New("the list cannot be written")
	x.Choose(on, off)
	x.Reads("Something unexpected happened", on) // it is as it was
	x.Press("Close")
	if l.state != "on" {
		t.Errorf("the list says %q", l.state)
	}
}

func TestRename(t *testing.T) {
	c := uitest.Lived()
	x, p, _ := before(t, c, Options{})
	if x.Can("Rename") {
		t.Error("the same name is a new one")
	}
	x.Type("Kari's laptop", "")
	if x.Can("Rename") {
		t.Error("no name is a name")
	}
	p.account.name.SetText("Kari's new laptop")
	x.Press("Rename")
	x.Same(c, "name Kari's new laptop")
	x.Hears(x.T("settings.renamed", "name", "Kari's new laptop"))
	if x.Can("Rename") {
		t.Error("it can be renamed twice")
	}
	p.account.name.SetText("Kari's third laptop")
	c.Err = app.NewProblem("offline", "", nil)
	x.Press("Rename")
	x.Reads("The storage cannot be reached")
	x.Press("Close")
	if !x.Can("Rename") {
		t.Error("it cannot be tried again")
	}
}

// TestNameBeingTyped: news of the client do not take away what somebody is typing.
func TestNameBeingTyped(t *testing.T) {
	c := uitest.Lived()
	x, p, _ := before(t, c, Options{})
	x.Type("Kari's laptop", "Kari's d")
	p.Show(uitest.Snapshot(c))
	if got := p.account.name.Text; got != "Kari's d" {
		t.Errorf("the field has %q", got)
	}
}

func TestComputersAndStorage(t *testing.T) {
	c := uitest.Lived()
	c.At = app.StorageInfo{Kind: "s3", Place: "https://s3.example.org", Name: "kari"}
	x, p, s := before(t, c, Options{})
	x.Reads("https://s3.example.org · kari", "Old PC", "Windows", "25 Oct")
	if got := x.Row("Kari's laptop").Row().Under; got != x.T("settings.this") {
		t.Errorf("this computer: %q", got)
	}
	x.Press(x.T("settings.storage.other"))
	x.Press("Cancel")
	if s.connect != 0 {
		t.Error("canceled, and done")
	}
	x.Press(x.T("settings.storage.other"))
	x.Press(x.T("settings.storage.go"))
	if s.connect != 1 {
		t.Errorf("%d times", s.connect)
	}
	c.Err = app.NewProblem("offline", "", nil)
	p.Opened()
	x.Reads("The storage cannot be reached")
}

// TestCheck: what was found is said, and it does not say that all is there when it is not.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name, key string
		report    app.CheckReport
		fails     error
		reads     []string
		good      bool
	}{
		{"quick", "check.quick", app.CheckReport{Versions: 12_431, Bytes: 38e9}, nil, []string{"12,431 versions of files are where they should be, 38\u00a0GB."}, true},
		{"thorough", "check.whole", app.CheckReport{Versions: 1, Bytes: 1000}, nil, []string{"1 file was read and is right, 1\u00a0kB."}, true},
		{"healed", "check.quick", app.CheckReport{Versions: 9, Healed: 2}, nil, []string{"2 files that the storage had lost were sent again from this computer."}, true},
		{"missing", "check.quick", app.CheckReport{Versions: 9, Missing: 2, Healed: 1}, nil, []string{"Something is not as it should be", "2 missing, 0 damaged"}, false},
		{"damaged", "check.whole", app.CheckReport{Versions: 9, Damaged: 1}, nil, []string{"0 missing, 1 damaged"}, false},
		{"a problem", "check.quick", app.CheckReport{Versions: 9, Problems: []*app.Problem{app.NewProblem("history", "", nil)}}, nil, []string{"Something is not as it should be"}, false},
		{"offline", "check.quick", app.CheckReport{}, app.NewProblem("offline", "", nil), []string{"The storage cannot be reached"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Checked, c.Fails = tt.report, map[string]error{"check": tt.fails}
			x, _, _ := before(t, c, Options{})
			x.Press(x.T(tt.key))
			x.Same(c, map[bool]string{true: "check true", false: "check false"}[tt.key == "check.whole"])
			x.Reads(tt.reads...)
			if x.Sees(x.T("check.good")) != tt.good {
				t.Errorf("it says that everything is there: %v", !tt.good)
			}
		})
	}
}

// TestCheckGoesOn: it can be canceled, and not begun twice.
func TestCheckGoesOn(t *testing.T) {
	c := uitest.Lived()
	x, _, _ := before(t, c, Options{})
	x.Wait = true
	x.Press(x.T("check.quick"))
	x.Reads(x.T("check.busy"), "Cancel")
	if x.Can(x.T("check.quick")) || x.Can(x.T("check.whole")) {
		t.Error("it can be begun twice")
	}
	c.Fails = map[string]error{"check": app.NewProblem(app.CodeCanceled, "", nil)}
	x.Press("Cancel")
	x.Finish()
	if x.Asked() || x.Sees(x.T("check.busy")) || !x.Can(x.T("check.quick")) {
		t.Error("after Cancel it is not as before")
	}
}

func TestAbout(t *testing.T) {
	x, _, _ := before(t, uitest.Lived(), Options{})
	x.Reads(brand.Default().Name+" 1.2", "Nothing of yours is ever lost")
}

package page_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

func person(t *testing.T) *uitest.Person {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	x.See(widgets.Gap(1, 1), 900, 700)
	return x
}

func TestGroups(t *testing.T) {
	own := func(words string) *app.Problem { return &app.Problem{Code: app.CodeWrongUse, Message: words} }
	all := []*app.Problem{
		app.NewProblem("unreadable", "/a", nil), app.NewProblem("cloud-full", "", nil), app.NewProblem("unreadable", "/b", nil), own("one"), own("two"), own("one"),
		app.NewProblem("many-changes", "/c", nil), app.NewProblem("many-changes", "/d", nil),
	}
	var got []string
	for _, g := range page.Groups(all) {
		got = append(got, fmt.Sprint(g.Code, len(g.Problems)))
	}
	if want := []string{"unreadable2", "cloud-full1", "wrong-use2", "wrong-use1", "many-changes2"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestEveryCodeHasWords: whatever the client can say is said in the window's language, with something to do and a button.
func TestEveryCodeHasWords(t *testing.T) {
	codes := codesIn(t, "../../app/*.go", "../../sync/engine/*.go")
	if len(codes) < 30 {
		t.Fatalf("only %d codes found", len(codes))
	}
	// What is wrong there is known only in the words of whoever found it.
	codes = slices.DeleteFunc(codes, func(c string) bool { return c == app.CodeWrongUse || c == app.CodeCanceled })
	for _, l := range []string{"nb", "fi", "is"} {
		w := text.For(l)
		for _, code := range codes {
			g := page.Groups([]*app.Problem{app.NewProblem(code, "/home/kari/x", nil)})[0]
			row := g.Row(w)
			english := app.NewProblem(code, "", nil)
			if row.Title == english.Message || strings.Contains(row.Caption, english.Action) || row.Action == "" || strings.HasPrefix(row.Action, "fix.") {
				t.Errorf("%s: %s says %q, %q, %q", l, code, row.Title, row.Caption, row.Action)
			}
		}
	}
}

// TestEveryCaseHasWords: what a code alone does not say is said in every language, with what it is about.
func TestEveryCaseHasWords(t *testing.T) {
	cases := casesIn(t, "../../app/*.go", "../../app/wiring/*.go")
	if len(cases) < 30 {
		t.Fatalf("only %d cases found", len(cases))
	}
	for _, l := range text.Languages() {
		w := text.For(l.Tag)
		for _, c := range cases {
			what, then := page.Words(w, &app.Problem{Code: app.CodeWrongUse, Message: "English.", Action: "Do it.", Why: c, Name: "/home/kari"})
			if what == "English." || then == "Do it." || strings.Contains(what+then, "{") {
				t.Errorf("%s: %s says %q, %q", l.Tag, c, what, then)
			}
		}
	}
}

// casesIn reads which cases of problems there are: because("case", …), Why: "case" and p.Why, … = "case", ….
func casesIn(t *testing.T, patterns ...string) (cases []string) {
	t.Helper()
	is := regexp.MustCompile(`(?:\bbecause\(|\bWhy: |\.Why, .*= )"([a-z-]+)"`)
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range is.FindAllStringSubmatch(string(b), -1) {
				if !strings.HasSuffix(file, "_test.go") && !slices.Contains(cases, m[1]) {
					cases = append(cases, m[1])
				}
			}
		}
	}
	return cases
}

// codesIn reads the values of constants whose names begin with Code.
func codesIn(t *testing.T, patterns ...string) (codes []string) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				v, ok := n.(*ast.ValueSpec)
				if !ok || len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Code") {
					return true
				}
				if l, ok := v.Values[0].(*ast.BasicLit); ok {
					codes = append(codes, strings.Trim(l.Value, "\""))
				}
				return true
			})
		}
	}
	return codes
}

// TestUnknownCode: a newer client's problem is said in its own words, not as a code.
func TestUnknownCode(t *testing.T) {
	g := page.Groups([]*app.Problem{{Code: "from-the-future", Message: "Something new.", Action: "Do something."}})[0]
	if w := text.For("nb"); g.Title(w) != "Something new." || g.Help(w) != "Do something." || g.Remedy() != page.TryAgain || g.Where(w) != "" {
		t.Errorf("%q, %q, %v, %q", g.Title(w), g.Help(w), g.Remedy(), g.Where(w))
	}
}

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		name  string
		err   error
		reads []string
	}{
		{"nothing", nil, nil},
		{"canceled", app.NewProblem(app.CodeCanceled, "", context.Canceled), nil},
		{"a problem", app.NewProblem("disk-full", "/home/kari", nil), []string{"This computer's disk is full", "/home/kari"}},
		{"wrapped", fmt.Errorf("restore: %w", app.NewProblem("offline", "", nil)), []string{"The storage cannot be reached"}},
		{"a case of its own", &app.Problem{Code: app.CodeWrongUse, Message: "m", Why: "whole-drive", Name: "/media/kari"}, []string{"There is no place beside /media/kari: it is a whole drive", "Copy the folder"}},
		{"a case of a known code", &app.Problem{Code: "no-bucket", Message: "m", Why: "no-such-bucket", Name: "family"}, []string{"There is no bucket family at this address"}},
		{"a case from the future", &app.Problem{Code: "no-bucket", Message: "m", Why: "future"}, []string{"The storage is not where it was chosen to be"}},
		{"any error", errors.New("x"), []string{"Something unexpected happened"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := person(t)
			x.Desk.Explain(tt.err)
			if x.Asked() != (tt.reads != nil) {
				t.Errorf("a dialog: %v", x.Asked())
			}
			x.Reads(tt.reads...)
		})
	}
}

func TestRestored(t *testing.T) {
	x := person(t)
	x.Desk.Restored(app.RestoreReport{Files: 2}, nil)
	x.Hears("2 files are back.")
	x.Desk.Restored(app.RestoreReport{Files: 2, Renamed: []string{"a"}}, nil)
	x.Hears("2 files are back. One got another name, because its own was taken.")
	many := app.RestoreReport{Files: 2}
	for i := range 30 {
		many.Problems = append(many.Problems, app.NewProblem("damaged", fmt.Sprintf("/x/%02d", i), nil))
	}
	x.Desk.Restored(many, nil)
	x.Reads("/x/00", "/x/09", "The copy in the cloud is damaged")
	x.Misses("/x/10")
	if len(x.Said) != 2 {
		t.Errorf("said %q although not all is well", x.Said)
	}
}

// TestGuard: bringing everything back is what Return and Escape do; the other answer takes a press on red.
func TestGuard(t *testing.T) {
	question := func(q app.Question) app.PairStatus { return app.PairStatus{Name: "Pictures", Question: &q} }
	for _, tt := range []struct {
		name  string
		pair  app.PairStatus
		do    func(*uitest.Person)
		reads []string
		want  []string
	}{
		{"deleted here", question(app.Question{Direction: "up", Deleted: 812, Samples: []string{"Ferie/1.jpg"}}), func(x *uitest.Person) { x.Keys(fyne.KeyReturn) }, []string{"812", "Ferie/1.jpg"}, []string{"answer Pictures keep"}},
		{"escape", question(app.Question{Direction: "up", Deleted: 812}), func(x *uitest.Person) { x.Keys(fyne.KeyEscape) }, nil, []string{"answer Pictures keep"}},
		{"meant", question(app.Question{Direction: "up", Deleted: 1}), func(x *uitest.Person) { x.Press(x.T("guard.apply")) }, nil, []string{"answer Pictures apply"}},
		{"changed elsewhere", question(app.Question{Direction: "down", Rewritten: 70}), func(x *uitest.Person) { x.Press(x.T("guard.keep")) }, []string{"70", "Pictures"}, []string{"answer Pictures keep"}},
		{"nothing to answer", app.PairStatus{Name: "Pictures"}, func(*uitest.Person) {}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, c := person(t), uitest.NewClient()
			x.Desk.AskGuard(c, tt.pair)
			x.Reads(tt.reads...)
			x.Same(c)
			tt.do(x)
			x.Same(c, tt.want...)
			if x.Asked() {
				t.Error("it still asks")
			}
		})
	}
}

func TestPauses(t *testing.T) {
	late := time.Date(2026, 11, 25, 23, 30, 0, 0, time.Local)
	for _, p := range page.Pauses(late) {
		if p.Key == "pause.tomorrow" && p.For != 8*time.Hour+30*time.Minute {
			t.Errorf("until tomorrow morning is %v", p.For)
		}
	}
	early := time.Date(2026, 11, 25, 0, 30, 0, 0, time.Local)
	if p := page.Pauses(early)[2]; p.For != 31*time.Hour+30*time.Minute {
		t.Errorf("just after midnight it is %v", p.For)
	}
}

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		w    page.Work
		want float64
	}{{page.Work{}, -1}, {page.Work{Bytes: 1, BytesTotal: 4}, 0.25}, {page.Work{Bytes: 9, BytesTotal: 4}, 1}, {page.Work{Files: 1, FilesTotal: 2}, 0.5}} {
		if got := tt.w.Share(); got != tt.want {
			t.Errorf("%+v is %v", tt.w, got)
		}
	}
}

// TestWorstWins: what needs somebody is never hidden behind what goes well, and not being set up comes before everything.
func TestWorstWins(t *testing.T) {
	w := text.For("en")
	safe := []app.PairStatus{{Name: "a", State: app.StateSafe, Files: 1}}
	for _, tt := range []struct {
		is   app.Status
		tone widgets.Tone
		word string
	}{
		{app.Status{State: app.StateSafe, Pairs: safe}, widgets.Good, "Everything is safe"},
		{app.Status{State: app.StateNeedsYou, Pairs: safe, Problems: []*app.Problem{app.NewProblem("clock", "", nil), app.NewProblem("cloud-full", "", nil)}}, widgets.Warn, "2 things need you"},
		{app.Status{State: app.StateNeedsYou, Problems: []*app.Problem{app.NewProblem(app.CodeNotSetUp, "", nil)}}, widgets.Idle, "Not set up yet"},
		{app.Status{State: app.StateWorking, Pairs: safe}, widgets.Busy, "Looking for changes"},
		{app.Status{State: app.StatePaused, Paused: true, Pairs: safe}, widgets.Idle, "Paused"},
	} {
		got, line := page.Whole(w, page.Snapshot{Now: uitest.Now(), Status: tt.is})
		if got.Tone != tt.tone || got.Word != tt.word || line == "" {
			t.Errorf("%s: %+v, %q", tt.is.State, got, line)
		}
	}
}

func TestEvent(t *testing.T) {
	w := text.For("nb")
	row := page.Event(w, app.ActivityItem{Time: uitest.Now(), Kind: "conflict-settled", Pair: "Synced", Path: "/home/kari/Cloud/Budget.xlsx", Bytes: 41_000, Device: "Min PC"}, uitest.Now())
	if row.Title != "Budget.xlsx" || !strings.HasPrefix(row.Caption, "Valgt bort") || !strings.HasSuffix(row.Caption, "Synced · Min PC") || row.Side != "41\u00a0kB" || row.Under != "i dag 14:03" {
		t.Errorf("%+v", row)
	}
	if row := page.Event(w, app.ActivityItem{Time: uitest.Now(), Kind: "deleted", Path: "/x/y"}, uitest.Now()); row.Side != "" {
		t.Errorf("a deletion has a size: %+v", row)
	}
}

package page

import (
	"errors"
	"path/filepath"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Group is one cause of trouble and what it is about.
type Group struct {
	Code     string
	Problems []*app.Problem // at least one
}

// Groups puts problems of one cause together, in the order in which they come. Words that were found for one of them alone stay apart.
func Groups(all []*app.Problem) []Group {
	var out []Group
	at := map[string]int{}
	for _, p := range all {
		key := cause(p)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Group{Code: p.Code})
		}
		out[i].Problems = append(out[i].Problems, p)
	}
	return out
}

// cause names what is wrong, whatever it is about.
func cause(p *app.Problem) string {
	key := p.Code + "\x00" + p.Why
	if ownWords(p.Code) {
		key += "\x00" + p.Message
	}
	return key
}

// ownWords tells which problems say what they are in words of their own.
func ownWords(code string) bool {
	return code == app.CodeWrongUse || code == "other" || code == "no-bucket" || code == app.CodeGuard || code == guardCode
}

// guardCode is that of a folder that waits for an answer.
const guardCode = "many-changes"

// Title says what is wrong.
func (g Group) Title(w *text.Words) string { return title(w, g.Problems[0]) }

func title(w *text.Words, p *app.Problem) string {
	if key := "why." + p.Why; w.Has(key) {
		return w.T(key, "name", p.Name)
	}
	if key := "problem." + p.Code; w.Has(key) {
		return w.T(key)
	}
	return p.Message
}

// Help says what to do.
func (g Group) Help(w *text.Words) string { return help(w, g.Problems[0]) }

func help(w *text.Words, p *app.Problem) string {
	if key := "why." + p.Why + ".help"; w.Has(key) {
		return w.T(key, "name", p.Name)
	}
	if key := "problem." + p.Code + ".help"; w.Has(key) {
		return w.T(key)
	}
	return p.Action
}

// Paths are the files and folders it is about.
func (g Group) Paths() []string {
	var out []string
	for _, p := range g.Problems {
		if p.Path != "" {
			out = append(out, p.Path)
		}
	}
	return out
}

// Where names them in one line.
func (g Group) Where(w *text.Words) string {
	paths := g.Paths()
	switch len(paths) {
	case 0:
		return ""
	case 1:
		return paths[0]
	}
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	return w.List(names, 2)
}

// Remedy is what a problem's button does.
type Remedy int

// The remedies.
const (
	TryAgain  Remedy = iota
	Answer           // the guard's question
	ToTrash          // make room in the cloud
	ToStorage        // look at how the storage is reached
	ShowFile         // where it lies
)

// Remedy is the one thing that helps most.
func (g Group) Remedy() Remedy {
	switch g.Code {
	case guardCode, app.CodeGuard:
		return Answer
	case "cloud-full":
		return ToTrash
	case "key-refused", "untrusted", "denied", "no-bucket", "not-a-store", app.CodeKeyring, app.CodeNotSetUp:
		return ToStorage
	case "unreadable", "name", "name-encoding", "name-too-long", "busy", "keeps-changing", "removed-while-away", "read-only":
		return ShowFile
	}
	return TryAgain
}

// Button is what stands on it.
func (r Remedy) Button(w *text.Words) string {
	switch r {
	case Answer:
		return w.T("fix.answer")
	case ToTrash:
		return w.T("fix.trash")
	case ToStorage:
		return w.T("fix.storage")
	case ShowFile:
		return w.T("fix.show")
	}
	return w.T("fix.again")
}

// Row shows the group in a list.
func (g Group) Row(w *text.Words) widgets.Row {
	caption := g.Help(w)
	if where := g.Where(w); where != "" {
		caption = where + " — " + caption
	}
	return widgets.Row{Icon: theme.Alert, Tone: widgets.Warn, Title: g.Title(w), Caption: caption, Action: g.Remedy().Button(w)}
}

// Explain says in a dialog why something could not be done; what was canceled needs no words.
func (d *Desk) Explain(err error) {
	p := asProblem(err)
	if p == nil || p.Code == app.CodeCanceled {
		return
	}
	body := []string{help(d.Words, p)}
	if p.Path != "" {
		body = append(body, p.Path)
	}
	d.Ask(widgets.Question{Icon: theme.Alert, Tone: widgets.Warn, Title: title(d.Words, p), Body: body, Safe: d.Words.T("close")})
}

func asProblem(err error) *app.Problem {
	var p *app.Problem
	if err == nil || errors.As(err, &p) {
		return p
	}
	return app.NewProblem("other", "", err)
}

// Line says a failure in one line.
func Line(w *text.Words, err error) string {
	p := asProblem(err)
	if p == nil {
		return ""
	}
	return title(w, p)
}

// Words says what went wrong and what to do.
func Words(w *text.Words, err error) (what, then string) {
	p := asProblem(err)
	if p == nil {
		return "", ""
	}
	return title(w, p), help(w, p)
}

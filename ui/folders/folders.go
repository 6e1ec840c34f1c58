// Package folders is a tree in which somebody chooses which folders of Synced are on this computer: the page of the Synced folder has one, and the first start.
//
// Reading order: folders.go (what is seen), choice.go (what is chosen).
package folders

import (
	"path"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Tree is the tree of folders, each with a box that is on, off or partly. Right and Left unfold and fold, Space chooses.
type Tree struct {
	words  *text.Words
	here   func(size string) string // the words for so much of a folder
	on     string                   // the words for all of it
	off    string                   // the words for nothing of it
	choice *choice
	rows   *widgets.Rows
	size   *widgets.Line
	tile   fyne.CanvasObject

	OnChange func() // something else is chosen, or there are other folders; may be nil
}

// New returns a tree without folders. coming says that nothing of them is on this computer yet.
func New(words *text.Words, coming bool) *Tree {
	t := &Tree{words: words, choice: newChoice(nil)}
	t.here = func(size string) string { return words.T("synced.folders.here", "size", size) }
	t.on, t.off = words.T("synced.folders.on"), words.T("synced.folders.off")
	if coming {
		t.here = func(size string) string { return words.T("synced.cloud.here", "size", size) }
		t.on, t.off = words.T("synced.cloud.on"), words.T("synced.cloud.off")
	}
	t.size = widgets.NewCutLine("", widgets.Style{Bold: true})
	t.rows = widgets.NewRows(true, func(i int) widgets.Row { return t.row(t.choice.rows[i]) })
	t.rows.OnCheck = func(i int) { t.choice.toggle(t.choice.rows[i]); t.show() }
	t.rows.OnFold = func(i int, open bool) { t.choice.fold(t.choice.rows[i], open); t.show() }
	t.rows.OnOpen = func(i int) { t.rows.OnFold(i, !t.choice.open[t.choice.rows[i]]) }
	t.tile = widgets.Tile(t.rows)
	return t
}

// Content is the list; Size the line that says how much of all is on this computer, "" while there are no folders; List is what takes the keyboard.
func (t *Tree) Content() fyne.CanvasObject { return t.tile }
func (t *Tree) Size() *widgets.Line        { return t.size }
func (t *Tree) List() fyne.Focusable       { return t.rows }

// Take begins with what the client says; folders come after those that they lie in.
func (t *Tree) Take(found []app.Folder) {
	t.choice = newChoice(found)
	t.show()
}

// Keep remembers what is chosen; Undo is what takes it back.
func (t *Tree) Keep() (undo func()) {
	here, of := append([]bool{}, t.choice.here...), t.choice
	return func() {
		of.here = here
		of.settle()
		t.show()
	}
}

// Count is how many folders there are below Synced itself.
func (t *Tree) Count() int { return max(len(t.choice.all)-1, 0) }

// Bytes is how much all of it is.
func (t *Tree) Bytes() int64 {
	if len(t.choice.all) == 0 {
		return 0
	}
	return t.choice.all[0].Bytes
}

// Changes are the folders to say to the client, as KeepFolders takes them.
func (t *Tree) Changes() (on, off []string) { return t.choice.changes() }

// Off are all folders that are off as it is chosen, those below them not named.
func (t *Tree) Off() []string { return t.choice.off() }

// Leaving are the folders that go from this computer, those below them not named.
func (t *Tree) Leaving() (out []app.Folder) {
	for _, n := range t.choice.leaving() {
		out = append(out, n.Folder)
	}
	return out
}

// show shows what is chosen by now.
func (t *Tree) show() {
	t.rows.SetCount(len(t.choice.rows))
	t.size.Set("")
	if len(t.choice.all) > 0 {
		t.size.Set(t.Here())
	}
	if t.OnChange != nil {
		t.OnChange()
	}
}

// Here says how much of all is on this computer as it is chosen.
func (t *Tree) Here() string { return t.of(0) }

// of is how much of a folder is here.
func (t *Tree) of(i int) string {
	return t.here(t.words.SizeOf(t.choice.size(i), t.choice.all[i].Bytes))
}

func (t *Tree) row(i int) widgets.Row {
	w, n := t.words, t.choice.all[i]
	row := widgets.Row{Icon: theme.Folder, Title: path.Base(n.Path), Side: w.Size(n.Bytes), Depth: n.depth - 1, Fold: widgets.Folded}
	switch {
	case t.choice.leaf(i):
		row.Fold = widgets.Leaf
	case t.choice.open[i]:
		row.Fold = widgets.Unfolded
	}
	switch t.choice.states[i] {
	case app.FolderOn:
		row.Chosen, row.Caption = true, t.on
	case app.FolderPartly:
		row.Partly, row.Caption = true, t.of(i)
	default:
		row.Icon, row.Tone, row.Caption = theme.Cloud, widgets.Idle, t.off
		if n.Remains {
			row.Caption = w.T("synced.folders.left")
		}
	}
	return row
}

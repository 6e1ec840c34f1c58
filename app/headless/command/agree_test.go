package command

import (
	"io"
	"strings"
	"testing"

	"elkjopcloud/app"
)

// TestWhatCannotBeUndoneIsAsked: only a person is asked, and only a yes deletes.
func TestWhatCannotBeUndoneIsAsked(t *testing.T) {
	for _, c := range []struct {
		name   string
		person io.Reader
		args   []string
		code   int
		left   int
		asks   string
	}{
		{"yes", strings.NewReader("y\n"), []string{"trash", "empty"}, 0, 0, "Delete 2 files, 2.0 kB, for ever, for all your computers? [y/N]"},
		{"no", strings.NewReader("n\n"), []string{"trash", "empty"}, 2, 2, "[y/N]"},
		{"nothing", strings.NewReader("\n"), []string{"trash", "empty"}, 2, 2, "[y/N]"},
		{"the line is cut", strings.NewReader(""), []string{"trash", "empty"}, 2, 2, "[y/N]"},
		{"nobody is there", nil, []string{"trash", "empty"}, 0, 0, ""},
		{"one, yes", strings.NewReader("Yes\n"), []string{"trash", "delete", "x"}, 0, 1, "Delete 1 thing from the Trash for ever, for all your computers? [y/N]"},
		{"one, no", strings.NewReader("never\n"), []string{"trash", "delete", "x"}, 2, 2, "[y/N]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fake{trash: []app.TrashItem{{ID: "x", Size: 1000}, {ID: "y", Size: 1000}}}
			if c.person != nil {
				c.person = late{c.person, func() { f.trash = append(f.trash, app.TrashItem{ID: "deleted meanwhile"}) }}
				c.left++
			}
			got := play(t, World{Open: opening(f), Person: c.person}, c.args...)
			if got.code != c.code || len(f.trash) != c.left || !strings.Contains(got.err, c.asks) {
				t.Errorf("exit %d, %d left: %q %q", got.code, len(f.trash), got.out, got.err)
			}
		})
	}
}

// late is a person who thinks while others go on.
type late struct {
	io.Reader
	meanwhile func()
}

func (l late) Read(b []byte) (int, error) {
	l.meanwhile()
	return l.Reader.Read(b)
}

package selection

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/merge"
)

// wide is p/{d/{x,y},e}, each with a file of one byte, and f in p itself.
func wide() *volume {
	v := &volume{s: merge.New()}
	p := v.apply(merge.Op{Kind: merge.Mkdir, Name: "p"})
	d := v.apply(merge.Op{Kind: merge.Mkdir, Parent: p, Name: "d"})
	e := v.apply(merge.Op{Kind: merge.Mkdir, Parent: p, Name: "e"})
	x := v.apply(merge.Op{Kind: merge.Mkdir, Parent: d, Name: "x"})
	y := v.apply(merge.Op{Kind: merge.Mkdir, Parent: d, Name: "y"})
	v.apply(create(p, "f", "1"), create(x, "a", "2"), create(y, "b", "3"), create(e, "c", "4"))
	return v
}

func folderLines(s *merge.State, off []merge.ID) string {
	var out []string
	for _, f := range Folders(s, off) {
		line := fmt.Sprintf("%s %d/%d", f.Path, f.HereBytes, f.Bytes)
		if !f.Here {
			line += " off"
		}
		if int64(f.Files) != f.Bytes || int64(f.HereFiles) != f.HereBytes {
			line += " miscounted"
		}
		out = append(out, line)
	}
	return strings.Join(out, ", ")
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name, steps, want string // "-path" is off, "+path" is on
	}{
		{"nothing", "", " 4/4, p 4/4, p/d 2/2, p/d/x 1/1, p/d/y 1/1, p/e 1/1"},
		{"one", "-p/d/x", " 3/4, p 3/4, p/d 1/2, p/d/x 0/1 off, p/d/y 1/1, p/e 1/1"},
		{"with what is below", "-P/D", " 2/4, p 2/4, p/d 0/2 off, p/d/x 0/1 off, p/d/y 0/1 off, p/e 1/1"},
		{"and back", "-p/d +p/d", " 4/4, p 4/4, p/d 2/2, p/d/x 1/1, p/d/y 1/1, p/e 1/1"},
		{"with what was off below", "-p/d/x -p/d +p", " 4/4, p 4/4, p/d 2/2, p/d/x 1/1, p/d/y 1/1, p/e 1/1"},
		{"one of what is off above", "-p +p/d/x", " 2/4, p 2/4, p/d 1/2, p/d/x 1/1, p/d/y 0/1 off, p/e 0/1 off"},
		{"all", "-p +", " 4/4, p 4/4, p/d 2/2, p/d/x 1/1, p/d/y 1/1, p/e 1/1"},
	} {
		v := wide()
		var off []merge.ID
		for _, step := range strings.Fields(tt.steps) {
			var ok bool
			if off, ok = Choose(v.s, off, step[1:], step[0] == '+'); !ok {
				t.Errorf("%s: there is no folder %s", tt.name, step)
			}
		}
		if d := cmp.Diff(tt.want, folderLines(v.s, off)); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
	for _, path := range []string{"x", "p/f", ""} {
		if _, ok := Choose(wide().s, nil, path, false); ok {
			t.Errorf("%q can be kept off", path)
		}
	}
}

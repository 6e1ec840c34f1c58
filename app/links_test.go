package app

import (
	"context"
	"errors"
	"testing"

	"elkjopcloud/app/config"
)

// opens is a desktop's list of who opens links.
type opens struct {
	state string
	err   error
	sets  int
}

func (o *opens) State(context.Context) (string, error) { return o.state, o.err }

func (o *opens) Set(_ context.Context, on bool) error {
	o.sets++
	if o.err == nil {
		o.state = map[bool]string{true: "ours", false: "nobody"}[on]
	}
	return o.err
}

func TestLinks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		is    *opens
		off   bool // its user switched it off before
		look  string
		after string // what there is after a look
		sets  int
	}{
		{"nobody opens them", &opens{state: "nobody"}, false, LinksOff, "ours", 1},
		{"we do", &opens{state: "ours"}, false, LinksOn, "ours", 0},
		{"another program does", &opens{state: "other"}, false, LinksOther, "other", 0},
		{"switched off", &opens{state: "nobody"}, true, LinksOff, "nobody", 0},
		{"not on this system", &opens{err: errors.ErrUnsupported}, false, LinksNone, "", 0},
		{"it cannot be told", &opens{err: errors.New("no")}, false, LinksOff, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newWorld(t).computer("Kari")
			c.desk = Desktop{Links: tt.is}
			c.restart()
			if tt.off {
				must(t, c.change(func(s *config.Settings) error { s.Links = new(bool); return nil }))
			}
			if info, err := c.Links(t.Context()); info.State != tt.look || err != nil {
				t.Errorf("%+v %v", info, err)
			}
			c.lookAfterLinks(t.Context())
			if tt.is.state != tt.after || tt.is.sets != tt.sets {
				t.Errorf("%+v", tt.is)
			}
		})
	}
	c := newWorld(t).computer("Kari")
	if info, err := c.SetLinks(t.Context(), true); info.State != LinksNone || err != nil {
		t.Errorf("without a desktop: %+v %v", info, err)
	}
	is := &opens{state: "other"}
	c.desk = Desktop{Links: is}
	c.restart()
	if info, err := c.SetLinks(t.Context(), true); info.State != LinksOn || err != nil {
		t.Errorf("taken over: %+v %v", info, err)
	}
	if info, err := c.SetLinks(t.Context(), false); info.State != LinksOff || err != nil || *c.settings().Links {
		t.Errorf("switched off: %+v %v", info, err)
	}
}

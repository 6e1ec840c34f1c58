package app

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/sidebar"
)

// list is a sidebar with one place.
type list struct {
	in    string // the folder that it shows; "" is none
	fails error
	asked chan struct{} // hears of each call when it is not nil
}

func (l *list) desktop() Desktop { return Desktop{Pin: l.pin, Unpin: l.unpin} }

func (l *list) pin(_ context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
	if l.asked != nil {
		defer func() { l.asked <- struct{}{} }()
	}
	now := sidebar.Record{Path: folder, Marks: maps.Clone(was.Marks)}
	mark := was.Marks["list"]
	switch {
	case l.fails != nil:
		return now, l.fails
	case mark == sidebar.Removed, mark == sidebar.Pinned && l.in != was.Path:
		now.Marks["list"] = sidebar.Removed
	default:
		l.in, now.Marks["list"] = folder, sidebar.Pinned
	}
	return now, nil
}

func (l *list) unpin(_ context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
	if l.fails == nil && was.Path == l.in {
		l.in = ""
	}
	return sidebar.Record{Path: folder}, l.fails
}

func withSidebar(t *testing.T, l *list) *computer {
	t.Helper()
	c := newWorld(t).computer("Kari")
	c.desk = l.desktop()
	c.restart()
	return c
}

func sidebarIs(t *testing.T, c *computer, want string) SidebarInfo {
	t.Helper()
	info, err := c.Sidebar(t.Context())
	if err != nil || info.State != want {
		t.Fatalf("Sidebar = %+v %v, want %s", info, err, want)
	}
	return info
}

func TestTheSidebarFollowsTheSyncedFolder(t *testing.T) {
	l := &list{}
	c := withSidebar(t, l)
	sidebarIs(t, c, SidebarNone)
	first := c.synced()
	if info := sidebarIs(t, c, SidebarShown); info.Path != first || info.Problem != nil || l.in != first {
		t.Errorf("%+v, the list has %q", info, l.in)
	}
	c.restart()
	second := c.synced()
	if sidebarIs(t, c, SidebarShown); l.in != second {
		t.Errorf("the list has %q, want %q", l.in, second)
	}
}

func TestAUserTakesItOutOfTheSidebar(t *testing.T) {
	l := &list{}
	c := withSidebar(t, l)
	dir := c.synced()
	sidebarIs(t, c, SidebarShown)
	l.in = ""
	sidebarIs(t, c, SidebarRemoved)
	c.restart()
	if sidebarIs(t, c, SidebarRemoved); l.in != "" {
		t.Errorf("it came back: %q", l.in)
	}
	if info, err := c.SetSidebar(t.Context(), true); err != nil || info.State != SidebarShown || l.in != dir {
		t.Errorf("asked for it: %+v %v, the list has %q", info, err, l.in)
	}
}

func TestTheSidebarIsSwitchedOff(t *testing.T) {
	l := &list{}
	c := withSidebar(t, l)
	c.synced()
	sidebarIs(t, c, SidebarShown)
	if info, err := c.SetSidebar(t.Context(), false); err != nil || info.State != SidebarOff || l.in != "" {
		t.Errorf("SetSidebar = %+v %v, the list has %q", info, err, l.in)
	}
	c.restart()
	sidebarIs(t, c, SidebarOff)
	text, err := os.ReadFile(filepath.Join(c.home, config.Name))
	if err != nil || !strings.Contains(string(text), "sidebar = false\n") {
		t.Errorf("%s %v", text, err)
	}
}

// A person may write it into the settings while the program does not run.
func TestTheSettingsSwitchTheSidebarOff(t *testing.T) {
	l := &list{}
	c := withSidebar(t, l)
	c.synced()
	sidebarIs(t, c, SidebarShown)
	must(t, c.Close())
	s, err := config.Load(c.home)
	must(t, err)
	s.Sidebar = new(bool)
	must(t, config.Save(c.home, s))
	c.start()
	if sidebarIs(t, c, SidebarOff); l.in != "" {
		t.Errorf("the list has %q", l.in)
	}
}

func TestASidebarThatFailsIsAWarning(t *testing.T) {
	l := &list{fails: &sidebar.Error{Place: "list", ByHand: "Drag it there.", Err: errors.New("no")}}
	c := withSidebar(t, l)
	c.synced()
	info := sidebarIs(t, c, SidebarFailed)
	if info.Problem == nil || info.Problem.Code != CodeSidebar || info.Problem.Action != "Drag it there." {
		t.Errorf("%+v", info)
	}
	l.fails = errors.ErrUnsupported
	if info := sidebarIs(t, c, SidebarNone); info.Problem != nil {
		t.Errorf("%+v", info.Problem)
	}
	l.fails = nil
	sidebarIs(t, c, SidebarShown)
}

func TestAFolderThatIsNotConnectedIsNotShown(t *testing.T) {
	l := &list{}
	c := withSidebar(t, l)
	dir := c.synced()
	must(t, os.Rename(dir, dir+" elsewhere"))
	if sidebarIs(t, c, SidebarNone); l.in != "" {
		t.Errorf("the list has %q", l.in)
	}
}

func TestRunLooksAfterTheSidebar(t *testing.T) {
	l := &list{asked: make(chan struct{}, 10)}
	c := withSidebar(t, l)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	for range 2 {
		dir := c.synced()
		select {
		case <-l.asked:
		case <-ctx.Done():
			t.Fatal("nobody looked after the sidebar")
		}
		if info := sidebarIs(t, c, SidebarShown); info.Path != dir {
			t.Errorf("%+v, want %s", info, dir)
		}
		<-l.asked
	}
	cancel()
	must(t, <-ended)
}

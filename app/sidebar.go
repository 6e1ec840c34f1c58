package app

import (
	"context"
	"errors"
	"maps"
	"os"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/sidebar"
)

// Sidebar sees to it that the file manager shows the Synced folder in its sidebar, and says whether it does. It is not put back where its
// user took it away.
func (c *Client) Sidebar(ctx context.Context) (SidebarInfo, error) {
	return c.lookAfterSidebar(ctx), fail(ctx.Err())
}

// SetSidebar switches that on or off. Switched on, the folder is put back also where its user had taken it away.
func (c *Client) SetSidebar(ctx context.Context, on bool) (SidebarInfo, error) {
	if err := c.clearSidebar(ctx, on); err != nil {
		return SidebarInfo{}, fail(err)
	}
	return c.Sidebar(ctx)
}

// clearSidebar takes the folder out and forgets what was known.
func (c *Client) clearSidebar(ctx context.Context, on bool) error {
	c.pinning.Lock()
	defer c.pinning.Unlock()
	s := c.settings()
	was := recordOf(s)
	if c.o.Desktop.Unpin != nil && was.Path != "" {
		if _, err := c.o.Desktop.Unpin(ctx, was.Path, was); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return sidebarProblem(was.Path, err)
		}
	}
	return c.change(func(s *config.Settings) error {
		s.Pinned, s.Sidebar = nil, nil
		if !on {
			s.Sidebar = new(bool)
		}
		return nil
	})
}

// lookAfterSidebar is never worth a failure of what it is a part of.
func (c *Client) lookAfterSidebar(ctx context.Context) SidebarInfo {
	c.pinning.Lock()
	defer c.pinning.Unlock()
	s := c.settings()
	switch {
	case s.Sidebar != nil && !*s.Sidebar:
		return c.takeOut(ctx, s)
	case s.Synced == nil || c.o.Desktop.Pin == nil:
		return SidebarInfo{State: SidebarNone}
	}
	if info, err := os.Stat(s.Synced.Root); err != nil || !info.IsDir() {
		return SidebarInfo{State: SidebarNone, Path: s.Synced.Root} // its drive is not connected
	}
	now, err := c.o.Desktop.Pin(ctx, s.Synced.Root, recordOf(s))
	err = errors.Join(err, c.rememberPinned(s, now))
	return c.sidebarInfo(s.Synced.Root, now, err)
}

// takeOut is for settings that say no: what was put in before is taken out.
func (c *Client) takeOut(ctx context.Context, s config.Settings) SidebarInfo {
	info := SidebarInfo{State: SidebarOff}
	if was := recordOf(s); c.o.Desktop.Unpin != nil && was.Path != "" {
		now, err := c.o.Desktop.Unpin(ctx, was.Path, was)
		if err == nil && !now.Shown() {
			err = c.change(func(s *config.Settings) error { s.Pinned = nil; return nil })
		}
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			info.Problem = sidebarProblem(was.Path, err)
		}
	}
	return info
}

func (c *Client) sidebarInfo(root string, now sidebar.Record, err error) SidebarInfo {
	info := SidebarInfo{State: SidebarFailed, Path: root}
	switch {
	case now.Shown():
		info.State = SidebarShown
	case now.Refused():
		info.State = SidebarRemoved
	case err == nil || errors.Is(err, errors.ErrUnsupported):
		info.State = SidebarNone
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		info.Problem = sidebarProblem(root, err)
		c.o.Log.Warn("show the Synced folder in the sidebar", "error", err)
	}
	return info
}

func sidebarProblem(root string, err error) *Problem {
	p := NewProblem(CodeSidebar, root, err)
	if hand := sidebar.ByHand(err); hand != "" {
		p.Action = hand
	}
	return p
}

// recordOf is what the settings know of the sidebar.
func recordOf(s config.Settings) sidebar.Record {
	r := sidebar.Record{Marks: map[string]sidebar.Mark{}}
	if s.Pinned == nil {
		return r
	}
	r.Path = s.Pinned.Root
	for place, mark := range s.Pinned.Places {
		r.Marks[place] = sidebar.Mark(mark)
	}
	return r
}

// rememberPinned saves what is known now, when that is something else.
func (c *Client) rememberPinned(was config.Settings, now sidebar.Record) error {
	old := recordOf(was)
	if old.Path == now.Path && maps.Equal(old.Marks, now.Marks) {
		return nil
	}
	p := &config.Pinned{Root: now.Path, Places: map[string]string{}}
	for place, mark := range now.Marks {
		p.Places[place] = string(mark)
	}
	return c.change(func(s *config.Settings) error { s.Pinned = p; return nil })
}

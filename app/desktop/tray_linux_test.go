package main

import (
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"elkjopcloud/platform/desktop/bustest"
)

// panel is the part of a desktop that shows the icons of programs.
type panel struct {
	stage *stage
	conn  *dbus.Conn
	items chan string // bus names of the icons
}

const watcher = "org.kde.StatusNotifierWatcher"

// newPanel gives the stage a session with such a part.
func newPanel(t *testing.T, s *stage) *panel {
	p := &panel{stage: s, conn: bustest.Start(t), items: make(chan string, 10)}
	_, err := prop.Export(p.conn, "/StatusNotifierWatcher", prop.Map{watcher: {"IsStatusNotifierHostRegistered": {Value: true}}})
	if err == nil {
		err = p.conn.Export(p, "/StatusNotifierWatcher", watcher)
	}
	if err == nil {
		_, err = p.conn.RequestName(watcher, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// RegisterStatusNotifierItem is called by programs.
func (p *panel) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	p.items <- string(sender)
	return nil
}

// press chooses an item of the program's menu.
func (p *panel) press(label string) {
	p.stage.t.Helper()
	if p.stage.icon == "" {
		p.stage.icon = <-p.items
	}
	menu := p.conn.Object(p.stage.icon, "/StatusNotifierItem/menu")
	p.stage.wait("the tray's menu has "+label, func() bool {
		var revision uint32
		var root entry
		if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{"label"}).Store(&revision, &root); err != nil {
			return false
		}
		id, ok := root.find(label)
		return ok && menu.Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err == nil
	})
}

// entry is an item of a menu, as the bus has it.
type entry struct {
	ID    int32
	Props map[string]dbus.Variant
	Kids  []dbus.Variant
}

func (e entry) find(label string) (int32, bool) {
	if e.Props["label"].Value() == label {
		return e.ID, true
	}
	for _, k := range e.Kids {
		var kid entry
		if dbus.Store([]any{k.Value()}, &kid) != nil {
			continue
		}
		if id, ok := kid.find(label); ok {
			return id, true
		}
	}
	return 0, false
}

package bustest

import (
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// Panel is the part of a desktop that shows the icons of programs (freedesktop.org, StatusNotifierItem).
type Panel struct {
	conn  *dbus.Conn
	items chan string // bus names of the icons
	icon  string
}

const watcher = "org.kde.StatusNotifierWatcher"

// NewPanel starts a bus as Start does, with a panel on it.
func NewPanel(t *testing.T) *Panel {
	t.Helper()
	p := &Panel{conn: Start(t), items: make(chan string, 10)}
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
func (p *Panel) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	p.items <- string(sender)
	return nil
}

// Press chooses an item of the menu of the program that came first, which must have come; false when there is no such item.
func (p *Panel) Press(label string) bool {
	if p.icon == "" {
		p.icon = <-p.items
	}
	menu := p.conn.Object(p.icon, "/StatusNotifierItem/menu")
	var revision uint32
	var root entry
	if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{"label"}).Store(&revision, &root); err != nil {
		return false
	}
	id, ok := root.find(label)
	return ok && menu.Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err == nil
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

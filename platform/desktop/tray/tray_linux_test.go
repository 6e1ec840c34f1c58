package tray

import (
	"testing"

	"github.com/godbus/dbus/v5/prop"

	"elkjopcloud/platform/desktop/bustest"
)

func TestShown(t *testing.T) {
	bustest.None(t)
	if Shown(t.Context()) || Possible(t.Context()) {
		t.Error("an icon is shown without a bus")
	}
	conn := bustest.Start(t)
	if !Possible(t.Context()) {
		t.Error("a session with a bus has no tray")
	}
	if Shown(t.Context()) {
		t.Error("an icon is shown where nobody collects them")
	}
	host := &prop.Prop{Value: false}
	if _, err := prop.Export(conn, object, prop.Map{watcher: {"IsStatusNotifierHostRegistered": host}}); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(watcher, 0); err != nil {
		t.Fatal(err)
	}
	if Shown(t.Context()) {
		t.Error("an icon is shown where nobody shows them")
	}
	if _, err := prop.Export(conn, object, prop.Map{watcher: {"IsStatusNotifierHostRegistered": {Value: true}}}); err != nil {
		t.Fatal(err)
	}
	if !Shown(t.Context()) {
		t.Error("no icon is shown where somebody shows them")
	}
}

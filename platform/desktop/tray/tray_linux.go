package tray

import (
	"context"

	"elkjopcloud/platform/desktop/sessionbus"
)

const (
	watcher = "org.kde.StatusNotifierWatcher"
	object  = "/StatusNotifierWatcher"
)

func possible(ctx context.Context) bool {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// shown asks the one that collects icons whether somebody shows them (freedesktop.org, StatusNotifierItem).
func shown(ctx context.Context) bool {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	var host bool
	err = conn.Object(watcher, object).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, watcher, "IsStatusNotifierHostRegistered").Store(&host)
	return err == nil && host
}

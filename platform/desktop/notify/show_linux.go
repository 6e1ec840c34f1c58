package notify

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"

	"github.com/godbus/dbus/v5"

	"elkjopcloud/platform/desktop/sessionbus"
)

const (
	service = "org.freedesktop.Notifications"
	object  = "/org/freedesktop/Notifications"
)

// show asks the desktop's notification service. One that reads markup in a text gets it escaped, others get it as it is.
func show(ctx context.Context, program string, m Message) error {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		return fmt.Errorf("show a notification: %w", err)
	}
	defer conn.Close()
	desktop := conn.Object(service, object)
	var can []string
	if err := desktop.CallWithContext(ctx, service+".GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("show a notification: %w", missing(err))
	}
	text := plain(m.Text)
	if slices.Contains(can, "body-markup") {
		text = html.EscapeString(text)
	}
	call := desktop.CallWithContext(ctx, service+".Notify", 0, program, uint32(0), "", plain(m.Title), text, []string{}, map[string]dbus.Variant{}, int32(-1))
	if call.Err != nil {
		return fmt.Errorf("show a notification: %w", missing(call.Err))
	}
	return nil
}

// missing says so when this desktop has no such service.
func missing(err error) error {
	if sessionbus.Missing(err) {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}

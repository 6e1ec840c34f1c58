package power

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// The services, as their specifications name them: UPower, NetworkManager, and systemd's (or elogind's) login manager.
const (
	upower     = "org.freedesktop.UPower"
	upowerPath = dbus.ObjectPath("/org/freedesktop/UPower")
	manager    = "org.freedesktop.NetworkManager"
	netPath    = dbus.ObjectPath("/org/freedesktop/NetworkManager")
	login      = "org.freedesktop.login1"
	loginPath  = dbus.ObjectPath("/org/freedesktop/login1")
	loginFace  = "org.freedesktop.login1.Manager"
	properties = "org.freedesktop.DBus.Properties"
)

// connect opens a connection of its own; the caller closes it. A computer without a system bus supports nothing of this.
func (s *System) connect(ctx context.Context) (*dbus.Conn, error) {
	var conn *dbus.Conn
	var err error
	if s.Bus == "" {
		conn, err = dbus.ConnectSystemBus(dbus.WithContext(ctx))
	} else {
		conn, err = dbus.Connect(s.Bus, dbus.WithContext(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the system bus: %w", errors.ErrUnsupported, err)
	}
	return conn, nil
}

// property reads one property of a service, which must be there already: asking starts nothing.
func property[T any](ctx context.Context, s *System, service string, path dbus.ObjectPath, name string) (value T, err error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return value, err
	}
	defer conn.Close()
	var v dbus.Variant
	err = conn.Object(service, path).CallWithContext(ctx, properties+".Get", dbus.FlagNoAutoStart, service, name).Store(&v)
	if err != nil {
		return value, missing(err)
	}
	value, ok := v.Value().(T)
	if !ok {
		return value, fmt.Errorf("%s.%s is a %T", service, name, v.Value())
	}
	return value, nil
}

// missing tells a service that is not there from one that fails.
func missing(err error) error {
	var answer dbus.Error
	if !errors.As(err, &answer) {
		return err
	}
	switch answer.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.UnknownMethod",
		"org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownProperty":
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}

func (s *System) onBattery(ctx context.Context) (bool, error) {
	return property[bool](ctx, s, upower, upowerPath, "OnBattery")
}

func (s *System) metered(ctx context.Context) (bool, error) {
	const unknown, yes, guessedYes = 0, 1, 3 // NMMetered; 2 and 4 are no
	got, err := property[uint32](ctx, s, manager, netPath, "Metered")
	if err == nil && got == unknown {
		err = errors.ErrUnsupported
	}
	return got == yes || got == guessedYes, err
}

// keepAwake holds a lock against idling, which the login manager gives as a file that is to be closed.
func (s *System) keepAwake(ctx context.Context, why string) (func(), error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var fd dbus.UnixFD
	err = conn.Object(login, loginPath).CallWithContext(ctx, loginFace+".Inhibit", 0, "idle", "Elkjøp Cloud", why, "block").Store(&fd)
	if err != nil {
		return nil, missing(err)
	}
	return func() { _ = unix.Close(int(fd)) }, nil // an error would change nothing
}

// watch hears the system's services and its network interfaces; either is enough.
func (s *System) watch(ctx context.Context, changed func()) error {
	signals, stop, busErr := s.hear(ctx)
	if busErr == nil {
		defer stop()
	}
	links, netErr := watchNetwork(ctx)
	if busErr != nil && netErr != nil {
		return errors.Join(busErr, netErr)
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, ok := <-links:
			if links != nil && !ok {
				links = nil
				continue
			}
			changed()
		case x, ok := <-signals:
			if !ok {
				signals = nil
				continue
			}
			if matters(x) {
				changed()
			}
		}
	}
}

// hear subscribes to what the services tell.
func (s *System) hear(ctx context.Context) (<-chan *dbus.Signal, func(), error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	const room = 64 // signals that come while one is dealt with; each says only "look again"
	ch := make(chan *dbus.Signal, room)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchInterface(loginFace), dbus.WithMatchMember("PrepareForSleep"), dbus.WithMatchObjectPath(loginPath)},
		{dbus.WithMatchInterface(properties), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchObjectPath(upowerPath)},
		{dbus.WithMatchInterface(properties), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchObjectPath(netPath)},
	} {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			conn.Close()
			return nil, nil, err
		}
	}
	conn.Signal(ch)
	return ch, func() { conn.Close() }, nil
}

// matters tells waking from falling asleep, and changes of the power supply and of the network from those of anything else.
func matters(x *dbus.Signal) bool {
	switch x.Name {
	case loginFace + ".PrepareForSleep":
		return len(x.Body) == 1 && x.Body[0] == false
	case properties + ".PropertiesChanged":
		if len(x.Body) < 2 {
			return false
		}
		set, _ := x.Body[1].(map[string]dbus.Variant)
		for _, name := range []string{"OnBattery", "Metered", "PrimaryConnection", "Connectivity"} {
			if _, ok := set[name]; ok {
				return true
			}
		}
	}
	return false
}

package power

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// desktop is a private bus with fakes of the three services.
type desktop struct {
	t       *testing.T
	address string
	conn    *dbus.Conn
	battery *prop.Properties
	network *prop.Properties

	mu    sync.Mutex
	asks  []string
	here  *os.File // is at its end when nobody holds the other one any more
	there *os.File
}

// bus starts a private bus and returns its address.
func bus(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not installed")
	}
	cmd := exec.Command(program, "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

func newDesktop(t *testing.T) *desktop {
	t.Helper()
	d := &desktop{t: t, address: bus(t)}
	var err error
	if d.conn, err = dbus.Connect(d.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.conn.Close() })
	d.battery = d.export(upower, upowerPath, prop.Map{upower: {"OnBattery": {Value: false, Emit: prop.EmitTrue}, "DaemonVersion": {Value: "1", Emit: prop.EmitTrue}}})
	d.network = d.export(manager, netPath, prop.Map{manager: {"Metered": {Value: uint32(2), Emit: prop.EmitTrue}}})
	if err := d.conn.Export(d, loginPath, loginFace); err != nil {
		t.Fatal(err)
	}
	d.own(login)
	return d
}

func (d *desktop) export(name string, path dbus.ObjectPath, m prop.Map) *prop.Properties {
	d.t.Helper()
	p, err := prop.Export(d.conn, path, m)
	if err != nil {
		d.t.Fatal(err)
	}
	d.own(name)
	return p
}

func (d *desktop) own(name string) {
	d.t.Helper()
	if r, err := d.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		d.t.Fatalf("own %s: %v, %v", name, r, err)
	}
}

// Inhibit is the login manager's.
func (d *desktop) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	here, there, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.here, d.there = here, there
	d.asks = append(d.asks, strings.Join([]string{what, who, why, mode}, "|"))
	d.t.Cleanup(func() { here.Close(); there.Close() })
	return dbus.UnixFD(there.Fd()), nil
}

func TestBatteryAndNetwork(t *testing.T) {
	d := newDesktop(t)
	s := &System{Bus: d.address}
	for _, c := range []struct {
		battery bool
		metered uint32
		want    bool
	}{{false, 2, false}, {true, 1, true}, {false, 3, true}, {true, 4, false}} {
		d.battery.SetMust(upower, "OnBattery", c.battery)
		d.network.SetMust(manager, "Metered", c.metered)
		if on, err := s.OnBattery(t.Context()); on != c.battery || err != nil {
			t.Errorf("battery %v: %v, %v", c.battery, on, err)
		}
		if m, err := s.Metered(t.Context()); m != c.want || err != nil {
			t.Errorf("metered %d: %v, %v", c.metered, m, err)
		}
	}
	d.network.SetMust(manager, "Metered", uint32(0))
	if _, err := s.Metered(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("not known: %v", err)
	}
}

func TestKeepAwake(t *testing.T) {
	d := newDesktop(t)
	release, err := (&System{Bus: d.address}).KeepAwake(t.Context(), "sending files")
	if err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asks) != 1 || d.asks[0] != "idle|Elkjøp Cloud|sending files|block" {
		t.Errorf("asked for %q", d.asks)
	}
	must(t, d.there.Close()) // the bus has given it on
	must(t, d.here.SetReadDeadline(time.Unix(1, 0)))
	if _, err := d.here.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it is not held: %v", err)
	}
	must(t, d.here.SetReadDeadline(time.Time{}))
	release()
	release()
	if _, err := d.here.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("it is held still: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWatch: waking and changes of supply and network are told; falling asleep and whatever else a service says are not.
func TestWatch(t *testing.T) {
	d := newDesktop(t)
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan struct{}, 100), make(chan error, 1)
	signals, stop, err := (&System{Bus: d.address}).hear(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	go func() {
		for x := range signals {
			if matters(x) {
				told <- struct{}{}
			}
		}
	}()
	go func() { ended <- (&System{Bus: d.address}).Watch(ctx, func() {}) }()
	emit := func(asleep bool) {
		if err := d.conn.Emit(loginPath, loginFace+".PrepareForSleep", asleep); err != nil {
			t.Fatal(err)
		}
	}
	emit(true)
	d.battery.SetMust(upower, "DaemonVersion", "2")
	emit(false)
	<-told
	d.battery.SetMust(upower, "OnBattery", true)
	<-told
	d.network.SetMust(manager, "Metered", uint32(1))
	<-told
	if len(told) > 0 {
		t.Errorf("%d more were told", len(told))
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Watch ended with %v", err)
	}
}

func TestNoServices(t *testing.T) {
	for name, address := range map[string]string{"a bus without services": bus(t), "no bus": "unix:path=/nonexistent"} {
		s := &System{Bus: address}
		if _, err := s.OnBattery(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: battery: %v", name, err)
		}
		if _, err := s.Metered(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: metered: %v", name, err)
		}
		if _, err := s.KeepAwake(t.Context(), "x"); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: awake: %v", name, err)
		}
	}
}

// TestNetworkChanges asks the kernel itself.
func TestNetworkChanges(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ch, err := watchNetwork(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("ip", "address", "add", "127.9.8.7/32", "dev", "lo").CombinedOutput(); err == nil {
		<-ch
		if out, err := exec.Command("ip", "address", "del", "127.9.8.7/32", "dev", "lo").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	} else {
		t.Logf("no address could be added: %v %s", err, out)
	}
	cancel()
	for range ch { // ends with ctx
	}
}

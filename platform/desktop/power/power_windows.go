package power

import (
	"context"
	"errors"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// powerStatus is SYSTEM_POWER_STATUS.
type powerStatus struct {
	line, flag, percent, saver byte
	left, full                 uint32
}

func kernel(name string) *windows.LazyProc {
	return windows.NewLazySystemDLL("kernel32.dll").NewProc(name)
}

func (*System) onBattery(context.Context) (bool, error) {
	const battery, mains = 0, 1 // of the line; 255 is unknown
	var s powerStatus
	if ok, _, err := kernel("GetSystemPowerStatus").Call(uintptr(unsafe.Pointer(&s))); ok == 0 {
		return false, err
	}
	if s.line != battery && s.line != mains {
		return false, errors.ErrUnsupported
	}
	return s.line == battery, nil
}

// keepAwake holds a thread: the system remembers for each thread whether it needs the computer.
func (*System) keepAwake(ctx context.Context, _ string) (func(), error) {
	const continuous, system = 0x80000000, 0x00000001
	state := kernel("SetThreadExecutionState")
	began, release, ended := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if was, _, err := state.Call(continuous | system); was == 0 {
			began <- err
			return
		}
		began <- nil
		<-release
		_, _, _ = state.Call(continuous) // an error would change nothing
	}()
	if err := <-began; err != nil {
		return nil, err
	}
	return func() { close(release); <-ended }, nil
}

// watch hears of addresses that come and go, which they do on waking, too.
func (*System) watch(ctx context.Context, changed func()) error {
	heard := windows.NewCallback(func(_, _, _ uintptr) uintptr {
		changed()
		return 0
	})
	var h windows.Handle
	if err := windows.NotifyUnicastIpAddressChange(windows.AF_UNSPEC, heard, nil, false, &h); err != nil {
		return err
	}
	<-ctx.Done()
	return errors.Join(ctx.Err(), windows.CancelMibChangeNotify2(h))
}

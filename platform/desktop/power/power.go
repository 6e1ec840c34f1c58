// Package power tells what the system knows of a computer's battery, of what its network costs, and of sleep, and keeps it awake while
// there is work.
//
// Reading order: this file (what callers use), then the system's: power_linux.go (D-Bus services) with network_linux.go, power_windows.go with
// cost_windows.go, power_darwin.go. What a system does not say is errors.ErrUnsupported.
package power

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// patience bounds each question: services of a desktop may hang.
const patience = 5 * time.Second

// System is the computer that this program runs on. The zero value is ready; all methods are safe for concurrent use.
type System struct {
	Bus string // where Linux has its system bus, as an address of D-Bus; "" for the usual place
}

// OnBattery tells whether no mains power comes in.
func (s *System) OnBattery(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	on, err := s.onBattery(ctx)
	if err != nil {
		return false, fmt.Errorf("ask for the battery: %w", err)
	}
	return on, nil
}

// Metered tells whether what the network moves costs money, or counts against a limit.
func (s *System) Metered(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	metered, err := s.metered(ctx)
	if err != nil {
		return false, fmt.Errorf("ask what the network costs: %w", err)
	}
	return metered, nil
}

// KeepAwake keeps the computer from falling asleep by itself until release is called; whoever closes the lid has their way. why is
// shown where the system lists who keeps it awake. Calling release again does nothing.
func (s *System) KeepAwake(ctx context.Context, why string) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	end, err := s.keepAwake(ctx, why)
	if err != nil {
		return nil, fmt.Errorf("keep the computer awake: %w", err)
	}
	return sync.OnceFunc(end), nil
}

// Watch calls changed, which must not block, when the computer woke, or when its network or power supply changed, until ctx ends. It
// returns at once with an error when the system tells of nothing.
func (s *System) Watch(ctx context.Context, changed func()) error {
	if err := s.watch(ctx, changed); err != nil && ctx.Err() == nil {
		return fmt.Errorf("watch power and network: %w", err)
	}
	return ctx.Err()
}

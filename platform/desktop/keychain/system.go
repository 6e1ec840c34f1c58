package keychain

import (
	"context"
	"fmt"
	"time"

	keyring "github.com/zalando/go-keyring"
)

// patience is how long a keyring may take. A locked one waits for the user's password without telling us.
const patience = 20 * time.Second

// ring is what the library does; its calls may block for ever and take no context.
type ring interface {
	set(service, account, secret string) error
	get(service, account string) (string, error)
	remove(service, account string) error
	// locked tells whether the keyring is locked, when the system lets us ask without waiting for the user.
	locked() bool
}

// system calls the keyring from goroutines of its own, one at a time: when a call hangs, the next ones fail at once after their time
// instead of hanging too, and two goroutines at most are lost to it.
type system struct {
	ring   ring
	turn   chan struct{} // holds one token while a call is under way
	asking chan struct{} // and while the keyring is asked whether it is locked
}

// System returns the keyring of this computer's user. Calls fail with ErrTimeout or ErrLocked after 20 seconds, or when their context
// ends earlier.
func System() Keychain { return newSystem(library{}) }

func newSystem(r ring) *system {
	return &system{ring: r, turn: make(chan struct{}, 1), asking: make(chan struct{}, 1)}
}

func (s *system) Store(ctx context.Context, service, account, secret string) error {
	return s.call(ctx, "store secret", func() error { return s.ring.set(service, account, secret) })
}

func (s *system) Load(ctx context.Context, service, account string) (string, error) {
	found := make(chan string, 1) // the call may end after we stopped waiting: it must not write to our variables
	err := s.call(ctx, "load secret", func() error {
		secret, err := s.ring.get(service, account)
		found <- secret
		return err
	})
	if err != nil {
		return "", err
	}
	return <-found, nil
}

func (s *system) Delete(ctx context.Context, service, account string) error {
	return s.call(ctx, "delete secret", func() error { return s.ring.remove(service, account) })
}

// call runs do when it is its turn, and waits as long as it may.
func (s *system) call(ctx context.Context, what string, do func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, ErrTimeout)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", what, s.late(ctx))
	}
	ended := make(chan error, 1)
	go func() {
		defer func() { <-s.turn }()
		ended <- guard(do)
	}()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", what, classify(err))
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", what, s.late(ctx))
	}
}

// late says why a call was given up: a locked keyring is worth its own message.
func (s *system) late(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ErrTimeout {
		return cause
	}
	if s.locked() {
		return fmt.Errorf("%w: %w", ErrLocked, ErrTimeout)
	}
	return ErrTimeout
}

// locked asks the keyring, which may hang as well.
func (s *system) locked() bool {
	select {
	case s.asking <- struct{}{}:
	default:
		return false
	}
	answer := make(chan bool, 1)
	go func() {
		defer func() { <-s.asking }()
		var locked bool
		_ = guard(func() error { locked = s.ring.locked(); return nil })
		answer <- locked
	}()
	timer := time.NewTimer(2 * time.Second)
	defer timer.Stop()
	select {
	case locked := <-answer:
		return locked
	case <-timer.C:
		return false
	}
}

// guard turns a panic into an error: the library takes answers apart without looking, and a bus that goes away in between must not
// take the program along.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the keyring's answer made no sense: %v", ErrUnavailable, p)
		}
	}()
	return do()
}

// library is the real ring.
type library struct{}

func (library) set(service, account, secret string) error {
	return keyring.Set(service, account, secret)
}
func (library) get(service, account string) (string, error) {
	return keyring.Get(service, account)
}
func (library) remove(service, account string) error { return keyring.Delete(service, account) }
func (library) locked() bool                         { return systemLocked() }

// Package keychain keeps secrets in the system's own keyring: Secret Service on Linux, Credential Manager on Windows, Keychain on
// macOS. Where there is none it says so, and never stores a secret anywhere else by itself. What a user may choose instead, knowing what it
// is, is a file that a passphrase encrypts, or to keep a secret only while the program runs.
//
// Read keychain.go (what callers see), then system.go (how a keyring that blocks is kept from blocking us), classify*.go (what an
// error means), file.go with seal.go (the encrypted file) and memory.go (the one for a session, and for tests).
package keychain

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
)

// Keychain stores one secret for each service and account. Keep a secret small: Windows takes 2 560 bytes, macOS about 3 000.
// Errors match those below. A call that fails with ErrTimeout, or with the context's error, may still be carried out later: the system
// may be asking the user for a password meanwhile.
type Keychain interface {
	// Store replaces what was stored before.
	Store(ctx context.Context, service, account, secret string) error
	Load(ctx context.Context, service, account string) (string, error)
	// Delete removes the secret; ErrNotFound when there is none.
	Delete(ctx context.Context, service, account string) error
}

var (
	// ErrUnavailable means that this computer, or this session, has no keyring.
	ErrUnavailable = errors.New("no keyring is available")
	// ErrLocked means that there is a keyring and the user has not unlocked it. It never means that the secret is gone.
	ErrLocked = errors.New("the keyring is locked")
	// ErrTimeout means that the keyring did not answer in time.
	ErrTimeout = errors.New("the keyring does not answer")
	// ErrNotFound means that the keyring was asked and has no such secret.
	ErrNotFound = errors.New("the keyring has no such secret")
	// ErrTooBig means that the secret is larger than this system's keyring takes.
	ErrTooBig = errors.New("the secret is too big for the keyring")
	// ErrPassphrase means that the passphrase does not open the file: it is another one, or the file was damaged.
	ErrPassphrase = errors.New("the passphrase does not open the file of secrets")
)

// Probe proves that a keychain keeps what it is given: it stores something, reads it back and deletes it.
func Probe(ctx context.Context, k Keychain, service string) error {
	account, secret := "probe "+rand.Text(), rand.Text()
	if err := k.Store(ctx, service, account, secret); err != nil {
		return err
	}
	got, err := k.Load(ctx, service, account)
	if err == nil && got != secret {
		err = fmt.Errorf("probe: another secret came back: %w", ErrUnavailable)
	}
	return errors.Join(err, k.Delete(ctx, service, account))
}

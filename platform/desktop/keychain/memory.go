package keychain

import (
	"context"
	"fmt"
	"sync"
)

// Session returns a keychain that forgets everything when the program ends: for users who chose to give their secret at each start.
func Session() Keychain { return Memory() }

// Fake is a keychain in memory; tests can let it fail.
type Fake struct {
	mu      sync.Mutex
	secrets map[[2]string]string
	failure error
}

// Memory returns an empty keychain that keeps secrets only as long as it lives.
func Memory() *Fake { return &Fake{secrets: map[[2]string]string{}} }

// Fail makes every call fail with err from now on, until it is called with nil. Secrets are kept.
func (f *Fake) Fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure = err
}

// Store implements Keychain.
func (f *Fake) Store(ctx context.Context, service, account, secret string) error {
	return f.do(ctx, "store secret", func(key [2]string) error {
		f.secrets[key] = secret
		return nil
	}, service, account)
}

// Load implements Keychain.
func (f *Fake) Load(ctx context.Context, service, account string) (string, error) {
	var secret string
	err := f.do(ctx, "load secret", func(key [2]string) error {
		var ok bool
		if secret, ok = f.secrets[key]; !ok {
			return ErrNotFound
		}
		return nil
	}, service, account)
	return secret, err
}

// Delete implements Keychain.
func (f *Fake) Delete(ctx context.Context, service, account string) error {
	return f.do(ctx, "delete secret", func(key [2]string) error {
		if _, ok := f.secrets[key]; !ok {
			return ErrNotFound
		}
		delete(f.secrets, key)
		return nil
	}, service, account)
}

func (f *Fake) do(ctx context.Context, what string, change func(key [2]string) error, service, account string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := ctx.Err()
	if err == nil {
		err = f.failure
	}
	if err == nil {
		err = change([2]string{service, account})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

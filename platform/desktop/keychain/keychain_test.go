package keychain

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	keyring "github.com/zalando/go-keyring"
)

// fakeRing is a system's keyring with the ways it fails.
type fakeRing struct {
	secrets map[string]string
	err     error
	block   chan struct{} // calls wait for it when it is not nil
	panics  bool
	isLock  bool
}

func (f *fakeRing) wait() error {
	if f.block != nil {
		<-f.block
	}
	if f.panics {
		var answer []any
		_ = answer[0].(bool)
	}
	return f.err
}

func (f *fakeRing) set(service, account, secret string) error {
	if err := f.wait(); err != nil {
		return err
	}
	f.secrets[service+account] = secret
	return nil
}

func (f *fakeRing) get(service, account string) (string, error) {
	if err := f.wait(); err != nil {
		return "", err
	}
	secret, ok := f.secrets[service+account]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return secret, nil
}

func (f *fakeRing) remove(service, account string) error {
	if _, err := f.get(service, account); err != nil {
		return err
	}
	delete(f.secrets, service+account)
	return nil
}

func (f *fakeRing) locked() bool { return f.isLock }

// Both keychains do the same.
func TestStoreLoadDelete(t *testing.T) {
	for name, k := range map[string]Keychain{"memory": Memory(), "system": newSystem(&fakeRing{secrets: map[string]string{}})} {
		t.Run(name, func(t *testing.T) {
			roundTrip(t, k)
		})
	}
}

func roundTrip(t *testing.T, k Keychain) {
	t.Helper()
	ctx := t.Context()
	const service, account = "elkjopcloud-test", "kari@https://s3.example.com"
	if _, err := k.Load(ctx, service, account); !errors.Is(err, ErrNotFound) {
		t.Errorf("Load of nothing = %v, want ErrNotFound", err)
	}
	for _, secret := range []string{"first", "sécond with \"quotes\"\nand lines", ""} {
		if err := k.Store(ctx, service, account, secret); err != nil {
			t.Fatal(err)
		}
		if got, err := k.Load(ctx, service, account); got != secret || err != nil {
			t.Errorf("Load = %q %v, want %q", got, err, secret)
		}
	}
	if _, err := k.Load(ctx, service, "ola"); !errors.Is(err, ErrNotFound) {
		t.Errorf("another account: %v", err)
	}
	if err := k.Delete(ctx, service, account); err != nil {
		t.Fatal(err)
	}
	if err := k.Delete(ctx, service, account); !errors.Is(err, ErrNotFound) {
		t.Errorf("second Delete = %v, want ErrNotFound", err)
	}
}

func TestErrorKinds(t *testing.T) {
	tests := []struct {
		name string
		ring *fakeRing
		want error
	}{
		{"too big", &fakeRing{err: keyring.ErrSetDataTooBig}, ErrTooBig},
		{"no such platform", &fakeRing{err: keyring.ErrUnsupportedPlatform}, ErrUnavailable},
		{"no bus", &fakeRing{err: errors.New("dial unix /nonexistent: connect: no such file or directory")}, ErrUnavailable},
		{"bus went away in the middle", &fakeRing{panics: true}, ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := newSystem(tt.ring).Store(t.Context(), "s", "a", "x")
			if !errors.Is(err, tt.want) {
				t.Errorf("Store = %v, want %v", err, tt.want)
			}
			for _, other := range []error{ErrNotFound, ErrLocked, ErrTimeout, ErrTooBig, ErrUnavailable} {
				if other != tt.want && errors.Is(err, other) {
					t.Errorf("%v is also %v", err, other)
				}
			}
		})
	}
}

func TestBlockedKeyring(t *testing.T) {
	tests := []struct {
		name   string
		locked bool
		want   error
	}{{"silent", false, ErrTimeout}, {"waits for the user", true, ErrLocked}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ring := &fakeRing{secrets: map[string]string{"sa": "kept"}, block: make(chan struct{}), isLock: tt.locked}
				k := newSystem(ring)
				for range 3 { // later calls fail in time too, and start nothing more
					began := time.Now()
					_, err := k.Load(t.Context(), "s", "a")
					if took := time.Since(began); !errors.Is(err, tt.want) || errors.Is(err, ErrNotFound) || took > patience+2*time.Second {
						t.Errorf("Load = %v after %v, want %v", err, took, tt.want)
					}
				}
				close(ring.block) // the user typed the password
				if got, err := k.Load(t.Context(), "s", "a"); got != "kept" || err != nil {
					t.Errorf("after unlocking: %q %v", got, err)
				}
			})
		})
	}
}

func TestContextEndsEarlier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := &fakeRing{block: make(chan struct{})}
		defer close(ring.block)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		err := newSystem(ring).Delete(ctx, "s", "a")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("Delete = %v after %v", err, time.Since(began))
		}
	})
}

func TestFakeFails(t *testing.T) {
	k := Memory()
	if err := k.Store(t.Context(), "s", "a", "x"); err != nil {
		t.Fatal(err)
	}
	k.Fail(ErrLocked)
	if _, err := k.Load(t.Context(), "s", "a"); !errors.Is(err, ErrLocked) {
		t.Errorf("Load = %v", err)
	}
	k.Fail(nil)
	if got, err := k.Load(t.Context(), "s", "a"); got != "x" || err != nil {
		t.Errorf("Load = %q %v", got, err)
	}
}

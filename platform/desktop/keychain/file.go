package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"

	"elkjopcloud/platform/disk"
)

// file keeps secrets in a file that a passphrase encrypts. The key is made once for each salt.
type file struct {
	path       string
	passphrase string

	mu   sync.Mutex
	made params
	key  []byte
}

// record is one secret.
type record struct {
	Service string `json:"service"`
	Account string `json:"account"`
	Secret  string `json:"secret"`
}

// largestFile is more than any computer has secrets.
const largestFile = 1 << 20

// File returns a keychain in a file, made when the first secret is stored, readable by its owner alone, encrypted under a passphrase
// (Argon2id, XChaCha20-Poly1305). One process at a time may use it. It is for users who chose it: where a keyring is, that is better.
func File(path, passphrase string) Keychain { return &file{path: path, passphrase: passphrase} }

func (f *file) Store(ctx context.Context, service, account, secret string) error {
	return f.change(ctx, "store secret", func(all []record) ([]record, error) {
		all = slices.DeleteFunc(all, func(r record) bool { return r.is(service, account) })
		return append(all, record{service, account, secret}), nil
	})
}

func (f *file) Load(ctx context.Context, service, account string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read(ctx)
	if err != nil {
		return "", fmt.Errorf("load secret: %w", err)
	}
	for _, r := range all {
		if r.is(service, account) {
			return r.Secret, nil
		}
	}
	return "", fmt.Errorf("load secret: %w", ErrNotFound)
}

func (f *file) Delete(ctx context.Context, service, account string) error {
	return f.change(ctx, "delete secret", func(all []record) ([]record, error) {
		left := slices.DeleteFunc(slices.Clone(all), func(r record) bool { return r.is(service, account) })
		if len(left) == len(all) {
			return nil, ErrNotFound
		}
		return left, nil
	})
}

func (r record) is(service, account string) bool { return r.Service == service && r.Account == account }

// change replaces the file, whole or not at all.
func (f *file) change(ctx context.Context, what string, edit func([]record) ([]record, error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read(ctx)
	if err == nil {
		all, err = edit(all)
	}
	if err == nil {
		err = f.write(all)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// read returns what is in the file; nothing when there is none yet.
func (f *file) read(ctx context.Context) ([]record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.passphrase == "" {
		return nil, fmt.Errorf("%w: there is none", ErrPassphrase)
	}
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > largestFile {
		return nil, fmt.Errorf("%s is not a file of secrets", f.path)
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	return f.unseal(content)
}

func (f *file) unseal(content []byte) ([]record, error) {
	var s sealed
	if err := json.Unmarshal(content, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	if s.Format != sealFormat {
		return nil, fmt.Errorf("%w: the file is of format %d", ErrUnavailable, s.Format)
	}
	if err := f.makeKey(s.Argon2); err != nil {
		return nil, err
	}
	return s.open(f.key)
}

func (f *file) makeKey(p params) error {
	if f.key != nil && p.Time == f.made.Time && p.Memory == f.made.Memory && p.Threads == f.made.Threads && bytes.Equal(p.Salt, f.made.Salt) {
		return nil
	}
	key, err := p.key(f.passphrase)
	if err != nil {
		return err
	}
	f.made, f.key = p, key
	return nil
}

func (f *file) write(all []record) error {
	if f.key == nil {
		if err := f.makeKey(newParams()); err != nil {
			return err
		}
	}
	content, err := seal(f.key, f.made, all)
	if err != nil {
		return err
	}
	return disk.WriteFileAtomic(f.path, content, 0o600)
}

package keychain

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// sealed is the file: what is needed to make the key from the passphrase, and the secrets under it. Its numbers are authenticated too.
type sealed struct {
	Format int    `json:"format"`
	Argon2 params `json:"argon2id"`
	Nonce  []byte `json:"nonce"`
	Box    []byte `json:"box"` // XChaCha20-Poly1305 of a JSON list of records
}

// params say how the key is made.
type params struct {
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory"` // KiB
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
}

const (
	sealFormat = 1
	saltSize   = 16
	mostTime   = 64
	mostMemory = 1 << 20 // KiB: a file that asks for more would be there to exhaust us
)

// newParams are those that RFC 9106 recommends where memory is short, with a new salt.
func newParams() params {
	p := params{Time: 3, Memory: 64 << 10, Threads: 4, Salt: make([]byte, saltSize)}
	_, _ = rand.Read(p.Salt) // never fails
	return p
}

// key makes the key, which takes a tenth of a second or more on purpose.
func (p params) key(passphrase string) ([]byte, error) {
	if p.Time < 1 || p.Time > mostTime || p.Memory < 8 || p.Memory > mostMemory || p.Threads < 1 || len(p.Salt) < 8 || len(p.Salt) > 64 {
		return nil, fmt.Errorf("%w: its numbers make no sense", ErrPassphrase)
	}
	return argon2.IDKey([]byte(passphrase), p.Salt, p.Time, p.Memory, p.Threads, chacha20poly1305.KeySize), nil
}

// seal encrypts records under a key that was made with p.
func seal(key []byte, p params, records []record) ([]byte, error) {
	box, header, err := boxOf(key, p)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	s := sealed{Format: sealFormat, Argon2: p, Nonce: make([]byte, chacha20poly1305.NonceSizeX)}
	_, _ = rand.Read(s.Nonce) // never fails
	s.Box = box.Seal(nil, s.Nonce, plain, header)
	return json.Marshal(s)
}

// open decrypts what seal made.
func (s sealed) open(key []byte) ([]record, error) {
	box, header, err := boxOf(key, s.Argon2)
	if err != nil {
		return nil, err
	}
	if len(s.Nonce) != box.NonceSize() {
		return nil, ErrPassphrase
	}
	plain, err := box.Open(nil, s.Nonce, s.Box, header)
	if err != nil {
		return nil, ErrPassphrase
	}
	var records []record
	if err := json.Unmarshal(plain, &records); err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	return records, nil
}

// boxOf returns the cipher, and what is authenticated besides the secrets.
func boxOf(key []byte, p params) (cipher.AEAD, []byte, error) {
	box, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, nil, err
	}
	header, err := json.Marshal(sealed{Format: sealFormat, Argon2: p})
	return box, header, err
}

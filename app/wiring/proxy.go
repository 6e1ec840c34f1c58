package wiring

import (
	"context"
	"errors"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/keychain"
)

// proxyService names the passwords of proxies in the keyring.
const proxyService = "Elkjøp Cloud proxy"

// proxyAccount names one proxy's password.
func proxyAccount(s config.Storage) string { return s.ProxyUser + "@" + s.Proxy }

// proxyPassword is what the proxy of a storage asks for; "" when it asks for nothing.
func (p *parts) proxyPassword(ctx context.Context, s config.Storage) (string, error) {
	if s.ProxyUser == "" {
		return "", nil
	}
	password, err := p.o.Keychain.Load(ctx, proxyService, proxyAccount(s))
	if errors.Is(err, keychain.ErrNotFound) {
		return "", nil // some ask for a name alone; others refuse, and that is told
	}
	if err != nil {
		return "", keyringProblem(err)
	}
	return password, nil
}

// SaveProxy implements app.Parts.
func (p *parts) SaveProxy(ctx context.Context, s config.Storage, password string) error {
	bare := s
	bare.ProxyUser = "" // only the address is looked at
	b, err := p.s3(ctx, bare, "")
	if err != nil {
		return err
	}
	b.Close()
	if password == "" {
		return nil
	}
	if err := p.o.Keychain.Store(ctx, proxyService, proxyAccount(s), password); err != nil {
		return keyringProblem(err)
	}
	return nil
}

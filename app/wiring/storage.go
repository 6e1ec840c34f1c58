package wiring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"elkjopcloud/app"
	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/desktop/trashcan"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
	"elkjopcloud/platform/objstore/s3store"
)

// service names our secrets in the keyring.
const service = "Elkjøp Cloud storage"

// requests is how many requests are on their way at once.
const requests = 32

// parts implements app.Parts.
type parts struct {
	o       Options
	file    keychain.Keychain // under a passphrase, in the home
	session keychain.Keychain
}

const (
	secretsName   = "secrets.json"      // in the home
	passphraseKey = "ELKJOP_PASSPHRASE" // of the environment, read at each start
)

func newParts(home string, o Options) *parts {
	return &parts{o: o, file: keychain.File(filepath.Join(home, secretsName), o.Getenv(passphraseKey)), session: keychain.Session()}
}

// keychain is where the user chose to have secrets. What is not known is the system's, which is the safest.
func (p *parts) keychain(credentials string) keychain.Keychain {
	switch credentials {
	case config.InFile:
		return p.file
	case config.InSession:
		return p.session
	}
	return p.o.Keychain
}

// Create implements app.Parts.
func (p *parts) Create(ctx context.Context, s config.Storage, secret string) error {
	if s.Kind == config.S3 {
		b, err := p.s3(ctx, s, secret)
		if err != nil {
			return err
		}
		defer b.Close()
		return b.MakeBucket(ctx)
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	return dirstore.Create(s.Dir)
}

// Store implements app.Parts: log → limit → retry → the store.
func (p *parts) Store(ctx context.Context, s config.Storage, secret string) (objstore.Bucket, error) {
	b, err := p.bare(ctx, s, secret)
	if err != nil {
		return nil, err
	}
	if p.o.Wrap != nil {
		b = p.o.Wrap(b)
	}
	b = objstore.WithRetry(b, p.o.Retry)
	b = objstore.WithLimit(b, objstore.LimitOptions{Concurrency: requests})
	return objstore.WithLog(b, p.o.Log), nil
}

func (p *parts) bare(ctx context.Context, s config.Storage, secret string) (objstore.Bucket, error) {
	switch s.Kind {
	case config.Folder:
		b, err := dirstore.Open(s.Dir, dirstore.Options{})
		if err != nil {
			return nil, told(s, err)
		}
		return objstore.WithHooks(b, inWords(s)), nil
	case config.S3:
		b, err := p.s3(ctx, s, secret)
		if err != nil {
			return nil, err
		}
		return objstore.WithHooks(b, inWords(s)), nil
	}
	return nil, fmt.Errorf("a storage of kind %q: %w", s.Kind, errors.ErrUnsupported)
}

func (p *parts) s3(ctx context.Context, s config.Storage, secret string) (*s3store.Bucket, error) {
	keys := p.environment
	if s.Credentials != config.InEnvironment {
		k := &keyring{keep: p.keychain(s.Credentials), account: account(s), access: s.AccessKey, secret: secret}
		if _, err := k.load(ctx); err != nil {
			return nil, err
		}
		keys = k.load
	} else if _, err := keys(ctx); err != nil {
		return nil, err
	}
	password, err := p.proxyPassword(ctx, s)
	if err != nil {
		return nil, err
	}
	b, err := s3store.Open(s3store.Options{
		Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, Prefix: s.Prefix, CAFile: s.CA, Credentials: keys, Timeouts: p.o.Timeouts,
		Proxy: s.Proxy, ProxyUser: s.ProxyUser, ProxyPassword: password,
	})
	if err != nil {
		return nil, misgiven(s, err)
	}
	return b, nil
}

// environment reads the key that the environment holds at each start.
func (p *parts) environment(context.Context) (s3store.Credentials, error) {
	c := s3store.Credentials{AccessKey: p.o.Getenv("AWS_ACCESS_KEY_ID"), SecretKey: p.o.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: p.o.Getenv("AWS_SESSION_TOKEN")}
	if c.AccessKey == "" || c.SecretKey == "" {
		return c, &app.Problem{Code: "key-refused", Message: "There is no access key in the environment.", Action: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or connect with --credentials keyring.", Why: "no-env-key"}
	}
	return c, nil
}

// keyring reads a secret once and remembers it while the program runs: a keyring may ask a person each time.
type keyring struct {
	keep            keychain.Keychain
	account, access string

	mu     sync.Mutex
	secret string
}

func (k *keyring) load(ctx context.Context) (s3store.Credentials, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.secret == "" {
		secret, err := k.keep.Load(ctx, service, k.account)
		if err != nil {
			return s3store.Credentials{}, keyringProblem(err)
		}
		k.secret = secret
	}
	return s3store.Credentials{AccessKey: k.access, SecretKey: k.secret}, nil
}

func keyringProblem(err error) error {
	p := app.NewProblem(app.CodeKeyring, "", err)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		p = app.NewProblem("key-refused", "", err)
		p.Why, p.Message, p.Action = "secret-gone", "The secret key of this storage is not here any more.", "Connect again and give it."
	case errors.Is(err, keychain.ErrLocked):
		p.Why, p.Message = "keyring-locked", "The system's keyring is locked."
	case errors.Is(err, keychain.ErrTimeout):
		p.Why, p.Message = "keyring-silent", "The system's keyring does not answer."
	case errors.Is(err, keychain.ErrUnavailable):
		p.Why, p.Message = "no-keyring", "This computer has no keyring that can be used."
		p.Action = "Install one, such as gnome-keyring. Or choose --credentials file, with a passphrase in " + passphraseKey + ", or env."
	case errors.Is(err, keychain.ErrPassphrase):
		p.Why, p.Name, p.Message = "passphrase", passphraseKey, "The file of secrets does not open with this passphrase."
		p.Action = "Set " + passphraseKey + " to the passphrase that you chose. If it is lost, remove " + secretsName + " from the program's folder and connect again."
	}
	return p
}

// account names one storage's secret.
func account(s config.Storage) string { return s.AccessKey + "@" + s.Endpoint + "/" + s.Bucket }

// SaveSecret implements app.Parts.
func (p *parts) SaveSecret(ctx context.Context, s config.Storage, secret string) error {
	keep := p.keychain(s.Credentials)
	if err := keychain.Probe(ctx, keep, service); err != nil {
		return keyringProblem(err)
	}
	if err := keep.Store(ctx, service, account(s), secret); err != nil {
		return keyringProblem(err)
	}
	return nil
}

// HarmfulRule implements app.Parts. A folder has no rules.
func (p *parts) HarmfulRule(ctx context.Context, s config.Storage) (string, error) {
	if s.Kind != config.S3 {
		return "", nil
	}
	b, err := p.s3(ctx, s, "")
	if err != nil {
		return "", err
	}
	defer b.Close()
	return b.HarmfulRule(ctx)
}

// Trash implements app.Parts.
func (p *parts) Trash(ctx context.Context, path string) error {
	err := p.o.Trash(ctx, path)
	if errors.Is(err, trashcan.ErrNoBin) || errors.Is(err, trashcan.ErrNotProven) {
		return app.NewProblem(app.CodeNoBin, path, err)
	}
	return err
}

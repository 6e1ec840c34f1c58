// Package s3store keeps objects in a bucket of any S3-compatible server.
//
// It uses only what every measured server does alike (see the README of objstore): uploads are plain PUTs with a Content-MD5
// and an unsigned payload, no trailing headers, no conditional writes; retries are left to objstore.WithRetry. What answers is
// mistrusted: a web page, a login portal or a proxy's error page is never taken for a store's "not found" or "empty".
//
// Reading order: this file (options, Open), object.go, list.go, copy.go, upload.go, meta.go, then errors.go, guard.go and
// watch.go (what is done about bad answers and silence).
package s3store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

const (
	opOpen       = "open"
	opMakeBucket = "make-bucket"
	maxPrefix    = 100 // bytes; a key has 900, S3 allows 1024
)

// Credentials are an access key. They print as nothing but the word.
type Credentials struct {
	AccessKey, SecretKey string
	SessionToken         string // "" for lasting keys
}

// String hides the secrets.
func (Credentials) String() string { return "credentials" }

// GoString hides the secrets from %#v.
func (Credentials) GoString() string { return "credentials" }

// LogValue hides the secrets from slog.
func (Credentials) LogValue() slog.Value { return slog.StringValue("credentials") }

// What can be wrong with what a person gave, for who has words for it. Errors of Open match one of the first four and have kind Invalid; a
// server may find fault with the name later, too.
var (
	ErrEndpoint   = errors.New("the endpoint cannot be an address")
	ErrBucketName = errors.New("the name cannot be a bucket's")
	ErrPrefix     = errors.New("the prefix cannot be used")
	ErrCA         = errors.New("the CA file cannot be used")
	ErrProxy      = errors.New("the proxy cannot be used")
	ErrRegion     = errors.New("the bucket is in another region") // of requests
)

// Options say where a bucket is. Endpoint, Bucket and Credentials are required.
type Options struct {
	Endpoint string // https://host[:port], or http://…; without a scheme https is meant
	Bucket   string
	Region   string // "" asks the server
	Prefix   string // put before every key, invisibly; "" or ending in "/", at most 100 bytes
	CAFile   string // PEM certificates that are trusted besides the system's
	Proxy    string // "" or "system": what the environment says; "none"; or http://host:port, https:// or socks5://, without a password
	// ProxyUser and ProxyPassword are what a proxy with an address asks for; "" is nothing.
	ProxyUser, ProxyPassword string

	VirtualHost bool // address the bucket as bucket.host instead of host/bucket
	// Credentials is asked for every request, so it keeps what is expensive to get; the store keeps nothing for longer.
	Credentials func(context.Context) (Credentials, error)
	Timeouts    Timeouts
}

// Timeouts bound how long a request waits without anything moving. The zero value takes the defaults.
type Timeouts struct {
	Connect time.Duration // to connect, and again for the TLS handshake; 0 means 10 s
	First   time.Duration // without a byte sent or received, when a request is tried for the first time; 0 means 15 s
	Silence time.Duration // the same at most, when it was tried before; 0 means 60 s
	Work    time.Duration // for an answer while the server copies or joins; 0 means 10 minutes
}

func (t Timeouts) withDefaults() Timeouts {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&t.Connect, 10*time.Second)
	set(&t.Silence, time.Minute)
	set(&t.First, min(15*time.Second, t.Silence))
	set(&t.Work, 10*time.Minute)
	return t
}

// Bucket implements objstore.Bucket.
type Bucket struct {
	core      *minio.Core
	transport *http.Transport
	name      string
	prefix    string
	region    string
	copies    copyLimits
	proof     atomic.Int32 // of objects sent in one request

	plainParts atomic.Bool // uploads begin with MD5 whatever proof says
	uploads    sync.Map    // the proof of parts, by upload id
}

// Open prepares requests; it sends none. Kind Invalid when the options make no sense.
func Open(o Options) (*Bucket, error) {
	endpoint, err := o.check()
	if err != nil {
		return nil, &objstore.Error{Kind: objstore.Invalid, Op: opOpen, Err: err}
	}
	o.Timeouts = o.Timeouts.withDefaults()
	roots, err := trusted(o.CAFile)
	if err != nil {
		return nil, &objstore.Error{Kind: objstore.Invalid, Op: opOpen, Err: err}
	}
	proxy, err := proxies(o)
	if err != nil {
		return nil, &objstore.Error{Kind: objstore.Invalid, Op: opOpen, Err: fmt.Errorf("%w: %w", ErrProxy, err)}
	}
	transport := newTransport(o.Timeouts, roots, proxy)
	lookup := minio.BucketLookupPath
	if o.VirtualHost {
		lookup = minio.BucketLookupDNS
	}
	core, err := minio.NewCore(endpoint.Host, &minio.Options{
		Creds:           credentials.New(provider{o.Credentials}),
		Secure:          endpoint.Scheme == "https",
		Transport:       &guard{next: transport, timeouts: o.Timeouts},
		Region:          o.Region,
		BucketLookup:    lookup,
		TrailingHeaders: false,
		MaxRetries:      1,
	})
	if err != nil {
		return nil, &objstore.Error{Kind: objstore.Invalid, Op: opOpen, Err: err}
	}
	return &Bucket{core: core, transport: transport, name: o.Bucket, prefix: o.Prefix, region: o.Region, copies: defaultCopyLimits}, nil
}

// Close drops idle connections. The bucket can still be used.
func (b *Bucket) Close() { b.transport.CloseIdleConnections() }

func (o Options) check() (*url.URL, error) {
	if o.Credentials == nil {
		return nil, errors.New("no credentials")
	}
	if err := s3utils.CheckValidBucketName(o.Bucket); err != nil {
		return nil, fmt.Errorf("%w: %q: %w", ErrBucketName, o.Bucket, err)
	}
	if o.Prefix != "" && (len(o.Prefix) > maxPrefix || !strings.HasSuffix(o.Prefix, "/") || objstore.CheckKey(opOpen, o.Prefix+"x") != nil) {
		return nil, fmt.Errorf("%w: %q is not a folder of at most %d bytes", ErrPrefix, o.Prefix, maxPrefix)
	}
	return parseEndpoint(o.Endpoint)
}

// parseEndpoint never repeats the text in its errors: people paste secrets into the wrong field.
func parseEndpoint(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, fmt.Errorf("%w: it is not like https://s3.example.com", ErrEndpoint)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%w: it begins with neither https:// nor http://", ErrEndpoint)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, fmt.Errorf("%w: it has more than a host and a port", ErrEndpoint)
	}
	return u, nil
}

// trusted returns nil for the system's certificates alone.
func trusted(caFile string) (*x509.CertPool, error) {
	if caFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCA, err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%w: %s holds no PEM certificate", ErrCA, caFile)
	}
	return roots, nil
}

// proxies returns how a request finds its proxy; nil is none. A password in the address would lie open in the settings, so that none is taken there;
// the text is not repeated in errors.
func proxies(o Options) (func(*http.Request) (*url.URL, error), error) {
	switch o.Proxy {
	case "", "system":
		return http.ProxyFromEnvironment, nil
	case "none":
		return nil, nil
	}
	u, err := url.Parse(o.Proxy)
	switch {
	case err != nil || u.Hostname() == "":
		return nil, errors.New("it is neither system nor none nor an address such as http://proxy.example.com:3128")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return nil, errors.New("it begins with none of http://, https:// and socks5://")
	case u.User != nil:
		return nil, errors.New("it has a name or a password in its address, where it could be read")
	case u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return nil, errors.New("it has more than a host and a port")
	}
	if o.ProxyUser != "" {
		u.User = url.UserPassword(o.ProxyUser, o.ProxyPassword)
	}
	return http.ProxyURL(u), nil
}

func newTransport(t Timeouts, roots *x509.CertPool, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	dialer := &net.Dialer{Timeout: t.Connect, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}}
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   t.Connect,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       30 * time.Second, // before most servers close them, or a PUT may meet a closed one
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true, // bytes are stored and read as they are
	}
}

// provider asks for the credentials anew each time.
type provider struct {
	get func(context.Context) (Credentials, error)
}

// RetrieveWithCredContext implements credentials.Provider.
func (p provider) RetrieveWithCredContext(cc *credentials.CredContext) (credentials.Value, error) {
	ctx := context.Background()
	if cc != nil && cc.Context != nil {
		ctx = cc.Context
	}
	c, err := p.get(ctx)
	if err != nil {
		return credentials.Value{}, &credentialsError{err}
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		return credentials.Value{}, &credentialsError{errors.New("the access key is empty")}
	}
	return credentials.Value{
		AccessKeyID: c.AccessKey, SecretAccessKey: c.SecretKey, SessionToken: c.SessionToken, SignerType: credentials.SignatureV4,
	}, nil
}

// Retrieve implements credentials.Provider.
func (p provider) Retrieve() (credentials.Value, error) { return p.RetrieveWithCredContext(nil) }

// IsExpired implements credentials.Provider.
func (p provider) IsExpired() bool { return true }

// credentialsError says that there was no access key to sign with.
type credentialsError struct{ err error }

func (e *credentialsError) Error() string { return "get the access key: " + e.err.Error() }
func (e *credentialsError) Unwrap() error { return e.err }

// MakeBucket makes the bucket if it does not exist. It is a call of its own because nobody wants a new, empty bucket where a
// name was mistyped.
func (b *Bucket) MakeBucket(ctx context.Context) error {
	_, _, err := b.List(ctx, "", "", 1)
	if objstore.KindOf(err) != objstore.NoBucket {
		return err
	}
	err = b.core.MakeBucket(ctx, b.name, minio.MakeBucketOptions{Region: b.region})
	if code := minio.ToErrorResponse(err).Code; code == minio.BucketAlreadyOwnedByYou {
		return nil
	}
	return fail(ctx, opMakeBucket, "", err)
}

// key checks a key and returns the one that the server sees.
func (b *Bucket) key(ctx context.Context, op, key string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := objstore.CheckKey(op, key); err != nil {
		return "", err
	}
	return b.prefix + key, nil
}

// Name returns the bucket's name.
func (b *Bucket) Name() string { return b.name }

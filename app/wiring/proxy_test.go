package wiring

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/objstore/s3test"
)

// TestAProxyThatAsksWhoYouAre: its password is in the keyring and nowhere in the home; a change counts at once.
func TestAProxyThatAsksWhoYouAre(t *testing.T) {
	srv := s3test.VersityGW(t)
	target, err := url.Parse(srv.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	var let, sent atomic.Int64
	reverse := httputil.NewSingleHostReverseProxy(target)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		if !ok || user != "kari" || password != "s3cret word" {
			sent.Add(1)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		let.Add(1)
		reverse.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)

	home, keys := t.TempDir(), keychain.Memory()
	c := open(t, home, Options{Keychain: keys})
	if _, err := c.Network(t.Context()); code(err) != app.CodeNotSetUp {
		t.Errorf("without a storage: %v", err)
	}
	s3 := app.S3{Endpoint: srv.Endpoint, Bucket: "proxied", Region: "us-east-1", Credentials: "keyring", AccessKey: srv.AccessKey, Proxy: "none"}
	if _, err := c.ConnectS3(t.Context(), s3, srv.SecretKey); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		n        app.Network
		password string
	}{
		{app.Network{Proxy: "http://kari:s3cret@proxy"}, ""}, {app.Network{Proxy: "nonsense"}, ""}, {app.Network{Proxy: "none", User: "kari"}, ""},
		{app.Network{Proxy: "system"}, "x"}, {app.Network{Proxy: proxy.URL}, "x"},
	} {
		if err := c.SetNetwork(t.Context(), tt.n, tt.password); code(err) != app.CodeWrongUse {
			t.Errorf("%+v: %v", tt.n, err)
		}
	}
	if n, err := c.Network(t.Context()); n != (app.Network{Proxy: "none"}) || err != nil {
		t.Errorf("%+v %v", n, err)
	}
	if err := c.SetNetwork(t.Context(), app.Network{Proxy: proxy.URL, User: "kari"}, "s3cret word"); err != nil {
		t.Fatal(err)
	}
	if err := c.Once(t.Context(), nil); err != nil || let.Load() == 0 || sent.Load() > 0 {
		t.Errorf("through the proxy: %v, %d let through, %d sent away", err, let.Load(), sent.Load())
	}
	if err := c.SetNetwork(t.Context(), app.Network{Proxy: proxy.URL, User: "ola"}, ""); err != nil {
		t.Fatal(err)
	}
	if err := c.Once(t.Context(), nil); err == nil || sent.Load() == 0 {
		t.Errorf("somebody else: %v", err)
	}
	keys.Fail(keychain.ErrLocked)
	if err := c.SetNetwork(t.Context(), app.Network{Proxy: proxy.URL, User: "kari"}, "s3cret word"); code(err) != app.CodeKeyring {
		t.Errorf("a locked keyring: %v", err)
	}
	keys.Fail(nil)
	if err := c.SetNetwork(t.Context(), app.Network{Proxy: "none"}, ""); err != nil {
		t.Fatal(err)
	}
	before := let.Load()
	if err := c.Once(t.Context(), nil); err != nil || let.Load() != before {
		t.Errorf("directly: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	err = filepath.Walk(home, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte("s3cret word")) {
			t.Errorf("the password lies in %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

package wiring

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/keychain"
	"elkjopcloud/platform/objstore/s3test"
)

func TestAMissingBucketIsMade(t *testing.T) {
	srv := s3test.VersityGW(t)
	keys := keychain.Memory()
	s3 := app.S3{Endpoint: srv.Endpoint, Bucket: "family", Region: "us-east-1", Credentials: "keyring", AccessKey: srv.AccessKey}
	for _, want := range []string{"made the bucket family", "the bucket family is there"} {
		home := t.TempDir()
		c := open(t, home, Options{Keychain: keys})
		checks, err := c.ConnectS3(t.Context(), s3, srv.SecretKey)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(checks, func(k app.Check) bool { return k.OK && k.Message == want }) {
			t.Errorf("%q is not among %+v", want, checks)
		}
		if err := c.Once(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
}

func TestABucketThatWentIsNotMadeAgain(t *testing.T) {
	made := false
	srv := bucketless(t, func() (int, string) { made = true; return http.StatusOK, "" })
	p := newParts(t.TempDir(), Options{Getenv: func(string) string { return "key" }}.defaults())
	b, err := p.Store(t.Context(), config.Storage{Kind: config.S3, Endpoint: srv, Bucket: "family", Region: "us-east-1", Credentials: "env"}, "")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = b.List(t.Context(), "", "", 1)
	var said *app.Problem
	if !errors.As(err, &said) || said.Code != "no-bucket" || !strings.Contains(said.Message, "no bucket family at "+srv) || made {
		t.Errorf("%v, made %t", err, made)
	}
}

func TestABucketThatMayNotBeMade(t *testing.T) {
	for _, tt := range []struct {
		status        int
		answer        string
		code, message string
	}{
		{http.StatusForbidden, "AccessDenied", "denied", "There is no bucket family, and the access key may not make one."},
		{http.StatusBadRequest, "InvalidBucketName", app.CodeWrongUse, "There is no bucket family, and the storage does not make one"},
		{http.StatusConflict, "TooManyBuckets", "", "There is no bucket family"},
	} {
		srv := bucketless(t, func() (int, string) { return tt.status, tt.answer })
		c := open(t, t.TempDir(), Options{Getenv: func(string) string { return "key" }})
		checks, err := c.ConnectS3(t.Context(), app.S3{Endpoint: srv, Bucket: "family", Region: "us-east-1", Credentials: "env"}, "")
		var said *app.Problem
		if !errors.As(err, &said) || tt.code != "" && said.Code != tt.code || !strings.HasPrefix(said.Message, tt.message) || said.Action == "" {
			t.Errorf("%s: %v", tt.answer, err)
		}
		if !slices.ContainsFunc(checks, func(k app.Check) bool { return !k.OK && strings.HasPrefix(k.Message, tt.message) }) {
			t.Errorf("%s: %+v", tt.answer, checks)
		}
		if err := c.Once(t.Context(), nil); code(err) != app.CodeNotSetUp {
			t.Errorf("%s: %v", tt.answer, err)
		}
	}
}

// bucketless is a server without buckets; answer is its reply to the wish for one.
func bucketless(t *testing.T, answer func() (status int, code string)) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, code := http.StatusNotFound, "NoSuchBucket"
		if r.Method == http.MethodPut && strings.Trim(r.URL.Path, "/") == "family" {
			status, code = answer()
		}
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

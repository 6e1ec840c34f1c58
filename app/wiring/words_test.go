package wiring

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
)

func key(string) string { return "key" }

// TestWhatCannotBeRight: each has words and something to do, without the words of the parts that noticed it.
func TestWhatCannotBeRight(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk.pem")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		s3         app.S3
		code, says string
	}{
		{app.S3{Endpoint: "htp:/foo bar", Bucket: "family"}, app.CodeWrongUse, "address of a storage"},
		{app.S3{Endpoint: "https://host/path", Bucket: "family"}, app.CodeWrongUse, "address of a storage"},
		{app.S3{Endpoint: "https://host", Bucket: "Bad_Bucket!"}, app.CodeWrongUse, "name of a bucket"},
		{app.S3{Endpoint: "https://host", Bucket: "family", Prefix: "a//b"}, app.CodeWrongUse, "cannot be a prefix"},
		{app.S3{Endpoint: "https://host", Bucket: "family", Proxy: "http://kari:secret@proxy"}, app.CodeWrongUse, "address of a proxy"},
		{app.S3{Endpoint: "https://host", Bucket: "family", CA: junk}, "untrusted", "certificates cannot be used"},
		{app.S3{Endpoint: "https://host", Bucket: "family", CA: junk + "-not-there"}, "untrusted", "certificates cannot be used"},
	} {
		x.s3.Credentials = "env"
		_, err := open(t, t.TempDir(), Options{Getenv: key}).ConnectS3(t.Context(), x.s3, "")
		var p *app.Problem
		if !errors.As(err, &p) || p.Code != x.code || !strings.Contains(p.Message, x.says) || p.Action == "" || strings.Contains(p.Message, "open") {
			t.Errorf("%+v: %+v", x.s3, p)
		}
	}
}

// TestTheServerSaysNo: what a server refuses is said for this bucket, and each right that is missing by its name.
func TestTheServerSaysNo(t *testing.T) {
	for answer, want := range map[string]struct{ code, says string }{
		"AuthorizationHeaderMalformed": {app.CodeWrongUse, "family is in another region"},
		"AccessDenied":                 {"denied", "may not list there"},
		"RequestTimeTooSkewed":         {"clock", "clock is wrong"},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", answer)
		}))
		t.Cleanup(srv.Close)
		_, err := open(t, t.TempDir(), Options{Getenv: key}).ConnectS3(t.Context(), app.S3{Endpoint: srv.URL, Bucket: "family", Region: "us-east-1", Credentials: "env"}, "")
		var p *app.Problem
		if !errors.As(err, &p) || p.Code != want.code || !strings.Contains(p.Message, want.says) || p.Action == "" || strings.Contains(p.Message, answer) {
			t.Errorf("%s: %+v", answer, p)
		}
	}
}

// TestAFolderHasNoKey: a folder that may not be written is told as a folder.
func TestAFolderHasNoKey(t *testing.T) {
	p := refused(config.Storage{Kind: config.Folder, Dir: "/mnt/nas"}, objstore.Errorf(objstore.Denied, "put", "k", "read-only file system"))
	if p == nil || p.Code != "denied" || !strings.Contains(p.Message, "/mnt/nas") || strings.Contains(p.Message, "key") {
		t.Errorf("%+v", p)
	}
	checks, err := open(t, t.TempDir(), Options{}).ConnectFolder(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range checks {
		if strings.Contains(k.Message, "key is accepted") {
			t.Errorf("a folder accepted a key: %+v", k)
		}
	}
}

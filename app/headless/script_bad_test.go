package main

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// What the scripts about bad input may say besides:
//
//	damage PATTERN, lose PATTERN  the one file that the pattern finds loses its middle, or is not there any more
//	mend                          all of these are as they were
//	answer pass|KIND              from now on the server at $MOODY and $SECURE behaves so (see moody)
//	stops CODE INT|TERM a|b ARGS  the command is sent the signal when it has said something, and ends with this exit code

// kept is where damaged files are as they were.
const kept = "kept"

func damage(ts *testscript.TestScript, _ bool, args []string) {
	path := keepOne(ts, args[0])
	content, err := os.ReadFile(path)
	ts.Check(err)
	for i := len(content) / 3; i <= len(content)*2/3 && i < len(content); i++ {
		content[i] ^= 0xff
	}
	ts.Check(os.WriteFile(path, content, 0o600))
}

func lose(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.Remove(keepOne(ts, args[0])))
}

// keepOne finds the one file of a pattern and keeps a copy of it.
func keepOne(ts *testscript.TestScript, pattern string) string {
	found, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s finds %q", pattern, found)
	}
	content, err := os.ReadFile(found[0])
	ts.Check(err)
	rel, err := filepath.Rel(ts.MkAbs("."), found[0])
	ts.Check(err)
	copied := filepath.Join(ts.MkAbs(kept), rel)
	ts.Check(errors.Join(os.MkdirAll(filepath.Dir(copied), 0o700), os.WriteFile(copied, content, 0o600)))
	return found[0]
}

func mend(ts *testscript.TestScript, _ bool, _ []string) {
	root := ts.MkAbs(kept)
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		ts.Check(err)
		rel, err := filepath.Rel(root, path)
		ts.Check(err)
		return os.WriteFile(ts.MkAbs(rel), content, 0o600)
	}))
	ts.Check(os.RemoveAll(root))
}

// answers is the file that says how the server of a script behaves.
const answers = "answers"

func answer(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(answers), []byte(args[0]), 0o600))
}

// moody passes requests on to a server, or answers as the file says.
func moody(server, file string) (http.Handler, error) {
	target, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mood, _ := os.ReadFile(file) // none yet: pass
		writes := r.Method == http.MethodPut || r.Method == http.MethodPost
		switch string(mood) {
		case "portal":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html><body>Welcome! Please sign in.</body></html>")
		case "skewed":
			refuse(w, http.StatusForbidden, "RequestTimeTooSkewed")
		case "region":
			refuse(w, http.StatusBadRequest, "AuthorizationHeaderMalformed")
		case "read-only":
			passUnless(writes, w, r, proxy, http.StatusForbidden, "AccessDenied")
		case "full":
			passUnless(writes, w, r, proxy, http.StatusInsufficientStorage, "QuotaExceeded")
		default:
			proxy.ServeHTTP(w, r)
		}
	}), nil
}

func passUnless(refused bool, w http.ResponseWriter, r *http.Request, next http.Handler, status int, code string) {
	if refused {
		refuse(w, status, code)
		return
	}
	next.ServeHTTP(w, r)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

// between puts a moody server before a real one, with and without TLS; the certificate of the one with it is written to a file.
func between(t *testing.T, server, dir string) (plain, secure string, err error) {
	h, err := moody(server, filepath.Join(dir, answers))
	if err != nil {
		return "", "", err
	}
	p, s := httptest.NewServer(h), httptest.NewTLSServer(h)
	t.Cleanup(p.Close)
	t.Cleanup(s.Close)
	block := &pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}
	return p.URL, s.URL, os.WriteFile(filepath.Join(dir, "ca.pem"), pem.EncodeToMemory(block), 0o600)
}

func stops(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	full := expand(ts, args[2:])
	path, err := exec.LookPath(full[0])
	ts.Check(err)
	cmd := exec.Command(path, full[1:]...)
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	var said strings.Builder
	cmd.Stderr = &said
	ts.Check(cmd.Start())
	_, err = out.Read(make([]byte, 1))
	ts.Check(errors.Join(err, exec.Command("kill", "-"+args[1], strconv.Itoa(cmd.Process.Pid)).Run()))
	_, err = io.Copy(io.Discard, out)
	ts.Check(err)
	_ = cmd.Wait() // the exit code says it
	if got := cmd.ProcessState.ExitCode(); got != want || !strings.Contains(said.String(), "The next run goes on where it was.") {
		ts.Fatalf("exit code %d instead of %d; it said %q", got, want, said.String())
	}
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	in := strings.Join([]string{
		"first\tours\t1\t4\t3\t102400\t70\t1\t0", "first\tours\t2\t6\t3\t102400\t70\t1\t0", "first\tkopia\t1\t8\t5\t204800\t90\t1\t0",
		"first\tkopia\t2\t8\t5\t204800\t90\t1\t0", "first\trclone\t1\t1\t1\t1024\t1\t1\t3", "again\tours\t1\t1\t1\t1024\t4\t1\t0",
	}, "\n")
	var out bytes.Buffer
	if err := writeTable(&out, strings.NewReader(in), "ours"); err != nil {
		t.Fatal(err)
	}
	want := `| work | tool | runs | seconds (least to most) | processor s | most memory, MiB | requests | load | ours / tool |
|---|---|---|---|---|---|---|---|---|
| first | rclone | 1 failed | | | | | | |
| first | ours | 2 | 5.00 (4.00 to 6.00) | 3.0 | 100 | 70 | 1.0 | 1.00 |
| first | kopia | 2 | 8.00 (8.00 to 8.00) | 5.0 | 200 | 90 | 1.0 | 0.62 |
| again | ours | 1 | 1.00 (1.00 to 1.00) | 1.0 | 1 | 4 | 1.0 | 1.00 |
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"a\tb", "first\tours\t1\tx\t3\t1\t1\t1\t0"} {
		if err := writeTable(io.Discard, strings.NewReader(bad), "ours"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// TestData: the same tree each time, left alone when it is there; a change is of one byte.
func TestData(t *testing.T) {
	var all [2]string
	for i := range all {
		dir := filepath.Join(t.TempDir(), "t")
		for range 2 {
			if err := makeTree("70000", dir); err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "big.bin"))
		if err != nil || len(b) != 70000 {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
		all[i] = string(b)
		if err := change(filepath.Join(dir, "big.bin")); err != nil {
			t.Fatal(err)
		}
		b, _ = os.ReadFile(filepath.Join(dir, "big.bin"))
		if string(b[:35000]) != all[i][:35000] || string(b[35001:]) != all[i][35001:] || b[35000] == all[i][35000] {
			t.Error("more or less than one byte has changed")
		}
	}
	if all[0] != all[1] {
		t.Error("two trees")
	}
	if err := makeTree("nonsense", filepath.Join(t.TempDir(), "t")); err == nil {
		t.Error("nonsense was made")
	}
}

// TestTwo: what one has is waited for at the other.
func TestTwo(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	if err := makeTree("files:40", filepath.Join(a, "t")); err != nil {
		t.Fatal(err)
	}
	if _, n, err := names(a); err != nil || n != 40 {
		t.Fatalf("%d files, %v", n, err)
	}
	if err := os.Mkdir(filepath.Join(b, ".own"), 0o755); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- same(a, b, 40) }()
	if err := os.CopyFS(filepath.Join(b, "t"), os.DirFS(filepath.Join(a, "t"))); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	go func() { done <- burst(a, b, 20) }()
	for dir := fmt.Sprintf("burst-%d", os.Getpid()); ; {
		_ = os.RemoveAll(filepath.Join(b, dir))
		if err := os.CopyFS(filepath.Join(b, dir), os.DirFS(filepath.Join(a, dir))); err != nil {
			continue
		}
		if _, n, err := names(filepath.Join(b, dir)); err == nil && n == 20 {
			break
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestDelay: what goes through the proxy is whole, and late.
func TestDelay(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() {
		c, err := server.Accept()
		if err == nil {
			_, _ = io.Copy(c, c)
			_ = c.Close()
		}
	}()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().String()
	_ = free.Close()
	go func() { _ = delay(at, server.Addr().String(), 20*time.Millisecond) }()
	var c net.Conn
	for c == nil {
		c, _ = net.Dial("tcp", at)
	}
	sent := bytes.Repeat([]byte("0123456789"), 100_000)
	began := time.Now()
	go func() {
		_, _ = c.Write(sent)
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d bytes of %d, %v", len(got), len(sent), err)
	}
	if took := time.Since(began); took < 40*time.Millisecond {
		t.Errorf("there and back in %v", took)
	}
}

// Package s3test starts real S3 servers for tests, as separate processes on the loopback interface, with their data in a
// temporary folder. VersityGW is what every run tests against; MinIO and Ceph RGW are used when the environment names them:
//
//	ELKJOP_VERSITYGW=/path/to/versitygw        else it is looked for in PATH and in Go's bin folder
//	ELKJOP_MINIO=/path/to/minio
//	ELKJOP_CEPH=endpoint,access,secret         a gateway that already runs
//	ELKJOP_REQUIRE_SERVERS=1                   a missing VersityGW fails the test instead of skipping it
//
// Reading order: this file (what tests call), process.go (how a server is started and stopped).
package s3test

import (
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
)

// Server is a running S3 server.
type Server struct {
	Name                           string
	Endpoint, AccessKey, SecretKey string
	Process                        *Process // nil for a server that tests do not own
}

// Credentials returns the server's root key in the form that s3store asks for.
func (s Server) Credentials(context.Context) (s3store.Credentials, error) {
	return s3store.Credentials{AccessKey: s.AccessKey, SecretKey: s.SecretKey}, nil
}

// Options returns what opens a bucket on the server; bucket need not exist.
func (s Server) Options(bucket string) s3store.Options {
	return s3store.Options{Endpoint: s.Endpoint, Bucket: bucket, Region: "us-east-1", Credentials: s.Credentials}
}

// NewBucket makes a bucket of an unused name. It is not removed: the server's data is.
func (s Server) NewBucket(t testing.TB) *s3store.Bucket {
	t.Helper()
	return s.NewBucketWith(t, func(*s3store.Options) {})
}

// NewBucketWith is NewBucket with changed options.
func (s Server) NewBucketWith(t testing.TB, change func(*s3store.Options)) *s3store.Bucket {
	t.Helper()
	o := s.Options("test-" + strings.ToLower(rand.Text()[:16]))
	change(&o)
	b, err := s3store.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if err := makeBucket(t.Context(), b); err != nil {
		t.Fatalf("make bucket %s on %s: %v", o.Bucket, s.Name, err)
	}
	return b
}

// makeBucket is patient with a server that answers before it is ready, as MinIO does.
func makeBucket(ctx context.Context, b *s3store.Bucket) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		err := b.MakeBucket(ctx)
		if !objstore.Temporary(err) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

// VersityGW starts a VersityGW that stops when the test ends. Without the program the test is skipped, or fails when
// ELKJOP_REQUIRE_SERVERS is set. flags are added to the server's own.
func VersityGW(t testing.TB, flags ...string) Server {
	t.Helper()
	program := findVersityGW()
	if program == "" {
		const missing = "versitygw is not installed: put it into PATH or name it in ELKJOP_VERSITYGW"
		if os.Getenv("ELKJOP_REQUIRE_SERVERS") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	dir := t.TempDir()
	for _, sub := range []string{"iam", "root"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := &Process{program: program, flags: flags, args: func(address string, flags []string) []string {
		args := []string{"--port", address, "--access", "root", "--secret", "rootsecret1", "--iam-dir", filepath.Join(dir, "iam"), "--keep-alive", "--quiet"}
		return append(append(args, flags...), "posix", filepath.Join(dir, "root"))
	}}
	p.start(t)
	return Server{Name: "VersityGW", Endpoint: "http://" + p.Address(), AccessKey: "root", SecretKey: "rootsecret1", Process: p}
}

func findVersityGW() string {
	if program := os.Getenv("ELKJOP_VERSITYGW"); program != "" {
		return program
	}
	if program, err := exec.LookPath("versitygw"); err == nil {
		return program
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	for _, dir := range []string{os.Getenv("GOBIN"), filepath.Join(home, "go", "bin")} {
		program := filepath.Join(dir, "versitygw")
		if _, err := os.Stat(program); dir != "" && err == nil {
			return program
		}
	}
	return ""
}

// MinIO starts the MinIO that ELKJOP_MINIO names; without it the test is skipped.
func MinIO(t testing.TB) Server {
	t.Helper()
	program := os.Getenv("ELKJOP_MINIO")
	if program == "" {
		t.Skip("ELKJOP_MINIO names no minio program")
	}
	dir := t.TempDir()
	p := &Process{
		program: program,
		args:    func(address string, _ []string) []string { return []string{"server", "--address", address, dir} },
		env:     []string{"MINIO_ROOT_USER=rootuser", "MINIO_ROOT_PASSWORD=rootsecret1", "MINIO_BROWSER=off"},
		ready:   "/minio/health/ready",
	}
	p.start(t)
	return Server{Name: "MinIO", Endpoint: "http://" + p.Address(), AccessKey: "rootuser", SecretKey: "rootsecret1", Process: p}
}

// Ceph returns the Ceph RGW that ELKJOP_CEPH names; without it the test is skipped.
func Ceph(t testing.TB) Server {
	t.Helper()
	fields := strings.Split(os.Getenv("ELKJOP_CEPH"), ",")
	if len(fields) != 3 {
		t.Skip("ELKJOP_CEPH is not endpoint,access,secret")
	}
	return Server{Name: "Ceph RGW", Endpoint: fields[0], AccessKey: fields[1], SecretKey: fields[2]}
}

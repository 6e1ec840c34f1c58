package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"elkjopcloud/platform/objstore/s3store"
	"elkjopcloud/platform/objstore/s3test"
)

const rounds = 20

// TestPropagation saves files on one running computer and sees that each comes to the other one. It logs how long that took: what is
// too long is for a quiet machine to say, not for a test.
func TestPropagation(t *testing.T) {
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		propagation(t, nil, func(dir string) []string { return []string{"connect", "folder", filepath.Join(dir, "cloud")} })
	})
	t.Run("S3", func(t *testing.T) {
		t.Parallel()
		server, bucket := s3test.VersityGW(t), ""
		server.NewBucketWith(t, func(o *s3store.Options) { bucket = o.Bucket })
		env := []string{"AWS_ACCESS_KEY_ID=" + server.AccessKey, "AWS_SECRET_ACCESS_KEY=" + server.SecretKey}
		propagation(t, env, func(string) []string {
			return []string{"connect", "s3", "--endpoint", server.Endpoint, "--bucket", bucket, "--region", "us-east-1", "--credentials", "env"}
		})
	})
}

func propagation(t *testing.T, env []string, connect func(dir string) []string) {
	dir := t.TempDir()
	p := pair{t: t, dir: dir, env: append(append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent"), env...)}
	for _, home := range []string{"A", "B"} {
		p.do(home, connect(dir)...)
		p.do(home, "sync", "set", p.synced(home))
		p.run(home)
	}
	var saved, deleted []time.Duration
	for i := range rounds {
		name, content := fmt.Sprintf("file %d.txt", i), fmt.Appendf(nil, "content %d", i)
		saved = append(saved, p.took(func() error { return os.WriteFile(filepath.Join(p.synced("A"), name), content, 0o600) }, func() bool {
			got, err := os.ReadFile(filepath.Join(p.synced("B"), name))
			return err == nil && bytes.Equal(got, content)
		}))
	}
	for i := range rounds / 2 {
		name := fmt.Sprintf("file %d.txt", i)
		deleted = append(deleted, p.took(func() error { return os.Remove(filepath.Join(p.synced("A"), name)) }, func() bool {
			_, err := os.Lstat(filepath.Join(p.synced("B"), name))
			return os.IsNotExist(err)
		}))
	}
	for what, times := range map[string][]time.Duration{"saved": saved, "deleted": deleted} {
		slices.Sort(times)
		t.Logf("%s: median %v, longest %v of %d", what, times[len(times)/2], times[len(times)-1], len(times))
	}
}

// pair is two homes that run.
type pair struct {
	t   *testing.T
	dir string
	env []string
}

func (p pair) synced(home string) string { return filepath.Join(p.dir, "synced "+home) }

func (p pair) command(home string, args ...string) *exec.Cmd {
	c := exec.Command("elkjop", append([]string{"--home", filepath.Join(p.dir, home)}, args...)...)
	c.Env = p.env
	return c
}

func (p pair) do(home string, args ...string) {
	p.t.Helper()
	if out, err := p.command(home, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// run starts a computer, and ends it as a person would.
func (p pair) run(home string) {
	p.t.Helper()
	c := p.command(home, "run")
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
		if code := c.ProcessState.ExitCode(); code != 130 {
			p.t.Errorf("%s ended with %d\n%s", home, code, said.String())
		}
	})
	p.wait(func() bool {
		out, err := p.command(home, "status", "--json").Output()
		return err == nil && bytes.Contains(out, []byte(`"state": "safe"`))
	})
}

func (p pair) took(do func() error, done func() bool) time.Duration {
	p.t.Helper()
	start := time.Now()
	if err := do(); err != nil {
		p.t.Fatal(err)
	}
	p.wait(done)
	return time.Since(start)
}

func (p pair) wait(done func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-look.C:
		case <-ctx.Done():
			p.t.Fatal("it did not come about")
		}
	}
}

package dirstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newStore(t testing.TB) (*Store, *os.Root) {
	t.Helper()
	dir := t.TempDir()
	must(t, Create(dir))
	s, err := Open(dir, Options{})
	must(t, err)
	root, err := os.OpenRoot(dir)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	return s, root
}

func put(ctx context.Context, s *Store, key, text string, meta map[string]string) error {
	_, err := s.Put(ctx, key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{Meta: meta})
	return err
}

// TestCrashBetweenMetadataAndObject stops a Put where both metadata are in the file and the old object is still there.
func TestCrashBetweenMetadataAndObject(t *testing.T) {
	s, root := newStore(t)
	must(t, put(t.Context(), s, "k", "old", map[string]string{"is": "old"}))
	tmp, err := writeTemp(root, []byte("new"))
	must(t, err)
	old, err := root.Lstat("k")
	must(t, err)
	next, err := fresh(root, tmp, old)
	must(t, err)
	must(t, prepare(root, "k", next, old, map[string]string{"is": "new"}))
	o, err := s.Head(t.Context(), "k")
	if err != nil || o.Meta["is"] != "old" {
		t.Fatalf("before the rename: %+v, %v", o, err)
	}
	must(t, put(t.Context(), s, "k", "third", map[string]string{"is": "third"}))
	if o, err = s.Head(t.Context(), "k"); err != nil || o.Meta["is"] != "third" {
		t.Errorf("the next Put: %+v, %v", o, err)
	}
}

// TestCrashLeavesNothingInTheWay leaves metadata of objects that never came, or have gone, where others want to be.
func TestCrashLeavesNothingInTheWay(t *testing.T) {
	s, root := newStore(t)
	must(t, root.MkdirAll(metaDir+"/a/b", 0o777))
	must(t, root.WriteFile(metaDir+"/a/b/c", []byte("{}"), 0o666))
	must(t, root.WriteFile(metaDir+"/d", []byte("{}"), 0o666))
	for _, key := range []string{"a", "d/e/f"} {
		must(t, put(t.Context(), s, key, "x", map[string]string{"k": key}))
		if o, err := s.Head(t.Context(), key); err != nil || o.Meta["k"] != key {
			t.Errorf("%s: %+v, %v", key, o, err)
		}
	}
}

func TestSweep(t *testing.T) {
	s, root := newStore(t)
	must(t, put(t.Context(), s, "kept", "x", map[string]string{"a": "b"}))
	id, err := s.NewUpload(t.Context(), "u", objstore.PutOptions{})
	must(t, err)
	_, err = s.PutPart(t.Context(), "u", id, 1, strings.NewReader("x"), 1)
	must(t, err)
	must(t, root.WriteFile(tmpDir+"/young", nil, 0o666))
	must(t, root.WriteFile(tmpDir+"/old", nil, 0o666))
	must(t, root.MkdirAll(tmpDir+"/oldfolder", 0o777))
	must(t, root.WriteFile(tmpDir+"/oldfolder/x", nil, 0o666))
	must(t, root.MkdirAll(metaDir+"/gone/deep", 0o777))
	must(t, root.WriteFile(metaDir+"/gone/deep/x", []byte("{}"), 0o666))
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, name := range []string{tmpDir + "/old", tmpDir + "/oldfolder", metaDir + "/gone/deep/x", metaDir + "/kept", "kept", uploadPath(id)} {
		must(t, root.Chtimes(name, yesterday, yesterday))
	}
	_, err = Open(s.dir, Options{})
	must(t, err)
	for name, want := range map[string]bool{
		tmpDir + "/young": true, tmpDir + "/old": false, tmpDir + "/oldfolder": false, metaDir + "/gone": false, metaDir + "/kept": true, "kept": true, uploadPath(id): true,
	} {
		if info, err := lstat(root, name); err != nil || (info != nil) != want {
			t.Errorf("%s is there: %v (%v)", name, info != nil, err)
		}
	}
}

func TestSweptWhileWritten(t *testing.T) {
	s, root := newStore(t)
	must(t, put(t.Context(), s, "k", "old", nil))
	body := &sweeping{Reader: strings.NewReader("new"), sweep: func() {
		list, err := readDir(root, tmpDir)
		must(t, err)
		for _, entry := range list {
			_ = root.Remove(tmpDir + "/" + entry.Name()) // Windows keeps open files
		}
	}}
	_, err := s.Put(t.Context(), "k", body, 3, objstore.PutOptions{})
	if err != nil && !objstore.Temporary(err) {
		t.Errorf("error %v", err)
	}
	if o, headErr := s.Head(t.Context(), "k"); headErr != nil || o.Size != 3 {
		t.Errorf("%+v, %v", o, headErr)
	}
}

type sweeping struct {
	*strings.Reader
	sweep func()
}

func (s *sweeping) Read(p []byte) (int, error) {
	s.sweep()
	return s.Reader.Read(p)
}

const crashDir = "ELKJOP_TEST_CRASH_DIR"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeForEver(dir)
	}
	os.Exit(m.Run())
}

// writeForEver overwrites, copies, joins and deletes a few keys until it is killed. Each object is one repeated letter, also
// told in its metadata.
func writeForEver(dir string) {
	s, err := Open(dir, Options{})
	ctx := context.Background()
	for i := 0; err == nil; i++ {
		letter, key := string(rune('a'+i%26)), fmt.Sprintf("Folder %d/key", i%3)
		text, meta := strings.Repeat(letter, 10_000+i%100), map[string]string{"letter": letter}
		err = put(ctx, s, key, text, meta)
		if i%5 == 0 {
			_, copyErr := s.Copy(ctx, key, "copies/"+letter)
			err = errors.Join(err, copyErr, s.Delete(ctx, key))
		}
		if i%7 == 0 {
			err = errors.Join(err, putParts(ctx, s, "joined", text, meta))
		}
		if i == 0 {
			fmt.Println("writing")
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

func putParts(ctx context.Context, s *Store, key, text string, meta map[string]string) error {
	id, err := s.NewUpload(ctx, key, objstore.PutOptions{Meta: meta})
	if err != nil {
		return err
	}
	part, err := s.PutPart(ctx, key, id, 1, strings.NewReader(text), int64(len(text)))
	if err != nil {
		return err
	}
	_, err = s.CompleteUpload(ctx, key, id, []objstore.Part{part})
	return err
}

// TestKill kills a writer at random moments: every object is whole, has its own metadata, and the store works on.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	must(t, Create(dir))
	for round := range 25 {
		killWriter(t, dir, time.Duration(rand.IntN(20_000))*time.Microsecond)
		age(t, filepath.Join(dir, tmpDir))
		s, err := Open(dir, Options{})
		must(t, err)
		checkWhole(t, s, round)
		left, err := os.ReadDir(filepath.Join(dir, tmpDir))
		must(t, err)
		if len(left) > 0 {
			t.Errorf("round %d: Open left %v", round, left)
		}
		if t.Failed() {
			return
		}
	}
}

// age makes everything in a folder a day old.
func age(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, entry := range list {
		must(t, os.Chtimes(filepath.Join(dir, entry.Name()), yesterday, yesterday))
	}
}

func killWriter(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	start := make([]byte, len("writing\n"))
	if _, err := io.ReadFull(out, start); err != nil || string(start) != "writing\n" {
		t.Errorf("the writer says %q, %v", start, err)
	}
	<-time.After(after)
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
}

func checkWhole(t *testing.T, s *Store, round int) {
	t.Helper()
	objects, more, err := s.List(t.Context(), "", "", 0)
	if err != nil || more {
		t.Fatalf("List: %v, %v", more, err)
	}
	for _, o := range objects {
		body, got, err := s.Get(t.Context(), o.Key, objstore.GetOptions{})
		must(t, err)
		data, err := io.ReadAll(body)
		must(t, errors.Join(err, body.Close()))
		if len(data) < 10_000 || len(bytes.Trim(data, string(data[:1]))) > 0 || got.Meta["letter"] != string(data[:1]) || got.Size != int64(len(data)) {
			t.Errorf("round %d: %s has %d bytes, %+v", round, o.Key, len(data), got)
		}
	}
	uploads, err := s.ListUploads(t.Context(), "")
	must(t, err)
	for _, u := range uploads { // what a crash leaves of uploads can be found and aborted
		must(t, s.AbortUpload(t.Context(), u.Key, u.ID))
	}
}

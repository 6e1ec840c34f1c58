package treedb_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/treedb"
)

// generation is a change after which everything of the pair "p" tells the same number: rows of several pages, intent, upload, guard.
func generation(n int) engine.Change {
	c := engine.Change{Guard: []byte(strconv.Itoa(n)), Intent: &engine.Intent{Key: strconv.Itoa(n), Body: body(n)}}
	c.Uploads = []engine.Upload{{Path: "big", Disk: plan.Signature{Size: int64(n)}}}
	for i := range 80 {
		c.Set = append(c.Set, &plan.Base{ID: plan.Handle(i), Name: strconv.Itoa(n)})
	}
	return c
}

// body has several parts, no two of them equal.
func body(n int) (b []byte) {
	for i := range 20_000 {
		b = fmt.Appendf(b, "%d.%d ", n, i)
	}
	return b
}

// generationOf returns the number that everything tells; it fails when there are two.
func generationOf(t *testing.T, s engine.Saved) int {
	t.Helper()
	if s.Guard == nil {
		if s.Base.Len() > 0 || s.Intent != nil || s.Uploads != nil {
			t.Fatal("a part of the first change is there")
		}
		return 0
	}
	n, err := strconv.Atoi(string(s.Guard))
	if err != nil || s.Base.Len() != 80 || s.Intent == nil || s.Intent.Key != string(s.Guard) || !bytes.Equal(s.Intent.Body, body(n)) || len(s.Uploads) != 1 || s.Uploads[0].Disk.Size != int64(n) {
		t.Fatalf("half a change is there: guard %q, %d rows, intent %v", s.Guard, s.Base.Len(), s.Intent)
	}
	for _, b := range s.Base.All {
		if b.Name != string(s.Guard) {
			t.Fatalf("row %d is of %s, the guard of %d", b.ID, b.Name, n)
		}
	}
	return n
}

const writerEnv = "TREEDB_TEST_WRITER"

// TestMain turns the test binary into a writer that is killed, when a test asks for one.
func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		fmt.Fprintln(os.Stderr, writeForever(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForever saves one generation after the other, and says each number once Save has returned.
func writeForever(path string) error {
	db, err := treedb.Open(path)
	if err != nil {
		return err
	}
	p := db.Pair("p")
	s, err := p.Load(context.Background())
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(string(s.Guard))
	for {
		n++
		if err := p.Save(context.Background(), generation(n)); err != nil {
			return err
		}
		if _, err := fmt.Println(n); err != nil {
			return err
		}
	}
}

// A program that is killed at a random moment of its writing loses no change that Save had returned for, and leaves no half.
func TestKilledWriter(t *testing.T) {
	path := temporary(t)
	for range 8 {
		said := killAfter(t, path, rand.IntN(60))
		db := open(t, path)
		if n := generationOf(t, load(t, db.Pair("p"))); n < said {
			t.Fatalf("Save had returned for %d, and %d is there", said, n)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter lets a writer say some numbers, kills it, and returns the last that it said.
func killAfter(t *testing.T, path string, lines int) int {
	t.Helper()
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), writerEnv+"="+path)
	var complaint bytes.Buffer
	writer.Stderr = &complaint
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	said := 0
	for in := bufio.NewScanner(out); in.Scan(); lines-- {
		if said, err = strconv.Atoi(in.Text()); err != nil {
			t.Fatal(err)
		}
		if lines == 0 {
			_ = writer.Process.Kill() // what it says until it is dead still counts
		}
	}
	_ = writer.Wait()
	if complaint.Len() > 0 {
		t.Fatal(complaint.String())
	}
	return said
}

// After a power cut the disk has the database as it was and a beginning of the write-ahead log, the last page perhaps torn.
func TestCopiesOfRandomMoments(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	dir := t.TempDir()
	path := filepath.Join(dir, "state.db")
	db := open(t, path)
	save(t, db.Pair("p"), generation(1))
	done := make(chan error, 1)
	go func() {
		for n := 2; ctx.Err() == nil; n++ {
			if err := db.Pair("p").Save(context.Background(), generation(n)); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for i := range 15 {
		before := generationOf(t, load(t, db.Pair("p")))
		main, wal := moment(t, path)
		check(t, filepath.Join(dir, fmt.Sprintf("whole%d.db", i)), main, wal, before)
		check(t, filepath.Join(dir, fmt.Sprintf("torn%d.db", i)), main, wal[:rand.IntN(len(wal)+1)], 0)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// moment copies the database and its log as they were at one time: the log only grows while the database stays the same.
func moment(t *testing.T, path string) (main, wal []byte) {
	t.Helper()
	for {
		main = read(t, path)
		header := read(t, path+"-wal")[:32]
		wal = read(t, path+"-wal")
		if bytes.Equal(main, read(t, path)) && bytes.Equal(header, wal[:32]) {
			return main, wal
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// check opens a copy, which must hold one whole generation, not older than least.
func check(t *testing.T, path string, main, wal []byte, least int) {
	t.Helper()
	for name, b := range map[string][]byte{path: main, path + "-wal": wal} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, path)
	if n := generationOf(t, load(t, db.Pair("p"))); n < least {
		t.Errorf("%s: generation %d, and %d was saved before the copy", filepath.Base(path), n, least)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

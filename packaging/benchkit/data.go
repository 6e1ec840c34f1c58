package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// shape is a tree of files of random bytes in folders of two levels.
type shape struct {
	top                         string // what the folders of the first level are called, with a number behind
	files, folders, least, most int
}

var shapes = map[string]shape{
	"small": {"top", 20_000, 400, 4 << 10, 64 << 10},
	"other": {"other", 10_000, 200, 4 << 10, 64 << 10},
	"tiny":  {"top", 100_000, 1_000, 1 << 10, 1 << 10},
	"five":  {"top", 5_000, 100, 16 << 10, 16 << 10},
}

// shapeOf returns the shape of a kind: a named one, or files:N for so many of 64 bytes.
func shapeOf(kind string) (shape, bool) {
	if n, ok := strings.CutPrefix(kind, "files:"); ok {
		files, err := strconv.Atoi(n)
		return shape{"top", files, max(4, files/100), 64, 64}, err == nil && files > 0
	}
	s, ok := shapes[kind]
	return s, ok
}

// makeTree makes a tree, the same each time; one that is there is left as it is.
func makeTree(kind, dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	seed := [32]byte{2, 6, 11}
	copy(seed[3:], kind)
	r := rand.NewChaCha8(seed)
	s, ok := shapeOf(kind)
	if !ok {
		size, err := strconv.ParseInt(kind, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no kind of tree and no size", kind)
		}
		if err := writeFile(filepath.Join(part, "big.bin"), r, size); err != nil {
			return err
		}
		return os.Rename(part, dir)
	}
	sizes := rand.New(r)
	for f := range s.files {
		d := f * s.folders / s.files
		path := filepath.Join(part, fmt.Sprintf("%s%d", s.top, d*4/s.folders), fmt.Sprintf("dir%04d", d), fmt.Sprintf("file%05d.bin", f))
		if err := writeFile(path, r, int64(s.least+sizes.IntN(s.most-s.least+1))); err != nil {
			return err
		}
	}
	return os.Rename(part, dir)
}

func writeFile(path string, r io.Reader, size int64) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	w, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.CopyN(w, r, size); err != nil {
		return err
	}
	return w.Close()
}

// change changes the byte in the middle of a file, as an editor in place would.
func change(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, info.Size()/2); err != nil {
		return err
	}
	b[0]++
	if _, err := f.WriteAt(b, info.Size()/2); err != nil {
		return err
	}
	return f.Close()
}

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// patience is how long two computers are waited for.
const patience = 10 * time.Minute

// burst saves files in a folder of one at once, and prints how long it takes until all are in the other with the same bytes.
func burst(a, b string, count int) error {
	dir := fmt.Sprintf("burst-%d", os.Getpid())
	if err := os.Mkdir(filepath.Join(a, dir), 0o755); err != nil {
		return err
	}
	began := time.Now()
	for i := range count {
		if err := os.WriteFile(filepath.Join(a, dir, fmt.Sprint(i)), burstData(dir, i), 0o644); err != nil {
			return err
		}
	}
	for i := 0; i < count; {
		if got, err := os.ReadFile(filepath.Join(b, dir, fmt.Sprint(i))); err == nil && bytes.Equal(got, burstData(dir, i)) {
			i++
			continue
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%d of %d files have arrived within %v", i, count, patience)
		}
		time.Sleep(5 * time.Millisecond)
	}
	fmt.Printf("%.3f\n", time.Since(began).Seconds())
	return nil
}

// burstData is 10 KiB that no other file has.
func burstData(dir string, i int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%s-%07d\n", dir, i), 512)
}

// same prints how long it takes until both folders hold the same names, so many files among them. What clients put beside them for themselves does not count.
func same(a, b string, count int) error {
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		namesA, n, err := names(a)
		if err != nil {
			return err
		}
		if n == count {
			if namesB, _, err := names(b); err != nil {
				return err
			} else if slices.Equal(namesA, namesB) {
				fmt.Printf("%.3f\n", time.Since(began).Seconds())
				return nil
			}
		}
		if time.Since(began) > patience {
			return fmt.Errorf("not the same after %v", patience)
		}
	}
}

// names returns what is in a folder, in order, and how many files. What goes away meanwhile is not there.
func names(dir string) (all []string, files int, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err):
			return nil
		case err != nil:
			return err
		case path != dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			files++
		}
		all = append(all, path[len(dir):])
		return nil
	})
	return all, files, err
}

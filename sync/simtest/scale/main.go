// Program scale measures what a volume of many files costs: time, the most memory, requests and the size of the database. The volume is made
// through the project's own packages and not by sending the files: a checkpoint, or batches, in a folder as storage, and the same small files on the disk.
//
//	go build -o elkjop ./app/headless && go run ./sync/simtest/scale -elkjop ./elkjop -files 10000,100000,1000000 -batches 100000
//
// Reading order: main.go (what is done in which order), volume.go (the volume and the files), join.go (a device that has nothing yet), command.go (a
// program that is watched). It reads /proc and so runs on Linux only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	err := run(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// options are what was asked for.
type options struct {
	dir     string
	elkjop  string
	files   string
	batches int
	profile string
	keep    bool
}

func run(ctx context.Context) error {
	var o options
	flag.StringVar(&o.dir, "dir", "", "an empty folder to work in (default: a new one below TMPDIR)")
	flag.StringVar(&o.elkjop, "elkjop", "", "the built command line; without it only the second device is measured")
	flag.StringVar(&o.files, "files", "10000,100000", "how many files, one volume after the other; 0 is none")
	flag.IntVar(&o.batches, "batches", 0, "also a volume of 1 000 files with so many batches and no checkpoint")
	flag.StringVar(&o.profile, "profile", "", "write cpu and heap profiles of the second device to files that begin so")
	flag.BoolVar(&o.keep, "keep", false, "leave the folder")
	flag.Parse()
	if flag.NArg() > 0 {
		return child(ctx, flag.Args(), o.profile)
	}
	return measure(ctx, o)
}

// child is one part of the work in a process of its own, so that its memory is its own.
func child(ctx context.Context, args []string, profile string) error {
	if len(args) != 3 {
		return fmt.Errorf("%q is not known", args)
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	switch args[0] {
	case "files":
		return makeFiles(ctx, args[1], n)
	case "batches":
		return makeBatches(ctx, args[1], n)
	case "join":
		return join(ctx, args[1], profile)
	}
	return fmt.Errorf("%q is not known", args[0])
}

func measure(ctx context.Context, o options) error {
	fmt.Println("| files | what | time | processor | most memory | requests | database |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, s := range strings.Split(o.files, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := one(ctx, o, "files", n); err != nil {
			return fmt.Errorf("%d files: %w", n, err)
		}
	}
	if o.batches == 0 {
		return nil
	}
	return one(ctx, o, "batches", o.batches)
}

// one makes a volume and measures it.
func one(ctx context.Context, o options, kind string, n int) error {
	dir, err := room(o)
	if err != nil {
		return err
	}
	if !o.keep {
		defer os.RemoveAll(dir)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	m := &meter{dir: dir, label: fmt.Sprintf("%d %s", n, kind)}
	count := strconv.Itoa(n)
	if _, err := m.watch(ctx, self, kind, dir, count); err != nil {
		return err
	}
	if err := m.row(ctx, "a second device plans its first tree", "join.db", self, "-profile="+o.profile, "join", dir, count); err != nil {
		return err
	}
	if o.elkjop == "" {
		return nil
	}
	return client(ctx, m, o.elkjop)
}

func room(o options) (string, error) {
	if o.dir != "" {
		return filepath.Abs(o.dir)
	}
	return os.MkdirTemp("", "elkjop-scale-")
}

// client measures the real program on the volume, with a folder that has all of its files already.
func client(ctx context.Context, m *meter, elkjop string) error {
	elkjop, err := filepath.Abs(elkjop)
	if err != nil {
		return err
	}
	home := []string{"--home", filepath.Join(m.dir, "home")}
	for _, args := range [][]string{{"connect", "folder", filepath.Join(m.dir, cloudName)}, {"sync", "set", filepath.Join(m.dir, filesName)}} {
		if _, err := m.watch(ctx, elkjop, append(home, args...)...); err != nil {
			return err
		}
	}
	once := append(home, "--verbose", "once")
	for _, what := range []string{"the first time, the files are there", "once more, nothing has changed", "one file has changed"} {
		if what == "one file has changed" {
			if err := changeOne(m.dir); err != nil {
				return err
			}
		}
		if err := m.row(ctx, what, "home/state.db", elkjop, once...); err != nil {
			return err
		}
	}
	return nil
}

// Program benchkit does for packaging/bench what a shell cannot: it makes trees that are the same everywhere, delays a connection, waits for files to
// reach another folder, and makes a table of what was measured.
//
//	benchkit data KIND DIR              a tree: small, other, tiny, five, files:N of 64 bytes, or SIZE bytes in one file
//	benchkit change FILE                one byte in the middle of it
//	benchkit delay LISTEN TARGET MS     a TCP proxy on which every byte is so long under way, each way
//	benchkit propagate A B COUNT        seconds from the saving of a file in A to its being in B, once a line
//	benchkit burst A B COUNT            seconds until so many files, saved in A at once, are in B
//	benchkit same A B COUNT             seconds until A and B have the same names and so many files
//	benchkit table RESULTS BASE         a table of medians, and of the ratios to BASE's of the same run
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("see the package comment")
	}
	switch cmd, a := args[0], args[1:]; {
	case cmd == "data" && len(a) == 2:
		return makeTree(a[0], a[1])
	case cmd == "change" && len(a) == 1:
		return change(a[0])
	case cmd == "delay" && len(a) == 3:
		ms, err := strconv.Atoi(a[2])
		if err != nil {
			return err
		}
		return delay(a[0], a[1], time.Duration(ms)*time.Millisecond)
	case (cmd == "propagate" || cmd == "burst" || cmd == "same") && len(a) == 3:
		n, err := strconv.Atoi(a[2])
		if err != nil {
			return err
		}
		return map[string]func(a, b string, n int) error{"propagate": propagate, "burst": burst, "same": same}[cmd](a[0], a[1], n)
	case cmd == "table" && len(a) == 2:
		return printTable(a[0], a[1])
	}
	return fmt.Errorf("%q is not known, or has another number of arguments", args[0])
}

// Command testreport reads the output of `go test -json` and writes what a person wants to see: one line a package, and everything that
// a failed test or package printed. Its last line counts: "12 passed, 1 failed, 2 skipped". It exits with 1 when anything failed or
// nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	r, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	if r.failed > 0 || r.passed == 0 {
		os.Exit(1)
	}
}

// event is one line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string // of a package that does not build
	Test       string // "" for what concerns the whole package
	Output     string
	Elapsed    float64 // seconds
}

// report counts tests, subtests included. A package that fails without a failed test (it does not build, or died) counts as one failure.
type report struct {
	passed, failed, skipped int

	out     io.Writer
	printed map[string]*strings.Builder // by package and test, until its end is known
	tests   map[string]counts           // by package
}

type counts struct{ passed, failed, skipped int }

func read(from io.Reader, out io.Writer) (*report, error) {
	r := &report{out: out, printed: map[string]*strings.Builder{}, tests: map[string]counts{}}
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return r, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// line takes one line; what is not an event is passed on (the go command writes some errors plainly).
func (r *report) line(line string) {
	var e event
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &e) != nil {
		fmt.Fprint(r.out, line)
		return
	}
	switch e.Action {
	case "output":
		r.keep(e)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		r.end(e)
	}
}

func (r *report) keep(e event) {
	key := e.Package + " " + e.Test
	if r.printed[key] == nil {
		r.printed[key] = &strings.Builder{}
	}
	r.printed[key].WriteString(e.Output)
}

// end closes a test or a package.
func (r *report) end(e event) {
	key := e.Package + " " + e.Test
	if e.Action == "fail" && r.printed[key] != nil {
		fmt.Fprint(r.out, r.printed[key])
	}
	if e.Action == "skip" && e.Test != "" && r.printed[key] != nil {
		r.skip(e, r.printed[key].String())
	}
	delete(r.printed, key)
	if e.Test == "" {
		r.endPackage(e)
		return
	}
	c := r.tests[e.Package]
	c.add(e.Action)
	r.tests[e.Package] = c
}

// skip says why a test did not run: a reason is worth reading, and hides easily.
func (r *report) skip(e event, printed string) {
	for line := range strings.Lines(printed) {
		if !strings.HasPrefix(line, "===") && !strings.HasPrefix(strings.TrimSpace(line), "---") {
			fmt.Fprintf(r.out, "skipped %s %s: %s", e.Package, e.Test, strings.TrimLeft(line, " "))
		}
	}
}

func (c *counts) add(action string) {
	switch action {
	case "pass":
		c.passed++
	case "fail":
		c.failed++
	case "skip":
		c.skipped++
	}
}

func (r *report) endPackage(e event) {
	c := r.tests[e.Package]
	delete(r.tests, e.Package)
	if e.Action == "fail" && c.failed == 0 {
		c.failed = 1
		r.unended(e.Package)
	}
	r.passed, r.failed, r.skipped = r.passed+c.passed, r.failed+c.failed, r.skipped+c.skipped
	word := map[string]string{"pass": "ok  ", "fail": "FAIL", "skip": "none"}[e.Action]
	fmt.Fprintf(r.out, "%s  %-46s %4d tests %7.1f s\n", word, e.Package, c.passed+c.failed, e.Elapsed)
}

// unended prints what the tests said that were running when their package died.
func (r *report) unended(pkg string) {
	for key, said := range r.printed {
		if strings.HasPrefix(key, pkg+" ") {
			fmt.Fprintf(r.out, "--- not finished: %s\n%s", key, said)
			delete(r.printed, key)
		}
	}
}

package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// result is one measurement: a line of row, tool, run, seconds, processor seconds, KiB of memory, requests, load, exit code, with tabs between.
type result struct {
	row, tool, run                        string
	wall, cpu, memory, requests, load, rc float64
}

func parseResult(line string) (result, error) {
	f := strings.Split(line, "\t")
	if len(f) != 9 {
		return result{}, fmt.Errorf("%d columns in %q", len(f), line)
	}
	r := result{row: f[0], tool: f[1], run: f[2]}
	for i, to := range []*float64{&r.wall, &r.cpu, &r.memory, &r.requests, &r.load, &r.rc} {
		v, err := strconv.ParseFloat(f[3+i], 64)
		if err != nil {
			return r, fmt.Errorf("column %d of %q: %w", 4+i, line, err)
		}
		*to = v
	}
	return r, nil
}

func printTable(path, base string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return writeTable(os.Stdout, f, base)
}

// writeTable prints a line for each row and tool: medians, and the median of base's time divided by the tool's in the same run. A tool that failed in a run
// has no part in it.
func writeTable(w io.Writer, r io.Reader, base string) error {
	groups := map[[2]string][]result{}
	var rows []string
	bases := map[string]float64{}
	for s := bufio.NewScanner(r); s.Scan(); {
		x, err := parseResult(s.Text())
		if err != nil {
			return err
		}
		if !slices.Contains(rows, x.row) {
			rows = append(rows, x.row)
		}
		key := [2]string{x.row, x.tool}
		groups[key] = append(groups[key], x)
		if x.tool == base && x.rc == 0 {
			bases[x.row+"\t"+x.run] = x.wall
		}
	}
	fmt.Fprintf(w, "| work | tool | runs | seconds (least to most) | processor s | most memory, MiB | requests | load | %s / tool |\n|---|---|---|---|---|---|---|---|---|\n", base)
	for _, row := range rows {
		var tools []string
		for k := range groups {
			if k[0] == row {
				tools = append(tools, k[1])
			}
		}
		slices.SortFunc(tools, func(a, b string) int {
			return cmp.Compare(median(groups[[2]string{row, a}], result.seconds), median(groups[[2]string{row, b}], result.seconds))
		})
		for _, t := range tools {
			writeLine(w, groups[[2]string{row, t}], bases)
		}
	}
	return nil
}

func (r result) seconds() float64 { return r.wall }

func writeLine(w io.Writer, all []result, bases map[string]float64) {
	good := slices.DeleteFunc(slices.Clone(all), func(r result) bool { return r.rc != 0 })
	if len(good) == 0 {
		fmt.Fprintf(w, "| %s | %s | %d failed | | | | | | |\n", all[0].row, all[0].tool, len(all))
		return
	}
	var ratios []float64
	for _, r := range good {
		if b, ok := bases[r.row+"\t"+r.run]; ok {
			ratios = append(ratios, b/max(r.wall, 0.01))
		}
	}
	ratio := ""
	if len(ratios) > 0 {
		slices.Sort(ratios)
		ratio = fmt.Sprintf("%.2f", middle(ratios))
	}
	runs := fmt.Sprint(len(good))
	if n := len(all) - len(good); n > 0 {
		runs += fmt.Sprintf(", %d failed", n)
	}
	least := slices.MinFunc(good, func(a, b result) int { return cmp.Compare(a.wall, b.wall) }).wall
	most := slices.MaxFunc(good, func(a, b result) int { return cmp.Compare(a.wall, b.wall) }).wall
	fmt.Fprintf(w, "| %s | %s | %s | %.2f (%.2f to %.2f) | %.1f | %.0f | %.0f | %.1f | %s |\n", good[0].row, good[0].tool, runs, median(good, result.seconds), least, most,
		median(good, func(r result) float64 { return r.cpu }), median(good, func(r result) float64 { return r.memory / 1024 }),
		median(good, func(r result) float64 { return r.requests }), median(good, func(r result) float64 { return r.load }), ratio)
}

func median(rs []result, of func(result) float64) float64 {
	var vs []float64
	for _, r := range rs {
		vs = append(vs, of(r))
	}
	slices.Sort(vs)
	return middle(vs)
}

// middle returns the median of sorted numbers.
func middle(vs []float64) float64 {
	n := len(vs)
	if n == 0 {
		return 0
	}
	return (vs[(n-1)/2] + vs[n/2]) / 2
}

package command

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is text in columns. Columns whose title begins with ">" are numbers and stand on the right.
type table struct {
	titles []string
	rows   [][]string
}

func columns(titles ...string) *table { return &table{titles: titles} }

func (t *table) add(cells ...string) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = clean(c)
	}
	t.rows = append(t.rows, row)
}

// write writes the table, or a sentence when it is empty.
func (t *table) write(w io.Writer, empty string) {
	if len(t.rows) == 0 {
		line(w, empty)
		return
	}
	titles, right := make([]string, len(t.titles)), make([]bool, len(t.titles))
	for i, title := range t.titles {
		titles[i], right[i] = strings.CutPrefix(title, ">")
	}
	widths := t.widths(titles)
	writeRow(w, titles, widths, right)
	for _, row := range t.rows {
		writeRow(w, row, widths, right)
	}
}

func (t *table) widths(titles []string) []int {
	widths := make([]int, len(titles))
	for _, row := range append([][]string{titles}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

func writeRow(w io.Writer, row []string, widths []int, right []bool) {
	var b strings.Builder
	for i, cell := range row {
		gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if right[i] {
			b.WriteString(gap + cell)
		} else {
			b.WriteString(cell + gap)
		}
		b.WriteString("  ")
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

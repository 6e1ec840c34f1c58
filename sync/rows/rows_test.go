package rows

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"elkjopcloud/sync/tree"
)

type sample struct {
	b    byte
	u    uint64
	i    int64
	text string
	hash tree.Hash
	st   [2]tree.Stamp
}

func random(r *rand.Rand) sample {
	s := sample{byte(r.Uint32()), r.Uint64() >> r.IntN(64), int64(r.Uint64()) >> r.IntN(64), strings.Repeat("æ", r.IntN(300)), tree.Hash{byte(r.Uint32()), 31: 1}, [2]tree.Stamp{}}
	for i := range s.st {
		if r.IntN(4) > 0 {
			s.st[i] = tree.Stamp{Time: r.Int64N(40), Device: tree.Device(r.Uint64N(3)), Run: r.Uint32N(2), Index: r.Uint32()}
		}
	}
	return s
}

func (s sample) write(w Writer) {
	w.Byte(s.b)
	w.Uint(s.u)
	w.Int(s.i)
	w.Text(s.text)
	w.Hash(s.hash)
	w.Stamp(s.st[0])
	w.Stamp(s.st[1])
}

func read(r Reader) sample {
	return sample{r.Byte(), r.Uint(), r.Int(), r.Text(), r.Hash(), [2]tree.Stamp{r.Stamp(), r.Stamp()}}
}

// A table gives back what was written, while it grows and also from a copy that was taken earlier.
func TestTableHoldsWhatWasWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var want []sample
	var table, early Table
	for i := range 3*perChunk + 7 {
		if i == perChunk+5 {
			early = table
		}
		want = append(want, random(r))
		want[i].write(table.Add())
		if back := r.IntN(i + 1); read(table.Row(back)) != want[back] {
			t.Fatalf("row %d of %d is %+v", back, i+1, read(table.Row(back)))
		}
	}
	for i := range early.Len() {
		if read(early.Row(i)) != want[i] {
			t.Fatalf("row %d of the copy is %+v", i, read(early.Row(i)))
		}
	}
	if table.Len() != len(want) || early.Len() != perChunk+5 {
		t.Errorf("%d and %d rows", table.Len(), early.Len())
	}
}

// An index is what a map of the first numbers is, with keys that collide and keys that come twice.
func TestIndexFindsTheFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, room := range []int{-1, 0, 100, 5000} {
		var x Index[string]
		if room >= 0 {
			x = NewIndex[string](room)
		}
		var keys []string
		of := func(i int) string { return keys[i] }
		first := map[string]int{}
		for i := range 3000 {
			k := fmt.Sprint(r.IntN(2000))
			if _, twice := first[k]; !twice {
				first[k] = i
			}
			keys = append(keys, k)
			x.Add(k, i, of)
			k = fmt.Sprint(r.IntN(3000))
			want, there := first[k]
			found := -1
			x.All(k, of, func(n int) bool {
				if keys[n] != k || n <= found {
					t.Fatalf("after %d: %q has %d after %d", i, k, n, found)
				}
				found = n
				return true
			})
			if got, ok := x.Find(k, of); ok != there || got != want || ok != (found >= 0) {
				t.Fatalf("after %d: %q is %d %v, want %d %v", i, k, got, ok, want, there)
			}
		}
	}
}

// A search finds exactly what is there, where keys follow one another, where they do not, and at the ends of what numbers can be.
func TestSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		keys := []int64{r.Int64N(10) - 5}
		for range r.IntN(40) {
			step := int64(1)
			if r.IntN(3) == 0 {
				step += r.Int64N(1 << r.IntN(50))
			}
			keys = append(keys, keys[len(keys)-1]+step)
		}
		from := r.IntN(len(keys))
		to := from + r.IntN(len(keys)-from+1)
		for i, k := range keys {
			got, ok := Search(from, to, k, func(i int) int64 { return keys[i] })
			if want := i >= from && i < to; ok != want || ok && got != i {
				t.Fatalf("%d in %v from %d to %d: %d %v", k, keys, from, to, got, ok)
			}
			_, next := Search(from, to, k+1, func(i int) int64 { return keys[i] })
			if want := i+1 >= from && i+1 < to && keys[i+1] == k+1; next != want {
				t.Fatalf("%d in %v from %d to %d: %v", k+1, keys, from, to, next)
			}
		}
	}
}

// TestLoadReadsWhatSaveWrote: a table is the same after it was stored and may grow, and what is cut off anywhere is an error.
func TestLoadReadsWhatSaveWrote(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 7, perChunk - 1, perChunk, perChunk + 1, 2*perChunk + 9} {
		var want []sample
		var table Table
		for i := range n {
			want = append(want, random(r))
			want[i].write(table.Add())
		}
		var body bytes.Buffer
		w := bufio.NewWriter(&body)
		if err := errors.Join(table.Save(w), w.Flush()); err != nil {
			t.Fatal(err)
		}
		all := body.Bytes()
		back, err := Load(bufio.NewReader(bytes.NewReader(all)))
		if err != nil || back.Len() != n {
			t.Fatalf("%d rows, %v", back.Len(), err)
		}
		for range 3 {
			want = append(want, random(r))
			want[len(want)-1].write(back.Add())
		}
		for i := range want {
			if read(back.Row(i)) != want[i] {
				t.Fatalf("row %d of %d is %+v", i, n, read(back.Row(i)))
			}
		}
		for range 50 {
			at := r.IntN(len(all))
			if _, err := Load(bufio.NewReader(bytes.NewReader(all[:at]))); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("cut at %d of %d: %v", at, len(all), err)
			}
		}
	}
}

// TestLoadTrustsNoLength: what claims to be long takes no memory before it is there.
func TestLoadTrustsNoLength(t *testing.T) {
	body := []byte{0, 2} // no batches, two rows
	body = binary.AppendUvarint(body, math.MaxInt32)
	if _, err := Load(bufio.NewReader(bytes.NewReader(binary.AppendUvarint(body, 1)))); !errors.Is(err, errLong) {
		t.Errorf("%v", err)
	}
	if _, err := Load(bufio.NewReader(bytes.NewReader(binary.AppendUvarint(body, 0)))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}

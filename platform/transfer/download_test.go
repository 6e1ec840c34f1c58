package transfer

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

// inPieces asks for little at a time, so that small files take many requests.
var inPieces = Options{Piece: 10_000, Parallel: 3}

// download fetches and returns what staging has then, "" when there is none.
func (r *rig) download(x *Transfer, ranges []Range, size int, sum [32]byte) (string, error) {
	err := x.Download(r.t.Context(), ranges, int64(size), sum, r.disk, ".staging")
	got, _ := r.disk.ReadFile(".staging")
	return got, err
}

func TestDownload(t *testing.T) {
	r := newRig(t)
	a, _ := r.keep("v/a", noise(100_000, 1))
	b, _ := r.keep("v/b", noise(35_000, 2))
	empty, _ := r.keep("v/empty", "")
	one := func(x Range, off, n int64) Range { return Range{x.Key, off, n} }
	contentA, contentB := noise(100_000, 1), noise(35_000, 2)
	for name, c := range map[string]struct {
		ranges []Range
		want   string
	}{
		"whole":            {[]Range{a}, contentA},
		"nothing":          {nil, ""},
		"an empty object":  {[]Range{empty}, ""},
		"a piece":          {[]Range{one(a, 99, 9_999)}, contentA[99 : 99+9_999]},
		"one byte":         {[]Range{one(b, 34_999, 1)}, contentB[34_999:]},
		"changed in parts": {[]Range{one(a, 0, 20_000), one(b, 1, 15_000), empty, one(a, 35_000, 65_000)}, contentA[:20_000] + contentB[1:15_001] + contentA[35_000:]},
		"twice":            {[]Range{b, b}, contentB + contentB},
	} {
		t.Run(name, func(t *testing.T) {
			var moved atomic.Int64
			o := inPieces
			o.Progress = func(n int64) { moved.Add(n) }
			x := r.transfer(nil, o)
			sum := sha256.Sum256([]byte(c.want))
			r.t = t
			got, err := r.download(x, c.ranges, len(c.want), sum)
			if err != nil || got != c.want {
				t.Fatalf("%v, right: %v", err, got == c.want)
			}
			if err := x.Verify(t.Context(), c.ranges, int64(len(c.want)), sum); err != nil {
				t.Error(err)
			}
			if moved.Load() != int64(2*len(c.want)) {
				t.Errorf("progress %d of twice %d", moved.Load(), len(c.want))
			}
			// A second time there is nothing to fetch.
			f := &faulty{}
			if _, err := r.download(r.transfer(f.bucket(r.store), o), c.ranges, len(c.want), sum); err != nil || f.n > 0 {
				t.Errorf("again: %v, %d requests", err, f.n)
			}
			if err := r.disk.Remove(".staging"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDownloadSurvivesACutAtEveryRequest: refused, cut in the middle with an error, or ended as if it were all.
func TestDownloadSurvivesACutAtEveryRequest(t *testing.T) {
	content := noise(95_000, 3)
	for name, cut := range map[string]func(io.ReadCloser) io.ReadCloser{
		"at once":    func(b io.ReadCloser) io.ReadCloser { return &cutBody{b, 0, errCrash} },
		"in between": func(b io.ReadCloser) io.ReadCloser { return &cutBody{b, 4_000, errCrash} },
		"silently":   func(b io.ReadCloser) io.ReadCloser { return &cutBody{b, 4_000, io.EOF} },
	} {
		t.Run(name, func(t *testing.T) {
			for at := 1; at <= 10; at++ {
				r := newRig(t)
				all, sum := r.keep("v/a", content)
				b := onDown(r.store, func(n int, _ objstore.Call, body io.ReadCloser) io.ReadCloser {
					if n == at {
						return cut(body)
					}
					return body
				})
				var moved atomic.Int64
				o := inPieces
				o.Progress = func(n int64) { moved.Add(n) }
				got, err := r.download(r.transfer(b, o), []Range{all}, len(content), sum)
				if err == nil || objstore.KindOf(err) == objstore.Damaged || !strings.HasPrefix(content, got) || moved.Load() != int64(len(got)) {
					t.Fatalf("cut at %d: %v, %d bytes, progress %d", at, err, len(got), moved.Load())
				}
				if len(got) < (at-o.Parallel)*int(o.Piece) {
					t.Errorf("cut at %d: only %d bytes kept", at, len(got))
				}
				got, err = r.download(r.transfer(nil, o), []Range{all}, len(content), sum)
				if err != nil || got != content || moved.Load() != int64(len(content)) {
					t.Fatalf("after a cut at %d: %v, right: %v, progress %d", at, err, got == content, moved.Load())
				}
			}
		})
	}
}

func TestDownloadSurvivesAFailureAtEveryDiskOperation(t *testing.T) {
	content := noise(55_000, 4)
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			r := newRig(t)
			all, sum := r.keep("v/a", content)
			n := 0
			fail := func(op, _ string) error {
				if n++; n == at && op != "free" {
					return disk.ErrGone
				}
				return nil
			}
			if after {
				r.disk.SetFaults(nil, fail)
			} else {
				r.disk.SetFaults(fail, nil)
			}
			_, err := r.download(r.transfer(nil, inPieces), []Range{all}, len(content), sum)
			r.disk.SetFaults(nil, nil)
			if err != nil && !errors.Is(err, disk.ErrGone) {
				t.Fatalf("operation %d: %v", at, err)
			}
			got, err := r.download(r.transfer(nil, inPieces), []Range{all}, len(content), sum)
			if err != nil || got != content {
				t.Fatalf("after a failure at operation %d: %v", at, err)
			}
			if n < at {
				break
			}
		}
	}
}

// What an earlier download left may be anything at all; the result is right or there is none.
func TestDownloadOverWhatIsThere(t *testing.T) {
	content := strings.Repeat("\x00", 30_000) + noise(40_000, 5) + strings.Repeat("\x00", 20_000)
	for name, c := range map[string]struct {
		there string
		gets  int // requests that are enough
	}{
		"the beginning":          {content[:35_000], 6},
		"zeros":                  {content[:20_000], 9},
		"all":                    {content, 2},
		"zeros for bytes":        {content[:40_000] + strings.Repeat("\x00", 10_000), 5},
		"more zeros than needed": {content[:40_000] + strings.Repeat("\x00", 90_000), 9},
		"wrong at its end":       {content[:40_000] + "wrong", 14},
		"wrong throughout":       {noise(90_000, 6), 9},
		"longer":                 {content + "more", 9},
		"empty":                  {"", 9},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			all, sum := r.keep("v/a", content)
			r.write(".staging", c.there)
			f := &faulty{}
			var moved atomic.Int64
			o := inPieces
			o.Progress = func(n int64) { moved.Add(n) }
			got, err := r.download(r.transfer(f.bucket(r.store), o), []Range{all}, len(content), sum)
			if err != nil || got != content {
				t.Fatalf("%v, right: %v", err, got == content)
			}
			if f.n > c.gets {
				t.Errorf("%d requests, %d are enough", f.n, c.gets)
			}
			if moved.Load() > int64(len(content)) || moved.Load() < 0 {
				t.Errorf("progress %d of %d", moved.Load(), len(content))
			}
		})
	}
}

func TestDownloadSurvivesPowerCuts(t *testing.T) {
	content := noise(60_000, 7)
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		r := newRig(t)
		all, sum := r.keep("v/a", content)
		at := 1 + rng.IntN(12)
		n := 0
		r.disk.SetFaults(func(op, _ string) error {
			if op != "write" {
				return nil
			}
			if n++; n == at {
				r.disk.PowerCut(rng)
			}
			return nil
		}, nil)
		_, _ = r.download(r.transfer(nil, inPieces), []Range{all}, len(content), sum) // how far it came does not matter
		r.disk.SetFaults(nil, nil)
		if got, err := r.download(r.transfer(nil, inPieces), []Range{all}, len(content), sum); err != nil || got != content {
			t.Fatalf("seed %d: %v", seed, err)
		}
		r.disk.PowerCut(rng) // done means durable; only the name may be gone, which is the caller's to make durable
		if got, err := r.disk.ReadFile(".staging"); err == nil && got != content {
			t.Fatalf("seed %d: lost after it was done", seed)
		}
	}
}

func TestDownloadOnAFullDisk(t *testing.T) {
	r := newRig(t)
	content := noise(60_000, 8)
	all, sum := r.keep("v/a", content)
	f := &faulty{}
	x := r.transfer(f.bucket(r.store), inPieces)
	r.disk.SetCapacity(59_999)
	if _, err := r.download(x, []Range{all}, len(content), sum); !errors.Is(err, disk.ErrFull) || f.n > 0 {
		t.Fatalf("%v after %d requests", err, f.n)
	}
	r.disk.SetFaults(func(op, _ string) error { // a disk that does not know its room
		if op == "free" {
			return errors.ErrUnsupported
		}
		return nil
	}, nil)
	got, err := r.download(x, []Range{all}, len(content), sum)
	if !errors.Is(err, disk.ErrFull) || !strings.HasPrefix(content, got) || len(got) < 50_000 {
		t.Fatalf("%v with %d bytes", err, len(got))
	}
	r.disk.SetCapacity(0)
	f.n = 0
	if got, err := r.download(x, []Range{all}, len(content), sum); err != nil || got != content || f.n > 1 {
		t.Fatalf("with room: %v, %d requests", err, f.n)
	}
}

func TestDamage(t *testing.T) {
	content := noise(30_000, 9)
	r := newRig(t)
	all, sum := r.keep("v/a", content)
	wrong, _ := r.keep("v/wrong", noise(30_000, 10))
	short, _ := r.keep("v/short", content[:25_000])
	short.Length = 30_000
	for name, ranges := range map[string][]Range{
		"other bytes":     {wrong},
		"short":           {short},
		"behind the end":  {{"v/a", 0, 15_000}, {"v/short", 25_000, 15_000}},
		"too little":      {{"v/a", 0, 29_999}},
		"too much":        {{"v/a", 0, 30_001}},
		"nothing":         nil,
		"before it":       {{"v/a", -1, 30_000}},
		"negative length": {{"v/a", 0, -1}, {"v/a", 0, 30_001}},
		"overflow":        {{"v/a", 1<<63 - 1, 30_000}},
	} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			var moved atomic.Int64
			x := r.transfer(nil, Options{Piece: 10_000, Progress: func(n int64) { moved.Add(n) }})
			_, err := r.download(x, ranges, len(content), sum)
			verr := x.Verify(t.Context(), ranges, int64(len(content)), sum)
			for _, err := range []error{err, verr} {
				var e *objstore.Error
				if !errors.As(err, &e) || e.Kind != objstore.Damaged || ranges != nil && !strings.HasPrefix(e.Key, "v/") {
					t.Errorf("%v", err)
				}
			}
			if _, err := r.disk.Stat(".staging"); !disk.IsNotExist(err) {
				t.Errorf("staging is still there: %v", err)
			}
			if moved.Load() != 0 {
				t.Errorf("progress %d", moved.Load())
			}
		})
	}
	r.t = t
	if _, err := r.download(r.transfer(nil, inPieces), []Range{{"v/absent", 0, 30_000}}, len(content), sum); objstore.KindOf(err) != objstore.NotFound {
		t.Errorf("absent: %v", err)
	}
	if got, err := r.download(r.transfer(nil, inPieces), []Range{all}, len(content), sum); err != nil || got != content {
		t.Errorf("and then the right one: %v", err)
	}
}

// flip changes the first byte.
type flip struct {
	io.ReadCloser
	done bool
}

func (b *flip) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 && !b.done {
		p[0] ^= 1
		b.done = true
	}
	return n, err
}

// Bytes that were damaged on the way are right the second time.
func TestDamageOnTheWay(t *testing.T) {
	r := newRig(t)
	content := noise(30_000, 10)
	all, sum := r.keep("v/a", content)
	for name, act := range map[string]func(*Transfer) error{
		"download": func(x *Transfer) error {
			got, err := r.download(x, []Range{all}, len(content), sum)
			if err == nil && got != content {
				err = errors.New("wrong bytes")
			}
			return err
		},
		"verify": func(x *Transfer) error { return x.Verify(t.Context(), []Range{all}, int64(len(content)), sum) },
	} {
		b := onDown(r.store, func(n int, _ objstore.Call, body io.ReadCloser) io.ReadCloser {
			if n == 2 {
				return &flip{ReadCloser: body}
			}
			return body
		})
		var moved atomic.Int64
		if err := act(r.transfer(b, Options{Piece: 10_000, Progress: func(n int64) { moved.Add(n) }})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if moved.Load() != int64(len(content)) {
			t.Errorf("%s: progress %d", name, moved.Load())
		}
	}
}

func TestStagingIsNeverWhatItShouldNotBe(t *testing.T) {
	r := newRig(t)
	all, sum := r.keep("v/a", "abc")
	if err := r.disk.MkdirAll("dir"); err != nil {
		t.Fatal(err)
	}
	if err := r.disk.Put("link", disk.Symlink); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{"dir": disk.ErrNotRegular, "link": disk.ErrNotRegular, "link/x": disk.ErrNotInside, "../x": disk.ErrNotInside} {
		err := r.transfer(nil, Options{}).Download(t.Context(), []Range{all}, 3, sum, r.disk, path)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestPieces(t *testing.T) {
	ranges := []Range{{"a", 5, 25}, {"b", 0, 0}, {"c", 100, 10}}
	for skip, want := range map[int64]string{
		0:  "[{a 5 10} {a 15 10} {a 25 5} {c 100 10}]",
		3:  "[{a 8 10} {a 18 10} {a 28 2} {c 100 10}]",
		25: "[{c 100 10}]",
		34: "[{c 109 1}]",
		35: "[]",
	} {
		got := []Range{}
		for p := range pieces((*near)(nil).places(ranges), skip, 10) {
			got = append(got, p.Range)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("skip %d: %v, want %s", skip, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	r := newRig(t)
	content := noise(95_000, 7)
	all, sum := r.keep("v/a", content)
	x := r.transfer(nil, inPieces)
	got, err := x.Read(t.Context(), []Range{all}, int64(len(content)), sum)
	if err != nil || string(got) != content {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	sum[0]++
	if got, err := x.Read(t.Context(), []Range{all}, int64(len(content)), sum); objstore.KindOf(err) != objstore.Damaged || got != nil {
		t.Errorf("other bytes: %d of them, %v", len(got), err)
	}
}

package simtest

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestMain lets much garbage lie about: a run has little in use, and four tenths of its time went into collecting.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	os.Exit(m.Run())
}

// seeds returns how many runs to make: ELKJOP_SIM_SEEDS, or a few.
func seeds(t *testing.T) uint64 {
	if s := os.Getenv("ELKJOP_SIM_SEEDS"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 300
}

func first() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("ELKJOP_SIM_FROM"), 10, 64)
	return n + 1
}

// runs makes n runs on all cores and returns those that found something.
func runs(from, n uint64, o func(seed uint64) Options) (bad []Result, reached map[string]int) {
	var mu sync.Mutex
	var next atomic.Uint64
	next.Store(from)
	reached = map[string]int{}
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				s := next.Add(1) - 1
				if s >= from+n {
					return
				}
				r := Run(s, o(s))
				mu.Lock()
				for k, c := range r.Reached {
					reached[k] += c
				}
				if len(r.Faults) > 0 {
					bad = append(bad, r)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return bad, reached
}

func options(seed uint64) Options { return Options{Calm: seed%4 == 0, Steps: 20 + int(seed%5)*15} }

// long are the options of runs that cover months.
func long(seed uint64) Options {
	o := options(seed)
	o.Long, o.Devices, o.Alone = true, 2+int(seed%3), seed%5 == 4
	return o
}

func TestSeeds(t *testing.T) { search(t, seeds(t), little(beside(options))) }

func TestLongSeeds(t *testing.T) { search(t, seeds(t), little(beside(long))) }

// TestOffSeeds is TestSeeds with people who change what is kept on their computers, TestLongOffSeeds TestLongSeeds; a quarter of the runs each.
func TestOffSeeds(t *testing.T) { search(t, (seeds(t)+3)/4, little(choosing(beside(options)))) }

func TestLongOffSeeds(t *testing.T) { search(t, (seeds(t)+3)/4, little(choosing(beside(long)))) }

func choosing(options func(uint64) Options) func(uint64) Options {
	return func(seed uint64) Options {
		o := options(seed)
		o.Choosing = true
		return o
	}
}

// beside makes many files huge in every third run, sends small ones together in every second, and only changed blocks in every fifth.
func beside(options func(uint64) Options) func(uint64) Options {
	return func(seed uint64) Options {
		o := options(seed)
		if seed%3 == 1 {
			o.Huge = 1 + int64(seed%20)
		}
		o.Packed, o.Cut = seed%2 == 1, seed%5 == 2
		return o
	}
}

// little lets six of seven runs remember what both sides have, and fold what was told, little by little.
func little(options func(uint64) Options) func(uint64) Options {
	return func(seed uint64) Options {
		o := options(seed)
		if seed%7 > 0 {
			o.Most, o.Fold = 1+int(seed%3), 1+int(seed%5)
		}
		return o
	}
}

func search(t *testing.T, n uint64, options func(uint64) Options) {
	bad, reached := runs(first(), n, options)
	t.Logf("%d runs, reached %v", n, reached)
	if len(bad) == 0 {
		return
	}
	t.Errorf("%d of %d runs found something", len(bad), n)
	kinds := map[string]int{}
	for _, b := range bad {
		kinds[kind(b.Faults[0])]++
	}
	t.Logf("%v", kinds)
	best, short := bad[0], -1
	for _, b := range bad {
		o := options(b.Seed)
		o.Trace = true
		r := Run(b.Seed, o)
		t.Logf("seed %d, %d lines: %.300s", b.Seed, len(r.Trace), b.Faults[0])
		if short < 0 || len(r.Trace) < short {
			best, short = b, len(r.Trace)
		}
	}
	o := options(best.Seed)
	o.Moments, o.Trace = shrink(best, o), true
	r := Run(best.Seed, o)
	t.Logf("shortest: %d, shrunk from %d steps to %d\n%s\n%s", r.Seed, len(best.Moments)-1, len(o.Moments)-1, strings.Join(r.Trace, "\n"), strings.Join(r.Faults, "\n"))
}

// shrink leaves out steps of a run that found something, many at a time at first, as long as it still finds something of that kind. What is left cannot
// do without any one of its steps.
func shrink(bad Result, o Options) []Moment {
	what, left := kind(bad.Faults[0]), bad.Moments
	fails := func(m []Moment) bool {
		o.Moments = m
		r := Run(bad.Seed, o)
		return len(r.Faults) > 0 && kind(r.Faults[0]) == what
	}
	for n := len(left) / 2; n > 0; n /= 2 {
		for again := true; again; {
			again = false
			for i := 0; i+n < len(left); { // the last is the end
				if try := slices.Concat(left[:i], left[i+n:]); fails(try) {
					left, again = try, n == 1
				} else {
					i += n
				}
			}
		}
	}
	return left
}

// kind is a fault without its particulars.
func kind(f string) string {
	f, _, _ = strings.Cut(f, ":")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, f[:min(len(f), 60)])
}

// TestSame: one seed is one run. The first once was not: two rows of one place were taken in any order.
func TestSame(t *testing.T) {
	seeds := []uint64{512418}
	for s := uint64(1); s < 20; s++ {
		seeds = append(seeds, s)
	}
	for _, s := range seeds {
		o := options(s)
		o.Trace = true
		a, b := Run(s, o), Run(s, o)
		if strings.Join(a.Trace, "\n") != strings.Join(b.Trace, "\n") {
			for i := range a.Trace {
				if i >= len(b.Trace) || a.Trace[i] != b.Trace[i] {
					t.Fatalf("seed %d gives two different runs, from line %d on:\n%s\n%v", s, i, strings.Join(a.Trace[max(0, i-5):i+1], "\n"), b.Trace[i:min(i+1, len(b.Trace))])
				}
			}
		}
	}
}

// kept are the seeds that once found something, with what it was.
var kept = map[uint64]string{
	377:    "a crash between putting a thing aside and its row: it was taken for a stranger and put away",
	989:    "a thing that had been put aside was told under the name under which it waited",
	1074:   "two swapped files, one deleted by others: equal bytes made them one, and the other's edit made them lose a copy",
	2294:   "as 377, with a power cut",
	2983:   "of two equal files the one on the disk went, the other had been moved a moment before",
	4078:   "what was put aside was swapped with another file, and the odd name was told",
	20497:  "a replaced file was believed durable after a crash, and a power cut brought the old one back",
	21297:  "two files swapped between the look and the rename: the wrong one was put aside",
	100337: "after a power cut the file that stood in the place of one that was fetched was taken for it",
	100785: "as 100337",
	102434: "as 100337",
	201258: "a file that held what another had held before, under the same name in another case, was taken for that one",
	409250: "as 300549, with names that differ in case",
	300549: "two files became one by their bytes, and an edit of the one overwrote the other",
	512418: "two folders whose names differ in case: a file like an old version of the other's was told for ever",
	520394: "a file like what a conflict copy had been before it was one was told for ever",
	520489: "as 520394",
	517825: "who saved while a replacement was taken back found the file in the safety folder, and nobody said so",
	554073: "as 517825",
	621533: "as 517825, and the folder had been moved away in between",
	518194: "Base went round in a circle: others moved a folder below one that its user had moved and not told",
	509641: "a file made anew with what another had held before, under its name, was taken for a copy that was behind",
	30523:  "the note of an interrupted exchange named a folder that was gone",
}

// keptLong are runs over months that found something.
var keptLong = map[uint64]string{
	341:     "a folder that could not be read was taken for one that is ignored: what others moved there went, and a crash made a deletion of it",
	30983:   "a folder was told inside one that the others had forgotten, as what was moved into that one was not seen as news",
	32441:   "as 30983",
	1149:    "a new file was told into a folder that had expired: who read the checkpoint saw it elsewhere",
	1247:    "as 1149",
	1404714: "after a crash Base forgot what others had removed before the removal was durable: a power cut brought it back, and it was told as new",
	1834:    "an empty folder that the cloud had forgotten stayed, and nothing said so",
	2858:    "a file that the cloud had forgotten stood in the place of one that was to come",
	800819:  "a file was known again after a crash and the folder that was made for it was not: it was told as deleted and made anew",
	1107919: "nothing of the product: one person had folders whose names differ only in case, on disks that keep both, and the check took the copy for a conflict",
}

// keptBeside are runs with huge files, or with small ones together, that found something.
var keptBeside = map[uint64]string{
	1320574: "a database was lost while two files changed places: what was put aside was told under the odd name under which it waited",
	1417714: "a file that was saved while it was put aside was taken for a new one, and told under the odd name; another computer then took it for a stranger",
}

// keptLongBeside are such runs over months.
var keptLongBeside = map[uint64]string{
	1403728: "a conflict copy made by a computer that was away promised versions that had been forgotten before",
	1514923: "no bug: files that were kept here only, and told so, vanished; nothing was asked, as they were in no cloud",
	1530963: "a computer that had only read the notice for weeks told of a change of what others had forgotten",
	1537913: "as 1530963",
	3015338: "who told of what was older than the checkpoint it had begun with did not ring the notice",
	1519694: "the last batches of a volume were swept before a computer had read them, which then never learnt of a deletion",
}

// keptLongLittle are such runs that remember and fold little by little.
var keptLongLittle = map[uint64]string{
	5207509: "a file that changed while it was read had not moved, so that what stood in its old place became a conflict copy",
	5411979: "no bug: a computer that was cut off in its first cycle, and back after a month, was not known to be late",
	5601459: "a file that had been replaced in steps came back under its name after a power cut, when the new one had moved on",
	5207823: "a recent copy of an old version that was deleted for ever kept every sweep from being proved",
}

func TestKeptSeeds(t *testing.T) {
	for seed, found := range keptLongLittle {
		if r := Run(seed, little(beside(long))(seed)); len(r.Faults) > 0 {
			t.Errorf("long seed %d (%s) finds something again: %s", seed, found, r.Faults[0])
		}
	}
	for seed, found := range keptBeside {
		if r := Run(seed, beside(options)(seed)); len(r.Faults) > 0 {
			t.Errorf("seed %d (%s) finds something again: %s", seed, found, r.Faults[0])
		}
	}
	for seed, found := range keptLongBeside {
		if r := Run(seed, beside(long)(seed)); len(r.Faults) > 0 {
			t.Errorf("long seed %d (%s) finds something again: %s", seed, found, r.Faults[0])
		}
	}
	for seed, found := range keptLong {
		if r := Run(seed, long(seed)); len(r.Faults) > 0 {
			t.Errorf("long seed %d (%s) finds something again: %s", seed, found, r.Faults[0])
		}
	}
	for seed, found := range kept {
		if r := Run(seed, options(seed)); len(r.Faults) > 0 {
			t.Errorf("seed %d (%s) finds something again: %s", seed, found, r.Faults[0])
		}
	}
}

// TestPlantedBug: Base committed before the batch is sent is found, and soon.
func TestPlantedBug(t *testing.T) {
	const most, some = 2000, 50
	for from := uint64(1); from < most; from += some {
		bad, _ := runs(from, some, func(seed uint64) Options {
			o := options(seed)
			o.Eager = true
			return o
		})
		if len(bad) > 0 {
			t.Logf("found within %d runs: %s", from+some-1, bad[0].Faults[0])
			o := options(bad[0].Seed)
			o.Eager = true
			o.Moments = shrink(bad[0], o)
			r := Run(bad[0].Seed, o)
			t.Logf("%d steps of %d are enough: %v", len(o.Moments)-1, len(bad[0].Moments)-1, r.Faults)
			if len(r.Faults) == 0 || len(o.Moments) >= len(bad[0].Moments) {
				t.Errorf("shrunk to %d steps: %v", len(o.Moments)-1, r.Faults)
			}
			return
		}
	}
	t.Fatalf("Base was committed before the batch was sent, and %d runs did not notice", most)
}

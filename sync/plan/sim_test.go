package plan

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// simWorld is some devices and one store. One seed gives one run.
type simWorld struct {
	r       *rand.Rand
	store   []*merge.Batch
	has     map[merge.BatchID]bool
	zombies []*merge.Batch // sent and not known to have arrived; they may still
	devs    []*simDev
	now     int64
	tick    int64
	runs    uint32
	faults  bool
	trace   []string
	tracing bool
	bad     []string

	mess, ignoring, commonContent, editsOnly, clones, choosing bool

	contents      int
	equal, quiet  int               // devices at the end, of which Equal told so, and all
	parent        map[string]string // content → what it was edited from
	deleted       map[string]bool   // by a user
	deletedSynced map[string]bool
	chmodded      map[string]bool // a change of the bit is a version for the merge
	linked        map[string]bool
	kept          map[string]bool // content that an editor kept under another name
	sentContent   map[string]bool
}

func (w *simWorld) chance(p float64) bool { return w.r.Float64() < p }

func (w *simWorld) faulty(p float64) bool { return w.faults && w.chance(p) }

func (w *simWorld) nextRun() uint32 { w.runs++; return w.runs }

func (w *simWorld) logf(f string, a ...any) {
	if w.tracing {
		w.trace = append(w.trace, fmt.Sprintf(f, a...))
	}
}

func (w *simWorld) violate(f string, a ...any) { w.bad = append(w.bad, fmt.Sprintf(f, a...)) }

func (w *simWorld) put(b *merge.Batch) {
	if !w.has[b.BatchID] {
		w.has[b.BatchID] = true
		w.store = append(w.store, b)
	}
}

func (w *simWorld) arrive() {
	if len(w.zombies) > 0 {
		w.logf("late arrival of %s", w.zombies[0].BatchID)
		w.put(w.zombies[0])
		w.zombies = w.zombies[1:]
	}
}

func (w *simWorld) device(id int) *simDev {
	d := &simDev{w: w, id: tree.Device(id), run: w.nextRun(), skew: int64(w.r.Intn(40) - 20), base: BasesOf(), log: merge.NewLog(nil), got: map[merge.BatchID]bool{}}
	d.disk = newSimDisk(&w.tick)
	d.disk.folds = w.chance(0.3)
	d.disk.births = w.chance(0.7)
	d.disk.ctimes = w.chance(0.8)
	d.disk.noExec = w.chance(0.2)
	d.disk.reuse = w.chance(0.5)
	d.disk.ignores = w.ignoring && w.chance(0.5)
	return d
}

// The kinds of runs.
const (
	simGeneral = iota
	simEdits   // edits and deletions only
	simClones  // copies of a device's disk
	simIgnored // names that some do not look at
	simMess    // users work while a cycle runs
	simClasses
)

func simRun(seed int64, acts int, tracing bool, options ...func(*simWorld)) *simWorld {
	w := &simWorld{r: rand.New(rand.NewSource(seed)), has: map[merge.BatchID]bool{}, now: 1000, faults: true, tracing: tracing, parent: map[string]string{},
		deleted: map[string]bool{}, deletedSynced: map[string]bool{}, chmodded: map[string]bool{}, linked: map[string]bool{}, kept: map[string]bool{}, sentContent: map[string]bool{}}
	class := int(seed % simClasses)
	w.editsOnly, w.clones, w.ignoring, w.mess = class == simEdits, class == simClones, class == simIgnored, class == simMess
	w.commonContent = class != simEdits && w.chance(0.5)
	for _, o := range options {
		o(w)
	}
	for i := range 2 + w.r.Intn(3) {
		w.devs = append(w.devs, w.device(i+1))
	}
	for range acts {
		w.step()
	}
	for len(w.zombies) > 0 {
		w.arrive()
	}
	w.settle()
	return w
}

func (w *simWorld) step() {
	w.now += int64(w.r.Intn(15))
	d := w.devs[w.r.Intn(len(w.devs))]
	if w.choosing && w.chance(0.15) {
		d.choose()
	}
	if w.chance(0.5) {
		d.user()
	} else {
		d.cycle()
	}
	if w.chance(0.1) {
		w.arrive()
	}
	if w.clones && w.chance(0.02) && len(w.devs) < 5 && d.pend == nil {
		w.logf("clone %s", d.name())
		w.devs = append(w.devs, d.clone())
	}
}

// settle lets all work without faults until nothing is left to do, and checks.
func (w *simWorld) settle() {
	w.faults = false
	w.logf("quiet")
	finished := w.finished()
	w.rest()
	w.check(finished)
	if w.choosing && len(w.bad) == 0 {
		w.allOn(finished)
	}
	for _, d := range w.devs {
		in := d.look(true)
		w.quiet++
		if Equal(in) {
			w.equal++
		}
	}
}

// rest lets everybody work until nothing is left to do.
func (w *simWorld) rest() {
	idle := false
	for r := 0; r < 40 && !idle; r++ {
		idle = true
		for _, d := range w.devs {
			if d.cycle() {
				idle = false
			}
		}
	}
	if !idle {
		w.violate("UNSTABLE")
	}
}

func simSeeds(t *testing.T) (from, n int64) {
	from, n = 1, 4000
	if s := os.Getenv("ELKJOP_PLAN_SEEDS"); s != "" {
		n, _ = strconv.ParseInt(s, 10, 64)
	}
	if s := os.Getenv("ELKJOP_PLAN_FROM"); s != "" {
		from, _ = strconv.ParseInt(s, 10, 64)
	}
	if n <= 0 {
		t.Fatal("ELKJOP_PLAN_SEEDS is not a count")
	}
	return from, n
}

// TestSimulation runs seeds; ELKJOP_PLAN_SEEDS sets how many, ELKJOP_PLAN_FROM the first, ELKJOP_PLAN_ACTS the length.
func TestSimulation(t *testing.T) { simulate(t) }

func simulate(t *testing.T, options ...func(*simWorld)) {
	from, n := simSeeds(t)
	most := 40
	if s := os.Getenv("ELKJOP_PLAN_ACTS"); s != "" {
		most, _ = strconv.Atoi(s)
	}
	length := func(seed int64) int { return 4 + int(seed/simClasses)%most }
	bad, worst := map[string]int{}, int64(0)
	equal, quiet := 0, 0
	for seed := from; seed < from+n; seed++ {
		if c := os.Getenv("ELKJOP_PLAN_CLASS"); c != "" && c != strconv.FormatInt(seed%simClasses, 10) {
			continue
		}
		w := simRun(seed, length(seed), false, options...)
		equal, quiet = equal+w.equal, quiet+w.quiet
		if len(w.bad) == 0 {
			continue
		}
		first, _, _ := strings.Cut(w.bad[0], " ")
		bad[fmt.Sprintf("%s class %d", first, seed%simClasses)]++
		if kind := os.Getenv("ELKJOP_PLAN_KIND"); kind != "" && kind != fmt.Sprint(first, seed%simClasses) {
			continue
		}
		if worst == 0 || length(seed) < length(worst) {
			worst = seed
		}
	}
	if len(bad) == 0 {
		if len(options) == 0 && equal*10 < quiet*9 {
			t.Errorf("of %d devices at rest %d were told to be equal", quiet, equal)
		}
		return
	}
	if worst == 0 {
		t.Fatalf("of %d seeds failed: %v", n, bad)
	}
	w := simRun(worst, length(worst), true, options...)
	for _, s := range w.trace {
		t.Log(s)
	}
	for _, s := range w.bad {
		t.Log("!! ", s)
	}
	t.Fatalf("of %d seeds failed: %v; the shortest is %d, class %d", n, bad, worst, worst%simClasses)
}

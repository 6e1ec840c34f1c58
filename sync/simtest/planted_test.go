package simtest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// bug is one that other clients have had, planted into this one: pairs of what stands in a file and what is to stand there.
type bug struct {
	name, file string
	swaps      []string
	packages   string // whose tests must find it where no simulated device can have it
}

// bugs are found by the simulator, by the scenarios, or where they say so by a package's own tests. README.md has the results.
var bugs = []bug{
	{"no re-check before a local act", "sync/local/act.go", []string{
		"if dir && (now.Number != was.Number || now.Birth != was.Birth) || !dir && !now.Unchanged(was) {", "if false {"}, ""},
	{"deletion inferred from absence", "sync/plan/index.go", []string{
		"return !node || !version && !(v.forgot(b.Version) && v.s.Live(b.Nodes[0].ID))", "return false && (!node || !version)"}, ""},
	{"Base committed before the rename is durable", "sync/engine/down.go", []string{
		"\tif err := e.Local.Sync(dirs); err != nil {\n\t\treturn 0, err\n\t}\n\t// What was made", "\t_ = dirs\n\t// What was made"}, ""},
	{"no fsync", "platform/transfer/staging.go", []string{"err := s.w.Sync()", "var err error"}, ""},
	{"winner by mtime", "sync/merge/apply.go", []string{
		"if s.Resolve(t.Current) == base {", "if v, ok := s.Version(t.Current); s.Resolve(t.Current) == base || ok && op.Content.Mtime > v.Content.Mtime {"}, ""},
	{"operation id renewed on retry", "sync/engine/cycle.go", []string{
		"\tif e.intent == nil {", "\tif e.intent != nil {\n\t\t_ = e.save(ctx, Change{ClearIntent: true})\n\t}\n\tif e.intent == nil {"}, ""},
	{"purge of referenced content", "sync/space/sweepdelete.go", []string{
		"\ts := w.log.State()\n\tfor id := range keeping", "\tif true {\n\t\treturn refs\n\t}\n\ts := w.log.State()\n\tfor id := range keeping"}, ""},
	{"restore that overwrites", "backup/restore.go", []string{"if there {\n\t\t\tcontinue\n\t\t}", "if there {\n\t\t\t_ = r.to.Remove(path)\n\t\t}"}, "./backup"},
	{"rename detection by inode alone", "sync/plan/match.go", []string{
		"return !e.isDir && e.disk.Size > 0 && b.Disk.Size == e.disk.Size && b.Disk.Mtime == e.disk.Mtime", "return true"}, ""},
	{"ignored read as deleted", "sync/plan/up.go", []string{
		"lost, skipped := u.lost(h), u.skip(u.path(h), b.Dir)", "lost, skipped := u.lost(h), false && u.skip(u.path(h), b.Dir)"}, ""},
	{"guard off", "sync/plan/guard.go", []string{"n := t.Deleted + t.Rewritten\n\treturn", "n := t.Deleted + t.Rewritten\n\treturn false &&",
		"n >= manyFiles || n >= someFiles && n*100 > t.Files*somePercent || t.Emptied && t.Deleted > 0 && t.Files >= emptyFiles",
		"(n >= manyFiles || n >= someFiles && n*100 > t.Files*somePercent || t.Emptied && t.Deleted > 0 && t.Files >= emptyFiles)"}, ""},
	{"a readdir error read as empty", "platform/disk/scan/walk.go", []string{"f.blind = &Skip{Path: f.path, Reason: Unreadable, Err: err}", "_ = err"}, ""},
	{"conflict copies made by every device", "sync/merge/settle.go", []string{
		"ev := c.event(n.ID.Index)", "ev := c.event(n.ID.Index)\n\tev.Name += time.Now().Format(\".000000000\")", "import (\n", "import (\n\t\"time\"\n"}, ""},
	{"local clock used for retention", "sync/space/volume.go", []string{"return v.me.Now().Add(v.ahead)", "return v.me.Now()"}, ""},
	{"merge dependent on order of arrival", "sync/merge/log.go", []string{"if n == 0 || compareBatches(l.order[n-1], ready[0]) < 0 {", "if n >= 0 {"}, ""},
	{"a batch applied twice counting twice", "sync/merge/log.go", []string{"if !l.Has(b.BatchID) {", "if b != nil {"}, ""},
	{"a sequence gap passed over", "sync/merge/log.go", []string{"if !l.Counts(p) {", "if false {"}, ""},
	{"two computers from one disk image", "sync/space/fetch.go", []string{"if v.listed && b.Device == v.me.Device", "if false && b.Device == v.me.Device"}, "./sync/space ./app"},
	{"a move cycle", "sync/merge/apply.go", []string{"n == nil || n.ID.IsZero() || c.s.under(par.ID, n.ID)", "n == nil || n.ID.IsZero() || n == par"}, ""},
	{"checkpoint without what a slow device has not yet sent", "sync/merge/log.go", []string{"l.late[b.BatchID] = true", "l.refused[b.BatchID] = true"}, ""},
}

// planted returns the file as it is with the bug.
func (b bug) planted(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(b.file)))
	if err != nil {
		return "", err
	}
	s := string(text)
	for i := 0; i < len(b.swaps); i += 2 {
		if n := strings.Count(s, b.swaps[i]); n != 1 {
			return "", fmt.Errorf("%q stands %d times in %s", b.swaps[i], n, b.file)
		}
		s = strings.Replace(s, b.swaps[i], b.swaps[i+1], 1)
	}
	return s, nil
}

const top = "../.."

// TestPlantedBugsFit: each bug still finds the place where it is to be planted.
func TestPlantedBugsFit(t *testing.T) {
	for _, b := range bugs {
		if _, err := b.planted(top); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}

// TestPlantedBugs builds the simulator and the scenarios with each bug and lets them search. It takes the better part of an hour.
func TestPlantedBugs(t *testing.T) {
	if os.Getenv("ELKJOP_PLANTED") == "" {
		t.Skip("ELKJOP_PLANTED is not set")
	}
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			found := b.hunt(t)
			t.Logf("| %s | %s |", b.name, found)
			if found == "" {
				t.Error("nothing finds it")
			}
		})
	}
}

// hunt says what found the bug; "" when nothing did.
func (b bug) hunt(t *testing.T) string {
	dir := t.TempDir()
	text, err := b.planted(top)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	overlay, with := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "planted.go")
	about, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, filepath.FromSlash(b.file)): with}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{overlay: about, with: []byte(text)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if b.packages != "" {
		return units(t, overlay, b.packages)
	}
	sim, cases := filepath.Join(dir, "sim"), filepath.Join(dir, "cases")
	for bin, pkg := range map[string]string{sim: "./sync/simtest", cases: "./sync/simtest/scenario"} {
		if out, err := run(t, top, nil, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", bin, pkg); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if s := search50000(t, sim, 0, 2000); s != "" {
		return s
	}
	if out, err := run(t, "scenario", nil, cases, "-test.timeout", "10m", "-test.run", "TestScenarios"); err != nil {
		return strings.Join(scenario.FindAllString(out, 3), ", ") + "; not in 2 000 runs of each kind"
	}
	if s := search50000(t, sim, 2000, 50000); s != "" {
		return s
	}
	return units(t, overlay, "./sync/...") + "; not in 50 000 runs of each kind"
}

// units runs the tests of packages.
func units(t *testing.T, overlay, packages string) string {
	out, err := run(t, top, nil, append([]string{"go", "test", "-count=1", "-vet=off", "-overlay", overlay}, strings.Fields(packages)...)...)
	if err == nil {
		return ""
	}
	return strings.Join(failing.FindAllString(out, 3), ", ")
}

var (
	failing  = regexp.MustCompile(`--- FAIL: Test\w+`)
	scenario = regexp.MustCompile(`TestScenarios/\d+`)
)

// search50000 makes runs of both kinds, some at a time, until one finds something.
func search50000(t *testing.T, sim string, from, to int) string {
	const some = 250
	for ; from < to; from += some {
		for _, kind := range []string{"TestSeeds", "TestLongSeeds"} {
			env := []string{"ELKJOP_SIM_SEEDS=" + strconv.Itoa(some), "ELKJOP_SIM_FROM=" + strconv.Itoa(from)}
			if _, err := run(t, ".", env, sim, "-test.timeout", "10m", "-test.run", "^"+kind+"$"); err != nil {
				return fmt.Sprintf("%s, within %d runs", kind, from+some)
			}
		}
	}
	return ""
}

func run(t *testing.T, dir string, env []string, command ...string) (string, error) {
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

package scan

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"elkjopcloud/platform/disk"
)

func mkdirOpen(t testing.TB, root string) disk.FS {
	t.Helper()
	must(t, os.Mkdir(root, 0o755))
	fsys, err := disk.Open(root)
	must(t, err)
	return fsys
}

func removeDir(t testing.TB, root string) {
	t.Helper()
	must(t, os.Remove(root))
}

// BenchmarkTree100000 scans 1 000 folders of 99 files and gives the time beside that of find over the same tree in the same run.
func BenchmarkTree100000(b *testing.B) {
	root := filepath.Join(b.TempDir(), "root")
	fsys := mkdirOpen(b, root)
	for d := range 1000 {
		dir := filepath.Join(root, fmt.Sprintf("folder %04d", d))
		must(b, os.Mkdir(dir, 0o755))
		for f := range 99 {
			must(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("report %d of the year.odt", f)), nil, 0o644))
		}
	}
	find := findTime(b, root)
	opt := Options{Rules: backupRules(b)}
	b.ReportAllocs()
	for b.Loop() {
		r, err := Tree(context.Background(), fsys, opt)
		if err != nil || len(r.Entries) != 100_000 {
			b.Fatal(len(r.Entries), err)
		}
	}
	b.ReportMetric(heldBytes(fsys, opt)/100_000, "heldB/entry")
	if find > 0 {
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(find), "x-find")
	}
}

// findTime is the best of three runs, or 0 where find is not installed.
func findTime(b *testing.B, root string) time.Duration {
	var best time.Duration
	for range 3 {
		start := time.Now()
		if err := exec.Command("find", root, "-printf", "%p %s %T@ %C@ %i %m\n").Run(); err != nil {
			b.Logf("find: %v", err)
			return 0
		}
		if took := time.Since(start); best == 0 || took < best {
			best = took
		}
	}
	return best
}

// heldBytes is how much memory one result holds.
func heldBytes(fsys disk.FS, opt Options) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, _ := Tree(context.Background(), fsys, opt)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(r)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

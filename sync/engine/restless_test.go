package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// A file that changes whenever it was sent does not keep a cycle going for ever: it is left for the next one and said, and the others arrive.
func TestFileThatNeverRests(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("log", "line 0")
	a.write("calm", "is sent")
	n, limit := 0, 500
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op == "put" && strings.Contains(key, "/history/") && n < limit {
			n++
			a.write("log", fmt.Sprint("line ", n))
			a.e.Mark("log")
		}
		return faultstore.Fault{}
	})
	a.ok()
	a.faults.Decide(nil)
	if n == 0 || n >= 50 {
		t.Errorf("one cycle sent the file %d times", n)
	}
	a.wants(engine.NeedsYou, engine.CodeChanging+" log")
	b.ok()
	if b.files()["calm"] != "is sent" {
		t.Errorf("the other has %q", b.files())
	}
	settle(a, b)
	a.wants(engine.UpToDate)
	if got := b.files()["log"]; got != fmt.Sprint("line ", n) {
		t.Errorf("the other has %q", got)
	}
}

package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// TestSavedWhileTheNetworkIsSilent: a pair that waits for an answer about others' news must not look safe when something was saved here.
func TestSavedWhileTheNetworkIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		stop := a.running(engine.Pace{})
		after(3 * time.Second)
		a.wants(engine.UpToDate)
		answer := make(chan struct{})
		a.faults.Decide(func(string, string) faultstore.Fault {
			<-answer
			return faultstore.Fault{}
		})
		after(2 * time.Second) // the look at the notice hangs now
		a.write("f", "one")
		a.e.Mark("f")
		synctest.Wait()
		if s := a.e.Status(); s.State == engine.UpToDate {
			t.Errorf("the state is %s and f was not sent", s.State)
		}
		close(answer)
		after(2 * time.Second)
		a.wants(engine.UpToDate)
		if batches, _ := h.objects(); batches != 1 {
			t.Errorf("%d batches", batches)
		}
		stop()
	})
}

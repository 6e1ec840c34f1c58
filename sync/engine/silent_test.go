package engine_test

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
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

// TestNoNetworkIsNoMissingDrive: what the system says when there is no network are the words it also has for a network drive that is away. The
// folder is there all the time, whatever the store's requests end with.
func TestNoNetworkIsNoMissingDrive(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, refused := net.Dial("tcp", l.Addr().String())
	if !disk.IsGone(refused) {
		t.Skipf("this system has other words for disks: %v", refused)
	}
	h := newHouse(t)
	a := h.synced(disktest.Options{})
	a.write("f", "one")
	a.faults.Decide(func(op, key string) faultstore.Fault {
		return faultstore.Fault{Action: faultstore.Before, Err: &objstore.Error{Kind: objstore.Unreachable, Op: op, Key: key, Err: refused}}
	})
	if err := a.cycle(); errors.Is(err, engine.ErrNotConnected) {
		t.Errorf("the folder is taken for missing: %v", err)
	}
	a.wants(engine.Offline, engine.CodeOffline)
}

package app

import (
	"testing"
	"testing/synctest"
	"time"
)

// Memory is given back after the first cycle, and then not for every one.
func TestRelief(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r relief
		for i, want := range []bool{true, false, false, true, false} {
			if got := r.rested(); got != want {
				t.Errorf("after %d half minutes: %v", i, got)
			}
			if i > 0 {
				time.Sleep(reliefEvery / 2)
			}
		}
	})
}

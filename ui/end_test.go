package ui

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestOutlive: a loop that was told to end and does not is not waited for longer than it may take; one that ends, or was never told, is left alone.
func TestOutlive(t *testing.T) {
	why := errors.New("the client failed")
	for _, tt := range []struct {
		name        string
		told, ended bool // the program, by its context
		returns     time.Duration
		stuck       bool
	}{
		{"it returns at once", true, false, 0, false},
		{"it takes its time", true, false, grace - time.Millisecond, false},
		{"it never returns", true, false, time.Hour, true},
		{"it never returns, and the system has ended the program", false, true, time.Hour, true},
		{"nobody has ended anything", false, false, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got error
				u := &UI{quits: make(chan struct{}, 1), failed: why, o: Options{Stuck: func(err error) { got = err }}}
				u.ctx, u.cancel = context.WithCancel(t.Context())
				worked := false
				u.work.Go(func() { <-u.ctx.Done(); worked = true })
				returned := make(chan struct{})
				time.AfterFunc(tt.returns, func() { close(returned) })
				if tt.told {
					signal(u.quits)
				}
				if tt.ended {
					u.cancel()
				}
				u.outlive(returned)
				if errors.Is(got, why) != tt.stuck || tt.stuck && !worked {
					t.Errorf("ended with %v, all work over: %v", got, worked)
				}
				u.cancel()
				u.work.Wait()
			})
		})
	}
}

package ui

import (
	"context"
	"fmt"
	"time"
)

// grace is how long Fyne's loop may take to end.
const grace = 5 * time.Second

// quit ends the program.
func (u *UI) quit() {
	signal(u.quits)
	u.o.App.Quit()
}

// outlive ends the program where Fyne's loop was told to end and does not return: v2.8.1 can wait for ever for what it has given to its own loop in the moment in
// which that ended, the more often the busier the machine is. The window is gone then, and a later start would ask a program that shows none.
func (u *UI) outlive(returned <-chan struct{}) {
	outlast(u.ctx, u.quits, returned, func() { u.o.Stuck(u.finish()) })
}

// outlast calls stuck when a loop does not return within its grace after it was told to end, by a signal or with ctx.
func outlast(ctx context.Context, told, returned <-chan struct{}, stuck func()) {
	select {
	case <-returned:
		return
	case <-told:
	case <-ctx.Done():
	}
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-returned:
	case <-t.C:
		stuck()
	}
}

// finish ends what goes on behind the window, and returns what kept the client from working.
func (u *UI) finish() error {
	u.cancel()
	u.work.Wait()
	if u.failed != nil {
		return fmt.Errorf("run the client: %w", u.failed)
	}
	return nil
}

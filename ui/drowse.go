package ui

import "time"

// nap is how long Fyne's loop rests at a time while there is no window: a menu of the tray is answered that much later.
const nap = 150 * time.Millisecond

// drowse lets Fyne's loop rest while there is no window. By itself it looks for events sixty times a second, window or not. It is not waited for at
// the end: what it asks of a loop that has ended may never be answered.
func (u *UI) drowse() {
	for {
		select {
		case <-u.ctx.Done():
			return
		case <-u.left:
		}
		for away := true; away && u.ctx.Err() == nil; {
			u.bridge.within(func() {
				if away = u.window.away; away {
					u.doze()
				}
			})
		}
	}
}

func (u *UI) doze() {
	t := time.NewTimer(nap)
	defer t.Stop()
	select {
	case <-u.ctx.Done():
	case <-u.called:
	case <-t.C:
	}
}

// signal wakes whoever waits on c; one that nobody waits for yet is kept.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

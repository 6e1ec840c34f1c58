package ui

import (
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// answerCall does what a start of the program wants of the window.
func (w *window) answerCall(c Call) {
	w.raise()
	if c.Invited {
		w.invite()
	}
}

// invite says what a link to a shared folder is. Nothing of the link itself is shown: it comes from anywhere. However many are opened, there is one
// dialog.
func (w *window) invite() {
	if w.invited {
		return
	}
	w.invited = true
	words := w.desk.Words
	w.desk.Ask(widgets.Question{
		Icon: theme.Shared, Tone: widgets.Idle, Title: words.T("link.join"), Body: []string{words.T("link.join.later"), words.T("link.join.nothing")},
		Safe: words.T("close"), OnSafe: func() { w.invited = false },
	})
}

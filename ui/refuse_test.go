package ui

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestOutlast: whoever refuses to start is ended, too, when its window is closed and the loop stays; what returns, or was never told, is left alone.
func TestOutlast(t *testing.T) {
	for _, tt := range []struct {
		name        string
		told, ended bool
		returns     time.Duration
		stuck       bool
	}{
		{"closed, and it returns", true, false, time.Second, false},
		{"closed, and it stays", true, false, time.Hour, true},
		{"ended by the system, and it stays", false, true, time.Hour, true},
		{"read for an hour", false, false, time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				told, returned, stuck := make(chan struct{}, 1), make(chan struct{}), false
				time.AfterFunc(tt.returns, func() { close(returned) })
				if tt.told {
					signal(told)
				}
				if tt.ended {
					cancel()
				}
				begun := time.Now()
				outlast(ctx, told, returned, func() { stuck = true })
				if stuck != tt.stuck || stuck && time.Since(begun) != grace {
					t.Errorf("stuck: %v, after %v", stuck, time.Since(begun))
				}
			})
		})
	}
}

// TestRefuse: the window says why, and closing it by its button is told to whoever waits for the loop.
func TestRefuse(t *testing.T) {
	a := test.NewTempApp(t)
	w, told := refuse(a, brand.Default(), app.NewProblem(app.CodeAnotherInstance, "", nil))
	var words []string
	var quit *widgets.Button
	uitest.Walk(w.Content(), func(o fyne.CanvasObject) {
		switch x := o.(type) {
		case *widgets.Button:
			quit = x
		case *widgets.Paragraph:
			words = append(words, x.Text())
		}
	})
	if len(words) < 2 || words[0] == "" || quit == nil {
		t.Fatalf("it says %q, and has the button %v", words, quit)
	}
	select {
	case <-told:
		t.Fatal("closed before anybody has read it")
	default:
	}
	quit.Tapped(nil)
	select {
	case <-told:
	default:
		t.Error("it was closed, and nobody is told")
	}
}

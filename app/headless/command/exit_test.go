package command

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/sync/engine"
)

func TestExitCodeOfAFailure(t *testing.T) {
	for code, want := range map[string]int{
		app.CodeWrongUse: 2, engine.CodeKeyRefused: 4, engine.CodeDenied: 4, engine.CodeOffline: 5, engine.CodeServerBusy: 5, engine.CodeNotAStore: 5,
		engine.CodeDiskFull: 6, engine.CodeCloudFull: 6, engine.CodeGuard: 7, app.CodeGuard: 7, app.CodeNotSetUp: 10,
		app.CodeAnotherInstance: 11, app.CodeCanceled: 130,
		engine.CodeOther: 1, engine.CodeNoBucket: 1, engine.CodeUntrusted: 1, engine.CodeClock: 1, engine.CodeUnreadable: 1,
		engine.CodeNewerFormat: 1, engine.CodeDamaged: 1, app.CodeExists: 1, app.CodeNoFolder: 2, "never heard of": 1,
	} {
		t.Run(code, func(t *testing.T) {
			err := fmt.Errorf("do it: %w", &app.Problem{Code: code})
			if got := exitCode(err, []*app.Problem{{Code: engine.CodeBusy}}); got != want {
				t.Errorf("exit code %d instead of %d", got, want)
			}
		})
	}
	for err, want := range map[error]int{nil: 0, errors.New("x"): 1, context.Canceled: 130} {
		if got := exitCode(err, nil); got != want {
			t.Errorf("%v: exit code %d instead of %d", err, got, want)
		}
	}
}

func TestExitCodeOfWhatWasMet(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes []string
		want  int
	}{
		{"nothing", nil, 0},
		{"a file", []string{engine.CodeUnreadable}, 3},
		{"a drive", []string{engine.CodeNoRoot}, 3},
		{"repaired already", []string{app.CodeSetAside}, 0},
		{"a file, and the guard", []string{engine.CodeUnreadable, engine.CodeGuard}, 7},
		{"the guard, and no network", []string{engine.CodeGuard, engine.CodeOffline}, 5},
		{"no network, and a full disk", []string{engine.CodeOffline, engine.CodeDiskFull}, 6},
		{"a full disk, and a refused key", []string{engine.CodeDiskFull, engine.CodeKeyRefused}, 4},
		{"wrong use of one of several", []string{app.CodeWrongUse}, 3},
		{"something unknown", []string{"never heard of"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var met []*app.Problem
			for _, code := range c.codes {
				met = append(met, &app.Problem{Code: code})
			}
			if got := exitCode(nil, met); got != c.want {
				t.Errorf("exit code %d instead of %d", got, c.want)
			}
		})
	}
}

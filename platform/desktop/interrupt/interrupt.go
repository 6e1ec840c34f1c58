// Package interrupt tells a program that it is to stop: Ctrl-C, the end of the session, a polite kill. Windows' console events arrive as
// the same signals.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Context returns a context that ends at the first such sign. The second one ends the program at once, as it would without this. stop
// ends the context and gives the signs their usual effect again.
func Context(parent context.Context) (ctx context.Context, stop context.CancelFunc) {
	ctx, stop = signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

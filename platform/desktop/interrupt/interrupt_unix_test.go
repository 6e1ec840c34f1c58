//go:build unix

package interrupt

import (
	"context"
	"os"
	"syscall"
	"testing"
)

func TestASignalEndsTheContext(t *testing.T) {
	me, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		ctx, stop := Context(t.Context())
		if ctx.Err() != nil {
			t.Fatal("it ended before the signal")
		}
		if err := me.Signal(s); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		stop()
	}
}

func TestTheParentEndsItToo(t *testing.T) {
	parent, cancel := context.WithCancel(t.Context())
	ctx, stop := Context(parent)
	defer stop()
	cancel()
	<-ctx.Done()
}

package volume

import (
	"context"
	"fmt"
)

// Room returns how many bytes this user may still write on the volume under an existing folder, and how many there are with those that are taken. size is 0 where
// the volume does not say. It returns when ctx ends, as Look does.
func Room(ctx context.Context, path string) (free, size int64, err error) {
	type answer struct {
		free, size int64
		err        error
	}
	answers := make(chan answer, 1) // with room, so that a late answer finds its way without a reader
	go func() {
		free, size, err := room(path)
		answers <- answer{free, size, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil {
			return 0, 0, fmt.Errorf("room on the volume of %s: %w", path, a.err)
		}
		return a.free, a.size, nil
	case <-ctx.Done():
		return 0, 0, fmt.Errorf("room on the volume of %s: %w", path, ctx.Err())
	}
}

// Package volume tells on which drive a folder lies, so that an empty mount point is never taken for a folder whose files were deleted.
// Read volume.go; the volume_<system>.go files know how each system names its drives.
package volume

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"elkjopcloud/platform/disk"
)

// Kind is what sort of drive it is.
type Kind uint8

const (
	Other     Kind = iota // memory, layers of a container, anything unknown
	Local                 // built in
	Removable             // can be unplugged or ejected
	Network               // another computer's
)

func (k Kind) String() string {
	return [...]string{"other", "local", "removable", "network"}[k&3]
}

// Volume is one mounted drive or share.
type Volume struct {
	// ID stays the same when the drive is mounted again, elsewhere or on another day. It is made for comparing, not for showing.
	ID   string
	Kind Kind
	// Announced tells whether the system reports all changes, also those that others make; else a watcher has to poll.
	Announced bool
	// MountPoint is the folder where the volume begins.
	MountPoint string
}

// State is whether a root is really there.
type State uint8

const (
	Missing     State = iota // the folder does not exist or its drive does not answer
	Present                  // the folder is there, on the drive that it was on
	OtherVolume              // the folder is there, on another drive: an empty mount point, or another stick in the same socket
)

func (s State) String() string {
	return [...]string{"missing", "present", "other volume", "unknown"}[s&3]
}

// Look tells on which volume an existing folder or file lies. Links are followed. It returns when ctx ends, even if a dead network
// mount keeps the system's own call waiting.
func Look(ctx context.Context, path string) (Volume, error) {
	type answer struct {
		volume Volume
		err    error
	}
	answers := make(chan answer, 1) // with room, so that a late answer finds its way without a reader
	go func() {
		v, err := look(ctx, path)
		answers <- answer{v, err}
	}()
	select {
	case a := <-answers:
		if a.err != nil {
			return Volume{}, fmt.Errorf("volume of %s: %w", path, a.err)
		}
		return a.volume, nil
	case <-ctx.Done():
		return Volume{}, fmt.Errorf("volume of %s: %w", path, ctx.Err())
	}
}

// Of returns the identity of the volume on which path lies.
func Of(ctx context.Context, path string) (string, error) {
	v, err := Look(ctx, path)
	return v.ID, err
}

// Check compares the volume under root with the one that it was on; want "" accepts any. To be asked before a scan, before its result
// is believed, and before every batch of deletions. An error means that nothing is known, as with no permission or an ended ctx.
func Check(ctx context.Context, root, want string) (State, error) {
	v, err := Look(ctx, root)
	switch {
	case err == nil && (want == "" || v.ID == want):
		return Present, nil
	case err == nil:
		return OtherVolume, nil
	case errors.Is(err, fs.ErrNotExist) || disk.IsGone(err):
		return Missing, nil
	}
	return Missing, err
}

// Lasting tells whether an ID names one drive or share for good, so that Find may look for it. Others are names that the next drive in
// the same socket may get.
func Lasting(id string) bool {
	return strings.HasPrefix(id, "uuid:") || strings.HasPrefix(id, "volume:") || isShare(id)
}

func isShare(id string) bool { return strings.HasPrefix(id, "net:") }

// Find returns where a volume is mounted now; nothing when it is not. Volumes that do not answer are passed over; only for a share are
// shares asked, because one whose server is away keeps whoever asks it waiting.
func Find(ctx context.Context, id string) ([]string, error) {
	points, err := mountPoints(isShare(id))
	if err != nil {
		return nil, fmt.Errorf("list the drives: %w", err)
	}
	var found []string
	for _, point := range points {
		if v, err := Look(ctx, point); err == nil && v.ID == id {
			found = append(found, v.MountPoint)
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("list the drives: %w", err)
		}
	}
	return found, nil
}

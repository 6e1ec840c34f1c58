package sidebar

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/go-ole/go-ole"
	"github.com/go-ole/go-ole/oleutil"
)

// quickAccess is the list of that name at the top of the Explorer's navigation pane. The Explorer lets programs use the verbs of its own
// menus only, and "pintohome" is a switch: it is never pressed before looking, and what it did is looked at afterwards.
type quickAccess struct{}

const (
	homeFolders = "shell:::{3936e9e4-d92c-4eee-a85a-bc16d5ea0819}" // the folders that Quick Access shows
	pinnedThere = "System.Home.IsPinned"
	pinVerb     = "pintohome"
	unpinVerb   = "unpinfromhome"
	settleTime  = 5 * time.Second // within which the Explorer shows what it did
	settleLook  = 250 * time.Millisecond
)

func (quickAccess) name() string { return "quick-access" }

func (quickAccess) byHand(Entry) string {
	return "Right-click the folder in the Explorer and choose Pin to Quick access."
}

func (quickAccess) look(ctx context.Context, e Entry) (at presence, err error) {
	err = withShell(ctx, func(_ context.Context, sh *ole.IDispatch) error {
		pinned, err := pinnedItem(sh, e.Path, nil)
		if pinned {
			at = foreign // the list does not tell who put a folder there
		}
		return err
	})
	return at, err
}

func (quickAccess) add(ctx context.Context, e Entry) error {
	return withShell(ctx, func(ctx context.Context, sh *ole.IDispatch) error {
		if pinned, err := pinnedItem(sh, e.Path, nil); pinned || err != nil {
			return err
		}
		item, err := folderItem(sh, e.Path)
		if err != nil {
			return err
		}
		defer item.Release()
		if err := invoke(item, pinVerb); err != nil {
			return err
		}
		return settle(ctx, sh, e.Path, true)
	})
}

func (q quickAccess) move(ctx context.Context, from, to Entry) error {
	if err := q.add(ctx, to); err != nil {
		return err
	}
	return q.remove(ctx, from)
}

// remove presses the verb of the entry itself, which only takes away.
func (quickAccess) remove(ctx context.Context, e Entry) error {
	return withShell(ctx, func(ctx context.Context, sh *ole.IDispatch) error {
		pinned, err := pinnedItem(sh, e.Path, func(item *ole.IDispatch) error { return invoke(item, unpinVerb) })
		if err != nil || !pinned {
			return err
		}
		return settle(ctx, sh, e.Path, false)
	})
}

// settle waits until the Explorer shows what it was told.
func settle(ctx context.Context, sh *ole.IDispatch, path string, want bool) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	again := time.NewTicker(settleLook)
	defer again.Stop()
	for {
		if pinned, err := pinnedItem(sh, path, nil); err != nil || pinned == want {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			if want {
				return errNotShown
			}
			return errStill
		}
	}
}

// withShell runs do with the Explorer's automation object, on a thread of its own as COM wants it. When ctx ends first, the call is left
// to itself: the Explorer cannot be hurried.
func withShell(ctx context.Context, do func(context.Context, *ole.IDispatch) error) error {
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		ended <- onThread(ctx, do)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func onThread(ctx context.Context, do func(context.Context, *ole.IDispatch) error) error {
	if err := ole.CoInitializeEx(0, ole.COINIT_APARTMENTTHREADED); err != nil {
		return fmt.Errorf("begin COM: %w", err)
	}
	defer ole.CoUninitialize()
	unknown, err := oleutil.CreateObject("Shell.Application")
	if err != nil {
		return fmt.Errorf("reach the Explorer: %w: %w", errors.ErrUnsupported, err)
	}
	defer unknown.Release()
	sh, err := unknown.QueryInterface(ole.IID_IDispatch)
	if err != nil {
		return fmt.Errorf("reach the Explorer: %w", err)
	}
	defer sh.Release()
	return do(ctx, sh)
}

// pinnedItem tells whether a folder is pinned, and calls found with its entry when it is.
func pinnedItem(sh *ole.IDispatch, path string, found func(*ole.IDispatch) error) (bool, error) {
	home, err := object(oleutil.CallMethod(sh, "NameSpace", homeFolders))
	if err != nil {
		return false, fmt.Errorf("read Quick Access: %w", err)
	}
	defer home.Release()
	items, err := object(oleutil.CallMethod(home, "Items"))
	if err != nil {
		return false, fmt.Errorf("read Quick Access: %w", err)
	}
	defer items.Release()
	count, err := oleutil.GetProperty(items, "Count")
	if err != nil {
		return false, fmt.Errorf("read Quick Access: %w", err)
	}
	for i := range int(count.Val) {
		item, err := object(oleutil.CallMethod(items, "Item", i))
		if err != nil {
			continue // it left meanwhile
		}
		is := isPinned(item, path)
		if is && found != nil {
			err = found(item)
		}
		item.Release()
		if is {
			return true, err
		}
	}
	return false, nil
}

func isPinned(item *ole.IDispatch, path string) bool {
	at, err := oleutil.GetProperty(item, "Path")
	if err != nil {
		return false
	}
	defer at.Clear()
	if !samePath(at.ToString(), path) {
		return false
	}
	pinned, err := oleutil.CallMethod(item, "ExtendedProperty", pinnedThere)
	if err != nil {
		return false
	}
	defer pinned.Clear()
	yes, ok := pinned.Value().(bool)
	return ok && yes
}

// folderItem returns the entry of a folder where it lies on the disk.
func folderItem(sh *ole.IDispatch, path string) (*ole.IDispatch, error) {
	folder, err := object(oleutil.CallMethod(sh, "NameSpace", path))
	if err != nil {
		return nil, fmt.Errorf("find the folder: %w", err)
	}
	defer folder.Release()
	item, err := object(oleutil.GetProperty(folder, "Self"))
	if err != nil {
		return nil, fmt.Errorf("find the folder: %w", err)
	}
	return item, nil
}

func invoke(item *ole.IDispatch, verb string) error {
	result, err := oleutil.CallMethod(item, "InvokeVerb", verb)
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return result.Clear()
}

// object is the object in an answer; a version of Windows that has no such thing answers with none.
func object(v *ole.VARIANT, err error) (*ole.IDispatch, error) {
	if err != nil {
		return nil, err
	}
	if v.VT != ole.VT_DISPATCH || v.ToIDispatch() == nil {
		_ = v.Clear()
		return nil, errors.ErrUnsupported
	}
	return v.ToIDispatch(), nil
}

package sidebar

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

func systemPlaces() []place { return []place{favourites{}} }

// favourites is the list of that name in the Finder's sidebar. Apple calls its functions outdated and has put nothing in their place; they
// are looked up when they are needed, and where they are gone the place is missing.
type favourites struct{}

const (
	coreServices   = "/System/Library/Frameworks/CoreServices.framework/CoreServices"
	coreFoundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
	favouriteItems = "com.apple.LSSharedFileList.FavoriteItems"

	utf8Encoding = 0x08000100
	noQuestions  = 1 | 2 // kLSSharedFileListNoUserInteraction, DoNotMountVolumes
)

func (favourites) name() string { return "favourites" }

func (favourites) byHand(Entry) string {
	return "Open a Finder window and drag the folder to Favourites on its left side."
}

func (favourites) look(ctx context.Context, e Entry) (at presence, err error) {
	err = withFinder(ctx, func(f *finder) error {
		at = f.presence(e)
		return nil
	})
	return at, err
}

func (favourites) add(ctx context.Context, e Entry) error {
	return withFinder(ctx, func(f *finder) error { return f.insert(e) })
}

func (favourites) move(ctx context.Context, from, to Entry) error {
	return withFinder(ctx, func(f *finder) error {
		if err := f.insert(to); err != nil {
			return err
		}
		return f.removeItem(from)
	})
}

func (favourites) remove(ctx context.Context, e Entry) error {
	return withFinder(ctx, func(f *finder) error { return f.removeItem(e) })
}

// withFinder runs do on one thread, and leaves it to itself when ctx ends first: the list belongs to another process, which may not answer.
func withFinder(ctx context.Context, do func(*finder) error) error {
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		f, err := openFinder()
		if err == nil {
			defer f.close()
			err = do(f)
		}
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finder is the list and the functions that it takes. Everything of CoreFoundation that a function named Create or Copy returned is
// released by whoever called it.
type finder struct {
	list uintptr

	release       func(uintptr)
	newText       func(allocator uintptr, bytes unsafe.Pointer, length int, encoding uint32, external bool) uintptr
	textBytes     func(text uintptr, buffer unsafe.Pointer, size int, encoding uint32) bool
	newURL        func(allocator uintptr, bytes unsafe.Pointer, length int, dir bool) uintptr
	urlBytes      func(url uintptr, resolve bool, buffer unsafe.Pointer, size int) bool
	count         func(array uintptr) int
	at            func(array uintptr, index int) uintptr
	newList       func(allocator, kind, options uintptr) uintptr
	snapshot      func(list uintptr, seed unsafe.Pointer) uintptr
	itemURL       func(item uintptr, flags uint32, failure uintptr) uintptr
	itemName      func(item uintptr) uintptr
	insertItem    func(list, after, name, icon, url, set, clear uintptr) uintptr
	removeOneItem func(list, item uintptr) int32
}

func openFinder() (*finder, error) {
	f := &finder{}
	if err := f.load(coreFoundation, map[string]any{
		"CFRelease": &f.release, "CFStringCreateWithBytes": &f.newText, "CFStringGetCString": &f.textBytes,
		"CFURLCreateFromFileSystemRepresentation": &f.newURL, "CFURLGetFileSystemRepresentation": &f.urlBytes,
		"CFArrayGetCount": &f.count, "CFArrayGetValueAtIndex": &f.at,
	}); err != nil {
		return nil, err
	}
	if err := f.load(coreServices, map[string]any{
		"LSSharedFileListCreate": &f.newList, "LSSharedFileListCopySnapshot": &f.snapshot,
		"LSSharedFileListItemCopyResolvedURL": &f.itemURL, "LSSharedFileListItemCopyDisplayName": &f.itemName,
		"LSSharedFileListInsertItemURL": &f.insertItem, "LSSharedFileListItemRemove": &f.removeOneItem,
	}); err != nil {
		return nil, err
	}
	kind := f.text(favouriteItems)
	defer f.release(kind)
	if f.list = f.newList(0, kind, 0); f.list == 0 {
		return nil, fmt.Errorf("this session has no Favourites: %w", errors.ErrUnsupported)
	}
	return f, nil
}

// load finds functions by their names; a macOS without one of them has no Favourites for us.
func (f *finder) load(library string, functions map[string]any) error {
	handle, err := purego.Dlopen(library, purego.RTLD_LAZY|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load %s: %w: %w", library, errors.ErrUnsupported, err)
	}
	for name, function := range functions {
		address, err := purego.Dlsym(handle, name)
		if err != nil {
			return fmt.Errorf("find %s: %w: %w", name, errors.ErrUnsupported, err)
		}
		purego.RegisterFunc(function, address)
	}
	return nil
}

func (f *finder) close() { f.release(f.list) }

// items calls see with each item of the list as it is now, until it returns false. The items live as long as the call.
func (f *finder) items(see func(item uintptr) bool) {
	var seed uint32
	all := f.snapshot(f.list, unsafe.Pointer(&seed))
	if all == 0 {
		return
	}
	defer f.release(all)
	for i := range f.count(all) {
		if !see(f.at(all, i)) {
			return
		}
	}
}

// find calls found with the item for a path.
func (f *finder) find(path string, found func(item uintptr)) {
	f.items(func(item uintptr) bool {
		if f.path(item) != filepath.Clean(path) {
			return true
		}
		found(item)
		return false
	})
}

func (f *finder) presence(e Entry) (at presence) {
	f.find(e.Path, func(item uintptr) {
		at = foreign
		if f.display(item) == e.Name {
			at = ours
		}
	})
	return at
}

// insert puts the folder after the last item. The system's own constants for first and last must not be used: they end the process.
func (f *finder) insert(e Entry) error {
	if f.presence(e) != absent {
		return nil
	}
	name, url := f.text(e.Name), f.url(e.Path)
	if name == 0 || url == 0 {
		return errors.New("the system does not take the path")
	}
	defer f.release(name)
	defer f.release(url)
	var made uintptr
	f.withLast(func(last uintptr) { made = f.insertItem(f.list, last, name, 0, url, 0, 0) })
	if made == 0 {
		return errors.New("the Finder did not take the folder")
	}
	f.release(made)
	return nil
}

// withLast calls do with the last item, 0 when the list is empty, while the item lives.
func (f *finder) withLast(do func(last uintptr)) {
	var seed uint32
	all := f.snapshot(f.list, unsafe.Pointer(&seed))
	if all == 0 {
		do(0)
		return
	}
	defer f.release(all)
	last := uintptr(0)
	if n := f.count(all); n > 0 {
		last = f.at(all, n-1)
	}
	do(last)
}

func (f *finder) removeItem(e Entry) error {
	var status int32
	f.find(e.Path, func(item uintptr) { status = f.removeOneItem(f.list, item) })
	if status != 0 {
		return fmt.Errorf("the Finder kept the folder: error %d", status)
	}
	return nil
}

// path is where an item leads, "" for what is no folder of this computer or is not connected.
func (f *finder) path(item uintptr) string {
	url := f.itemURL(item, noQuestions, 0)
	if url == 0 {
		return ""
	}
	defer f.release(url)
	var buffer [4096]byte
	if !f.urlBytes(url, true, unsafe.Pointer(&buffer[0]), len(buffer)) {
		return ""
	}
	return filepath.Clean(untilZero(buffer[:]))
}

func (f *finder) display(item uintptr) string {
	name := f.itemName(item)
	if name == 0 {
		return ""
	}
	defer f.release(name)
	var buffer [1024]byte
	if !f.textBytes(name, unsafe.Pointer(&buffer[0]), len(buffer), utf8Encoding) {
		return ""
	}
	return untilZero(buffer[:])
}

func (f *finder) text(s string) uintptr {
	b := []byte(s)
	defer runtime.KeepAlive(b)
	return f.newText(0, unsafe.Pointer(unsafe.SliceData(b)), len(b), utf8Encoding, false)
}

func (f *finder) url(path string) uintptr {
	b := []byte(path)
	defer runtime.KeepAlive(b)
	return f.newURL(0, unsafe.Pointer(unsafe.SliceData(b)), len(b), true)
}

func untilZero(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

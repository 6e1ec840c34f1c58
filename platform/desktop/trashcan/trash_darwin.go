package trashcan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

const foundation = "/System/Library/Frameworks/Foundation.framework/Foundation"

// move calls -[NSFileManager trashItemAtURL:resultingItemURL:error:], which never deletes instead, and looks that the file is where
// the system says it put it.
func move(path string, before fs.FileInfo) error {
	if _, err := purego.Dlopen(foundation, purego.RTLD_LAZY|purego.RTLD_GLOBAL); err != nil {
		return fmt.Errorf("load Foundation: %w", err)
	}
	runtime.LockOSThread() // an autorelease pool belongs to its thread
	defer runtime.UnlockOSThread()
	pool := object("NSAutoreleasePool").Send(selector("new"))
	defer pool.Send(selector("drain"))

	to, err := trash(path)
	if err != nil {
		return err
	}
	after, err := os.Lstat(to)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotProven, err)
	}
	if !os.SameFile(before, after) {
		return fmt.Errorf("%w: %s is another file", ErrNotProven, to)
	}
	return nil
}

// trash returns where the file is now.
func trash(path string) (string, error) {
	var result, failure objc.ID
	manager := object("NSFileManager").Send(selector("defaultManager"))
	moved := objc.Send[bool](manager, selector("trashItemAtURL:resultingItemURL:error:"), fileURL(path),
		unsafe.Pointer(&result), unsafe.Pointer(&failure))
	runtime.KeepAlive(&result)
	runtime.KeepAlive(&failure)
	if !moved {
		return "", explain(failure)
	}
	if result == 0 {
		return "", ErrNotProven
	}
	return goString(result.Send(selector("path"))), nil
}

// noTrash is NSFeatureUnsupportedError: the volume has no bin.
const noTrash = 3328

func explain(failure objc.ID) error {
	if failure == 0 {
		return errors.New("the system refused without a reason")
	}
	err := errors.New(goString(failure.Send(selector("localizedDescription"))))
	if objc.Send[int](failure, selector("code")) == noTrash {
		return fmt.Errorf("%w: %w", ErrNoBin, err)
	}
	return err
}

// fileURL hands over the path's bytes as they are, so that no Unicode form is changed on the way.
func fileURL(path string) objc.ID {
	bytes := append([]byte(path), 0)
	url := object("NSURL").Send(selector("fileURLWithFileSystemRepresentation:isDirectory:relativeToURL:"),
		unsafe.Pointer(&bytes[0]), false, objc.ID(0))
	runtime.KeepAlive(bytes)
	return url
}

func goString(text objc.ID) string {
	if text == 0 {
		return ""
	}
	return objc.Send[string](text, selector("UTF8String"))
}

func object(class string) objc.ID   { return objc.ID(objc.GetClass(class)) }
func selector(name string) objc.SEL { return objc.RegisterName(name) }

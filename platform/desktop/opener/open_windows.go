package opener

import (
	"context"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// reveal starts the Explorer. Its command line is its own affair: it takes one word that begins with /select, and a quoted path. A path
// cannot hold a quote.
func reveal(ctx context.Context, path string) error {
	if strings.ContainsAny(path, "\"\x00") {
		return windows.ERROR_INVALID_NAME
	}
	dir, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(dir, "explorer.exe"))
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: explorerLine(path)}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release() // its exit code says nothing
}

func explorerLine(path string) string { return `explorer.exe /select,"` + path + `"` }

func open(ctx context.Context, path string) error { return shellExecute(ctx, path) }

func openLink(ctx context.Context, link string) error { return shellExecute(ctx, link) }

// shellExecute opens with what the user has for it. The shell may ask the user first, so it is not waited for beyond ctx.
func shellExecute(ctx context.Context, what string) error {
	name, err := windows.UTF16PtrFromString(what)
	if err != nil {
		return err
	}
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED|windows.COINIT_DISABLE_OLE1DDE); err == nil {
			defer windows.CoUninitialize()
		}
		ended <- windows.ShellExecute(0, verb, name, nil, nil, windows.SW_SHOWNORMAL)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

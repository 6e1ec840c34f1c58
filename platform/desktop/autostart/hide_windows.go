package autostart

import "golang.org/x/sys/windows"

// Hide lets a program that was started at sign-in run without the window that Windows opens for programs of the command line.
func Hide() {
	_, _, _ = windows.NewLazySystemDLL("kernel32.dll").NewProc("FreeConsole").Call() // it fails when there is none
}

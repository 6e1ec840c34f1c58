//go:build !windows

package autostart

// Hide does nothing: only Windows opens a window for a program of the command line.
func Hide() {}

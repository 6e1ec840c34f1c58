// Package tray tells whether the desktop shows icons of programs that go on without a window. Drawing the icon is the window's business.
//
// Read tray.go, then tray_linux.go; Windows and macOS always have a place for them.
package tray

import (
	"context"
	"time"
)

// patience is how long the desktop may take to answer.
const patience = 2 * time.Second

// Possible tells whether this session can have a tray at all, now or later.
func Possible(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return possible(ctx)
}

// Shown tells whether somebody would see an icon now. A desktop that does not answer shows none.
func Shown(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return shown(ctx)
}

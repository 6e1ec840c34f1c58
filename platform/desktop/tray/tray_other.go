//go:build !linux

package tray

import "context"

func possible(context.Context) bool { return true }

func shown(context.Context) bool { return true }

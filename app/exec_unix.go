//go:build unix

package app

// noExec: disks of this system keep the execute bit.
const noExec = false

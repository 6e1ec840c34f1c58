//go:build !linux && !darwin

package keychain

// lockedError: Windows unlocks its Credential Manager with the session.
func lockedError(error) bool { return false }

func systemLocked() bool { return false }

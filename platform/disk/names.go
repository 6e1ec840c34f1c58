package disk

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// maxName is the length that no common file system goes beyond: bytes on Unix, UTF-16 units on Windows.
const maxName = 255

// UnixName returns nil, or why Linux and macOS cannot hold an entry of that name. limit is the disk's longest name in bytes.
func UnixName(name string, limit int) error {
	switch {
	case name == "":
		return errors.New("is empty")
	case name == "." || name == "..":
		return fmt.Errorf("%q means a folder itself", name)
	case strings.IndexByte(name, 0) >= 0:
		return errors.New("contains a NUL character")
	case strings.IndexByte(name, '/') >= 0:
		return errors.New(`contains "/"`)
	case len(name) > limit:
		return fmt.Errorf("is longer than %d bytes", limit)
	}
	return nil
}

// WindowsName returns nil, or why Windows (and disks made for it: FAT, exFAT, NTFS) cannot hold an entry of that name. Windows itself
// accepts some of these and stores something else: "a:b" becomes a hidden stream, "a." becomes "a".
func WindowsName(name string) error {
	if name == "" {
		return errors.New("is empty")
	}
	for _, c := range name {
		if c < 0x20 {
			return fmt.Errorf("contains the control character %#02x", c)
		}
		if strings.ContainsRune(`<>:"/\|?*`, c) {
			return fmt.Errorf("contains %q", string(c))
		}
	}
	if last := name[len(name)-1]; last == '.' || last == ' ' {
		return fmt.Errorf("ends with %q", string(last))
	}
	if reservedOnWindows(name) {
		return errors.New("is reserved on Windows")
	}
	if len(name) > maxName && len(utf16.Encode([]rune(name))) > maxName {
		return fmt.Errorf("is longer than %d characters", maxName)
	}
	return nil
}

// reservedOnWindows tells device names, which stay devices with any extension ("nul.txt") and with spaces before it.
func reservedOnWindows(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	digit, isPort := strings.CutPrefix(base, "COM")
	if !isPort {
		digit, isPort = strings.CutPrefix(base, "LPT")
	}
	return isPort && strings.Contains("1 2 3 4 5 6 7 8 9 ¹ ² ³", digit) && digit != "" && digit != " "
}

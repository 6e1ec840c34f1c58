//go:build linux || darwin

package disk

// notInElements are the characters that would end or change a path element.
const notInElements = "\x00"

// Package fileuri writes paths as file: addresses and reads them back, as the desktops of Linux exchange them.
package fileuri

import (
	"net/url"
	"path"
	"strings"
)

// Of returns the address of an absolute path. Every byte of the path survives, whatever its encoding; the address itself is ASCII
// without spaces and line ends.
func Of(path string) string {
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Path returns the path that an address stands for, cleaned; ok is false for what is no file of this computer.
func Path(address string) (file string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(u.Scheme, "file") || u.Opaque != "" {
		return "", false
	}
	if u.Host != "" && u.Host != "localhost" || !strings.HasPrefix(u.Path, "/") {
		return "", false
	}
	return path.Clean(u.Path), true
}

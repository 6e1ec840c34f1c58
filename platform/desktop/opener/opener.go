// Package opener shows files in the system's file manager, and opens files, folders and links with what the user has for them. Paths and
// links are handed over as data: no shell and no script ever reads them.
//
// Read opener.go, then open_linux.go, open_windows.go, open_darwin.go.
package opener

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// patience is how long the system may take to answer; programs that it starts go on.
const patience = 10 * time.Second

// ErrLink means that an address is not one that we open.
var ErrLink = errors.New("this is not a link that can be opened")

// Reveal opens the folder that a file or folder lies in, and marks it there where the system can.
func Reveal(ctx context.Context, path string) error {
	return onPath(ctx, "show", path, reveal)
}

// Open opens a file, or a folder in the file manager.
func Open(ctx context.Context, path string) error {
	return onPath(ctx, "open", path, open)
}

// onPath calls do with a path that is there.
func onPath(ctx context.Context, what, path string, do func(context.Context, string) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	abs, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Lstat(abs)
	}
	if err == nil {
		err = do(ctx, abs)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, path, err)
	}
	return nil
}

// Link opens a link in the user's browser: https, or one of our own, whose scheme is own. Everything else is refused with ErrLink.
func Link(ctx context.Context, link, own string) error {
	if err := checkLink(link, own); err != nil {
		return fmt.Errorf("open a link: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := openLink(ctx, link); err != nil {
		return fmt.Errorf("open a link: %w", err)
	}
	return nil
}

// longestLink is what every browser takes.
const longestLink = 8 << 10

func checkLink(link, own string) error {
	if len(link) > longestLink || strings.ContainsFunc(link, strange) {
		return ErrLink
	}
	u, err := url.Parse(link)
	if err != nil || u.Opaque != "" || u.Host == "" || u.User != nil {
		return ErrLink
	}
	if u.Scheme != "https" && (own == "" || u.Scheme != own) {
		return fmt.Errorf("%w: %q", ErrLink, u.Scheme)
	}
	return nil
}

// strange characters have no place in a link: blanks, quotes and everything that is not ASCII must come encoded.
func strange(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsGraphic(r) || strings.ContainsRune(" \"'<>\\^`{|}", r)
}

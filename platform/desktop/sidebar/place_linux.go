package sidebar

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elkjopcloud/platform/desktop/listfile"
	"elkjopcloud/platform/desktop/ospaths"
)

func systemPlaces() []place { return []place{gtk{}, kde{}} }

// gtk is the bookmarks of GTK 3 and 4, which GNOME's file manager and most others show too.
type gtk struct{}

func (gtk) name() string { return "gtk" }

func (gtk) byHand(Entry) string {
	return "Open the folder in your file manager and press Ctrl+D, or drag it into the sidebar."
}

func (gtk) look(_ context.Context, e Entry) (presence, error) {
	file, err := gtkFile()
	if err != nil {
		return absent, err
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return absent, err
	}
	b, ok := findBookmark(content, filepath.Clean(e.Path))
	switch {
	case !ok:
		return absent, nil
	case b.label == e.Name:
		return ours, nil
	}
	return foreign, nil
}

// add makes the file when GTK has been here or there is a desktop; a server has nobody to show it to.
func (gtk) add(ctx context.Context, e Entry) error {
	file, err := gtkFile()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(file)); err != nil && !desktop() {
		return fmt.Errorf("there is no desktop here: %w", errors.ErrUnsupported)
	}
	return listfile.Edit(ctx, file, func(old []byte) ([]byte, error) { return addBookmark(old, e), nil })
}

func (gtk) move(ctx context.Context, from, to Entry) error {
	return gtkEdit(ctx, func(old []byte) []byte { return moveBookmark(old, filepath.Clean(from.Path), to) })
}

func (gtk) remove(ctx context.Context, e Entry) error {
	return gtkEdit(ctx, func(old []byte) []byte { return removeBookmark(old, filepath.Clean(e.Path)) })
}

func gtkEdit(ctx context.Context, change func([]byte) []byte) error {
	file, err := gtkFile()
	if err != nil {
		return err
	}
	return listfile.Edit(ctx, file, func(old []byte) ([]byte, error) { return change(old), nil })
}

func gtkFile() (string, error) {
	paths, err := ospaths.For("gtk-3.0")
	return filepath.Join(paths.Config, "bookmarks"), err
}

// kde is the places of KDE's file manager and file choosers.
type kde struct{}

func (kde) name() string { return "kde" }

func (kde) byHand(Entry) string {
	return "Open the folder in Dolphin, and choose Add to Places in the menu of the right mouse button."
}

func (kde) look(_ context.Context, e Entry) (presence, error) {
	file, err := kdeFile()
	if err != nil {
		return absent, err
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(content) == 0 {
		return empty, nil
	}
	if err != nil {
		return absent, err
	}
	all, err := parsePlaces(content)
	if err != nil {
		return absent, err
	}
	place, ok := all.find(filepath.Clean(e.Path))
	switch {
	case !ok:
		return absent, nil
	case place.hidden:
		return hidden, nil
	case place.title == e.Name:
		return ours, nil
	}
	return foreign, nil
}

// add makes the file only where the desktop is KDE's.
func (kde) add(ctx context.Context, e Entry) error {
	file, err := kdeFile()
	if err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil && !slices.Contains(strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"), "KDE") {
		return fmt.Errorf("this desktop is not KDE: %w", errors.ErrUnsupported)
	}
	return kdeEdit(ctx, func(all kdePlaces) []byte { return all.add(e) })
}

func (kde) move(ctx context.Context, from, to Entry) error {
	return kdeEdit(ctx, func(all kdePlaces) []byte { return all.move(filepath.Clean(from.Path), to) })
}

func (kde) remove(ctx context.Context, e Entry) error {
	return kdeEdit(ctx, func(all kdePlaces) []byte { return all.remove(filepath.Clean(e.Path)) })
}

func kdeEdit(ctx context.Context, change func(kdePlaces) []byte) error {
	file, err := kdeFile()
	if err != nil {
		return err
	}
	return listfile.Edit(ctx, file, func(old []byte) ([]byte, error) {
		if len(old) == 0 {
			old = []byte(emptyPlaces)
		}
		all, err := parsePlaces(old)
		if err != nil {
			return nil, err
		}
		return change(all), nil
	})
}

func kdeFile() (string, error) {
	paths, err := ospaths.For("user-places.xbel")
	return paths.Data, err
}

// desktop tells whether somebody sits in front of this session.
func desktop() bool {
	for _, name := range []string{"XDG_CURRENT_DESKTOP", "DISPLAY", "WAYLAND_DISPLAY"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}

// Package ospaths tells where the system wants a program to keep its files.
package ospaths

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/adrg/xdg"
)

// Paths are the folders of one program, absolute; they need not exist yet.
type Paths struct {
	Config string // settings that a user may edit or copy to another computer
	Data   string // what must not be lost: databases, the device's identity
	Cache  string // what may be deleted at any time
}

// For returns the folders of a program for this computer's user: on Linux below ~/.config, ~/.local/share and ~/.cache or where the
// XDG variables point, on macOS below ~/Library, on Windows below the local application data. name becomes the folder's name.
func For(name string) (Paths, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Paths{}, fmt.Errorf("find the user's home folder: %w", err)
	}
	if !filepath.IsAbs(home) {
		return Paths{}, fmt.Errorf("find the user's home folder: %q is not a full path", home)
	}
	xdg.Reload() // the environment of now, not of the program's start
	return Paths{
		Config: filepath.Join(xdg.ConfigHome, name),
		Data:   filepath.Join(xdg.DataHome, name),
		Cache:  filepath.Join(xdg.CacheHome, name),
	}, nil
}

// In returns folders below one home folder, so that a computer can play several devices. home is made absolute.
func In(home string) (Paths, error) {
	absolute, err := filepath.Abs(home)
	if err != nil {
		return Paths{}, fmt.Errorf("find home folder %s: %w", home, err)
	}
	return Paths{
		Config: absolute,
		Data:   absolute,
		Cache:  filepath.Join(absolute, "cache"),
	}, nil
}

// Make creates the folders, readable by this user alone.
func (p Paths) Make() error {
	for _, dir := range []string{p.Config, p.Data, p.Cache} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make %s: %w", dir, err)
		}
	}
	return nil
}

// UserFolder is one of the folders that the system makes for a user's files.
type UserFolder struct {
	Kind string // "desktop", "documents", "pictures", "music" or "videos"
	Path string
}

// UserFolders returns the user's own folders as the system names them; the home itself, which some systems name for what is switched
// off, is not among them. They need not exist.
func UserFolders() []UserFolder {
	xdg.Reload()
	d := xdg.UserDirs
	all := []UserFolder{{"desktop", d.Desktop}, {"documents", d.Documents}, {"pictures", d.Pictures}, {"music", d.Music}, {"videos", d.Videos}}
	return slices.DeleteFunc(all, func(f UserFolder) bool { return f.Path == "" || filepath.Clean(f.Path) == filepath.Clean(xdg.Home) })
}

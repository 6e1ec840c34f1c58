// Package config keeps what a person has chosen in one file of the home directory: TOML that a person can read, written whole or not at
// all, readable by its owner alone, without secrets.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pelletier/go-toml/v2"

	"elkjopcloud/platform/disk"
)

// Name is the file's name in the home directory.
const Name = "settings.toml"

// Format is the newest format that this package reads, and the one that it writes.
const Format = 1

// ErrNewer means that a newer version of the program wrote the file; it was not touched.
var ErrNewer = errors.New("the settings were written by a newer version of this program")

// ErrDamaged means that the file is no settings; it was not touched.
var ErrDamaged = errors.New("the settings are damaged")

// Settings are everything that was chosen on this computer. The zero value is a computer that is not set up.
type Settings struct {
	Format      int       `toml:"format"`
	DeviceID    string    `toml:"device_id,omitempty"`   // 16 hexadecimal digits, random, made once
	DeviceName  string    `toml:"device_name,omitempty"` // as its user knows it
	Paused      bool      `toml:"paused,omitempty"`
	PausedUntil time.Time `toml:"paused_until,omitzero"` // zero while Paused: until somebody resumes
	Sidebar     *bool     `toml:"sidebar,omitempty"`     // false: the Synced folder is not to be in the sidebar of the file manager
	Links       *bool     `toml:"links,omitempty"`       // false: links are not to open the program
	// Run pauses on a metered network and on battery, unless these say that it works there, too.
	WorkOnMetered bool     `toml:"work_on_metered,omitempty"`
	WorkOnBattery bool     `toml:"work_on_battery,omitempty"`
	Speed         Speed    `toml:"speed,omitzero"`
	Storage       Storage  `toml:"storage"`
	Synced        *Synced  `toml:"synced,omitempty"`
	Pinned        *Pinned  `toml:"pinned,omitempty"`
	Backups       []Backup `toml:"backups,omitempty"`
	Former        []Backup `toml:"former_backups,omitempty"` // folders that are not backed up any more, to go on where they were
}

// Speed says how fast files are sent and brought.
type Speed struct {
	Up   int64    `toml:"up,omitempty"`   // bytes a second; 0: no limit
	Down int64    `toml:"down,omitempty"` // the same
	Pace string   `toml:"pace,omitempty"` // "gentle", "fast"; "" is what is usual
	Week []string `toml:"week,omitempty"` // seven days from Monday, 24 letters each: Full speed, within the Limits, Nothing; empty: always within the limits
}

// Kinds of storage.
const (
	Folder = "folder"
	S3     = "s3"
)

// Storage says where the space is. Kind "" is none.
type Storage struct {
	Kind        string `toml:"kind,omitempty"`
	Dir         string `toml:"dir,omitempty"` // Folder
	Endpoint    string `toml:"endpoint,omitempty"`
	Bucket      string `toml:"bucket,omitempty"`
	Prefix      string `toml:"prefix,omitempty"`
	Region      string `toml:"region,omitempty"`
	CA          string `toml:"ca,omitempty"`          // a file of certificates
	Credentials string `toml:"credentials,omitempty"` // where the secret is: one of the words below
	AccessKey   string `toml:"access_key,omitempty"`  // but with InEnvironment
	Proxy       string `toml:"proxy,omitempty"`       // "" and "system": the system's; "none"; or an address
	ProxyUser   string `toml:"proxy_user,omitempty"`  // whose password is in the system's keyring
}

// Where the secret of a storage is.
const (
	InEnvironment = "env"     // read at each start
	InKeyring     = "keyring" // of the system
	InFile        = "file"    // encrypted under a passphrase, because the user chose so
	InSession     = "session" // nowhere: it is given at each start
)

// Synced is the folder that goes both ways.
type Synced struct {
	Root     string `toml:"root"`
	Marker   string `toml:"marker"` // what the folder is marked with
	VolumeID string `toml:"volume_id,omitempty"`
	Place    string `toml:"place,omitempty"` // as Backup's
	// KeptBoth are the conflict copies that stay beside their originals because somebody chose so.
	KeptBoth []string `toml:"kept_both,omitempty"`
	// Off are the folders that are not on this computer, by their nodes.
	Off []string `toml:"off,omitempty"`
}

// Pinned is what is known of the sidebar: where the Synced folder was put, and where its user took it away.
type Pinned struct {
	Root   string            `toml:"root"`
	Places map[string]string `toml:"places,omitempty"`
}

// Backup is one folder that goes up.
type Backup struct {
	Name         string   `toml:"name"`
	Root         string   `toml:"root"`
	VolumePrefix string   `toml:"volume"`
	Skip         []string `toml:"skip,omitempty"`
	Paused       bool     `toml:"paused,omitempty"`
	Every        string   `toml:"every,omitempty"`     // "hour" or "day"; "" is at once
	VolumeID     string   `toml:"volume_id,omitempty"` // of the drive that it lies on
	Place        string   `toml:"place,omitempty"`     // where on that drive, '/'-separated, "." for its top; "" when not known
}

// Load reads the settings of a home directory; the zero value when there are none yet.
func Load(home string) (Settings, error) {
	b, err := os.ReadFile(filepath.Join(home, Name))
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	var s Settings
	if err := toml.Unmarshal(b, &s); err != nil {
		return Settings{}, fmt.Errorf("read the settings: %w: %w", ErrDamaged, err)
	}
	if s.Format > Format {
		return Settings{}, fmt.Errorf("read the settings: %w", ErrNewer)
	}
	return s, nil
}

// Save replaces the settings of a home directory.
func Save(home string, s Settings) error {
	b, err := Encode(s)
	if err == nil {
		err = disk.WriteFileAtomic(filepath.Join(home, Name), b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	return nil
}

// Encode returns settings as they stand in the file.
func Encode(s Settings) ([]byte, error) {
	s.Format = Format
	var b bytes.Buffer
	b.WriteString("# Elkjøp Cloud's settings on this computer. Passwords and keys are not in this file.\n\n")
	err := toml.NewEncoder(&b).Encode(s)
	return b.Bytes(), err
}

// Clone returns settings that share nothing with s.
func (s Settings) Clone() Settings {
	if s.Synced != nil {
		c := *s.Synced
		c.KeptBoth, c.Off = slices.Clone(c.KeptBoth), slices.Clone(c.Off)
		s.Synced = &c
	}
	if s.Sidebar != nil {
		shown := *s.Sidebar
		s.Sidebar = &shown
	}
	if s.Links != nil {
		open := *s.Links
		s.Links = &open
	}
	if s.Pinned != nil {
		s.Pinned = &Pinned{Root: s.Pinned.Root, Places: maps.Clone(s.Pinned.Places)}
	}
	s.Speed.Week = slices.Clone(s.Speed.Week)
	s.Backups = clone(s.Backups)
	s.Former = clone(s.Former)
	return s
}

func clone(all []Backup) []Backup {
	var out []Backup
	for _, b := range all {
		b.Skip = append([]string(nil), b.Skip...)
		out = append(out, b)
	}
	return out
}

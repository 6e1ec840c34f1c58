package layout

import (
	"errors"
	"strings"
	"unicode/utf8"

	"elkjopcloud/sync/tree"
)

// Area is what kind of volume one is; it is the first segment of the volume's keys.
type Area string

// The areas.
const (
	Backup  Area = "Backup"
	Synced  Area = "Synced"
	Archive Area = "Archive"
	Shared  Area = "Shared" // in a bucket of its own
)

// Volume names one tree in a space. Device and Folder are names as people read them; they are empty except in Backup. Two volumes are the
// same when the values are equal; make those in Backup with NewBackup.
type Volume struct {
	Area   Area
	Device string
	Folder string
}

// maxVolume is the longest escaped name of a device or a folder in a volume's prefix: it leaves room for the paths.
const maxVolume = 100

// NewBackup returns the volume of one backed-up folder. Names are composed, and cut with a hash when they are long, so that the prefix spells
// the value and no two values share a prefix.
func NewBackup(device, folder string) (Volume, error) {
	if device == "" || folder == "" {
		return Volume{}, errors.New("a backup needs the name of its device and of its folder")
	}
	return Volume{Backup, volumeName(device), volumeName(folder)}, nil
}

func volumeName(name string) string {
	name = tree.NFC(strings.ToValidUTF8(name, "-"))
	if len(escape(name)) <= maxVolume {
		return name
	}
	short := name
	for len(escape(short)) > maxVolume-17 {
		_, size := utf8.DecodeLastRuneInString(short)
		short = short[:len(short)-size]
	}
	return tree.NFC(short + "~" + hash(name))
}

// Prefix returns the volume's prefix, without a slash at its end.
func (v Volume) Prefix() string {
	if v.Area == Backup {
		return string(Backup) + "/" + escape(v.Device) + "/" + escape(v.Folder)
	}
	return string(v.Area)
}

// String is how people read it: "Synced", "Backup/Kari's PC/Documents".
func (v Volume) String() string {
	if v.Area == Backup {
		return string(Backup) + "/" + v.Device + "/" + v.Folder
	}
	return string(v.Area)
}

// Key makes a key relative to the volume whole.
func (v Volume) Key(rel string) string { return v.Prefix() + "/" + rel }

// Rel returns the key relative to the volume, if it lies in it.
func (v Volume) Rel(key string) (string, bool) {
	rel, ok := strings.CutPrefix(key, v.Prefix()+"/")
	return rel, ok && rel != ""
}

// Same tells whether the two volumes' names are one for a store that ignores case, such as a folder on many disks. A new volume takes
// a name that is not the Same as another's; see Distinct.
func (v Volume) Same(w Volume) bool {
	return v.Area == w.Area && tree.Fold(v.Device) == tree.Fold(w.Device) && tree.Fold(v.Folder) == tree.Fold(w.Folder)
}

// Distinct returns v, its folder renamed to "name (2)", "name (3)" … until it is the Same as none that is taken.
func (v Volume) Distinct(taken []Volume) Volume {
	out := v
	for n := 2; sameAsAny(out, taken); n++ {
		out.Folder = volumeName(v.Folder + " (" + itoa(n) + ")")
	}
	return out
}

func sameAsAny(v Volume, taken []Volume) bool {
	for _, t := range taken {
		if v.Same(t) {
			return true
		}
	}
	return false
}

// ParseVolume reads what Prefix wrote, and nothing else.
func ParseVolume(prefix string) (Volume, bool) {
	switch Area(prefix) {
	case Synced, Archive, Shared:
		return Volume{Area: Area(prefix)}, true
	}
	p := strings.Split(prefix, "/")
	if len(p) != 3 || Area(p[0]) != Backup {
		return Volume{}, false
	}
	device, err1 := unescape(p[1])
	folder, err2 := unescape(p[2])
	if err1 != nil || err2 != nil {
		return Volume{}, false
	}
	v, err := NewBackup(device, folder)
	return v, err == nil && v.Prefix() == prefix
}

// VolumeOf returns the volume that a key lies in.
func VolumeOf(key string) (Volume, bool) {
	p := strings.Split(key, "/")
	n := 1
	if Area(p[0]) == Backup {
		n = 3
	}
	if len(p) <= n {
		return Volume{}, false
	}
	return ParseVolume(strings.Join(p[:n], "/"))
}

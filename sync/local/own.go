package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/tree"
)

// Our own folder inside the root of a pair that is written to. Everything is on the same disk as the user's files, so that a rename puts it
// in place.
const (
	Own    = ".elkjop"
	marker = Own + "/folder.json" // whose root this is
	stage  = Own + "/incoming"    // files on their way from the cloud
	swap   = Own + "/replaced"    // what was replaced, until Base knows
	kept   = Own + "/kept"        // what others removed, by day
)

// ErrNotOurs means that the folder carries no marker of this pair: the drive is not there, or the folder was replaced.
var ErrNotOurs = errors.New("this is not the folder that was chosen")

type markerFile struct {
	Pair string `json:"pair"`
	Note string `json:"note"`
}

// Claim marks the root as that of a pair.
func Claim(f disk.FS, pair string) error {
	if err := mkdirAll(f, Own); err != nil {
		return err
	}
	b, err := json.Marshal(markerFile{pair, "Elkjøp Cloud keeps its own files here. Please leave this folder where it is."})
	if err != nil {
		return err
	}
	if err := f.Remove(marker); err != nil && !disk.IsNotExist(err) {
		return err
	}
	if err := writeNew(f, marker, b); err != nil {
		return fmt.Errorf("mark the folder: %w", err)
	}
	return errors.Join(f.SyncDir(Own), f.SyncDir(""))
}

func writeNew(f disk.FS, path string, b []byte) error {
	w, err := f.Create(path)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return errors.Join(err, w.Sync(), w.Close())
}

// Claimed returns the pair whose root this is; ErrNotOurs when there is no marker.
func Claimed(f disk.FS) (string, error) {
	b, err := readSmall(f, marker)
	if disk.IsNotExist(err) {
		return "", ErrNotOurs
	}
	if err != nil {
		return "", err
	}
	var m markerFile
	if json.Unmarshal([]byte(b), &m) != nil || m.Pair == "" {
		return "", ErrNotOurs
	}
	return m.Pair, nil
}

func mkdirAll(f disk.FS, path string) error {
	if path == "" {
		return nil
	}
	err := f.Mkdir(path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if !disk.IsNotExist(err) {
		return err
	}
	dir, _ := tree.Split(path)
	if err := mkdirAll(f, dir); err != nil {
		return err
	}
	if err := f.Mkdir(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

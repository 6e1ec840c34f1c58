package dirstore

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
)

// sidecar is an object's metadata file. It is written before the object is, so for a moment it describes both the object that
// is coming and the one that is there; size and modification time tell which record belongs to the file that one sees.
type sidecar struct {
	Records []record `json:"records"` // the newest first
}

type record struct {
	Size  int64             `json:"size"`
	Mtime int64             `json:"mtime"` // nanoseconds
	Meta  map[string]string `json:"meta,omitempty"`
}

func (r record) is(info fs.FileInfo) bool {
	return r.Size == info.Size() && r.Mtime == info.ModTime().UnixNano()
}

func metaPath(key string) string { return path.Join(metaDir, keyPath(key)) }

// readSidecar returns an empty sidecar when there is none or it is damaged: an object never becomes unreadable by that.
func readSidecar(root *os.Root, key string) (sidecar, error) {
	name := metaPath(key)
	data, err := root.ReadFile(name)
	if notThere(err) {
		return sidecar{}, nil
	}
	if err != nil {
		if info, _ := lstat(root, name); info != nil && info.IsDir() { // of keys below this one, left by a crash
			return sidecar{}, nil
		}
		return sidecar{}, err
	}
	var s sidecar
	if json.Unmarshal(data, &s) != nil {
		return sidecar{}, nil
	}
	return s, nil
}

// find returns the metadata of the file. Some file systems change a file's time by themselves (FAT when daylight saving begins,
// network ones shortly after writing), so a record with the right size is good when none fits exactly.
func (s sidecar) find(info fs.FileInfo) (meta map[string]string, exact bool) {
	for _, r := range s.Records {
		if r.is(info) {
			return maps.Clone(r.Meta), true
		}
	}
	for _, r := range s.Records {
		if r.Size == info.Size() {
			return maps.Clone(r.Meta), false
		}
	}
	return nil, len(s.Records) == 0
}

// prepare writes the sidecar for a file that is about to replace old (nil when there is none). Nothing is written when there
// is nothing to say.
func prepare(root *os.Root, key string, next, old fs.FileInfo, meta map[string]string) error {
	before, err := readSidecar(root, key)
	if err != nil || (len(before.Records) == 0 && len(meta) == 0) {
		return err
	}
	s := sidecar{[]record{{next.Size(), next.ModTime().UnixNano(), meta}}}
	if old != nil {
		oldMeta, _ := before.find(old)
		s.Records = append(s.Records, record{old.Size(), old.ModTime().UnixNano(), oldMeta})
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return writeSidecar(root, metaPath(key), data)
}

// writeSidecar requires that the object's folder exists and that no folder is in the object's place.
func writeSidecar(root *os.Root, name string, data []byte) error {
	if err := clearWay(root, name); err != nil {
		return err
	}
	if err := mkdirs(root, path.Dir(name)); err != nil {
		return err
	}
	tmp, err := writeTemp(root, data)
	if err != nil {
		return err
	}
	if err := rename(root, tmp, name); err != nil {
		_ = root.Remove(tmp) // the next Open clears it otherwise
		return err
	}
	return syncDir(root, path.Dir(name))
}

// clearWay removes what a crash left of objects that were in the way of this one and are gone: a folder in the place of its
// metadata file, or files in the place of the folders above it.
func clearWay(root *os.Root, name string) error {
	if info, err := lstat(root, name); err != nil {
		return err
	} else if info != nil && info.IsDir() {
		return root.RemoveAll(name)
	}
	for dir := path.Dir(name); dir != metaDir; dir = path.Dir(dir) {
		info, err := lstat(root, dir)
		switch {
		case err != nil:
			return err
		case info != nil && info.IsDir():
			return nil
		case info != nil:
			return root.Remove(dir)
		}
	}
	return nil
}

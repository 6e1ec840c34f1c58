package simtest

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"elkjopcloud/sync/local"
)

var (
	fileNames   = []string{"a", "b", "A", "é.txt", "é.txt", "doc.tar.gz", ".env"}
	plainNames  = []string{"a", "b", "c", "é.txt", "doc.tar.gz", ".env"}
	folderNames = []string{"d", "e", "D", "Sub"}
)

// names are what files may be called. Nothing is in conflict where nobody else is, but for names that some disks take for one.
func (d *device) names() []string {
	if d.w.opt.Alone {
		return plainNames
	}
	return fileNames
}

// person does one thing at the device. What it does is durable at once; what a power cut takes from people is no program's doing.
func (d *device) person() {
	if d.pulled || d.w.opt.Alone && d.id != 0 {
		return
	}
	before := d.contents()
	defer func() { d.vanished(before) }()
	if d.w.p(0.5) {
		d.disk.Settle()
		d.loose = map[string]bool{}
	}
	files, folders := d.list()
	dir := folders[d.w.rng.IntN(len(folders))]
	switch r := d.w.rng.IntN(100); {
	case d.w.opt.Packed && r < 10:
		d.unpack(dir)
	case d.w.opt.Packed && r < 15:
		d.clear(files)
	case r < 30:
		d.writeTo(join(dir, pick(d, d.names())))
	case r < 50 && len(files) > 0:
		d.edit(pick(d, files))
	case r < 60:
		d.mkdir(join(dir, pick(d, folderNames)))
	case r < 75 && len(files) > 0:
		d.move(pick(d, files), join(dir, pick(d, d.names())))
	case r < 82 && len(folders) > 1:
		d.moveFolder(folders[1+d.w.rng.IntN(len(folders)-1)], join(dir, pick(d, folderNames)))
	case r < 87 && len(files) > 1:
		d.swap(pick(d, files), pick(d, files))
	case r < 96 && len(files) > 0:
		d.remove(pick(d, files))
	case len(folders) > 1:
		d.remove(folders[1+d.w.rng.IntN(len(folders)-1)])
	}
}

// unpack makes several small files in a folder.
func (d *device) unpack(dir string) {
	for i := range 2 + d.w.rng.IntN(5) {
		d.writeTo(join(dir, fmt.Sprintf("p%d", i)))
	}
}

// clear removes several files.
func (d *device) clear(files []string) {
	for range min(len(files), 1+d.w.rng.IntN(6)) {
		i := d.w.rng.IntN(len(files))
		d.remove(files[i])
		files = slices.Delete(files, i, i+1)
	}
}

// contents counts what the person's files hold.
func (d *device) contents() map[string]int {
	out := map[string]int{}
	for p, c := range d.disk.Tree() {
		if !strings.HasPrefix(p, local.Own) && !strings.HasSuffix(p, "/") {
			out[c]++
		}
	}
	return out
}

// vanished notes what the person has overwritten or deleted, if only one of several files that hold the same.
func (d *device) vanished(before map[string]int) {
	after := d.contents()
	for c, n := range before {
		if after[c] < n {
			d.w.seen.take(c, d.w.now)
		}
	}
}

func pick[T any](d *device, s []T) T { return s[d.w.rng.IntN(len(s))] }

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// list returns the paths of the person's files and folders; the first folder is the root.
func (d *device) list() (files, folders []string) {
	for p := range d.disk.Tree() {
		if strings.HasPrefix(p, local.Own) {
			continue
		}
		if dir, ok := strings.CutSuffix(p, "/"); ok {
			folders = append(folders, dir)
		} else {
			files = append(files, p)
		}
	}
	sort.Strings(files)
	folders = slices.DeleteFunc(folders, func(s string) bool { return s == "" })
	sort.Strings(folders)
	return files, append([]string{""}, folders...)
}

func (d *device) fresh() string {
	if d.w.p(0.1) {
		return "the same everywhere"
	}
	return fmt.Sprintf("content %d of %s", d.w.next(), d.name)
}

// did notes what a person did and wrote.
func (d *device) did(what string, wrote string) {
	d.w.log("person at device %d: %s", d.id, what)
	if wrote != "" {
		d.w.seen.write(wrote)
		d.loose[wrote] = true
	}
}

func (d *device) writeTo(path string) {
	c := d.fresh()
	if d.disk.WriteFile(path, c) == nil {
		d.did("write "+path+" "+c, c)
	}
}

func (d *device) edit(path string) {
	c := d.fresh()
	save := d.disk.WriteFile
	switch d.w.rng.IntN(4) {
	case 0:
		save = d.disk.SaveFile
	case 1:
		// Between a rename and the look after it, only the change time would tell, and the rename has changed that itself.
		if !d.faults.inside {
			save = d.disk.EditKeepingMtime
		}
	}
	if save(path, c) == nil {
		d.did("edit "+path+" "+c, c)
	}
}

func (d *device) mkdir(path string) {
	if d.disk.MkdirAll(path) == nil {
		d.did("mkdir "+path, "")
	}
}

// move renames a file; what had the name before is overwritten.
func (d *device) move(from, to string) {
	if d.disk.Move(from, to) == nil {
		d.did("move "+from+" to "+to, "")
	}
}

func (d *device) moveFolder(from, to string) {
	if to == from || strings.HasPrefix(to, from+"/") {
		return
	}
	if _, err := d.disk.Stat(to); err == nil {
		return
	}
	if d.disk.Move(from, to) == nil {
		d.did("move folder "+from+" to "+to, "")
	}
}

func (d *device) swap(a, b string) {
	if a == b {
		return
	}
	const t = "swapping"
	if _, err := d.disk.Stat(t); err == nil {
		return
	}
	if d.disk.Move(a, t) == nil && d.disk.Move(b, a) == nil && d.disk.Move(t, b) == nil {
		d.did("swap "+a+" and "+b, "")
	}
}

func (d *device) remove(path string) {
	if d.disk.RemoveAll(path) == nil {
		d.did("remove "+path, "")
	}
}

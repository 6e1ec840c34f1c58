package plan

import "testing"

func TestMatch(t *testing.T) {
	nfc, nfd := "\u00e5", "a\u030a"
	tests := []struct {
		name    string
		disk    []string
		noBirth bool
		reuse   bool
		do      func(d *simDisk)
		want    []string
	}{
		{"nothing", []string{"a=1", "d/", "d/b=2"}, false, false, func(*simDisk) {}, []string{"a < a", "d < d", "d/b < d/b"}},
		{"rename", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.rename("a", "b") }, []string{"b < a"}},
		{"rename without birth", []string{"a=1"}, true, false, func(d *simDisk) { _ = d.rename("a", "b") }, []string{"b < a"}},
		{"rename and edit without birth", []string{"a=1"}, true, false, func(d *simDisk) { _ = d.rename("a", "b"); d.write(d.at("b"), "other") }, []string{"b < new"}},
		{"swap", []string{"a=1", "b=2"}, false, false, func(d *simDisk) { d.swap("a", "b") }, []string{"a < b", "b < a"}},
		{"rename over", []string{"a=1", "b=2"}, false, false, func(d *simDisk) { _ = d.remove("b"); _ = d.rename("a", "b") }, []string{"b < a"}},
		{"hard link", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.link("a", "b") }, []string{"a < a", "b < new"}},
		{"one of two links renamed", []string{"a=1", "l"}, false, false, func(d *simDisk) { _ = d.rename("l", "m") }, []string{"a < a", "m < l"}},
		{"number given again", []string{"a=1"}, true, true, func(d *simDisk) { _ = d.remove("a"); _ = d.create("b", "22", false) }, []string{"b < new"}},
		{"number given again to a folder", []string{"d/"}, true, true, func(d *simDisk) { _ = d.remove("d"); _ = d.mkdir("e") }, []string{"e < new"}},
		{"vim", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.rename("a", "a~"); _ = d.create("a", "2", false); _ = d.remove("a~") }, []string{"a < a"}},
		{"gedit", []string{"a=1"}, false, false, func(d *simDisk) {
			_ = d.create(".goutputstream", "2", false)
			_ = d.remove("a")
			_ = d.rename(".goutputstream", "a")
		}, []string{"a < a"}},
		{"Word", []string{"a=1"}, false, false, func(d *simDisk) {
			_ = d.create("~new", "2", false)
			_ = d.rename("a", "~old")
			_ = d.rename("~new", "a")
			_ = d.remove("~old")
		}, []string{"a < a"}},
		{"macOS", []string{"a=1"}, false, false, func(d *simDisk) {
			_ = d.mkdir("a.sb-1")
			_ = d.create("a.sb-1/a", "2", false)
			_ = d.remove("a")
			_ = d.rename("a.sb-1/a", "a")
			_ = d.remove("a.sb-1")
		}, []string{"a < a"}},
		{"saved with the old one kept", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.rename("a", "a~"); _ = d.create("a", "2", false) }, []string{"a < new", "a~ < a"}},
		{"other spelling", []string{nfc + "=1"}, false, false, func(d *simDisk) { _ = d.remove(nfc); _ = d.create(nfd, "2", false) }, []string{nfd + " < " + nfc}},
		{"saved in other case", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.remove("a"); _ = d.create("A", "2", false) }, []string{"A < a"}},
		{"folder made again in other case", []string{"d/"}, false, false, func(d *simDisk) { _ = d.remove("d"); _ = d.mkdir("D") }, []string{"D < new"}},
		{"both spellings", []string{nfc + "=1"}, false, false, func(d *simDisk) { _ = d.create(nfd, "2", false) }, []string{nfd + " < new", nfc + " < " + nfc}},
		{"file to folder", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.remove("a"); _ = d.mkdir("a") }, []string{"a < new"}},
		{"folder to file", []string{"d/", "d/a=1"}, false, false, func(d *simDisk) { d.removeAll("d"); _ = d.create("d", "2", false) }, []string{"d < new"}},
		{"moved folder", []string{"d/", "d/a=1", "e/"}, false, false, func(d *simDisk) { _ = d.rename("d", "e/f") }, []string{"e < e", "e/f < d", "e/f/a < d/a"}},
		{"moved folder without birth", []string{"d/", "d/a=1"}, true, false, func(d *simDisk) { _ = d.rename("d", "e") }, []string{"e < new", "e/a < d/a"}},
		{"replaced folder", []string{"d/", "d/a=1"}, false, false, func(d *simDisk) { d.removeAll("d"); _ = d.mkdir("d"); _ = d.create("d/a", "2", false) }, []string{"d < d", "d/a < d/a"}},
		{"saved where another was taken from, and put aside", []string{"a=1", "b=2"}, true, false, func(d *simDisk) {
			_ = d.remove("b")
			_ = d.rename("a", "b")
			_ = d.create(parkName(1), "new", false)
		}, []string{parkName(1) + " < a", "b < b"}},
		{"put aside, and back by its user", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.create(parkName(1), "new", false) }, []string{parkName(1) + " < new", "a < a"}},
		{"folder aside, new one", []string{"d/", "d/a=1"}, false, false, func(d *simDisk) { _ = d.rename("d", "old"); _ = d.mkdir("d") }, []string{"d < new", "old < d", "old/a < d/a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, d, _ := caseWorld(t)
			d.disk.births, d.disk.reuse = !tt.noBirth, tt.reuse
			for _, s := range tt.disk {
				if s == "l" {
					_ = d.disk.link("a", "l")
					continue
				}
				fill(t, d.disk, s)
			}
			settled(t, w)
			tt.do(d.disk)
			want(t, "matches", matched(d), tt.want...)
		})
	}
}

// What was changed in place has no known hash; what was not has Base's; an empty file's is known.
func TestMatchHash(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "b=2", "c=3")
	settled(t, w)
	d.disk.write(d.disk.at("b"), "22")
	d.disk.write(d.disk.at("c"), "")
	hash := map[string]string{}
	for _, l := range d.look(false).Local.All {
		hash[l.Name] = simContent(l.Hash)
	}
	if hash["a"] != "1" || hash["b"] != "" || hash["c"] != "" {
		t.Errorf("hashes are %q", hash)
	}
}

// Where a file went and another took its name and its number, the row is the one of what stands there, not the older one.
func TestMatchOfTwoInOnePlace(t *testing.T) {
	was, is := Signature{Size: 1, Mtime: 1, Number: 7}, Signature{Size: 2, Mtime: 9, Number: 7}
	rows := func() *Bases {
		return BasesOf(&Base{ID: 1, Name: "a", Hash: simHash("c1"), Disk: was}, &Base{ID: 2, Name: "a", Hash: simHash("c2"), Disk: is})
	}
	over := rows()
	over.Set(over.Get(1))
	over.Set(over.Get(2))
	for _, base := range []*Bases{rows(), over} {
		l := Match(EntriesOf(Entry{Path: "a", Disk: is}), base)
		if x := l.Get(2); l.Len() != 1 || x == nil || x.Hash != simHash("c2") {
			t.Errorf("of %d things 2 is %+v", l.Len(), x)
		}
	}
}

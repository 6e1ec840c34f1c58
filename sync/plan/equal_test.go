package plan

import "testing"

// One thing that is not equal, on either side, is enough.
func TestEqual(t *testing.T) {
	for name, change := range map[string]func(*simDisk) error{
		"nothing":        func(*simDisk) error { return nil },
		"a new file":     func(d *simDisk) error { return d.create("d/new", "n", false) },
		"a new folder":   func(d *simDisk) error { return d.mkdir("d/new") },
		"an edit":        func(d *simDisk) error { d.write(d.at("d/a"), "2"); return nil },
		"a bit":          func(d *simDisk) error { d.at("d/a").exec = true; return nil },
		"a moved file":   func(d *simDisk) error { return d.rename("d/a", "e/a") },
		"a moved folder": func(d *simDisk) error { return d.rename("e", "d/e") },
		"a removed file": func(d *simDisk) error { return d.remove("a") },
		"a replaced file": func(d *simDisk) error {
			if err := d.remove("a"); err != nil {
				return err
			}
			return d.create("a", "1", false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, here, there := caseWorld(t)
			fill(t, here.disk, "a=1", "d/", "d/a=1", "e/")
			settled(t, w)
			if !Equal(here.look(true)) {
				t.Fatal("not equal at rest")
			}
			want := name == "nothing"
			if err := change(there.disk); err != nil {
				t.Fatal(err)
			}
			if Equal(there.look(true)) != want {
				t.Errorf("where it was done it is %v", !want)
			}
			there.cycle()
			here.pull()
			if name == "a replaced file" {
				want = true // it holds what it held
			}
			if Equal(here.look(true)) != want {
				t.Errorf("where it is to be done it is %v", !want)
			}
		})
	}
}

package app

import (
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/app/config"
)

// twin starts a copy of a computer that is not running: its home and its Synced folder, as a copied disk has them.
func (c *computer) twin(synced string) (twin *computer, root string) {
	c.t.Helper()
	must(c.t, c.Close())
	twin = &computer{t: c.t, w: c.w, home: filepath.Join(realDir(c.t), "home")}
	root = filepath.Join(realDir(c.t), "Synced")
	must(c.t, os.CopyFS(twin.home, os.DirFS(c.home)))
	must(c.t, os.CopyFS(root, os.DirFS(synced)))
	s, err := config.Load(twin.home)
	must(c.t, err)
	s.Synced.Root, s.Synced.Place = root, ""
	must(c.t, config.Save(twin.home, s))
	c.start()
	twin.start()
	return twin, root
}

// TestCopiedComputer has two computers that are copies of one disk. Both go on, nothing of either is lost, and one takes an id of its
// own and says so once.
func TestCopiedComputer(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	da := a.synced()
	put(t, da, map[string]string{"before.txt": "before"})
	a.once()
	b, db := a.twin(da)
	stopA, stopB := a.running(), b.running()
	until(t, "both begin", func() bool { return a.Status().State == StateSafe && b.Status().State == StateSafe })
	put(t, da, map[string]string{"a.txt": "by a"})
	until(t, "a file of the first", there(filepath.Join(db, "a.txt"), "by a"))
	put(t, db, map[string]string{"b.txt": "by b"})
	until(t, "a file of its copy", there(filepath.Join(da, "b.txt"), "by b"))
	until(t, "two ids", func() bool { return a.settings().DeviceID != b.settings().DeviceID })
	until(t, "all is well", func() bool { return a.Status().State == StateSafe && b.Status().State == StateSafe })
	put(t, db, map[string]string{"b.txt": "changed"})
	until(t, "a change under the new id", there(filepath.Join(da, "b.txt"), "changed"))
	stopA()
	stopB()
	for _, dir := range []string{da, db} {
		same(t, dir, map[string]string{"before.txt": "before", "a.txt": "by a", "b.txt": "changed"})
	}
	told := 0
	for _, c := range []*computer{a, b} {
		for _, p := range c.Status().Problems {
			if p.Code != CodeCloned {
				t.Errorf("a problem: %s", show(c.Status()))
			}
			told++
		}
	}
	devices, err := a.Devices(t.Context())
	must(t, err)
	if told == 0 || len(devices) != 1+told {
		t.Errorf("computers of the space: %v; %d took an id of their own", devices, told)
	}
	for _, c := range []*computer{a, b} {
		c.restart()
		c.once()
		if s := c.Status(); len(s.Problems) != 0 {
			t.Errorf("after a restart: %s", show(s))
		}
	}
}

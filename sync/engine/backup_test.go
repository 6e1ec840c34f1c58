package engine_test

import (
	"context"
	"crypto/sha256"
	"slices"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// twins are two devices that make one backup, of a folder each.
func twins(t *testing.T) (a, b *pair) {
	h := newHouse(t)
	a = h.backup(disktest.Options{})
	return a, h.add(disktest.Options{}, a.vol.Prefix(), engine.Options{UpOnly: true})
}

// quiet checks that nothing is written when nobody does anything.
func quiet(ds ...*pair) {
	h := ds[0].house
	h.t.Helper()
	settle(ds...)
	before, _ := h.objects()
	settle(ds...)
	if after, _ := h.objects(); after != before {
		h.t.Errorf("%d batches were written by devices with nothing to do", after-before)
	}
}

// content is what the volume shows at a path of its root; "" when nothing.
func (d *pair) content(name string) string {
	n, ok := d.v.State().Root().File(name)
	if !ok {
		return ""
	}
	for _, v := range d.v.State().Versions(n.ID) {
		if v.ID == d.v.State().Resolve(n.Current) {
			return v.Content.Hash.String()
		}
	}
	return "?"
}

func hash(content string) string { return tree.Hash(sha256.Sum256([]byte(content))).String() }

// TestBackupChangedElsewhere: of two devices that make one backup, the one whose user changes a file is heard; the other says so, and sends
// nothing until the file changes there.
func TestBackupChangedElsewhere(t *testing.T) {
	a, b := twins(t)
	a.write("f", "one")
	b.write("f", "one")
	quiet(a, b)
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)

	a.write("f", "by a")
	quiet(a, b)
	a.wants(engine.UpToDate)
	b.wants(engine.NeedsYou, engine.CodeElsewhere+" f")
	if b.files()["f"] != "one" || b.content("f") != hash("by a") {
		t.Errorf("the disk has %q", b.files()["f"])
	}
	b.start()
	quiet(b)
	b.wants(engine.NeedsYou, engine.CodeElsewhere+" f")

	b.write("f", "by b, later")
	quiet(a, b)
	b.wants(engine.UpToDate)
	a.wants(engine.NeedsYou, engine.CodeElsewhere+" f")
	if got := a.cloudFiles(); !slices.Equal(got, []string{"f"}) || a.content("f") != hash("by b, later") {
		t.Errorf("the volume has %q", got)
	}
	n, _ := a.v.State().Root().File("f")
	if got := len(a.v.State().Versions(n.ID)); got != 3 {
		t.Errorf("%d versions", got)
	}

	a.write("f", "by b, later")
	quiet(a, b)
	a.wants(engine.UpToDate)
}

// TestBackupChangedBack: the problem is over when the cloud has again what is here.
func TestBackupChangedBack(t *testing.T) {
	a, b := twins(t)
	a.write("f", "one")
	b.write("f", "one")
	settle(a, b)
	a.write("f", "two")
	settle(a, b)
	b.wants(engine.NeedsYou, engine.CodeElsewhere+" f")
	a.write("f", "one")
	quiet(a, b)
	b.wants(engine.UpToDate)
}

// TestBackupChangedElsewhereGone: nor does a file that is deleted here take the other device's content with it.
func TestBackupChangedElsewhereGone(t *testing.T) {
	a, b := twins(t)
	for _, d := range []*pair{a, b} {
		d.write("f", "one")
		d.write("g", "stays")
	}
	settle(a, b)
	a.write("f", "two")
	settle(a, b)
	b.remove("f")
	quiet(a, b)
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)
	if a.content("f") != hash("two") {
		t.Errorf("the volume has %q", a.cloudFiles())
	}
}

// TestBackupDeletedElsewhere: what stands here is in the backup, whoever deleted it there; no bytes are sent for it.
func TestBackupDeletedElsewhere(t *testing.T) {
	a, b := twins(t)
	for _, d := range []*pair{a, b} {
		d.write("f", "one")
		d.write("d/e/g", "two")
		d.write("stays", "three")
		if err := d.disk.MkdirAll("empty/below"); err != nil {
			t.Fatal(err)
		}
	}
	a.write("d/only a", "four")
	settle(a, b)
	_, before := a.objects()
	for _, p := range []string{"f", "d", "empty"} {
		a.remove(p)
	}
	quiet(a, b)
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)
	if got := a.cloudFiles(); !slices.Equal(got, []string{"d/e/g", "f", "stays"}) {
		t.Errorf("the volume has %q", got)
	}
	if a.v.State().Root().Find("empty/below") == nil {
		t.Error("the empty folder is not in the volume")
	}
	if _, after := a.objects(); after != before {
		t.Errorf("%d contents were sent", after-before)
	}
	if len(a.files()) != 1 || len(b.files()) != 3 {
		t.Errorf("the disks have %v and %v", a.files(), b.files())
	}
}

// TestBackupChangedAndDeletedElsewhere: then it is this device's content that comes back.
func TestBackupChangedAndDeletedElsewhere(t *testing.T) {
	a, b := twins(t)
	for _, d := range []*pair{a, b} {
		d.write("f", "one")
		d.write("g", "stays")
	}
	settle(a, b)
	a.write("f", "two")
	settle(a)
	a.remove("f")
	settle(a)
	quiet(b, a)
	b.wants(engine.UpToDate)
	if b.content("f") != hash("one") {
		t.Errorf("the volume has %q", b.cloudFiles())
	}
}

// TestBackupMovedElsewhere: what another device moved is said once, at the top, and stays where it is until it is taken over.
func TestBackupMovedElsewhere(t *testing.T) {
	a, b := twins(t)
	for _, d := range []*pair{a, b} {
		d.write("d/f", "one")
		d.write("d/g", "two")
		d.write("h", "three")
	}
	settle(a, b)
	if err := a.disk.Move("d", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	quiet(a, b)
	b.wants(engine.NeedsYou, engine.CodeElsewhere+" d")
	_, before := a.objects()
	if err := b.e.TakeOver(context.Background()); err != nil {
		t.Fatal(err)
	}
	quiet(b, a)
	b.wants(engine.UpToDate)
	a.wants(engine.UpToDate)
	if b.v.State().Root().Find("d") == nil || b.v.State().Root().Find("elsewhere") == nil {
		t.Errorf("the volume has %q", b.cloudFiles())
	}
	if _, after := a.objects(); after != before {
		t.Errorf("%d contents were sent", after-before)
	}
}

// TestTakeOver: the device that takes over sends what it has once, and the other one does not answer with its own.
func TestTakeOver(t *testing.T) {
	a, b := twins(t)
	a.write("f", "one")
	b.write("f", "one")
	settle(a, b)
	a.write("f", "two")
	settle(a, b)
	b.start()
	if err := b.e.TakeOver(context.Background()); err != nil {
		t.Fatal(err)
	}
	quiet(b, a)
	b.wants(engine.UpToDate)
	a.wants(engine.NeedsYou, engine.CodeElsewhere+" f")
	if b.content("f") != hash("one") || a.files()["f"] != "two" {
		t.Errorf("the disk of a has %v", a.files())
	}
}

// TestBackupContinued: what a folder has otherwise than the backup that is continued there becomes its newest version.
func TestBackupContinued(t *testing.T) {
	a, b := twins(t)
	a.write("same", "one")
	a.write("f", "by a")
	a.write("only a", "two")
	settle(a)
	b.write("same", "one")
	b.write("f", "by b, on a new computer")
	quiet(b)
	b.wants(engine.UpToDate)
	if got := b.cloudFiles(); !slices.Equal(got, []string{"f", "only a", "same"}) || b.content("f") != hash("by b, on a new computer") {
		t.Errorf("the volume has %q", got)
	}
	quiet(a, b)
	a.wants(engine.NeedsYou, engine.CodeElsewhere+" f")
}

// TestBackupContinuedElsewhere: the guard asks before a folder with other files takes the place of a backup.
func TestBackupContinuedElsewhere(t *testing.T) {
	a, b := twins(t)
	a.many(60, "first")
	settle(a)
	b.many(60, "quite another thing")
	b.ok()
	b.asks(false, 0, 60)
}

// TestBackupRestored: what somebody brings back in the cloud from the trash, and this disk does not have, is no fault.
func TestBackupRestored(t *testing.T) {
	a, b := twins(t)
	a.write("f", "one")
	a.write("g", "stays")
	b.write("g", "stays")
	settle(a, b)
	a.remove("f")
	settle(a, b)
	err := b.e.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) {
		return b.v.RestoreOps(b.v.Trash(space.TrashFilter{})[0].ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	quiet(a, b)
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)
	if a.content("f") != hash("one") {
		t.Errorf("the volume has %q", a.cloudFiles())
	}
	a.write("f", "made anew")
	quiet(a, b)
	a.wants(engine.UpToDate)
	if got := a.cloudFiles(); !slices.Equal(got, []string{"f", "g"}) || a.content("f") != hash("made anew") {
		t.Errorf("the volume has %q", got)
	}
}

package layout

import (
	"reflect"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/tree"
)

func FuzzSegment(f *testing.F) {
	for _, s := range []string{"", ".", "..", "a", "con", "a%", "\xff", "ab\u0301", strings.Repeat(":", 80), "x~0123456789abcdef"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		seg := Segment(name)
		if err := objstore.CheckKey("put", seg); err != nil {
			t.Fatalf("%q becomes %q: %v", name, seg, err)
		}
		if len(escape(tree.NFC(name))) > maxSegment {
			return
		}
		back, err := unescape(seg)
		if err != nil || back != tree.NFC(name) {
			t.Fatalf("%q becomes %q and comes back as %q, %v", name, seg, back, err)
		}
	})
}

func FuzzContent(f *testing.F) {
	for _, s := range []string{"a/b.txt", ".volume/history/x", ".VOLUME", "a//b", strings.Repeat("a/", 900)} {
		f.Add(s, int64(5))
	}
	f.Fuzz(func(t *testing.T, path string, ms int64) {
		ms &= 1<<48 - 1
		id := NewULID(ms, [10]byte{255, 3: 9})
		for _, key := range []string{Content(path, id), Bundle(path, id), Part(path, id)} {
			if err := objstore.CheckKey("put", (Volume{Backup, "PC", "Docs"}).Key(key)); err != nil {
				t.Fatal(err)
			}
			o, ok := ParseContent(key)
			if !ok || o.ID != id || o.ID.Time() != ms || len(key) > MaxKey {
				t.Fatalf("%q became %q, read as %v", path, key, o)
			}
			if len(key) < 100 && tree.CheckPath(path) == nil && o.Path != tree.NFC(path) {
				t.Fatalf("%q became %q, read as %q", path, key, o.Path)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(".volume/history/00000000000000ab/0000000042-00c0ffee.zst")
	f.Add(".volume/checkpoint/00000001890a-00000001890b-00000007-00000000000000ab.zst")
	f.Add("Backup/a/b")
	f.Add("devices/00000000000000ab.json")
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := ParseBatch(s); ok && Batch(id) != s {
			t.Fatal("batch")
		}
		if n, ok := ParseCheckpoint(s); ok && n.Key() != s {
			t.Fatal("checkpoint")
		}
		if v, ok := ParseVolume(s); ok && v.Prefix() != s {
			t.Fatal("volume")
		}
		if d, ok := ParseDeviceKey(s); ok && DeviceKey(d) != s {
			t.Fatal("device")
		}
		ParseContent(s)
		VolumeOf(s)
		ParseMeta(map[string]string{"path": s, "mtime": s, "sha256": s, "device": s})
	})
}

func FuzzVolume(f *testing.F) {
	f.Add("PC", "Documents")
	f.Add("\xff", strings.Repeat("a\u030a", 90))
	f.Fuzz(func(t *testing.T, device, folder string) {
		v, err := NewBackup(device, folder)
		if err != nil {
			return
		}
		if got, ok := ParseVolume(v.Prefix()); !ok || got != v {
			t.Fatalf("%+v came back as %+v, %v", v, got, ok)
		}
		if err := objstore.CheckKey("put", v.Key(Notice)); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzRecipe: what is read as a recipe makes up its size, and is what would be written.
func FuzzRecipe(f *testing.F) {
	f.Add(Recipe(tree.Content{Hash: tree.EmptyHash, Size: 9, Extents: []tree.Extent{{Length: 4}, {Key: "a/b.part", Offset: 7, Length: 5}}}), "a/c.part")
	f.Add([]byte(`{"h":"00","s":-1}`), "")
	f.Fuzz(func(t *testing.T, b []byte, key string) {
		c, err := ParseRecipe(b, key)
		if err != nil {
			return
		}
		if err := c.Check(); err != nil {
			t.Fatal(err)
		}
		again, err := ParseRecipe(Recipe(c), key)
		if err != nil || !reflect.DeepEqual(c, again) {
			t.Fatalf("%+v is read as %+v, %v", c, again, err)
		}
	})
}

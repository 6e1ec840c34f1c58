package layout

import (
	"strings"
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

func TestKeysOfAVolume(t *testing.T) {
	id := merge.BatchID{Device: 0xab, Seq: 42, Run: 0xc0ffee}
	cp := CheckpointName{Last: 0x1890a, Made: 0x1890b, Run: 7, Device: 0xab}
	for _, c := range []struct{ got, want string }{
		{DeviceKey(0xab), "devices/00000000000000ab.json"},
		{Batch(id), ".volume/history/00000000000000ab/0000000042-00c0ffee.zst"},
		{cp.Key(), ".volume/checkpoint/00000001890a-00000001890b-00000007-00000000000000ab.zst"},
		{Volume{Area: Synced}.Key(Notice), "Synced/.volume/notice"},
		{Volume{Backup, "Kari's PC", "Documents"}.Key("a"), "Backup/Kari's PC/Documents/a"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if got, ok := ParseBatch(Batch(id)); !ok || got != id {
		t.Errorf("batch came back as %v, %v", got, ok)
	}
	if got, ok := ParseCheckpoint(cp.Key()); !ok || got != cp {
		t.Errorf("checkpoint came back as %v, %v", got, ok)
	}
	if got, ok := ParseDeviceKey(DeviceKey(0xab)); !ok || got != 0xab {
		t.Errorf("device came back as %v, %v", got, ok)
	}
}

func TestForeignKeysAreNotOurs(t *testing.T) {
	for _, key := range []string{
		"", ".volume/history/", ".volume/history/00000000000000ab/42-00c0ffee.zst", ".volume/history/00000000000000AB/0000000042-00c0ffee.zst",
		".volume/history/00000000000000ab/0000000042-00c0ffee.zst.tmp", ".volume/history/ab/0000000042-00c0ffee.zst", ".volume/notice",
		".volume/history/00000000000000ab-0000000042/00c0ffee.zst", ".volume/history/00000000000000ab/0000000000-00c0ffee.zst",
		".volume/history/00000000000000ab/10000000000-00c0ffee.zst", ".volume/history/00000000000000ab/18446744073709551615-00c0ffee.zst",
	} {
		if id, ok := ParseBatch(key); ok {
			t.Errorf("%q was read as batch %v", key, id)
		}
		if n, ok := ParseCheckpoint(key); ok {
			t.Errorf("%q was read as checkpoint %v", key, n)
		}
		if o, ok := ParseContent(key); ok {
			t.Errorf("%q was read as content %v", key, o)
		}
	}
}

func TestSegments(t *testing.T) {
	long := strings.Repeat("å", 120)
	for _, c := range []struct{ name, want string }{
		{"report.odt", "report.odt"},
		{"Kari's PC", "Kari's PC"},
		{"", "%"},
		{".", "%2E"},
		{"..", ".%2E"},
		{"100%", "100%25"},
		{"a:b", "a%3Ab"},
		{"tab\there", "tab%09here"},
		{"end.", "end%2E"},
		{"end ", "end%20"},
		{"con.txt", "%63on.txt"},
		{"NUL", "%4EUL"},
		{"COM1.log", "%43OM1.log"},
		{"COMB", "COMB"},
		{"bad\xffbyte", "bad%FFbyte"},
		{"A\u030angstrom", "\u00c5ngstrom"},
	} {
		if got := Segment(c.name); got != c.want {
			t.Errorf("Segment(%q) = %q, want %q", c.name, got, c.want)
		}
	}
	got := Segment(long)
	if len(got) > maxSegment || !strings.HasPrefix(got, "ååå") || got == Segment(long+"x") {
		t.Errorf("long name became %q", got)
	}
	if got := Segment(strings.Repeat(":", 100)); len(got) > maxSegment || strings.Contains(strings.TrimRight(got, "0123456789abcdef"), "%3~") {
		t.Errorf("a cut escape: %q", got)
	}
}

func TestContentKeys(t *testing.T) {
	id := NewULID(1_700_000_000_000, [10]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	if u, ok := ParseULID(string(id)); !ok || u.Time() != 1_700_000_000_000 {
		t.Fatalf("id %q reads as time %d", id, u.Time())
	}
	u := string(id)
	for _, c := range []struct{ got, want string }{
		{Content("docs/report.odt", id), "docs/report.odt/" + u + ".odt"},
		{Content("README", id), "README/" + u},
		{Content("a.tar.gz", id), "a.tar.gz/" + u + ".gz"},
		{Content(".bashrc", id), ".bashrc/" + u},
		{Content("x.with space", id), "x.with space/" + u},
		{Bundle("", id), u + ".zip"},
		{Bundle("photos", id), "photos/" + u + ".zip"},
		{Part("film.mkv", id), "film.mkv/" + u + ".part"},
		{Content(".volume", id), "%2Evolume/" + u},
		{Content(".Volume/notice", id), "%2EVolume/notice/" + u},
		{Content("a/.volume", id), "a/.volume/" + u},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
		if _, ok := ParseContent(c.got); !ok {
			t.Errorf("%q is not read as content", c.got)
		}
	}
}

func TestLongPathsAreCutAndStayApart(t *testing.T) {
	id := NewULID(1, [10]byte{})
	deep := strings.Repeat("a rather long folder name/", 60)
	a, b := Content(deep+"one/report.odt", id), Content(deep+"two/report.odt", id)
	if a == b || len(a) > MaxKey || !strings.Contains(a, "/report.odt/") {
		t.Errorf("cut to %q and %q", a, b)
	}
	worst := Content(strings.Repeat(strings.Repeat("\u0001", 255)+"/", 9)+strings.Repeat("\u0001", 255), id)
	if len(worst) > MaxKey || tree.CheckPath(worst) != nil {
		t.Errorf("worst key has %d bytes", len(worst))
	}
	v, err := NewBackup(strings.Repeat("ø", 300), strings.Repeat(":", 300))
	if err != nil || len(v.Key(worst)) > 900 {
		t.Errorf("whole key has %d bytes, %v", len(v.Key(worst)), err)
	}
}

func TestVolumesAndTheirPrefixes(t *testing.T) {
	long, err := NewBackup("PC", strings.Repeat("Å", 200))
	if err != nil {
		t.Fatal(err)
	}
	odd, _ := NewBackup("Kari: work/home", "..")
	for _, v := range []Volume{{Area: Synced}, {Area: Archive}, {Area: Shared}, {Backup, "Kari's PC", "Documents"}, long, odd} {
		got, ok := ParseVolume(v.Prefix())
		if !ok || got != v {
			t.Errorf("%v came back as %v, %v", v, got, ok)
		}
		got, ok = VolumeOf(v.Key("x/y"))
		if rel, in := v.Rel(v.Key("x/y")); !ok || got != v || !in || rel != "x/y" {
			t.Errorf("a key of %v is of %v (%v), %q", v, got, ok, rel)
		}
	}
	for _, p := range []string{"", "Backup", "Backup/a", "Backup/a/b/c", "Backup//b", "Other", "Backup/%/b", "Backup/a%2/b", "Backup/a\u0030\u030a/A\u030a"} {
		if v, ok := ParseVolume(p); ok {
			t.Errorf("%q was read as %v", p, v)
		}
	}
}

func TestVolumesOfOneNameInAnotherForm(t *testing.T) {
	composed, _ := NewBackup("PC", "B\u00e5t")
	apart, _ := NewBackup("PC", "Ba\u030at")
	if composed != apart || composed.Prefix() != apart.Prefix() {
		t.Errorf("%q and %q are two volumes", composed.Prefix(), apart.Prefix())
	}
	upper, _ := NewBackup("PC", "B\u00c5T")
	if upper.Prefix() == composed.Prefix() || !upper.Same(composed) {
		t.Errorf("%v and %v", upper, composed)
	}
	got := upper.Distinct([]Volume{composed, {Backup, "PC", "b\u00e5t (2)"}})
	if got.Folder != "B\u00c5T (3)" {
		t.Errorf("the next free name is %q", got.Folder)
	}
}

func TestMeta(t *testing.T) {
	for _, m := range []Meta{
		{Path: "docs/blåbær.odt", Mtime: 1_700_000_000_123_456_789, Hash: tree.EmptyHash, Device: 7, Exec: true},
		{Path: "a", Mtime: -1_500_000_000, Hash: tree.EmptyHash},
	} {
		if got := ParseMeta(m.Map()); got != m {
			t.Errorf("got %+v, want %+v", got, m)
		}
	}
	if got := (Meta{Mtime: 1_700_000_000_000_000_001}).Map()["mtime"]; got != "1700000000.000000001" {
		t.Errorf("mtime is written as %q", got)
	}
	if got := ParseMeta(map[string]string{"path": "../x", "sha256": "no", "mtime": "x"}); got != (Meta{}) {
		t.Errorf("wrong metadata was read as %+v", got)
	}
}

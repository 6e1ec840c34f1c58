package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
)

var keyTests = map[string]func(*testing.T, suite){
	"odd keys":             testOddKeys,
	"look-alike keys":      testLookAlikes,
	"long keys":            testLongKeys,
	"bad keys":             testBadKeys,
	"key below an object":  testBelowObject,
	"names of systems":     testSystemNames,
	"keys that look coded": testCodedKeys,
}

// holds puts an object under each key and checks that each keeps its own bytes and metadata, and that all are listed.
func (s suite) holds(keys []string) {
	s.t.Helper()
	for _, key := range keys {
		s.put(key, []byte("bytes of "+key), map[string]string{"key": key})
	}
	for _, key := range keys {
		s.wantBytes(key, []byte("bytes of "+key))
		if _, got := s.get(key, objstore.GetOptions{}); got.Meta["key"] != key {
			s.t.Errorf("object %q has the metadata %q", key, got.Meta)
		}
	}
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	s.wantKeys("", "", 7, sorted...)
	for i, key := range keys {
		if err := s.Delete(s.ctx, key); err != nil {
			s.t.Fatalf("Delete(%q): %v", key, err)
		}
		if i+1 < len(keys) {
			s.wantBytes(keys[i+1], []byte("bytes of "+keys[i+1]))
		}
	}
	s.wantKeys("", "", 0)
}

func testOddKeys(_ *testing.T, s suite) {
	s.holds([]string{
		"space in name", " leading", "trailing ", "dot.", "...", "a b/c d", "plus+plus", "per%cent", "%2F", "a%2Fb", "q?uestion", "h#ash", "am&p", "eq=ual",
		"semi;colon", "co:lon", "com,ma", "at@", "dol$lar", "ex!clam", "star*", "par(en)", "br[ack]et", "cur{l}y", "pi|pe", "back\\slash", "ti~lde",
		"quo\"te", "apo'strophe", "les<s", "grea>ter", "ca^ret", "back`tick", "-dash", "_under", ".hidden", ".elkjop-data/x", ".elkjop-store",
		"Blåbær/Påske «2026»/été.txt", "日本/語.txt", "😀/👩\u200d👩\u200d👧.txt", "Ελλάδα", "кириллица/Ж.txt", "\u200fעברית", "ß", "İstanbul", "ﬁ", "n\u00a0bsp", "zero\u200bwidth", "\ufeffbom",
	})
}

func testLookAlikes(_ *testing.T, s suite) {
	s.holds([]string{
		"readme", "README", "ReadMe", "readME", "docs/a.txt", "Docs/A.txt", "DOCS/a.TXT", "blåbær", "BLÅBÆR", "bla\u030abær", "Å", "A\u030a", "\u212b",
		"straße", "strasse", "STRASSE", "STRAẞE", "ſ", "s", "K", "\u212a", "k", "ﬃ", "ffi", "i", "ı", "I", "İ", "i\u0307", "σ", "ς", "Σ", "µ", "μ", "Ω", "\u2126", "ω",
		"co\u00adop", "coop", "name", "name\ufe0f", "ﾊ", "ハ", "①", "1", "ǆ", "ǅ", "Ǆ", "x.txt", "x.txt.", "x.txt ", "longfilename.txt", "longfi~1.txt", "LONGFI~1.TXT",
	})
}

func testLongKeys(_ *testing.T, s suite) {
	keys := []string{}
	for _, unit := range []string{"a", "A", "?", "å", "日", " ", "."} {
		keys = append(keys, unit[:0]+"s/"+strings.Repeat(unit, objstore.MaxSegment/len(unit)-4)+"x-"+fmt.Sprint(len(keys)))
	}
	var deep []string
	for len(strings.Join(deep, "/"))+20 < objstore.MaxKey {
		deep = append(deep, "folder name "+fmt.Sprint(len(deep)))
	}
	shared := strings.Repeat("0123456789", 18)
	keys = append(keys, strings.Join(deep, "/"), shared, shared+"1", shared+"2", shared+"2.d/x")
	s.holds(keys)
}

func testBadKeys(t *testing.T, s suite) {
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "./a", "\xff", "a\x00b", "a\nb", "a/\x7f", strings.Repeat("a", 201), strings.Repeat("abcdefgh/", 111) + "x",
	} {
		_, err := s.Put(s.ctx, key, strings.NewReader(""), 0, objstore.PutOptions{})
		s.wantKind(fmt.Sprintf("Put(%q)", key), err, objstore.Invalid)
		_, _, err = s.Get(s.ctx, key, objstore.GetOptions{})
		s.wantKind(fmt.Sprintf("Get(%q)", key), err, objstore.Invalid)
		_, err = s.Head(s.ctx, key)
		s.wantKind(fmt.Sprintf("Head(%q)", key), err, objstore.Invalid)
		s.wantKind(fmt.Sprintf("Delete(%q)", key), s.Delete(s.ctx, key), objstore.Invalid)
		_, err = s.NewUpload(s.ctx, key, objstore.PutOptions{})
		s.wantKind(fmt.Sprintf("NewUpload(%q)", key), err, objstore.Invalid)
	}
	s.putString("a", "x")
	_, err := s.Copy(s.ctx, "a", "../b")
	s.wantKind("Copy out of the bucket", err, objstore.Invalid)
	_, err = s.Copy(s.ctx, "../a", "b")
	s.wantKind("Copy into the bucket", err, objstore.Invalid)
	s.wantKeys("", "", 0, "a")
	if t.Failed() {
		t.Log("a key that a store cannot hold must be refused by all of them")
	}
}

// testBelowObject checks that a refusal is clean: whichever way a store decides, what was there stays.
func testBelowObject(t *testing.T, s suite) {
	s.putString("a", "object")
	_, below := s.Put(s.ctx, "a/b", strings.NewReader("below"), 5, objstore.PutOptions{})
	s.wantBytes("a", []byte("object"))
	if below != nil {
		s.wantKind("Put below an object", below, objstore.Invalid)
		s.wantKeys("", "", 0, "a")
	} else {
		s.wantBytes("a/b", []byte("below"))
	}
	s.putString("d/e", "deep")
	_, above := s.Put(s.ctx, "d", strings.NewReader("above"), 5, objstore.PutOptions{})
	s.wantBytes("d/e", []byte("deep"))
	if above != nil {
		s.wantKind("Put above an object", above, objstore.Invalid)
	} else {
		s.wantBytes("d", []byte("above"))
	}
	t.Logf("a key below an object: %v; above one: %v", below, above)
}

func testSystemNames(_ *testing.T, s suite) {
	s.holds([]string{
		"con", "CON", "con.txt", "aux/nul", "com1", "LPT9.log", "prn.", "desktop.ini", "Thumbs.db", ".DS_Store", "._x", "lost+found/x", "$RECYCLE.BIN/x",
		"System Volume Information/x", ".Trash-1000/x", "@eaDir/x", "#recycle/x", ".snapshot/x", ".fseventsd/x", ".elkjop-data/meta/x", "x.elkjop",
	})
}

func testCodedKeys(_ *testing.T, s suite) {
	s.holds([]string{
		"%41", "A", "a", "%61", "%-g", "a%-g", "A%-g", "a%-g.txt", "A.txt", "a%", "%", "%%", "%+", "x%+/y", "x/y", "%+y", "%25", "%2525", "%2541", "a%20b", "a b", "a+b",
	})
}

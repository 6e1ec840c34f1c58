package transfer

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"

	"pgregory.net/rapid"
)

func TestPartSize(t *testing.T) {
	for size, want := range map[int64]int64{
		1: 8 * mib, 80_000 * mib: 8 * mib, 80_000*mib + 1: 16 * mib, 1 << 40: 128 * mib, maxObject: 1024 * mib,
	} {
		if got := partSize(size, 8*mib); got != want {
			t.Errorf("%d bytes: parts of %d, not %d", size, got, want)
		}
	}
}

func TestPartSizeAlwaysFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, maxObject).Draw(t, "size")
		p := partSize(size, rapid.Int64Range(objstore.MinPart, 256*mib).Draw(t, "smallest"))
		n := parts(size, p)
		if n < 1 || n > objstore.MaxPart || p > maxPart {
			t.Fatalf("%d parts of %d", n, p)
		}
		if last := partLen(size, p, n); last < 1 || last > p || int64(n-1)*p+last != size {
			t.Fatalf("last part %d", last)
		}
	})
}

// TestReusable draws what a journal and a store may say, and states what must hold of every part that is not sent again.
func TestReusable(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) StoredPart {
		return StoredPart{
			Number: rapid.SampledFrom([]int{1, 2, 3, 4, 5, 0, -1}).Draw(t, "number"),
			Size:   rapid.SampledFrom([]int64{5 * kib, 5 * kib, 5 * kib, 2 * kib, 5*kib - 1, 0}).Draw(t, "size"),
			ETag:   rapid.SampledFrom([]string{"a", "b"}).Draw(t, "etag"),
			Prefix: [32]byte{rapid.Byte().Draw(t, "prefix")},
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		u := Unfinished{PartSize: 5 * kib, Size: 17 * kib, Parts: rapid.SliceOfN(part, 1, 8).Draw(t, "journal")}
		there := map[int]objstore.Part{}
		for _, p := range rapid.SliceOfN(part, 1, 8).Draw(t, "store") {
			there[p.Number] = objstore.Part{Number: p.Number, Size: p.Size, ETag: p.ETag}
		}
		keep := u.reusable(slices.Collect(maps.Values(there)))
		for n, p := range keep {
			want := int64(5 * kib)
			if n == 4 {
				want = 2 * kib
			}
			l, ok := there[n]
			if !ok || n < 1 || n > 4 || p.Number != n || p.Size != want || l.Size != want || l.ETag != p.ETag || !slices.Contains(u.Parts, p) {
				t.Fatalf("part %d: %v kept, the store has %v", n, p, l)
			}
		}
		for _, p := range u.Parts {
			l, ok := there[p.Number]
			right := p.Number >= 1 && p.Number <= 4 && p.Size == partLen(17*kib, 5*kib, p.Number)
			if _, kept := keep[p.Number]; ok && right && l.Size == p.Size && l.ETag == p.ETag && !kept {
				t.Fatalf("part %d is sent again without need", p.Number)
			}
		}
	})
}

func TestFits(t *testing.T) {
	sig := disk.Signature{Size: 12 * kib, Mtime: 1}
	meta := map[string]string{"a": "b"}
	good := Unfinished{Key: "k", UploadID: "u", Signature: sig, PartSize: 5 * mib, Meta: meta}
	for name, c := range map[string]struct {
		change func(*Unfinished)
		want   bool
	}{
		"same":           {func(*Unfinished) {}, true},
		"another number": {func(u *Unfinished) { u.Signature.ID.Number = 9 }, true}, // the bytes decide
		"no name yet":    {func(u *Unfinished) { u.UploadID = "" }, false},
		"no key":         {func(u *Unfinished) { u.Key = "" }, false},
		"another size":   {func(u *Unfinished) { u.Signature.Size++ }, false},
		"another part":   {func(u *Unfinished) { u.Size++ }, false},
		"another time":   {func(u *Unfinished) { u.Signature.Mtime++ }, false},
		"other metadata": {func(u *Unfinished) { u.Meta = nil }, false},
		"other parts":    {func(u *Unfinished) { u.PartSize = 8 * mib }, false},
	} {
		u := good
		c.change(&u)
		if got := u.fits(Unfinished{Key: "new", Signature: sig, PartSize: 5 * mib, Meta: meta}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMadeOf(t *testing.T) {
	md5s := []StoredPart{{ETag: "d41d8cd98f00b204e9800998ecf8427e"}, {ETag: "0cc175b9c0f1b6a831c399e269772661"}}
	const joined = "68083ea43d0307eecfa2b4749f19df15-2"
	other := []StoredPart{{ETag: "W/1"}, {ETag: "W/2"}}
	for name, c := range map[string]struct {
		o     objstore.Object
		parts []StoredPart
		want  bool
	}{
		"right size and sum":  {objstore.Object{Size: 9, ETag: joined}, md5s, true},
		"other parts":         {objstore.Object{Size: 9, ETag: "x-2"}, md5s, false},
		"wrong size":          {objstore.Object{Size: 8, ETag: joined}, md5s, false},
		"no sums, right size": {objstore.Object{Size: 9, ETag: "x"}, other, true},
		"no sums, wrong size": {objstore.Object{Size: 8, ETag: "x"}, other, false},
	} {
		if got := madeOf(c.o, 9, c.parts); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestResumeAfterAnything crashes an upload somewhere, lets the world go on, and uploads again: what is stored is what the file
// holds then, whatever happened in between.
func TestResumeAfterAnything(t *testing.T) {
	content := noise(10*kib+1, 50)
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t)
		want := r.write("f", content)
		f := &faulty{at: rapid.IntRange(1, 10).Draw(rt, "crash at"), after: rapid.Bool().Draw(rt, "done"), stay: true, kind: objstore.Unreachable}
		o := inParts
		o.Journal = frozen{r.journal, f}
		meta := map[string]string{"device": "a"}
		_, _ = r.transfer(f.bucket(r.store), o).Upload(t.Context(), r.disk, "f", want, r.newKey, meta) // its end does not matter
		now := content
		for range rapid.IntRange(0, 2).Draw(rt, "events") {
			switch rapid.SampledFrom([]string{"edit", "touch", "grow", "lose", "replace part", "older journal", "meta", "same size and time"}).Draw(rt, "event") {
			case "edit":
				now = "x" + now[1:]
				r.write("f", now)
			case "same size and time":
				editPart2(r)
				now = now[:6*kib] + "x" + now[6*kib+1:]
			case "touch":
				touch(r, 1_000_000_007)
			case "grow":
				now += "more"
				r.write("f", now)
			case "lose":
				for _, u := range uploads(t, r) {
					_ = r.store.AbortUpload(t.Context(), u.Key, u.ID)
				}
			case "replace part":
				for _, u := range uploads(t, r) {
					_, _ = r.store.PutPart(t.Context(), u.Key, u.ID, 1, bytes.NewReader(make([]byte, 5*kib)), 5*kib)
				}
			case "older journal":
				forgetParts(t, r)
			case "meta":
				meta = map[string]string{"device": "b"}
			}
		}
		want = r.signature("f")
		up, err := r.transfer(nil, inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, meta)
		if err != nil {
			rt.Fatal(err)
		}
		r.stored(up, now)
		if o, err := r.store.Head(t.Context(), up.Key); err != nil || o.Meta["device"] != meta["device"] {
			rt.Fatalf("metadata %v, %v", o.Meta, err)
		}
	})
}

// TestResumeSendsWhatItMust stops before the completion, when all three parts are in the store and in the journal.
func TestResumeSendsWhatItMust(t *testing.T) {
	content := noise(12*kib, 51)
	edited := content[:6*kib] + "x" + content[6*kib+1:]
	for name, c := range map[string]struct {
		between func(r *rig)
		want    string
		sent    int64
		made    bool // the crash comes after the object was made
	}{
		"nothing":                   {between: func(*rig) {}, want: content},
		"nothing, object made":      {between: func(*rig) {}, want: content, made: true},
		"a byte of part 2":          {between: editPart2, want: edited, sent: 7 * kib}, // parts behind it have to prove all before them
		"a byte of it, object made": {between: editPart2, want: edited, sent: 12 * kib, made: true},
		"part 2 has another etag":   {between: func(r *rig) { replacePart(r, 2, noise(5*kib, 52)) }, want: content, sent: 5 * kib},
		"part 3 has another size":   {between: func(r *rig) { replacePart(r, 3, "short") }, want: content, sent: 2 * kib},
		"a later time":              {between: func(r *rig) { touch(r, 1_000_000_007) }, want: content, sent: 12 * kib},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			want := r.write("f", content)
			stop := &faulty{at: 5, after: c.made, stay: true, kind: objstore.Unreachable} // new-upload, three parts, complete
			if _, err := r.transfer(stop.bucket(r.store), inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil); err == nil {
				t.Fatal("no crash")
			}
			c.between(r)
			f := &faulty{}
			up, err := r.transfer(f.bucket(r.store), inParts).Upload(t.Context(), r.disk, "f", r.signature("f"), r.newKey, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.stored(up, c.want)
			if sent := f.sent.Load(); sent != c.sent {
				t.Errorf("sent %d bytes, not %d", sent, c.sent)
			}
		})
	}
}

// editPart2 changes one byte of the second part and leaves size and time as they were.
func editPart2(r *rig) {
	r.t.Helper()
	old, err := r.disk.ReadFile("f")
	if err != nil {
		r.t.Fatal(err)
	}
	mtime := r.signature("f").Mtime
	r.write("f", old[:6*kib]+"x"+old[6*kib+1:])
	touch(r, mtime)
}

func touch(r *rig, mtime int64) {
	r.t.Helper()
	if err := r.disk.Touch("f", mtime); err != nil {
		r.t.Fatal(err)
	}
}

func replacePart(r *rig, number int, with string) {
	r.t.Helper()
	for _, u := range uploads(r.t, r) {
		if _, err := r.store.PutPart(r.t.Context(), u.Key, u.ID, number, strings.NewReader(with), int64(len(with))); err != nil {
			r.t.Fatal(err)
		}
	}
}

func uploads(t *testing.T, r *rig) []objstore.Upload {
	t.Helper()
	all, err := r.store.ListUploads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// forgetParts makes the journal one of an earlier moment.
func forgetParts(t *testing.T, r *rig) {
	t.Helper()
	all, err := r.journal.All(t.Context())
	for id, u := range all {
		u.Parts = u.Parts[:len(u.Parts)/2]
		u.Completing, u.Sum = false, [32]byte{}
		err = errors.Join(err, r.journal.Save(t.Context(), id, u))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A file that goes to two volumes, or two files of one path, never share an upload.
func TestUploadIDs(t *testing.T) {
	seen := map[string]string{}
	for _, c := range [][2]string{{"Synced/a/1.bin", "a"}, {"Backup/x/a/1.bin", "a"}, {"Synced/a/1.bin", "b"}, {"Synced/a\x00/1.bin", ""}} {
		id := uploadID(c[0], c[1])
		if other, ok := seen[id]; ok {
			t.Errorf("%v and %v", c, other)
		}
		seen[id] = fmt.Sprint(c)
	}
	if uploadID("Synced/a/1.bin", "a") != uploadID("Synced/a/2.bin", "a") {
		t.Error("the last segment of the key counts")
	}
}

func TestMemJournalKeepsCopies(t *testing.T) {
	j := new(MemJournal)
	u := Unfinished{Key: "k", Parts: []StoredPart{{Number: 1}}, Meta: map[string]string{"a": "b"}, Sum: sha256.Sum256(nil)}
	if err := j.Save(t.Context(), "i", u); err != nil {
		t.Fatal(err)
	}
	u.Parts[0].Number, u.Meta["a"] = 2, "c"
	got, ok, err := j.Load(t.Context(), "i")
	if err != nil || !ok || got.Parts[0].Number != 1 || got.Meta["a"] != "b" {
		t.Errorf("%v %v %v", got, ok, err)
	}
}

func TestWorthSaving(t *testing.T) {
	saves, unsaved, most := 0, 0, 0
	for total := 1; total <= objstore.MaxPart; total++ {
		if unsaved++; worthSaving(unsaved, total) {
			saves++
			most = max(most, unsaved)
			unsaved = 0
		}
	}
	if saves > 500 || most > objstore.MaxPart/64+1 {
		t.Errorf("%d saves, up to %d parts not saved", saves, most)
	}
}

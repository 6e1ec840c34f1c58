package transfer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
)

// inBlocks looks at files in blocks of 100 bytes and sends them in parts of 500.
func inBlocks(b BlockStore) Options {
	return Options{MultipartFrom: 500, PartSize: 500, BlocksFrom: 1, Block: 100, Blocks: b}
}

// edited is a file of which version after version is sent.
type edited struct {
	*rig
	blocks MemBlocks
	f      faulty
	x      *Transfer
	last   Uploaded
	hashed bool         // before it is sent
	read   atomic.Int64 // bytes of it, when it was sent
}

func newEdited(t *testing.T, content string) *edited {
	c := &edited{rig: newRig(t)}
	c.x = c.transfer(c.f.bucket(c.store), inBlocks(&c.blocks))
	up, err := c.send(content)
	if err != nil {
		t.Fatal(err)
	}
	c.last = up
	return c
}

func (c *edited) earlier() *Earlier {
	if c.last.Key == "" {
		return nil
	}
	return &Earlier{SHA256: c.last.SHA256, Ranges: slices.Clone(c.last.Ranges), NewKey: func() string { return strings.TrimSuffix(c.newKey(), "bin") + "part" }, Recipe: recipe}
}

func recipe(up Uploaded) []byte { return fmt.Appendf(nil, "%x %v", up.SHA256, up.Ranges) }

// send writes the file anew and sends it with all that is known of the version before.
func (c *edited) send(content string) (Uploaded, error) {
	want := c.write("f", content)
	earlier := c.earlier()
	if c.hashed {
		sum, err := c.x.Hash(c.t.Context(), c.disk, "f", want)
		if err != nil {
			return Uploaded{}, err
		}
		earlier.Hashed = sum
	}
	c.f.sent.Store(0)
	from := &fickle{Disk: c.disk}
	up, err := c.x.UploadChanged(c.t.Context(), from, "f", want, c.newKey, map[string]string{"path": "f"}, earlier)
	c.read.Store(from.read.Load())
	return up, err
}

// must sends, proves that the bytes can be had back, and returns how many were sent.
func (c *edited) must(content string) int64 {
	c.t.Helper()
	up, err := c.send(content)
	if err != nil {
		c.t.Fatal(err)
	}
	c.last = up
	c.whole(content)
	return c.f.sent.Load()
}

func (c *edited) whole(content string) {
	c.t.Helper()
	up := c.last
	if up.SHA256 != sha256.Sum256([]byte(content)) || up.Size != int64(len(content)) {
		c.t.Fatalf("uploaded says %d bytes, sum %x", up.Size, up.SHA256)
	}
	got, err := c.x.Read(c.t.Context(), up.Ranges, up.Size, up.SHA256)
	if err != nil || string(got) != content {
		c.t.Fatalf("%d bytes from %v: %v", len(got), up.Ranges, err)
	}
	c.nothingLeft()
}

// isPart tells whether the last version was sent by its changes, and makes sure that the object says so.
func (c *edited) isPart() bool {
	c.t.Helper()
	o, err := c.store.Head(c.t.Context(), c.last.Key)
	if err != nil {
		c.t.Fatal(err)
	}
	if !strings.HasSuffix(c.last.Key, ".part") {
		return false
	}
	n, err := strconv.Atoi(o.Meta[Recipe])
	b, _ := c.store.Bytes(c.last.Key)
	own := c.last
	own.Ranges = slices.Clone(own.Ranges)
	for i := range own.Ranges {
		if own.Ranges[i].Key == own.Key {
			own.Ranges[i].Key = ""
		}
	}
	if err != nil || o.Meta["path"] != "f" || string(b[len(b)-n:]) != string(recipe(own)) {
		c.t.Fatalf("%v: %q is not %q", o.Meta, b[max(0, len(b)-n):], recipe(own))
	}
	return true
}

// TestChangedBlocks: what is sent of a file that was changed is the blocks in which it was.
func TestChangedBlocks(t *testing.T) {
	old := noise(2_050, 1)
	for name, x := range map[string]struct {
		content string
		blocks  int // that are sent; 0 for the whole file
	}{
		"a byte":            {old[:700] + "x" + old[701:], 1},
		"two far apart":     {"x" + old[1:1_000] + "y" + old[1_001:], 2},
		"grown":             {old + noise(100, 2), 2},
		"cut":               {old[:1_999], 1},
		"cut between":       {old[:1_000], 1},
		"nothing":           {old, 1},
		"half":              {noise(900, 3) + old[900:], 9},
		"most":              {noise(1_100, 3) + old[1_100:], 0},
		"all":               {noise(2_050, 4), 0},
		"put in front":      {"x" + old, 0},
		"very short":        {old[:99], 0},
		"much longer":       {old + noise(5_000, 5), 0},
		"zeros at the end":  {old[:2_000] + strings.Repeat("\x00", 50), 1},
		"more than parts":   {noise(800, 6) + old[800:], 8},
		"blocks in between": {old[:300] + noise(100, 7) + old[400:500] + noise(100, 8) + old[600:], 2},
	} {
		t.Run(name, func(t *testing.T) {
			c := newEdited(t, old)
			sent := c.must(x.content)
			if !c.isPart() {
				if x.blocks > 0 || sent != int64(len(x.content)) {
					t.Errorf("%d bytes were sent as a whole", sent)
				}
				return
			}
			if x.blocks == 0 || sent > int64(100*x.blocks+len(recipe(c.last))) {
				t.Errorf("%d bytes were sent, %v", sent, c.last.Ranges)
			}
			if c.must(x.content[:50] + "z" + x.content[51:]); !c.isPart() {
				t.Error("the next version went as a whole")
			}
		})
	}
}

// TestChangedHashed: a file that was hashed is not read once more to see what has changed in it.
func TestChangedHashed(t *testing.T) {
	old := noise(5_050, 1)
	for name, content := range map[string]string{
		"a byte":   old[:700] + "x" + old[701:],
		"the last": old[:5_049] + "x",
		"nothing":  old,
		"half":     noise(2_400, 3) + old[2_400:],
		"longer":   old + "x",
	} {
		t.Run(name, func(t *testing.T) {
			c := newEdited(t, old)
			c.hashed = true
			sent := c.must(content)
			if !c.isPart() || c.read.Load() > sent {
				t.Errorf("%d bytes were read, %d sent", c.read.Load(), sent)
			}
		})
	}
}

// TestChangedSinceHashed: a file that is not what was hashed any more is not stored, whether it can be seen or not.
func TestChangedSinceHashed(t *testing.T) {
	old := noise(5_050, 1)
	for _, silent := range []bool{false, true} {
		c := newEdited(t, old)
		e, from := c.earlier(), &fickle{Disk: c.disk}
		want := c.write("f", "x"+old[1:])
		var err error
		if e.Hashed, err = c.x.Hash(t.Context(), from, "f", want); err != nil {
			t.Fatal(err)
		}
		if from.other.Store(silent); !silent {
			c.write("f", "y"+old[1:])
		}
		if _, err := c.x.UploadChanged(t.Context(), from, "f", want, c.newKey, map[string]string{"path": "f"}, e); !errors.Is(err, ErrChanged) {
			t.Errorf("silent %v: %v", silent, err)
		}
		c.nothingLeft()
	}
}

// TestChangedHashedLost: when the blocks of what was hashed are not known, or are of another size, the file is read.
func TestChangedHashedLost(t *testing.T) {
	old := noise(5_050, 1)
	for name, b := range map[string]Blocks{"none": {}, "other size": {Size: 200, Sums: make([][32]byte, 26)}, "too few": {Size: 100, Sums: make([][32]byte, 50)}} {
		t.Run(name, func(t *testing.T) {
			c := newEdited(t, old)
			want, e := c.write("f", "x"+old[1:]), c.earlier()
			e.Hashed = sha256.Sum256([]byte("x" + old[1:]))
			_ = c.blocks.SaveBlocks(t.Context(), e.Hashed, b)
			up, err := c.x.UploadChanged(t.Context(), c.disk, "f", want, c.newKey, map[string]string{"path": "f"}, e)
			if err != nil {
				t.Fatal(err)
			}
			c.last = up
			if c.whole("x" + old[1:]); !c.isPart() {
				t.Error("sent as a whole")
			}
			if l, ok := c.x.recall(t.Context(), up.SHA256); !ok || !l.fits(up.Size, 100) {
				t.Error("its blocks are not known")
			}
		})
	}
}

// TestChangedAgain: however often a file changes, every version can be had back, and does not lie in too many pieces.
func TestChangedAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		content := noise(rapid.IntRange(1, 30_000).Draw(rt, "size"), 1)
		c := newEdited(t, content)
		c.t = t
		whole := 0
		var all []Uploaded
		for range rapid.IntRange(1, 50).Draw(rt, "versions") {
			for range rapid.IntRange(1, 60).Draw(rt, "edits") {
				at := rapid.IntRange(0, len(content)-1).Draw(rt, "at")
				content = content[:at] + "!" + content[at+1:]
			}
			if rapid.IntRange(0, 3).Draw(rt, "longer") == 0 {
				content += noise(rapid.IntRange(1, 500).Draw(rt, "more"), 2)
			}
			c.must(content)
			if !c.isPart() {
				whole++
			}
			objects := map[string]bool{}
			for _, r := range c.last.Ranges {
				objects[r.Key] = true
			}
			if len(c.last.Ranges) > mostRanges || len(objects) > mostObjects+1 {
				rt.Fatalf("%d pieces in %d objects", len(c.last.Ranges), len(objects))
			}
			all = append(all, c.last)
		}
		for _, up := range all {
			if err := c.x.Verify(t.Context(), up.Ranges, up.Size, up.SHA256); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// TestChangedUnknown: without all that is needed, a file goes as a whole.
func TestChangedUnknown(t *testing.T) {
	old := noise(5_000, 1)
	for name, spoil := range map[string]func(c *edited){
		"blocks not known":       func(c *edited) { c.blocks.files = nil },
		"no memory of blocks":    func(c *edited) { c.x.o.Blocks = nil },
		"the object gone":        func(c *edited) { _ = c.store.Delete(t.Context(), c.last.Key) },
		"the object cut":         func(c *edited) { c.keep(c.last.Key, old[:4_900]) },
		"blocks of other size":   func(c *edited) { c.blocks.files[c.last.SHA256] = Blocks{Size: 7, Sums: make([][32]byte, 3)} },
		"nothing known":          func(c *edited) { c.blocks.files[c.last.SHA256] = Blocks{} },
		"blocks beyond memory":   func(c *edited) { c.blocks.files[c.last.SHA256] = Blocks{Size: 1 << 40, Sums: make([][32]byte, 1)} },
		"more blocks than bytes": func(c *edited) { c.last.Ranges = cut(c.last.Ranges, 0, 3_000) },
		"in many objects": func(c *edited) {
			c.last.Ranges = nil
			for i := range 50 {
				r, _ := c.keep(fmt.Sprint("v/", i), old[100*i:100*i+100])
				c.last.Ranges = append(c.last.Ranges, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newEdited(t, old)
			c.t = t
			spoil(c)
			if c.must("x" + old[1:]); c.isPart() {
				t.Error("sent by its changes")
			}
		})
	}
}

// TestChangedUnreachable: a store that does not answer is not one that has lost the version.
func TestChangedUnreachable(t *testing.T) {
	old := noise(5_000, 1)
	c := newEdited(t, old)
	c.f.at, c.f.n, c.f.kind = 1, 0, objstore.Unreachable
	if _, err := c.send("x" + old[1:]); objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("%v", err)
	}
	if c.must("x" + old[1:]); !c.isPart() {
		t.Error("sent as a whole")
	}
}

// TestChangedCrash: cut off at every request, the same call ends with the same bytes in the store, and does not begin anew.
func TestChangedCrash(t *testing.T) {
	old := noise(9_000, 1)
	content := old[:1_000] + noise(3_000, 2) + old[4_000:]
	for at := 1; ; at++ {
		c := newEdited(t, old)
		c.f.at, c.f.n, c.f.stay, c.f.kind = at, 0, true, objstore.Unreachable
		_, err := c.send(content)
		if err == nil {
			if at < 8 {
				t.Errorf("only %d requests", at)
			}
			return
		}
		c.f = faulty{}
		c.x = c.transfer(c.f.bucket(c.store), inBlocks(&c.blocks))
		want := c.signature("f")
		up, err := c.x.UploadChanged(t.Context(), c.disk, "f", want, c.newKey, map[string]string{"path": "f"}, c.earlier())
		if err != nil {
			t.Fatal(err)
		}
		c.last = up
		if c.whole(content); !c.isPart() {
			t.Fatal("sent as a whole")
		}
		if sent := c.f.sent.Load(); at > 5 && sent > 3_000 {
			t.Errorf("cut off at request %d, %d bytes were sent again", at, sent)
		}
	}
}

// TestChangedMeanwhile: a file that changes between the comparison and the sending is never stored.
func TestChangedMeanwhile(t *testing.T) {
	old := noise(9_000, 1)
	content := old[:1_000] + noise(3_000, 2) + old[4_000:]
	for _, silent := range []bool{false, true} {
		c := newEdited(t, old)
		begun := false
		from := &fickle{Disk: c.disk}
		c.x = c.transfer(objstore.WithHooks(c.store, objstore.Hooks{Around: func(ctx context.Context, call objstore.Call, act objstore.Act) error {
			if call.Op == objstore.OpNewUpload && !begun {
				begun = true
				if from.other.Store(silent); !silent {
					c.write("f", content[:2_000]+"x"+content[2_001:])
				}
			}
			return act(ctx)
		}}), inBlocks(&c.blocks))
		want := c.write("f", content)
		_, err := c.x.UploadChanged(t.Context(), from, "f", want, c.newKey, map[string]string{"path": "f"}, c.earlier())
		if !begun || !errors.Is(err, ErrChanged) {
			t.Fatalf("silent %v: %v", silent, err)
		}
		c.nothingLeft()
	}
}

// fickle is a disk that may give other bytes than before without a sign of it.
type fickle struct {
	*disktest.Disk
	other atomic.Bool
	read  atomic.Int64 // bytes
}

func (f *fickle) Open(path string) (disk.Reader, error) {
	r, err := f.Disk.Open(path)
	return fickleFile{r, f}, err
}

type fickleFile struct {
	disk.Reader
	f *fickle
}

func (r fickleFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := r.Reader.ReadAt(p, offset)
	r.f.read.Add(int64(n))
	if n > 0 && r.f.other.Load() {
		p[0] ^= 1
	}
	return n, err
}

// TestUpdate: of a later version only what is not here comes over the line, and afterwards it is known by its blocks.
func TestUpdate(t *testing.T) {
	old := noise(20_000, 1)
	content := old[:5_000] + noise(1_000, 2) + old[6_000:]
	for name, x := range map[string]struct {
		spoil func(c *edited, n *Near)
		most  int64
	}{
		"near":         {func(*edited, *Near) {}, 1_100},
		"not here":     {func(c *edited, _ *Near) { _ = c.disk.Remove("old") }, 20_000},
		"changed":      {func(c *edited, n *Near) { c.write("old", "other") }, 20_000},
		"other bytes":  {func(c *edited, n *Near) { n.Want = c.write("old", strings.Repeat("y", 20_000)) }, 40_000},
		"shorter":      {func(c *edited, n *Near) { n.Want = c.write("old", old[:100]) }, 40_000},
		"empty ranges": {func(c *edited, n *Near) { n.Ranges = append([]Range{{}, {Key: n.Ranges[0].Key}}, n.Ranges...) }, 1_100},
		"a part of it": {func(c *edited, n *Near) { n.Ranges[0].Length = 10_000 }, 11_100},
		"after something": {func(c *edited, n *Near) {
			n.Ranges = cut(n.Ranges, 3_000, 17_000)
			n.Want = c.write("old", old[3_000:])
		}, 4_100},
	} {
		t.Run(name, func(t *testing.T) {
			c := newEdited(t, old)
			near := &Near{FS: c.disk, Path: "old", Want: c.write("old", old), Ranges: c.last.Ranges}
			c.must(content)
			x.spoil(c, near)
			var got, told atomic.Int64
			o := inBlocks(&c.blocks)
			o.Piece, o.Progress = 300, func(n int64) { told.Add(n) }
			b := onDown(c.store, func(_ int, call objstore.Call, r io.ReadCloser) io.ReadCloser { return counted{r, &got} })
			c.blocks.files = nil
			tr := c.transfer(b, o)
			if err := tr.Update(t.Context(), c.last.Ranges, c.last.Size, c.last.SHA256, c.disk, ".staging", near); err != nil {
				t.Fatal(err)
			}
			if b, _ := c.disk.ReadFile(".staging"); b != content {
				t.Error("other bytes")
			}
			if n := got.Load(); n > x.most || n < x.most/2 {
				t.Errorf("%d bytes came, not %d", n, x.most)
			}
			if told.Load() != c.last.Size {
				t.Errorf("progress of %d bytes", told.Load())
			}
			want := newList(c.last.Size, 100)
			_ = want.see(0, []byte(content))
			if known, ok := tr.recall(t.Context(), c.last.SHA256); !ok || !slices.Equal(known.Sums, want.Sums) {
				t.Errorf("blocks known: %v", ok)
			}
		})
	}
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// TestUpdateGoesOn: what a download that was cut off has left is taken up, and the blocks are those of the whole.
func TestUpdateGoesOn(t *testing.T) {
	content := noise(3_000, 1) + strings.Repeat("\x00", 4_000) + noise(3_050, 2)
	c := newEdited(t, content)
	for _, left := range []int{0, 1, 99, 100, 101, 2_950, 3_500, 7_000, 10_049, 10_050} {
		c.write(".staging", content[:left])
		c.blocks.files = nil
		if err := c.x.Update(t.Context(), c.last.Ranges, c.last.Size, c.last.SHA256, c.disk, ".staging", nil); err != nil {
			t.Fatal(err)
		}
		want := newList(c.last.Size, 100)
		_ = want.see(0, []byte(content))
		if known, ok := c.x.recall(t.Context(), c.last.SHA256); !ok || !slices.Equal(known.Sums, want.Sums) {
			t.Errorf("after %d bytes: blocks known: %v", left, ok)
		}
	}
}

// TestPlaces: every byte of the ranges comes once, in order, and is near by exactly where it is.
func TestPlaces(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) Range {
		return Range{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), rapid.Int64Range(0, 40).Draw(t, "offset"), rapid.Int64Range(0, 30).Draw(t, "length")}
	})
	rapid.Check(t, func(t *rapid.T) {
		ranges, held := rapid.SliceOfN(one, 0, 6).Draw(t, "ranges"), rapid.SliceOfN(one, 0, 6).Draw(t, "held")
		n := &near{held: hold(held)}
		var got, want []Range
		at := map[Range][]int64{}
		pos := int64(0)
		for _, h := range held {
			for i := range h.Length {
				b := Range{h.Key, h.Offset + i, 1}
				at[b] = append(at[b], pos)
				pos++
			}
		}
		for p := range n.places(ranges) {
			for i := range p.Length {
				b := Range{p.Key, p.Offset + i, 1}
				got = append(got, b)
				if p.near && !slices.Contains(at[b], p.offset+i) {
					t.Fatalf("%v is said to be at %d, not %v", b, p.offset+i, at[b])
				}
			}
		}
		for _, w := range ranges {
			for i := range w.Length {
				want = append(want, Range{w.Key, w.Offset + i, 1})
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v instead of %v", got, want)
		}
	})
}

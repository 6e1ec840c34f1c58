package transfer

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

// members writes files of the given sizes and returns them as they go together.
func (r *rig) members(sizes ...int) []Member {
	r.t.Helper()
	var out []Member
	for i, n := range sizes {
		path := fmt.Sprintf("docs/ø%02d.txt", i)
		out = append(out, Member{Path: path, Name: path, Want: r.write(path, noise(n, byte(i+1))), Meta: map[string]string{"mtime": "1.5"}})
	}
	return out
}

func (r *rig) together(x *Transfer, files []Member) []Packed {
	return x.UploadTogether(r.t.Context(), r.disk, files, r.newKey, map[string]string{"device": "7"})
}

// TestTogether: each file is a range of a zip that any program opens, with its name, time and bit.
func TestTogether(t *testing.T) {
	r := newRig(t)
	files := r.members(10, 5000, 1, 300_000)
	if err := r.disk.SetExec("docs/ø01.txt", true); err != nil {
		t.Fatal(err)
	}
	files[1].Want = r.signature("docs/ø01.txt")
	var moved atomic.Int64
	got := r.together(r.transfer(nil, Options{Progress: func(n int64) { moved.Add(n) }}), files)
	object, ok := r.store.Bytes(got[0].Key)
	if !ok || moved.Load() != 10+5000+1+300_000 {
		t.Fatalf("stored %v, progress %d, of an object of %d", ok, moved.Load(), len(object))
	}
	z, err := zip.NewReader(bytes.NewReader(object), int64(len(object)))
	if err != nil || len(z.File) != len(files) {
		t.Fatalf("%v: %v", err, z)
	}
	for i, p := range got {
		want := noise(int(files[i].Want.Size), byte(i+1))
		if p.Err != nil || p.Key != got[0].Key || p.SHA256 != sha256.Sum256([]byte(want)) || p.Size != int64(len(want)) || p.Exec != (i == 1) || p.Signature != files[i].Want {
			t.Errorf("%s: %+v", files[i].Path, p)
		}
		if b := object[p.Ranges[0].Offset:][:p.Size]; string(b) != want {
			t.Errorf("%s has other bytes in its range", files[i].Path)
		}
		f := z.File[i]
		body, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(body)
		if err != nil || string(b) != want || f.Name != files[i].Name || f.Mode().Perm()&0o100 != 0 != (i == 1) || f.Modified.Unix() != time.Unix(0, files[i].Want.Mtime).Unix() {
			t.Errorf("in the zip: %s, %v, %v, %v", f.Name, f.Mode(), f.Modified, err)
		}
		if comment := fmt.Sprintf(`{"mtime":"1.5","sha256":"%x"}`, p.SHA256); f.Comment != comment {
			t.Errorf("comment %s, want %s", f.Comment, comment)
		}
	}
	o, err := r.store.Head(t.Context(), got[0].Key)
	if err != nil || o.Meta["device"] != "7" || o.Meta[Members] == "" || o.Meta["sha256"] != "" {
		t.Errorf("%v, %v", o.Meta, err)
	}
}

// TestTogetherHeld: what need not be stored is read and described, and is not in the zip; where all is like that nothing is stored. It is described also when
// the store refuses the others.
func TestTogetherHeld(t *testing.T) {
	for name, held := range map[string]func(i int) bool{"some": func(i int) bool { return i%2 == 0 }, "all": func(int) bool { return true }} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			files := r.members(10, 5000, 1, 300)
			for i := range files {
				files[i].Held = func(h [32]byte) bool {
					if h != sha256.Sum256([]byte(noise(int(files[i].Want.Size), byte(i+1)))) {
						t.Errorf("%d: asked for other bytes", i)
					}
					return held(i)
				}
			}
			check := func(got []Packed, refused bool) {
				for i, p := range got {
					if p.Held != held(i) || (p.Err != nil) != (refused && !held(i)) || p.Held && (p.Key != "" || len(p.Ranges) > 0 || p.Size != files[i].Want.Size || p.Signature != files[i].Want) {
						t.Errorf("%d: %+v", i, p)
					}
				}
			}
			check(r.together(r.transfer(nil, Options{}), files), false)
			keys := r.store.Keys()
			if name == "all" && len(keys) > 0 || name == "some" && len(keys) != 1 {
				t.Errorf("stored %v", keys)
			}
			for _, k := range keys {
				object, _ := r.store.Bytes(k)
				if z, err := zip.NewReader(bytes.NewReader(object), int64(len(object))); err != nil || len(z.File) != 2 || z.File[0].Name != files[1].Name {
					t.Errorf("%v, %v", z, err)
				}
			}
			check(r.together(r.transfer((&faulty{at: 1, stay: true, kind: objstore.Unreachable}).bucket(r.store), Options{}), files), true)
		})
	}
}

// TestTogetherWithoutOne: a file that is not what was seen, or too large, is left out; the others go.
func TestTogetherWithoutOne(t *testing.T) {
	r := newRig(t)
	files := r.members(10, 20, 30, 40)
	r.write(files[1].Path, "changed")
	if err := r.disk.Remove(files[2].Path); err != nil {
		t.Fatal(err)
	}
	files = append(files, Member{Path: "huge", Name: "huge", Want: disk.Signature{Size: MaxTogether + 1}})
	got := r.together(r.transfer(nil, Options{}), files)
	for i, want := range []error{nil, ErrChanged, fs.ErrNotExist, nil} {
		if !errors.Is(got[i].Err, want) || want != nil && !strings.Contains(got[i].Err.Error(), files[i].Path) {
			t.Errorf("%s: %v", files[i].Path, got[i].Err)
		}
	}
	if got[4].Err == nil || got[1].Key != "" {
		t.Errorf("%+v", got[4])
	}
	object, _ := r.store.Bytes(got[3].Key)
	if string(object[got[3].Ranges[0].Offset:][:40]) != noise(40, 4) {
		t.Error("the last one has other bytes")
	}
	got = r.together(r.transfer(nil, Options{}), files[1:3])
	if got[0].Err == nil || got[1].Err == nil || len(r.store.Keys()) != 1 {
		t.Errorf("an object of nothing: %v", r.store.Keys())
	}
}

// TestTogetherInTheMiddle: a file that changes while it is read is left out.
func TestTogetherInTheMiddle(t *testing.T) {
	r := newRig(t)
	files := r.members(10, 20, 30)
	reads := 0
	r.disk.SetFaults(nil, func(op, path string) error {
		if op == "read" && path == files[1].Path {
			if reads++; reads == 1 {
				return r.disk.WriteFile(path, noise(20, 99))
			}
		}
		return nil
	})
	got := r.together(r.transfer(nil, Options{}), files)
	if reads == 0 || !errors.Is(got[1].Err, ErrChanged) || got[0].Err != nil || got[2].Err != nil {
		t.Errorf("%d reads: %v, %v, %v", reads, got[0].Err, got[1].Err, got[2].Err)
	}
}

// TestTogetherRefused: no file counts as stored when the object is not. An answer that was lost is looked for.
func TestTogetherRefused(t *testing.T) {
	for _, after := range []bool{false, true} {
		r := newRig(t)
		files := r.members(10, 20, 30)
		f := &faulty{at: 1, after: after, stay: !after, kind: objstore.Unreachable}
		var moved atomic.Int64
		got := r.together(r.transfer(f.bucket(r.store), Options{Progress: func(n int64) { moved.Add(n) }}), files)
		for i, p := range got {
			if (p.Err == nil) != after || !after && (objstore.KindOf(p.Err) != objstore.Unreachable || p.Key != "") {
				t.Errorf("after %v: %s: %v", after, files[i].Path, p.Err)
			}
		}
		if after != (len(r.store.Keys()) == 1) || after != (moved.Load() > 0) {
			t.Errorf("after %v: %v, progress %d", after, r.store.Keys(), moved.Load())
		}
	}
}

// apart downloads together what was uploaded together.
func (r *rig) apart(x *Transfer, ps []Packed) []error {
	var ws []Wanted
	for i, p := range ps {
		ws = append(ws, Wanted{Range: p.Ranges[0], SHA256: p.SHA256, Staging: fmt.Sprintf("stage%02d", i), Mtime: p.Mtime, Exec: p.Exec})
	}
	return x.DownloadTogether(r.t.Context(), ws, r.disk)
}

func TestApart(t *testing.T) {
	r := newRig(t)
	sizes := []int{10, 5000, 1, 30_000, 70, 12_000}
	up := r.together(r.transfer(nil, Options{}), r.members(sizes...))
	for name, of := range map[string][]int{"all": {0, 1, 2, 3, 4, 5}, "some": {1, 4, 5}, "one": {3}} {
		var moved atomic.Int64
		f := &faulty{}
		o := Options{Piece: 7_000, Parallel: 3, Progress: func(n int64) { moved.Add(n) }}
		var ps []Packed
		want := int64(0)
		for _, i := range of {
			ps, want = append(ps, up[i]), want+int64(sizes[i])
		}
		for i, err := range r.apart(r.transfer(f.bucket(r.store), o), ps) {
			staging := fmt.Sprintf("stage%02d", i)
			got, _ := r.disk.ReadFile(staging)
			if err != nil || got != noise(sizes[of[i]], byte(of[i]+1)) {
				t.Errorf("%s: %s: %v, %d bytes", name, staging, err, len(got))
			}
			if is, err := r.disk.Stat(staging); err != nil || is.Mtime != ps[i].Mtime || is.Exec != ps[i].Exec {
				t.Errorf("%s: %s has time %d (%v)", name, staging, is.Mtime, err)
			}
			if err := r.disk.Remove(staging); err != nil {
				t.Fatal(err)
			}
		}
		if moved.Load() != want {
			t.Errorf("%s: progress %d of %d", name, moved.Load(), want)
		}
	}
}

// TestApartIsDurable: what came is there after a power cut, as soon as its folder is.
func TestApartIsDurable(t *testing.T) {
	r := newRig(t)
	ps := r.together(r.transfer(nil, Options{}), r.members(10, 5000, 300))
	for i, err := range r.apart(r.transfer(nil, Options{}), ps) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if err := r.disk.SyncDir(""); err != nil {
		t.Fatal(err)
	}
	r.disk.PowerCut(rand.New(rand.NewPCG(1, 2)))
	for i, p := range ps {
		staging := fmt.Sprintf("stage%02d", i)
		if got, err := r.disk.ReadFile(staging); err != nil || got != noise(int(p.Size), byte(i+1)) {
			t.Errorf("%s: %v, %d bytes", staging, err, len(got))
		}
		if is, err := r.disk.Stat(staging); err != nil || is.Mtime != p.Mtime {
			t.Errorf("%s has time %d (%v)", staging, is.Mtime, err)
		}
	}
}

// TestApartSpoilt: what is wrong with one file leaves the others alone, and what did not come is not there.
func TestApartSpoilt(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(r *rig, ps []Packed) objstore.Bucket
		bad   []int
	}{
		"other bytes":      {func(r *rig, ps []Packed) objstore.Bucket { ps[1].SHA256[0] ^= 1; return nil }, []int{1}},
		"taken":            {func(r *rig, _ []Packed) objstore.Bucket { r.write("stage02", "somebody's"); return nil }, []int{2}},
		"not made durable": {func(r *rig, _ []Packed) objstore.Bucket { r.faulty("sync", "stage01"); return nil }, []int{1}},
		"no time":          {func(r *rig, _ []Packed) objstore.Bucket { r.faulty("setmeta", "stage03"); return nil }, []int{3}},
		"cut": {func(r *rig, ps []Packed) objstore.Bucket {
			return onDown(r.store, func(_ int, _ objstore.Call, b io.ReadCloser) io.ReadCloser { return &cutBody{b, 60, errCrash} })
		}, []int{1, 2, 3}},
		"gone":    {func(r *rig, ps []Packed) objstore.Bucket { _ = r.store.Delete(r.t.Context(), ps[0].Key); return nil }, []int{0, 1, 2, 3}},
		"short":   {func(r *rig, ps []Packed) objstore.Bucket { ps[3].Ranges[0].Length = 1 << 19; return nil }, []int{0, 1, 2, 3}},
		"overlap": {func(r *rig, ps []Packed) objstore.Bucket { ps[1].Ranges[0].Offset = ps[0].Ranges[0].Offset; return nil }, []int{0, 1, 2, 3}},
	} {
		r := newRig(t)
		ps := r.together(r.transfer(nil, Options{}), r.members(10, 200, 300, 400))
		var moved atomic.Int64
		x := r.transfer(c.spoil(r, ps), Options{Progress: func(n int64) { moved.Add(n) }})
		var bad []int
		want := int64(0)
		for i, err := range r.apart(x, ps) {
			got, _ := r.disk.ReadFile(fmt.Sprintf("stage%02d", i))
			switch {
			case err != nil:
				bad = append(bad, i)
				if got != "" && got != "somebody's" {
					t.Errorf("%s: %q is there", name, got)
				}
			case got != noise(int(ps[i].Size), byte(i+1)):
				t.Errorf("%s: %d has other bytes", name, i)
			default:
				want += ps[i].Size
			}
		}
		if diff := cmp.Diff(c.bad, bad); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if moved.Load() != want {
			t.Errorf("%s: progress %d of %d", name, moved.Load(), want)
		}
	}
}

// faulty makes one operation on one file fail.
func (r *rig) faulty(op, path string) {
	r.disk.SetFaults(func(o, p string) error {
		if o == op && p == path {
			return errCrash
		}
		return nil
	}, nil)
}

// TestVerifyTogether: what is damaged is said of the file that it is, and nothing is kept.
func TestVerifyTogether(t *testing.T) {
	r := newRig(t)
	up := r.together(r.transfer(nil, Options{}), r.members(10, 5_000, 70))
	up[1].SHA256[0] ^= 1
	var ws []Wanted
	for _, p := range up {
		ws = append(ws, Wanted{Range: p.Ranges[0], SHA256: p.SHA256})
	}
	var moved atomic.Int64
	before, _ := r.disk.ReadDir(t.Context(), "")
	errs := r.transfer(nil, Options{Progress: func(n int64) { moved.Add(n) }}).VerifyTogether(t.Context(), ws)
	if errs[0] != nil || objstore.KindOf(errs[1]) != objstore.Damaged || errs[2] != nil {
		t.Errorf("%v", errs)
	}
	if after, _ := r.disk.ReadDir(t.Context(), ""); moved.Load() != 80 || len(after) != len(before) {
		t.Errorf("progress %d, %v", moved.Load(), after)
	}
}

func BenchmarkUploadTogether(b *testing.B) {
	for _, n := range []int{1, 200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := &rig{t: new(testing.T), disk: newRig(new(testing.T)).disk, store: newStore(), journal: new(MemJournal)}
			var files []Member
			for i := range n {
				path := fmt.Sprintf("f%d", i)
				if err := r.disk.WriteFile(path, noise(32*kib, byte(i))); err != nil {
					b.Fatal(err)
				}
				info, err := r.disk.Stat(path)
				if err != nil {
					b.Fatal(err)
				}
				files = append(files, Member{Path: path, Name: path, Want: info.Signature})
			}
			x := r.transfer(nil, Options{})
			b.SetBytes(int64(n) * 32 * kib)
			for b.Loop() {
				if p := x.UploadTogether(b.Context(), r.disk, files, r.newKey, nil); p[0].Err != nil {
					b.Fatal(p[0].Err)
				}
			}
		})
	}
}

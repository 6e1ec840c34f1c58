package transfer

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"

	"github.com/google/go-cmp/cmp"
)

func TestUpload(t *testing.T) {
	for name, size := range map[string]int{
		"empty": 0, "one byte": 1, "below parts": 5*kib - 1, "one part": 5 * kib, "two parts": 5*kib + 1, "whole parts": 10 * kib, "three": 12 * kib,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			content := noise(size, 1)
			r.write("a/f", content)
			if err := r.disk.SetExec("a/f", true); err != nil {
				t.Fatal(err)
			}
			want := r.signature("a/f")
			var moved int64
			o := inParts
			o.Parallel, o.Progress = 1, func(n int64) { moved += n }
			up, err := r.transfer(nil, o).Upload(t.Context(), r.disk, "a/f", want, r.newKey, map[string]string{"mtime": "1.5"})
			if err != nil {
				t.Fatal(err)
			}
			r.stored(up, content)
			if diff := cmp.Diff(Uploaded{up.Key, []Range{{up.Key, 0, int64(size)}}, up.SHA256, int64(size), want.Mtime, true, want}, up); diff != "" {
				t.Error(diff)
			}
			if moved != int64(size) {
				t.Errorf("progress %d of %d", moved, size)
			}
		})
	}
}

func TestMetadata(t *testing.T) {
	r := newRig(t)
	meta := map[string]string{"path": "æ"}
	for path, want := range map[string]map[string]string{
		"small": {"path": "æ", "sha256": "*"},
		"large": {"path": "æ"},
	} {
		size := map[string]int{"small": 10, "large": 5 * kib}[path]
		sig := r.write(path, noise(size, 2))
		up, err := r.transfer(nil, inParts).Upload(t.Context(), r.disk, path, sig, r.newKey, meta)
		if err != nil {
			t.Fatal(err)
		}
		o, err := r.store.Head(t.Context(), up.Key)
		if err != nil {
			t.Fatal(err)
		}
		if want["sha256"] != "" {
			want["sha256"] = hex.EncodeToString(up.SHA256[:])
		}
		if diff := cmp.Diff(want, o.Meta); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	if len(meta) != 1 {
		t.Errorf("the caller's metadata was changed: %v", meta)
	}
}

func TestNotTheFileThatWasAskedFor(t *testing.T) {
	r := newRig(t)
	sig := r.write("f", "first")
	r.write("f", "other")
	if err := r.disk.Put("link", disk.Symlink); err != nil {
		t.Fatal(err)
	}
	x := r.transfer(nil, Options{})
	for path, also := range map[string]error{"f": nil, "absent": fs.ErrNotExist, "link": disk.ErrNotRegular, "link/f": disk.ErrNotInside} {
		_, err := x.Upload(t.Context(), r.disk, path, sig, r.newKey, nil)
		_, hashErr := x.Hash(t.Context(), r.disk, path, sig)
		for _, err := range []error{err, hashErr} {
			if !errors.Is(err, ErrChanged) || also != nil && !errors.Is(err, also) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	if keys := r.store.Keys(); len(keys) > 0 {
		t.Errorf("stored %v", keys)
	}
}

func TestTooLargeForAnyStore(t *testing.T) {
	r := newRig(t)
	f := &faulty{}
	_, err := r.transfer(f.bucket(r.store), Options{}).Upload(t.Context(), r.disk, "f", disk.Signature{Size: maxObject + 1}, r.newKey, nil)
	if !errors.Is(err, ErrTooLarge) || objstore.KindOf(err) != objstore.Invalid || f.n > 0 {
		t.Errorf("%v after %d requests", err, f.n)
	}
}

// edits are what a user can do to a file of unchanged or changed size.
var edits = map[string]func(*disktest.Disk, string) error{
	"in place":       func(d *disktest.Disk, s string) error { return d.WriteFile("f", "x"+s[1:]) },
	"saved anew":     func(d *disktest.Disk, s string) error { return d.SaveFile("f", "x"+s[1:]) },
	"keeping mtime":  func(d *disktest.Disk, s string) error { return d.EditKeepingMtime("f", s[:len(s)-1]+"x") },
	"grown":          func(d *disktest.Disk, s string) error { return d.WriteFile("f", s+"x") },
	"cut":            func(d *disktest.Disk, s string) error { return d.WriteFile("f", s[:len(s)/2]) },
	"removed":        func(d *disktest.Disk, _ string) error { return d.RemoveAll("f") },
	"moved":          func(d *disktest.Disk, _ string) error { return d.Move("f", "g") },
	"now a link":     func(d *disktest.Disk, _ string) error { return d.Put("f", disk.Symlink) },
	"replaced by it": func(d *disktest.Disk, s string) error { return errors.Join(d.Move("f", "g"), d.WriteFile("f", s)) },
}

// changing runs act while the file is edited before each of its disk operations in turn, every some-th.
func changing(t *testing.T, size, every int, act func(r *rig, want disk.Signature, content string) error) {
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			content := noise(size, 3)
			for at := 1; ; at += every {
				r := newRig(t)
				want := r.write("f", content)
				n := 0
				r.disk.SetFaults(func(op, _ string) error {
					if n++; n == at {
						return edit(r.disk, content)
					}
					return nil
				}, nil)
				err := act(r, want, content)
				r.disk.SetFaults(nil, nil)
				r.nothingLeft()
				if err == nil {
					if n > at {
						t.Fatalf("changed before operation %d of %d and not noticed", at, n)
					}
					return
				}
				if !errors.Is(err, ErrChanged) || len(r.store.Keys()) > 0 {
					t.Fatalf("changed before operation %d: %v, stored %v", at, err, r.store.Keys())
				}
			}
		})
	}
}

func TestChangedWhileItIsRead(t *testing.T) {
	upload := func(x func(r *rig) *Transfer) func(*rig, disk.Signature, string) error {
		return func(r *rig, want disk.Signature, content string) error {
			up, err := x(r).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
			if err == nil {
				r.stored(up, content)
			}
			return err
		}
	}
	t.Run("whole", func(t *testing.T) {
		changing(t, step*2+10, 1, upload(func(r *rig) *Transfer { return r.transfer(nil, Options{}) }))
	})
	t.Run("parts", func(t *testing.T) {
		changing(t, 11*kib, 1, upload(func(r *rig) *Transfer { return r.transfer(nil, inParts) }))
	})
	t.Run("large parts", func(t *testing.T) {
		changing(t, 11*kib, 1, upload(func(r *rig) *Transfer { return littleMemory(r.transfer(nil, inParts)) }))
	})
	t.Run("hash", func(t *testing.T) {
		changing(t, step*2+10, 1, func(r *rig, want disk.Signature, _ string) error {
			_, err := r.transfer(nil, Options{}).Hash(t.Context(), r.disk, "f", want)
			return err
		})
	})
}

// littleMemory makes every part one that does not fit.
func littleMemory(x *Transfer) *Transfer {
	x.o.Memory = 1
	return x
}

func TestReadErrorsAreNotChanges(t *testing.T) {
	for _, size := range []int{1000, 6 * kib} {
		r := newRig(t)
		want := r.write("f", noise(size, 4))
		r.disk.SetFaults(func(op, _ string) error {
			if op == "read" {
				return disk.ErrGone
			}
			return nil
		}, nil)
		_, err := r.transfer(nil, inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
		if !errors.Is(err, disk.ErrGone) || errors.Is(err, ErrChanged) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// A file whose bytes change between the hashing and the sending of a large part, without its signature telling.
func TestLargePartIsProvenWhileItIsSent(t *testing.T) {
	data := []byte(noise(1000, 5))
	sum := [32]byte(slices.Repeat([]byte{7}, 32))
	p := newProven(readerAt(data), 0, 1000, sum)
	if _, err := p.Read(make([]byte, 1000)); !errors.Is(err, ErrChanged) {
		t.Errorf("other bytes: %v", err)
	}
	if _, err := newProven(readerAt(data[:500]), 0, 1000, sum).Read(make([]byte, 1000)); err != nil && !errors.Is(err, ErrChanged) {
		t.Errorf("short: %v", err)
	}
	if _, err := p.Seek(10, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, errUnproven) {
		t.Errorf("from the middle: %v", err)
	}
}

func TestCancelledUploadGoesOn(t *testing.T) {
	r := newRig(t)
	content := noise(16*kib, 6)
	want := r.write("f", content)
	ctx, cancel := context.WithCancel(t.Context())
	b := objstore.WithHooks(r.store, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		if c.Op == objstore.OpPutPart && len(parted(r)) == 2 {
			cancel()
			<-ctx.Done()
		}
		return act(ctx)
	}})
	o := inParts
	o.Parallel = 1
	if _, err := r.transfer(b, o).Upload(ctx, r.disk, "f", want, r.newKey, nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	f := &faulty{}
	up, err := r.transfer(f.bucket(r.store), o).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.stored(up, content)
	if sent := f.sent.Load(); sent != 6*kib {
		t.Errorf("sent %d bytes again, all but two parts are 6 MiB", sent)
	}
}

// parted returns the parts that the only upload in the store has.
func parted(r *rig) []objstore.Part {
	uploads, _ := r.store.ListUploads(context.Background(), "")
	if len(uploads) == 0 {
		return nil
	}
	list, _ := r.store.ListParts(context.Background(), uploads[0].Key, uploads[0].ID)
	return list
}

package transfer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
)

const large = 256 * mib

// bench is a file on a disk in memory, and its bytes.
type bench struct {
	disk    *disktest.Disk
	content []byte
	want    disk.Signature
	keys    int
}

func newBench(b *testing.B, size int) *bench {
	b.Helper()
	x := &bench{disk: disktest.New(disktest.Options{}), content: []byte(noise(size, 60))}
	if err := x.disk.WriteFile("f", string(x.content)); err != nil {
		b.Fatal(err)
	}
	info, err := x.disk.Stat("f")
	if err != nil {
		b.Fatal(err)
	}
	x.want = info.Signature
	return x
}

func (x *bench) newKey() string {
	x.keys++
	return fmt.Sprintf("v/f/%d", x.keys)
}

// besideSHA256 runs act, and plain sha256 over the same bytes between its runs, and reports how many times as long act takes.
func (x *bench) besideSHA256(b *testing.B, act func() error) {
	b.SetBytes(int64(len(x.content)))
	b.ReportAllocs()
	var plain, ours time.Duration
	for b.Loop() {
		b.StopTimer()
		start := time.Now()
		sha256.Sum256(x.content)
		plain += time.Since(start)
		b.StartTimer()
		start = time.Now()
		if err := act(); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(plain), "x-sha256")
}

// discard is a store that reads what it is given and keeps nothing, so that only the transfer's own work is measured.
type discard struct{ *memstore.Store }

func (d discard) PutPart(_ context.Context, _, _ string, number int, body io.ReadSeeker, size int64) (objstore.Part, error) {
	_, err := io.Copy(io.Discard, body)
	return objstore.Part{Number: number, Size: size, ETag: "x"}, err
}

func (d discard) CompleteUpload(context.Context, string, string, []objstore.Part) (objstore.Object, error) {
	return objstore.Object{}, nil
}

func BenchmarkHash256MiB(b *testing.B) {
	x := newBench(b, large)
	t := New(memstore.New(nil), Options{})
	x.besideSHA256(b, func() error {
		_, err := t.Hash(b.Context(), x.disk, "f", x.want)
		return err
	})
}

func BenchmarkUpload256MiB(b *testing.B) {
	for name, open := range map[string]func() objstore.Bucket{
		"memstore": func() objstore.Bucket { return memstore.New(nil) },
		"discard":  func() objstore.Bucket { return discard{memstore.New(nil)} },
	} {
		b.Run(name, func(b *testing.B) {
			x := newBench(b, large)
			x.besideSHA256(b, func() error {
				_, err := New(open(), Options{}).Upload(b.Context(), x.disk, "f", x.want, x.newKey, nil)
				return err
			})
		})
	}
}

func BenchmarkDownload256MiB(b *testing.B) {
	x := newBench(b, large)
	t, ranges, sum := x.stored(b)
	x.besideSHA256(b, func() error {
		dst := disktest.New(disktest.Options{Capacity: large})
		return t.Download(b.Context(), ranges, large, sum, dst, ".staging")
	})
}

func BenchmarkVerify256MiB(b *testing.B) {
	x := newBench(b, large)
	t, ranges, sum := x.stored(b)
	x.besideSHA256(b, func() error { return t.Verify(b.Context(), ranges, large, sum) })
}

func (x *bench) stored(b *testing.B) (*Transfer, []Range, [32]byte) {
	b.Helper()
	t := New(memstore.New(nil), Options{})
	up, err := t.Upload(b.Context(), x.disk, "f", x.want, x.newKey, nil)
	if err != nil {
		b.Fatal(err)
	}
	return t, []Range{{up.Key, 0, up.Size}}, up.SHA256
}

func BenchmarkUpload4KiB(b *testing.B) {
	x := newBench(b, 4096)
	t := New(memstore.New(nil), Options{})
	x.besideSHA256(b, func() error {
		_, err := t.Upload(b.Context(), x.disk, "f", x.want, func() string { return "v/f/1" }, nil)
		return err
	})
}

func BenchmarkDownload4KiB(b *testing.B) {
	x := newBench(b, 4096)
	t, ranges, sum := x.stored(b)
	dst := disktest.New(disktest.Options{})
	x.besideSHA256(b, func() error {
		if err := t.Download(b.Context(), ranges, 4096, sum, dst, ".staging"); err != nil {
			return err
		}
		return dst.Remove(".staging")
	})
}

// BenchmarkReadSmallFiles reads 1 KiB files of a folder two levels deep from a real disk, each as UploadTogether does: opened, read and
// proved to be what stands at its path.
func BenchmarkReadSmallFiles(b *testing.B) {
	dir := b.TempDir()
	fsys, err := disk.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "one", "two"), 0o700); err != nil {
		b.Fatal(err)
	}
	files := make([]Member, 1000)
	for i := range files {
		files[i].Path = fmt.Sprintf("one/two/%d", i)
		name, long := filepath.Join(dir, files[i].Path), time.Unix(1_600_000_000, 1)
		if err := errors.Join(os.WriteFile(name, []byte(noise(1024, byte(i))), 0o600), os.Chtimes(name, long, long)); err != nil {
			b.Fatal(err)
		}
	}
	for i := range files {
		info, err := fsys.Stat(files[i].Path)
		if err != nil {
			b.Fatal(err)
		}
		files[i].Want = info.Signature
	}
	var r reading
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := r.file(b.Context(), fsys, files[i%len(files)]); err != nil {
			b.Fatal(err)
		}
	}
}

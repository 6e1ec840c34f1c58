package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

// gauge counts the bytes of the requests that are under way.
type gauge struct {
	mu        sync.Mutex
	now, most int64
	per, peak map[string]int // requests per key
}

func (g *gauge) add(key string, n int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now += n
	g.most = max(g.most, g.now)
	if g.per == nil {
		g.per, g.peak = map[string]int{}, map[string]int{}
	}
	if n > 0 {
		g.per[key]++
		g.peak[key] = max(g.peak[key], g.per[key])
	} else {
		g.per[key]--
	}
}

func (g *gauge) bucket(b objstore.Bucket) objstore.Bucket {
	return objstore.WithHooks(b, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		size := c.Size + c.Get.Length
		if size == 0 {
			return act(ctx)
		}
		g.add(c.Key, size)
		defer g.add(c.Key, -size)
		pause(time.Second) // all that may run together does
		return act(ctx)
	}})
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		const files = 12
		var wants [files]disk.Signature
		var contents [files]string
		for i := range files {
			contents[i] = noise([]int{300_000, mib, 6 * mib}[i%3], byte(i))
			wants[i] = r.write(fmt.Sprint("f", i), contents[i])
		}
		g := &gauge{}
		o := Options{MultipartFrom: 5 * mib, PartSize: 5 * mib, Memory: 12 * mib, Piece: mib}
		x := r.transfer(g.bucket(r.store), o)
		var all sync.WaitGroup
		var mu sync.Mutex
		newKey := func() string {
			mu.Lock()
			defer mu.Unlock()
			return r.newKey()
		}
		for i := range files {
			all.Go(func() {
				name := fmt.Sprint("f", i)
				up, err := x.Upload(t.Context(), r.disk, name, wants[i], newKey, nil)
				if err != nil {
					t.Error(err)
					return
				}
				ranges := []Range{{up.Key, 0, up.Size}}
				if err := x.Download(t.Context(), ranges, up.Size, up.SHA256, r.disk, name+".new"); err != nil {
					t.Error(err)
				}
				if got, _ := r.disk.ReadFile(name + ".new"); got != contents[i] {
					t.Errorf("%s came back different", name)
				}
				if err := x.Verify(t.Context(), ranges, up.Size, up.SHA256); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		r.nothingLeft()
		if g.most > 12*mib || g.most < 8*mib {
			t.Errorf("%d bytes at once, 12 MiB are allowed", g.most)
		}
		if g.now != 0 || !x.memory.free.TryAcquire(12*mib) {
			t.Error("memory was not given back")
		}
	})
}

func TestPartsAndPiecesGoInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		content := noise(31*kib, 30)
		want := r.write("f", content)
		g := &gauge{}
		o := inParts
		o.Parallel, o.Piece = 3, 2*kib
		x := r.transfer(g.bucket(r.store), o)
		up, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.stored(up, content)
		if n := g.peak[up.Key]; n != 3 {
			t.Errorf("%d parts at once, not 3", n)
		}
		g.peak[up.Key] = 0
		if err := x.Verify(t.Context(), []Range{{up.Key, 0, up.Size}}, up.Size, up.SHA256); err != nil {
			t.Fatal(err)
		}
		if n := g.peak[up.Key]; n != 3 {
			t.Errorf("%d pieces at once, not 3", n)
		}
	})
}

func TestSmallMemoryIsRaisedToWhatIsNeeded(t *testing.T) {
	r := newRig(t)
	content := noise(6*kib, 31)
	want := r.write("f", content)
	o := inParts
	o.Memory = 1
	up, err := r.transfer(nil, o).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.stored(up, content)
}

// The same file sent twice at the same time makes two objects and no confusion.
func TestSameFileTwiceAtOnce(t *testing.T) {
	r := newRig(t)
	content := noise(12*kib, 32)
	want := r.write("f", content)
	x := r.transfer(nil, inParts)
	var all sync.WaitGroup
	ups := make([]Uploaded, 3)
	for i := range ups {
		all.Go(func() {
			up, err := x.Upload(t.Context(), r.disk, "f", want, func() string { return fmt.Sprintf("v/f/%d.bin", i) }, nil)
			if err != nil {
				t.Error(err)
			}
			ups[i] = up
		})
	}
	all.Wait()
	for _, up := range ups {
		r.stored(up, content)
	}
}

// stuck answers nothing until the caller gives up, and says then what a broken connection says.
func stuck(b objstore.Bucket, op string) objstore.Bucket {
	return objstore.WithHooks(b, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		if c.Op != op {
			return act(ctx)
		}
		<-ctx.Done()
		return objstore.Errorf(objstore.Unreachable, c.Op, c.Key, "%w", io.ErrUnexpectedEOF)
	}})
}

func TestCancellationIsPrompt(t *testing.T) {
	for op, act := range map[string]func(context.Context, *rig, *Transfer) error{
		objstore.OpPut: func(ctx context.Context, r *rig, x *Transfer) error {
			_, err := x.Upload(ctx, r.disk, "small", r.signature("small"), r.newKey, nil)
			return err
		},
		objstore.OpPutPart: func(ctx context.Context, r *rig, x *Transfer) error {
			_, err := x.Upload(ctx, r.disk, "large", r.signature("large"), r.newKey, nil)
			return err
		},
		objstore.OpComplete: func(ctx context.Context, r *rig, x *Transfer) error {
			_, err := x.Upload(ctx, r.disk, "large", r.signature("large"), r.newKey, nil)
			return err
		},
		objstore.OpGet: func(ctx context.Context, r *rig, x *Transfer) error {
			return x.Download(ctx, []Range{{"v/a", 0, 100}}, 100, [32]byte{}, r.disk, ".staging")
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.write("small", "content")
			r.write("large", noise(16*kib, 33))
			r.keep("v/a", noise(100, 34))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			err := act(ctx, r, r.transfer(stuck(r.store, op), inParts))
			if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Minute {
				t.Errorf("%s: %v after %v", op, err, took)
			}
		})
	}
}

func TestNoMemoryIsWaitedForInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		want := r.write("f", "abc")
		x := r.transfer(nil, Options{})
		if err := x.memory.free.Acquire(t.Context(), x.o.Memory); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r.keep("v/a", "abc")
		_, up := x.Upload(ctx, r.disk, "f", want, r.newKey, nil)
		down := x.Verify(ctx, []Range{{"v/a", 0, 3}}, 3, [32]byte{})
		if !errors.Is(up, context.DeadlineExceeded) || !errors.Is(down, context.DeadlineExceeded) {
			t.Errorf("%v, %v", up, down)
		}
		x.memory.free.Release(x.o.Memory)
		if _, err := x.Upload(t.Context(), r.disk, "f", want, r.newKey, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestQuiet(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	at := func(d time.Duration) int64 { return now.Add(d).UnixNano() }
	for name, c := range map[string]struct {
		s    disk.Signature
		want time.Duration
	}{
		"old":                   {disk.Signature{Mtime: at(-time.Hour), Ctime: at(-time.Hour + 1)}, 0},
		"old mtime, new change": {disk.Signature{Mtime: at(-time.Hour), Ctime: at(-10*time.Millisecond + 1)}, 30*time.Millisecond + 1},
		"just now":              {disk.Signature{Mtime: at(1), Ctime: at(1)}, 40*time.Millisecond + 1},
		"a tick ago":            {disk.Signature{Mtime: at(-40*time.Millisecond - 1)}, 0},
		"whole seconds":         {disk.Signature{Mtime: at(-time.Second)}, time.Second},
		"whole seconds, old":    {disk.Signature{Mtime: at(-2 * time.Second)}, 0},
		"a clock ahead":         {disk.Signature{Mtime: at(20*time.Millisecond + 1)}, 60*time.Millisecond + 1},
		"set to the future":     {disk.Signature{Mtime: at(time.Hour)}, 0},
		"no times":              {disk.Signature{}, 0},
	} {
		if got := quiet(c.s, now); got != c.want {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
}

// A disk whose clock ticks every two seconds: an edit within the tick of the one before must not be mixed with it.
func TestEditWithinOneTickOfTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(50) {
			rng := rand.New(rand.NewPCG(seed, 2))
			r := coarseRig(t)
			old, edited := noise(3*step, 40), noise(3*step, 41)
			pause(time.Duration(rng.IntN(3000)) * time.Millisecond)
			want := r.write("f", old)
			go func() {
				pause(time.Duration(rng.IntN(2500)) * time.Millisecond)
				r.write("f", edited)
			}()
			r.disk.SetFaults(func(op, _ string) error {
				pause(time.Millisecond)
				return nil
			}, nil)
			up, err := r.transfer(nil, Options{}).Upload(t.Context(), r.disk, "f", want, r.newKey, nil)
			if err != nil && !errors.Is(err, ErrChanged) {
				t.Fatal(err)
			}
			if got, _ := r.store.Bytes(up.Key); err == nil && string(got) != old && string(got) != edited {
				t.Fatalf("seed %d: a mixture was stored", seed)
			}
			pause(time.Minute)
		}
	})
}

package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
)

// job is one multipart upload under way. What the journal says is always behind what the store has, never ahead of it.
type job struct {
	t      *Transfer
	src    *source
	id     string
	newKey func() string

	mu      sync.Mutex
	u       Unfinished
	have    map[int]StoredPart // confirmed by the store
	unsaved int                // how many of them the journal does not know
	sent    int64              // bytes of them that this job sent
}

// uploadParts sends the file in parts. When the store has lost the upload on the way, or does not take what an earlier run
// began, it starts again, once.
func (t *Transfer) uploadParts(ctx context.Context, src *source, newKey func() string, meta map[string]string) (string, [32]byte, error) {
	key := newKey()
	id, release := t.claim(uploadID(key, src.path))
	defer release()
	j := &job{t: t, src: src, id: id, newKey: newKey}
	j.reset(key, meta)
	state, err := j.resume(ctx)
	if err != nil {
		return "", [32]byte{}, err
	}
	sum, err := j.attempt(ctx, state)
	if k := objstore.KindOf(err); k != objstore.NoUpload && (k != objstore.Invalid || state != begun) {
		return j.u.Key, sum, err
	}
	if err := j.renew(ctx); err != nil {
		return "", sum, err
	}
	sum, err = j.attempt(ctx, nothing)
	return j.u.Key, sum, err
}

// claim reserves the id, or one beside it while the same file is already being sent to the same place.
func (t *Transfer) claim(id string) (string, func()) {
	for n := 1; ; n++ {
		name := id
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		if release, ok := t.running.claim(name); ok {
			return name, release
		}
	}
}

// reset makes the job one that has not begun.
func (j *job) reset(key string, meta map[string]string) {
	align := j.src.align
	size := partSize(j.src.size, (j.t.o.PartSize+align-1)/align*align)
	j.u = Unfinished{Key: key, Path: j.src.path, Signature: j.src.info.Signature, Size: j.src.size, PartSize: size, Meta: maps.Clone(meta)}
	j.have, j.unsaved = make(map[int]StoredPart), 0
	j.takeBack()
}

// attempt takes the upload from its state to the finished object and returns the sha256 of the file.
func (j *job) attempt(ctx context.Context, s state) ([32]byte, error) {
	if s == complete {
		sum, err := j.t.hashSource(ctx, j.src)
		if err != nil {
			return sum, err
		}
		if sum == j.u.Sum {
			return sum, j.forget(ctx)
		}
		if err := j.renew(ctx); err != nil {
			return sum, err
		}
	}
	if s != begun {
		if err := j.begin(ctx); err != nil {
			return [32]byte{}, err
		}
	}
	sum, err := j.send(ctx)
	if err != nil {
		return sum, j.stop(ctx, err)
	}
	return sum, j.complete(ctx, sum)
}

// renew puts the upload away and makes the job one that has not begun, under a new key.
func (j *job) renew(ctx context.Context) error {
	if err := j.t.discard(ctx, j.id, j.u); err != nil {
		return err
	}
	j.reset(j.newKey(), j.u.Meta)
	return nil
}

// begin asks the store for an upload. The journal has the key before the store does: an upload whose name was lost on its way
// back is found by its key.
func (j *job) begin(ctx context.Context) error {
	j.u.Started = time.Now()
	if err := j.save(ctx); err != nil {
		return err
	}
	id, err := j.t.bucket.NewUpload(ctx, j.u.Key, objstore.PutOptions{Meta: j.u.Meta})
	if err != nil {
		return err
	}
	j.u.UploadID = id
	return j.save(ctx)
}

// send reads the file once, from start to end, and sends every part that the store does not have. It returns the sha256 of
// the file, which has not changed while it was read.
func (j *job) send(ctx context.Context) ([32]byte, error) {
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(1 + j.t.o.Parallel) // the reading itself, and the parts on their way
	sum := sha256.New()
	g.Go(func() error { return j.readAll(inner, g, sum) })
	if err := g.Wait(); err != nil {
		return [32]byte{}, ended(ctx, err)
	}
	return [32]byte(sum.Sum(nil)), nil
}

func (j *job) readAll(ctx context.Context, g *errgroup.Group, sum hash.Hash) error {
	for n := 1; n <= parts(j.src.size, j.u.PartSize); n++ {
		part := j.part
		if j.u.PartSize > j.t.o.Memory {
			part = j.largePart
		}
		if err := part(ctx, g, n, sum); err != nil {
			return err
		}
		if err := j.src.same(); err != nil {
			return err
		}
	}
	return j.src.unchanged()
}

// part reads part n into memory, and sends it in the background unless the store has it.
func (j *job) part(ctx context.Context, g *errgroup.Group, n int, sum hash.Hash) error {
	buf, err := j.t.memory.get(ctx, partLen(j.src.size, j.u.PartSize, n))
	if err != nil {
		return err
	}
	offset := int64(n-1) * j.u.PartSize
	if err := j.src.read(ctx, buf.b, offset, sum); err != nil {
		buf.release()
		return err
	}
	prefix := [32]byte(sum.Sum(nil))
	g.Go(func() error {
		defer buf.release()
		if err := j.src.seen(offset, buf.b); err != nil || j.stored(n, prefix) {
			return err
		}
		return j.put(ctx, n, int64(len(buf.b)), prefix, func() *body {
			return newBody(bytes.NewReader(buf.b), j.t.o.Progress)
		})
	})
	return nil
}

// largePart is for parts larger than the memory that all transfers have, in files of more than 600 GB: such a part is hashed
// first and then read again while it is sent; the second reading must give the same bytes.
func (j *job) largePart(ctx context.Context, _ *errgroup.Group, n int, sum hash.Hash) error {
	offset, size := int64(n-1)*j.u.PartSize, partLen(j.src.size, j.u.PartSize, n)
	own := sha256.New()
	if err := j.src.hashTo(ctx, j.t.memory, offset, offset+size, io.MultiWriter(sum, own)); err != nil {
		return err
	}
	prefix := [32]byte(sum.Sum(nil))
	if j.stored(n, prefix) {
		return nil
	}
	return j.put(ctx, n, size, prefix, func() *body {
		return newBody(newProven(j.src.view, offset, size, [32]byte(own.Sum(nil))), j.t.o.Progress)
	})
}

// stored tells whether the store has part n of just these bytes; a part that it has of others no longer counts.
func (j *job) stored(n int, prefix [32]byte) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	p, ok := j.have[n]
	if ok && p.Prefix == prefix {
		return true
	}
	delete(j.have, n)
	return false
}

// put sends one part, a second time when the answer was lost.
func (j *job) put(ctx context.Context, n int, size int64, prefix [32]byte, open func() *body) error {
	var err error
	for range 2 {
		var p objstore.Part
		body := open()
		p, err = j.t.bucket.PutPart(ctx, j.u.Key, j.u.UploadID, n, body, size)
		body.revoke(err == nil)
		if err == nil {
			return j.record(ctx, StoredPart{Number: n, Size: size, ETag: p.ETag, Prefix: prefix})
		}
		if !unknown(ctx, err) {
			return err
		}
	}
	return err
}

func (j *job) record(ctx context.Context, p StoredPart) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.have[p.Number] = p
	j.unsaved++
	j.sent += p.Size
	if !worthSaving(j.unsaved, len(j.have)) {
		return nil
	}
	return j.save(ctx)
}

// save writes the journal. The caller holds mu, or is alone.
func (j *job) save(ctx context.Context) error {
	j.u.Parts = slices.SortedFunc(maps.Values(j.have), func(a, b StoredPart) int { return a.Number - b.Number })
	if err := j.t.journal.Save(ctx, j.id, j.u); err != nil {
		return err
	}
	j.unsaved = 0
	return nil
}

// stop ends a sending that failed with err. A changed file's upload is of no use any more; should putting it away fail, the
// journal still has it for the next Upload or CleanUp. Anything else is kept, to go on with.
func (j *job) stop(ctx context.Context, err error) error {
	if errors.Is(err, ErrChanged) {
		_ = j.t.discard(ctx, j.id, j.u)
		j.takeBack()
		return err
	}
	if j.unsaved == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	return errors.Join(err, j.save(ctx))
}

// takeBack counts as not sent what has to be sent again.
func (j *job) takeBack() {
	if j.sent > 0 {
		j.t.o.Progress(-j.sent)
		j.sent = 0
	}
}

// lastWords is how long a cancelled upload may take to write down where it was.
const lastWords = 5 * time.Second

// complete makes the object of the parts. The journal has the whole sum first, so that an object whose confirmation was lost
// can be recognised later.
func (j *job) complete(ctx context.Context, sum [32]byte) error {
	j.u.Completing, j.u.Sum = true, sum
	if err := j.save(ctx); err != nil {
		return err
	}
	list := make([]objstore.Part, len(j.u.Parts))
	for i, p := range j.u.Parts {
		list[i] = objstore.Part{Number: p.Number, Size: p.Size, ETag: p.ETag}
	}
	var err error
	for range 2 {
		if _, err = j.t.bucket.CompleteUpload(ctx, j.u.Key, j.u.UploadID, list); err == nil {
			return j.forget(ctx)
		}
		done, final := j.settle(ctx, err)
		if done {
			return j.forget(ctx)
		}
		if final != nil {
			return final
		}
	}
	return err
}

// settle finds out what became of a completion that failed with err: done, failed for good (or not to be known now), or
// (false, nil) worth another try. The key is used by this upload alone.
func (j *job) settle(ctx context.Context, err error) (done bool, final error) {
	gone := objstore.KindOf(err) == objstore.NoUpload
	if !gone && !unknown(ctx, err) {
		return false, err
	}
	o, headErr := j.t.bucket.Head(ctx, j.u.Key)
	switch {
	case headErr == nil && madeOf(o, j.src.size, j.u.Parts):
		return true, nil
	case headErr != nil && objstore.KindOf(headErr) != objstore.NotFound:
		return false, headErr
	case gone:
		return false, err
	}
	return false, nil
}

// forget ends a finished upload. Another upload of the same key, that a repeated request may have begun, is aborted.
func (j *job) forget(ctx context.Context) error {
	if err := j.t.abortAll(ctx, j.u.Key); err != nil {
		return err
	}
	return j.t.journal.Forget(ctx, j.id)
}

package objstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// The checks of Probe, in their order.
const (
	CheckReach     = "reach"     // something answers, and it is an object store
	CheckClock     = "clock"     // this computer's clock is near the store's
	CheckAccess    = "key"       // the access key is accepted
	CheckBucket    = "bucket"    // the bucket is there
	CheckList      = "list"      // it may be listed
	CheckWrite     = "write"     // objects may be written
	CheckRead      = "read"      // they come back as they were, metadata included
	CheckMultipart = "multipart" // large objects may be written in parts
	CheckDelete    = "delete"    // objects may be deleted
)

// Check is the result of one of Probe's checks.
type Check struct {
	Name  string
	Tried bool  // false when an earlier failure made it pointless
	Kind  Kind  // of Err; ClockSkew also for a clock that is wrong but still tolerated
	Err   error // nil when the check passed
}

// OK tells whether the check was made and passed.
func (c Check) OK() bool { return c.Tried && c.Err == nil }

// Probed tells whether all checks passed.
func Probed(checks []Check) bool {
	for _, c := range checks {
		if !c.OK() {
			return false
		}
	}
	return true
}

// probeFolder holds what Probe writes.
const probeFolder = ".elkjop-probe/"

// tolerance is how far clocks may differ; S3 servers refuse requests from 15 minutes on.
const tolerance = 10 * time.Minute

// Probe tries out what the product needs of a store and leaves nothing behind. It returns all checks in their order; one that
// failed keeps those that depend on it from being tried. Only a context that ends makes it return early, with checks untried.
func Probe(ctx context.Context, b Bucket) []Check {
	p := &prober{b: b, key: probeFolder + rand.Text(), data: []byte(rand.Text())}
	defer p.clear(ctx)
	p.connect(ctx)
	if !p.failed(CheckReach, CheckClock, CheckAccess, CheckBucket) {
		if p.try(CheckWrite, func() error { return p.write(ctx) }); !p.failed(CheckWrite) {
			p.try(CheckRead, func() error { return p.read(ctx) })
			p.try(CheckMultipart, func() error { return p.multipart(ctx) })
			p.try(CheckDelete, func() error { return p.delete(ctx) })
		}
	}
	return p.sorted()
}

type prober struct {
	b       Bucket
	key     string
	data    []byte
	upload  string
	written bool
	checks  []Check
}

func (p *prober) try(name string, act func() error) {
	err := act()
	p.checks = append(p.checks, Check{Name: name, Tried: true, Kind: KindOf(err), Err: err})
}

func (p *prober) failed(names ...string) bool {
	for _, c := range p.checks {
		for _, name := range names {
			if c.Name == name && c.Err != nil {
				return true
			}
		}
	}
	return false
}

func (p *prober) sorted() []Check {
	order := []string{CheckReach, CheckClock, CheckAccess, CheckBucket, CheckList, CheckWrite, CheckRead, CheckMultipart, CheckDelete}
	checks := make([]Check, len(order))
	for i, name := range order {
		checks[i].Name = name
		for _, c := range p.checks {
			if c.Name == name {
				checks[i] = c
			}
		}
	}
	return checks
}

// firstAnswer is how long Probe waits for the first answer: somebody sits before the screen, and what is behind the address may take
// connections and never say a word.
const firstAnswer = 30 * time.Second

// connect learns from one listing how far requests come: each step on the way has failures of its own.
func (p *prober) connect(ctx context.Context) {
	inner, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	_, _, err := p.b.List(inner, probeFolder, "", 1)
	if err != nil && inner.Err() != nil && ctx.Err() == nil {
		err = Errorf(Unreachable, OpList, "", "no answer within %s", firstAnswer)
	}
	at := CheckList
	switch KindOf(err) {
	case Unreachable, NotAStore, Untrusted, Busy:
		at = CheckReach
	case ClockSkew:
		at = CheckClock
	case KeyRefused:
		at = CheckAccess
	case NoBucket:
		at = CheckBucket
	case Other:
		if err != nil {
			at = CheckReach
		}
	}
	for _, name := range []string{CheckReach, CheckClock, CheckAccess, CheckBucket, CheckList} {
		if name == at {
			p.try(name, func() error { return err })
			return
		}
		p.try(name, func() error { return nil })
	}
}

func (p *prober) write(ctx context.Context) error {
	p.written = true // also when the reply is lost
	o, err := p.b.Put(ctx, p.key, bytes.NewReader(p.data), int64(len(p.data)), PutOptions{Meta: p.meta()})
	if err != nil {
		return err
	}
	if off := time.Since(o.Modified); off.Abs() > tolerance {
		p.replace(CheckClock, Errorf(ClockSkew, OpPut, "", "this computer's clock is %s off", off.Abs().Round(time.Second)))
	}
	return nil
}

// replace makes an earlier check fail after all.
func (p *prober) replace(name string, err error) {
	for i := range p.checks {
		if p.checks[i].Name == name {
			p.checks[i].Kind, p.checks[i].Err = KindOf(err), err
		}
	}
}

func (p *prober) meta() map[string]string { return map[string]string{"probe": "blåbær 100% "} }

func (p *prober) read(ctx context.Context) error {
	o, err := p.same(ctx, p.key)
	if err != nil {
		return err
	}
	if o.Meta["probe"] != p.meta()["probe"] {
		return Errorf(Damaged, OpGet, p.key, "the metadata came back as %q", o.Meta["probe"])
	}
	if p.failed(CheckList) {
		return nil
	}
	objects, _, err := p.b.List(ctx, p.key, "", 2)
	if err != nil || len(objects) == 1 && objects[0].Key == p.key && objects[0].Size == int64(len(p.data)) {
		return err
	}
	return Errorf(Damaged, OpList, p.key, "what was just written is not listed")
}

// same reads an object and compares it with what was written.
func (p *prober) same(ctx context.Context, key string) (Object, error) {
	body, o, err := p.b.Get(ctx, key, GetOptions{})
	if err != nil {
		return o, err
	}
	data, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		return o, err
	}
	if !bytes.Equal(data, p.data) {
		return o, Errorf(Damaged, OpGet, key, "%d bytes came back that are not the %d bytes that were written", len(data), len(p.data))
	}
	return o, nil
}

func (p *prober) multipart(ctx context.Context) error {
	key := p.key + "-parts"
	err := p.inParts(ctx, key)
	if KindOf(err) == NoUpload { // as when the store has learnt that it must begin otherwise
		_ = p.b.AbortUpload(ctx, key, p.upload) // the second one says what is wrong
		err = p.inParts(ctx, key)
	}
	return err
}

func (p *prober) inParts(ctx context.Context, key string) error {
	id, err := p.b.NewUpload(ctx, key, PutOptions{})
	if err != nil {
		return err
	}
	p.upload = id
	if _, err := p.b.PutPart(ctx, key, id, 1, bytes.NewReader(p.data), int64(len(p.data))); err != nil {
		return err
	}
	parts, err := p.b.ListParts(ctx, key, id)
	if err != nil {
		return err
	}
	if len(parts) != 1 || parts[0].Size != int64(len(p.data)) {
		return Errorf(Damaged, OpListParts, key, "an uploaded part is not listed: %s", fmt.Sprint(parts))
	}
	if _, err := p.b.CompleteUpload(ctx, key, id, parts); err != nil {
		return err
	}
	_, err = p.same(ctx, key)
	return err
}

func (p *prober) delete(ctx context.Context) error {
	for _, key := range []string{p.key, p.key + "-parts"} {
		if err := p.b.Delete(ctx, key); err != nil {
			return err
		}
		if _, err := p.b.Head(ctx, key); KindOf(err) != NotFound {
			return Errorf(Damaged, OpDelete, key, "a deleted object is still there")
		}
	}
	return nil
}

// clear removes what a failed check may have left, also when the caller has given up.
func (p *prober) clear(ctx context.Context) {
	if !p.written || !p.failed(CheckWrite, CheckMultipart, CheckDelete) && ctx.Err() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if p.upload != "" {
		_ = p.b.AbortUpload(ctx, p.key+"-parts", p.upload) // all of this is a second try
	}
	for _, key := range []string{p.key, p.key + "-parts"} {
		_ = p.b.Delete(ctx, key)
	}
}

// Describe writes the checks in one line, for logs and reports.
func Describe(checks []Check) string {
	var words []string
	for _, c := range checks {
		switch {
		case c.OK():
			words = append(words, c.Name+" ok")
		case c.Tried:
			words = append(words, fmt.Sprintf("%s %s", c.Name, c.Kind))
		default:
			words = append(words, c.Name+" -")
		}
	}
	return strings.Join(words, ", ")
}

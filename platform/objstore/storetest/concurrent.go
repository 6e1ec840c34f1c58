package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"elkjopcloud/platform/objstore"
)

var concurrentTests = map[string]func(*testing.T, suite){
	"readers while overwritten":    testAtomic,
	"many writers":                 testManyWriters,
	"parts at the same time":       testParallelParts,
	"put and delete of neighbours": testNeighbours,
}

// testAtomic checks that a reader sees one version whole: each version is one repeated byte, with the same in its metadata.
func testAtomic(t *testing.T, s suite) {
	version := func(i int) ([]byte, map[string]string) {
		return bytes.Repeat([]byte{byte('a' + i%26)}, 20_000+i), map[string]string{"fill": string(rune('a' + i%26))}
	}
	data, meta := version(0)
	s.put("k", data, meta)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() { s.readVersions(done) })
	}
	for i := range 60 {
		data, meta := version(i)
		s.put("k", data, meta)
	}
	close(done)
	readers.Wait()
	if t.Failed() {
		t.Log("a reader saw a mixture of two versions")
	}
}

func (s suite) readVersions(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		data, o, err := read(s.ctx, s.Bucket, "k", objstore.GetOptions{})
		if err != nil {
			s.t.Errorf("Get while overwritten: %v", err)
			return
		}
		if int64(len(data)) != o.Size || len(bytes.Trim(data, string(data[:1]))) > 0 || o.Meta["fill"] != string(data[:1]) {
			s.t.Errorf("%d bytes of %q…, object %+v", len(data), data[:1], o)
			return
		}
	}
}

func testManyWriters(_ *testing.T, s suite) {
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 20 {
				key := fmt.Sprintf("dir %d/Sub/%d", i%4, w*100+i)
				if _, err := s.Put(s.ctx, key, bytes.NewReader([]byte(key)), int64(len(key)), objstore.PutOptions{}); err != nil {
					s.t.Errorf("Put(%q): %v", key, err)
				}
			}
		})
	}
	writers.Wait()
	keys := s.keys("", "", 50)
	if len(keys) != 160 {
		s.t.Fatalf("%d objects, want 160", len(keys))
	}
	for _, key := range keys {
		s.wantBytes(key, []byte(key))
	}
}

func testParallelParts(_ *testing.T, s suite) {
	data := random(20, 3*objstore.MinPart+5)
	id := s.newUpload("k", nil)
	var parts sync.WaitGroup
	for i := range 4 {
		parts.Go(func() {
			part := data[i*objstore.MinPart : min((i+1)*objstore.MinPart, len(data))]
			if _, err := s.PutPart(s.ctx, "k", id, i+1, bytes.NewReader(part), int64(len(part))); err != nil {
				s.t.Errorf("part %d: %v", i+1, err)
			}
		})
	}
	parts.Wait()
	s.complete("k", id, s.parts("k", id)...)
	s.wantBytes("k", data)
}

// testNeighbours puts and deletes next to each other: a store that tidies folders must not take away a neighbour's.
func testNeighbours(_ *testing.T, s suite) {
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			key := fmt.Sprintf("same/folder/%d", w)
			for range 25 {
				_, put := s.Put(s.ctx, key, bytes.NewReader([]byte(key)), int64(len(key)), objstore.PutOptions{Meta: map[string]string{"w": key}})
				_, head := s.Head(s.ctx, key)
				if err := errors.Join(put, head, s.Delete(s.ctx, key)); err != nil {
					s.t.Errorf("%s: %v", key, err)
					return
				}
			}
		})
	}
	all.Wait()
	s.wantKeys("", "", 0)
}

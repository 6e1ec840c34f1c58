package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Names below the working folder.
const (
	cloudName = "cloud"
	filesName = "files"
)

const (
	perFolder = 100
	perGroup  = 100  // folders in a folder of the root
	perBatch  = 4000 // operations
	perZip    = 2000 // files that were sent together
	device    = 1
)

var synced = layout.Volume{Area: layout.Synced}

// volume makes the state of a volume, as if a device had told of it in batches long ago.
type volume struct {
	merge.Checkpoint
	dir   string
	first int64 // time of the first batch
	ops   int
	key   string // of the zip that is being filled
	at    int64  // where in it
	zips  map[string]int64
}

func newVolume(dir string) *volume {
	return &volume{dir: filepath.Join(dir, filesName), first: time.Now().AddDate(0, 0, -40).UnixMilli(), zips: map[string]int64{}}
}

// next is the stamp of one more operation.
func (v *volume) next() merge.Stamp {
	batch := v.ops / perBatch
	st := merge.Stamp{Time: v.first + int64(batch)*1000, Device: device, Run: 1, Index: uint32(v.ops%perBatch + 1)}
	v.ops++
	v.Last = merge.Stamp{Time: st.Time, Device: device, Run: 1}
	v.Seen = []merge.Progress{{Run: merge.Run{Device: device, Run: 1}, From: 1, Seq: uint64(batch + 1)}}
	v.Heads = []merge.BatchID{{Device: device, Seq: uint64(batch + 1), Run: 1}}
	return st
}

func (v *volume) folder(in merge.ID, path string) (merge.ID, error) {
	st := v.next()
	_, name := tree.Split(path)
	v.Nodes.Append(&merge.Node{ID: st, Parent: in, Name: name, Dir: true, Place: st})
	return st, os.Mkdir(filepath.Join(v.dir, path), 0o777)
}

// file makes a file on the disk and in the volume. It holds its number, so that no two are equal.
func (v *volume) file(in merge.ID, path string, n int) error {
	st, body := v.next(), fmt.Appendf(nil, "file %d\n", n)
	dir, name := tree.Split(path)
	size := int64(len(body))
	if n%perZip == 0 {
		v.key, v.at = layout.Bundle(dir, layout.NewULID(st.Time, [10]byte{1, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)})), 0
	}
	content := tree.Content{Hash: sha256.Sum256(body), Size: size, Mtime: st.Time * 1e6, Extents: []tree.Extent{{Key: v.key, Offset: v.at, Length: size}}}
	v.at += size
	v.zips[v.key] = v.at
	v.Nodes.Append(&merge.Node{ID: st, Parent: in, Name: name, Place: st, Current: st})
	v.Versions.Append(&merge.Version{ID: st, Node: st, Stored: st.Time * 1e6, Content: content})
	return os.WriteFile(filepath.Join(v.dir, path), body, 0o666)
}

// fill makes n files, a hundred in a folder.
func (v *volume) fill(n int) error {
	var group, folder merge.ID
	var top, path string
	for i := range n {
		var err error
		if i%(perFolder*perGroup) == 0 {
			top = fmt.Sprintf("group %03d", i/perFolder/perGroup)
			group, err = v.folder(merge.ID{}, top)
		}
		if i%perFolder == 0 && err == nil {
			path = tree.Join(top, fmt.Sprintf("folder %05d", i/perFolder))
			folder, err = v.folder(group, path)
		}
		if err == nil {
			err = v.file(folder, tree.Join(path, fmt.Sprintf("document %07d.txt", i)), i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// store makes the storage with the checkpoint and the objects that it names. Their bytes are not what they should be: nobody reads them.
func (v *volume) store(ctx context.Context, dir string, checkpoint bool) (objstore.Bucket, error) {
	b, err := newStore(ctx, filepath.Join(dir, cloudName))
	if err != nil {
		return nil, err
	}
	for key, size := range v.zips {
		if err := put(ctx, b, synced.Key(key), make([]byte, size)); err != nil {
			return nil, err
		}
	}
	if !checkpoint {
		return b, nil
	}
	body, err := space.EncodeCheckpoint(space.Snapshot{Checkpoint: &v.Checkpoint})
	if err != nil {
		return nil, err
	}
	name := layout.CheckpointName{Last: v.Last.Time, Made: time.Now().UnixMilli(), Run: 1, Device: device}
	return b, put(ctx, b, synced.Key(name.Key()), body)
}

func newStore(ctx context.Context, dir string) (objstore.Bucket, error) {
	if err := dirstore.Create(dir); err != nil {
		return nil, err
	}
	b, err := dirstore.Open(dir, dirstore.Options{})
	if err != nil {
		return nil, err
	}
	_, err = space.Create(ctx, b)
	return b, err
}

func put(ctx context.Context, b objstore.Bucket, key string, body []byte) error {
	_, err := b.Put(ctx, key, bytes.NewReader(body), int64(len(body)), objstore.PutOptions{})
	return err
}

// makeFiles makes a volume of n files with a checkpoint, and the files.
func makeFiles(ctx context.Context, dir string, n int) error {
	v := newVolume(dir)
	if err := os.MkdirAll(v.dir, 0o777); err != nil {
		return err
	}
	if err := v.fill(n); err != nil {
		return err
	}
	_, err := v.store(ctx, dir, true)
	return err
}

const fewFiles = 1000

// makeBatches makes a volume of few files with n batches: the first ones make the files, each of the others edits one.
func makeBatches(ctx context.Context, dir string, n int) error {
	v := newVolume(dir)
	if err := os.MkdirAll(v.dir, 0o777); err != nil {
		return err
	}
	if err := v.fill(fewFiles); err != nil {
		return err
	}
	b, err := v.store(ctx, dir, false)
	if err != nil {
		return err
	}
	h := &history{bucket: b, cloud: filepath.Join(dir, cloudName), time: v.first}
	if err := h.tell(ctx, asOps(v)); err != nil {
		return err
	}
	var held []merge.Version
	for _, x := range v.Versions.All {
		held = append(held, x)
	}
	for i := 1; i < n; i++ {
		x := &held[i%fewFiles]
		st := merge.Stamp{Time: h.time, Device: device, Run: 1, Index: 1}
		c := x.Content
		if i < n-fewFiles { // the last edit of each is what the disk holds
			c.Hash = sha256.Sum256(fmt.Append(nil, "edit ", i))
		}
		if err := h.tell(ctx, []merge.Op{{Kind: merge.Put, Node: x.Node, Version: x.ID, Content: &c}}); err != nil {
			return err
		}
		x.ID = st
	}
	return nil
}

// asOps are the operations that make a volume, all in one batch.
func asOps(v *volume) []merge.Op {
	var ops []merge.Op
	next := 0
	for _, n := range v.Nodes.All {
		op := merge.Op{Kind: merge.Mkdir, Parent: n.Parent, Name: n.Name}
		if !n.Dir {
			c := v.Versions.At(next).Content
			op.Kind, op.Content = merge.Create, &c
			next++
		}
		ops = append(ops, op)
	}
	return ops
}

// history writes batches of one device, one after the other.
type history struct {
	bucket objstore.Bucket
	cloud  string // the storage's folder
	folder string // where the batches are in it
	seq    uint64
	time   int64
}

func (h *history) tell(ctx context.Context, ops []merge.Op) error {
	h.seq++
	b := &merge.Batch{BatchID: merge.BatchID{Device: device, Seq: h.seq, Run: 1}, Time: h.time, DeviceName: "First", Ops: ops}
	if h.seq > 1 {
		b.Parents = []merge.BatchID{{Device: device, Seq: h.seq - 1, Run: 1}}
	}
	h.time++
	body, err := space.EncodeBatch(b)
	if err != nil {
		return err
	}
	if h.folder != "" { // as if somebody had copied it: what is put by the store waits for the disk each time
		path, at := filepath.Join(h.folder, b.String()+".zst"), time.UnixMilli(b.Time)
		return errors.Join(os.WriteFile(path, body, 0o666), os.Chtimes(path, at, at))
	}
	if err := put(ctx, h.bucket, synced.Key(layout.Batch(b.BatchID)), body); err != nil {
		return err
	}
	return filepath.WalkDir(h.cloud, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == b.String()+".zst" && !strings.Contains(path, ".elkjop-data") {
			h.folder = filepath.Dir(path)
		}
		return err
	})
}

// changeOne edits one file.
func changeOne(dir string) error {
	path := filepath.Join(dir, filesName, "group 000", "folder 00000", "document 0000007.txt")
	return os.WriteFile(path, []byte("changed"), 0o666)
}

// Package layout says how paths become keys in an object store, and back. It is pure.
//
// Reading order: layout.go (the table), volume.go (volumes and their prefixes), content.go (files' keys and their ids), escape.go (how one name
// becomes one segment), meta.go (what is stored beside a file's bytes).
//
// Keys of a space:
//
//	space.json                                                       Space
//	devices/<device>.json                                            DeviceKey
//	<volume>/.volume/history/<device>/<seq>-<run>.zst                Batch
//	<volume>/.volume/checkpoint/<last>-<made>-<run>-<device>.zst     CheckpointName
//	<volume>/.volume/notice                                          Notice
//	<volume>/.volume/sweep.json                                      Sweep
//	<volume>/.volume/clock                                           Clock
//	<volume>/<path>/<ulid>.<ext>                                     Content
//	<volume>/<folder>/<ulid>.zip                                     Bundle
//	<volume>/<path>/<ulid>.part                                      Part
//
// where <volume> is Synced, Archive, Shared or Backup/<device's name>/<folder's name>. All functions but Space, DeviceKey and Volume's
// own speak of keys relative to the volume; Volume.Key makes them whole.
package layout

import (
	"fmt"
	"strconv"
	"strings"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Keys and prefixes that do not depend on anything.
const (
	Space       = "space.json"
	Devices     = "devices/"
	Reserved    = ".volume/"            // relative to the volume: everything in it that is not content
	History     = ".volume/history/"    // relative to the volume
	Checkpoints = ".volume/checkpoint/" // relative to the volume
	Notice      = ".volume/notice"      // relative to the volume
	Sweep       = ".volume/sweep.json"  // relative to the volume
	Clock       = ".volume/clock"       // relative to the volume; written to learn the store's time
)

// DeviceKey is where a device describes itself.
func DeviceKey(d tree.Device) string { return Devices + d.String() + ".json" }

// ParseDeviceKey reads what DeviceKey wrote.
func ParseDeviceKey(key string) (tree.Device, bool) {
	name, ok := between(key, Devices, ".json")
	if !ok {
		return 0, false
	}
	d, err := tree.ParseDevice(name)
	return d, err == nil && DeviceKey(d) == key
}

// DeviceHistory is the prefix of one device's batches.
func DeviceHistory(d tree.Device) string { return History + d.String() + "/" }

// maxSeq is the highest number of a batch: names have ten digits, so that they sort as the numbers do.
const maxSeq = 9_999_999_999

// Batch is the key of a batch.
func Batch(id merge.BatchID) string { return DeviceHistory(id.Device) + id.String() + ".zst" }

// ParseBatch reads what Batch wrote, and nothing else: numbers from 1 to ten digits.
func ParseBatch(key string) (merge.BatchID, bool) {
	name, ok := between(key, History, ".zst")
	p := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '-' })
	if !ok || len(p) != 3 {
		return merge.BatchID{}, false
	}
	d, err1 := tree.ParseDevice(p[0])
	seq, err2 := strconv.ParseUint(p[1], 10, 64)
	run, err3 := strconv.ParseUint(p[2], 16, 32)
	id := merge.BatchID{Device: d, Seq: seq, Run: uint32(run)}
	return id, err1 == nil && err2 == nil && err3 == nil && seq > 0 && seq <= maxSeq && Batch(id) == key
}

// CheckpointName names a checkpoint. Their keys sort by Last, then by Made.
type CheckpointName struct {
	Last   int64 // Time of the newest batch inside
	Made   int64 // when it was made, milliseconds since 1970 by its maker's clock
	Run    uint32
	Device tree.Device
}

// Key is the checkpoint's key.
func (n CheckpointName) Key() string {
	return fmt.Sprintf("%s%012x-%012x-%08x-%s.zst", Checkpoints, n.Last, n.Made, n.Run, n.Device)
}

// ParseCheckpoint reads what CheckpointName.Key wrote, and nothing else.
func ParseCheckpoint(key string) (CheckpointName, bool) {
	name, ok := between(key, Checkpoints, ".zst")
	p := strings.Split(name, "-")
	if !ok || len(p) != 4 {
		return CheckpointName{}, false
	}
	last, err1 := strconv.ParseInt(p[0], 16, 64)
	made, err2 := strconv.ParseInt(p[1], 16, 64)
	run, err3 := strconv.ParseUint(p[2], 16, 32)
	d, err4 := tree.ParseDevice(p[3])
	n := CheckpointName{Last: last, Made: made, Run: uint32(run), Device: d}
	return n, err1 == nil && err2 == nil && err3 == nil && err4 == nil && n.Key() == key
}

func between(s, prefix, suffix string) (string, bool) {
	s, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

package space

import (
	"errors"
	"maps"
	"slices"
)

// Code says what kind of problem it is.
type Code string

// The problems that a volume can have. None of them stops what does not depend on it.
const (
	DamagedBatch      Code = "damaged-batch"      // what a device did cannot be read
	MissingBatch      Code = "missing-batch"      // others have seen it, and it is not in the store
	DamagedCheckpoint Code = "damaged-checkpoint" // an older one, or the histories, are used instead
	NewerFormat       Code = "newer-format"       // a newer program wrote it; this one only reads from now on
	LateBatch         Code = "late-batch"         // it is older than the histories reach, and does not count
	RefusedBatch      Code = "refused-batch"      // it contradicts itself, and does not count
	ClonedDevice      Code = "cloned-device"      // another computer writes under this device's id
)

// Problem is something that could not be read.
type Problem struct {
	Code Code
	Key  string // in the store
	Err  error
}

// Problems returns what could not be read, by key.
func (v *Volume) Problems() []Problem {
	v.mu.RLock()
	defer v.mu.RUnlock()
	out := make([]Problem, 0, len(v.problems))
	for _, k := range slices.Sorted(maps.Keys(v.problems)) {
		out = append(out, v.problems[k])
	}
	return out
}

// Cloned tells that another computer writes under this device's id: both are copies of one disk. Nothing is lost by it, since the names
// of batches differ by their run, but one of the two should take an id of its own.
func (v *Volume) Cloned() bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, p := range v.problems {
		if p.Code == ClonedDevice {
			return true
		}
	}
	return false
}

// note records a problem. v.mu is held.
func (v *Volume) note(code Code, rel string, err error) {
	key := v.name.Key(rel)
	v.problems[key] = Problem{code, key, err}
	if errors.Is(err, ErrNewer) {
		v.newer = true
	}
}

package tree

import (
	"fmt"
	"strconv"
	"strings"
)

// Device is a computer's id: 64 random bits.
type Device uint64

// String returns 16 hexadecimal digits.
func (d Device) String() string { return fmt.Sprintf("%016x", uint64(d)) }

// MarshalText is String.
func (d Device) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Device) UnmarshalText(b []byte) error {
	v, err := ParseDevice(string(b))
	*d = v
	return err
}

// ParseDevice reads what String wrote, and nothing else.
func ParseDevice(s string) (Device, error) {
	v, err := strconv.ParseUint(s, 16, 64)
	if d := Device(v); err == nil && d.String() == s {
		return d, nil
	}
	return 0, errText("device id", s)
}

// Stamp names one operation and places it in the one order that all devices share. Time is a hybrid logical clock: milliseconds
// since 1970 by the writer's clock, pushed forward so that it is later than everything the writer had seen. Run is random for each start of
// the program, so that two computers that are copies of one disk never make the same stamp.
type Stamp struct {
	Time   int64
	Device Device
	Run    uint32
	Index  uint32 // from 1 within a batch
}

// ID names a node: the stamp of the operation that made it. The zero ID is the root folder.
type ID = Stamp

// IsZero tells whether the stamp is none: no version, or the root folder.
func (a Stamp) IsZero() bool { return a == Stamp{} }

// Compare orders stamps by time, device, run and index.
func (a Stamp) Compare(b Stamp) int {
	if c := a.Batch(b); c != 0 {
		return c
	}
	return compare(a.Index, b.Index)
}

// Batch compares two stamps without their index: 0 when both come from one batch.
func (a Stamp) Batch(b Stamp) int {
	if c := compare(a.Time, b.Time); c != 0 {
		return c
	}
	if c := compare(a.Device, b.Device); c != 0 {
		return c
	}
	return compare(a.Run, b.Run)
}

func compare[T int64 | uint32 | uint64 | Device](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// String returns time, device, run and index in hexadecimal, joined by '-'; "0" for the zero stamp.
func (a Stamp) String() string {
	if a.IsZero() {
		return "0"
	}
	return fmt.Sprintf("%x-%016x-%08x-%x", a.Time, uint64(a.Device), a.Run, a.Index)
}

// MarshalText is String.
func (a Stamp) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Stamp) UnmarshalText(b []byte) error {
	v, err := ParseStamp(string(b))
	*a = v
	return err
}

// ParseStamp reads what String wrote, and nothing else.
func ParseStamp(s string) (Stamp, error) {
	if s == "0" {
		return Stamp{}, nil
	}
	p := strings.Split(s, "-")
	if len(p) != 4 {
		return Stamp{}, errText("stamp", s)
	}
	t, err1 := strconv.ParseInt(p[0], 16, 64)
	d, err2 := ParseDevice(p[1])
	r, err3 := strconv.ParseUint(p[2], 16, 32)
	i, err4 := strconv.ParseUint(p[3], 16, 32)
	a := Stamp{t, d, uint32(r), uint32(i)}
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || a.String() != s {
		return Stamp{}, errText("stamp", s)
	}
	return a, nil
}

func errText(what, s string) error { return fmt.Errorf("%q is not a %s", s, what) }

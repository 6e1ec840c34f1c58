package tree

import (
	"fmt"
	"math"
	"strconv"
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
	b, _ := a.MarshalText()
	return string(b)
}

// MarshalText is String.
func (a Stamp) MarshalText() ([]byte, error) { return a.AppendText(make([]byte, 0, 48)) }

// AppendText appends String.
func (a Stamp) AppendText(b []byte) ([]byte, error) {
	if a.IsZero() {
		return append(b, '0'), nil
	}
	b = append(strconv.AppendInt(b, a.Time, 16), '-')
	b = append(appendHex(b, uint64(a.Device), 16), '-')
	b = append(appendHex(b, uint64(a.Run), 8), '-')
	return strconv.AppendUint(b, uint64(a.Index), 16), nil
}

// appendHex appends a number of so many digits.
func appendHex(b []byte, v uint64, digits int) []byte {
	for i := digits - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[v>>(4*i)&15])
	}
	return b
}

// UnmarshalText reads what MarshalText wrote.
func (a *Stamp) UnmarshalText(b []byte) error {
	v, ok := parseStamp(b)
	if !ok {
		return errText("stamp", string(b))
	}
	*a = v
	return nil
}

// ParseStamp reads what String wrote, and nothing else.
func ParseStamp(s string) (Stamp, error) {
	v, ok := parseStamp([]byte(s))
	if !ok {
		return Stamp{}, errText("stamp", s)
	}
	return v, nil
}

func parseStamp(b []byte) (Stamp, bool) {
	if string(b) == "0" {
		return Stamp{}, true
	}
	if len(b) == 0 || b[len(b)-1] == '-' {
		return Stamp{}, false
	}
	t, b, ok1 := cutHex(b, 0)
	d, b, ok2 := cutHex(b, 16)
	r, b, ok3 := cutHex(b, 8)
	i, b, ok4 := cutHex(b, 0)
	a := Stamp{int64(t), Device(d), uint32(r), uint32(i)}
	return a, ok1 && ok2 && ok3 && ok4 && len(b) == 0 && t <= math.MaxInt64 && i <= math.MaxUint32 && !a.IsZero()
}

// cutHex reads a number up to the next '-', or to the end, and returns what follows: as many digits, or when digits is 0 as few as it takes.
func cutHex(b []byte, digits int) (v uint64, rest []byte, ok bool) {
	n := 0
	for ; n < len(b) && b[n] != '-'; n++ {
		switch c := b[n]; {
		case '0' <= c && c <= '9':
			v = v<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			v = v<<4 | uint64(c-'a'+10)
		default:
			return 0, nil, false
		}
	}
	ok = n == digits && n > 0 || digits == 0 && n > 0 && n <= 16 && (b[0] != '0' || n == 1)
	return v, b[min(n+1, len(b)):], ok
}

func errText(what, s string) error { return fmt.Errorf("%q is not a %s", s, what) }

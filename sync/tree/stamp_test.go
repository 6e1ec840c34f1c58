package tree

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

var stamps = []Stamp{
	{},
	{Time: 1, Index: 1},
	{Time: 1763856000000, Device: 0x0123456789abcdef, Run: 0xdeadbeef, Index: 17},
	{Time: math.MaxInt64, Device: math.MaxUint64, Run: math.MaxUint32, Index: math.MaxUint32},
	{Time: -5, Device: 1, Run: 2, Index: 3},
	{Device: 1},
}

func TestStampRoundTrip(t *testing.T) {
	for _, s := range stamps {
		got, err := ParseStamp(s.String())
		if err != nil && s.Time >= 0 || err == nil && got != s {
			t.Errorf("%v was read as %v, %v", s, got, err)
		}
	}
	type pair struct {
		A, B Stamp
		M    map[Stamp]Device
	}
	in := pair{stamps[0], stamps[2], map[Stamp]Device{stamps[2]: 0xfe}}
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out pair
	if err := json.Unmarshal(raw, &out); err != nil || out.A != in.A || out.B != in.B || out.M[stamps[2]] != 0xfe {
		t.Errorf("%s was read as %v, %v", raw, out, err)
	}
}

func TestStampsThatAreNone(t *testing.T) {
	good := stamps[2].String()
	for _, s := range []string{
		"", "00", "0-", "1", "1-2-3-4", good + " ", " " + good, good + "-1", good + "-", "-" + good, good[1:] + "g", "0" + good, "+" + good,
		"19aadbd8400-0123456789ABCDEF-deadbeef-11", "19aadbd8400-0123456789abcdef-deadbeef-011", "19aadbd8400-0123456789abcdef-dead-11",
		"-19aadbd8400-0123456789abcdef-deadbeef-11", "0-0000000000000000-00000000-0", "19aadbd8400-0123456789abcdef-deadbeef-fffffffff",
	} {
		if got, err := ParseStamp(s); err == nil {
			t.Errorf("%q was read as %v", s, got)
		}
	}
	for _, s := range []string{"", "1", "0123456789abcdeg", "0123456789abcdef0", "+123456789abcdef", "0x23456789abcdef", "01234567_9abcdef", "0123456789ABCDEF"} {
		if got, err := ParseDevice(s); err == nil {
			t.Errorf("%q was read as device %v", s, got)
		}
	}
}

func FuzzParseStamp(f *testing.F) {
	for _, s := range stamps {
		f.Add(s.String())
	}
	f.Add("1-0000000000000001-00000001-+1")
	f.Add("0-0000000000000000-00000000-0")
	f.Fuzz(func(t *testing.T, s string) {
		if st, err := ParseStamp(s); err == nil && st.String() != s {
			t.Errorf("%q was read as %q", s, st)
		}
		if d, err := ParseDevice(s); err == nil && d.String() != s {
			t.Errorf("%q was read as device %q", s, d)
		}
	})
}

func TestStampOrder(t *testing.T) {
	sorted := []Stamp{
		{}, {Index: 1}, {Run: 1}, {Run: 1, Index: 9}, {Run: 2}, {Device: 1}, {Device: math.MaxUint64, Run: 7, Index: 9},
		{Time: 1}, {Time: 1, Index: 1}, {Time: 1, Index: 2}, {Time: 1, Run: 1}, {Time: 1, Device: 1}, {Time: 2},
	}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := a.Compare(b); got != compare(uint32(i), uint32(j)) {
				t.Errorf("%v to %v is %d", a, b, got)
			}
			if same := a.Time == b.Time && a.Device == b.Device && a.Run == b.Run; same != (a.Batch(b) == 0) {
				t.Errorf("%v and %v are of one batch: %v", a, b, !same)
			}
		}
	}
	if !slices.IsSortedFunc(sorted, Stamp.Compare) {
		t.Error("not sorted")
	}
}

func TestHashText(t *testing.T) {
	raw, err := json.Marshal(EmptyHash)
	if err != nil || string(raw) != `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"` {
		t.Fatalf("%s, %v", raw, err)
	}
	var h Hash
	if err := json.Unmarshal(raw, &h); err != nil || h != EmptyHash || h.IsZero() {
		t.Errorf("read as %v, %v", h, err)
	}
	for _, s := range []string{`""`, `"e3"`, `"` + EmptyHash.String()[:63] + `g"`, `"` + EmptyHash.String() + `00"`} {
		if err := json.Unmarshal([]byte(s), &h); err == nil {
			t.Errorf("%s was read as a hash", s)
		}
	}
	if !(Hash{}).IsZero() {
		t.Error("the zero hash is known")
	}
}

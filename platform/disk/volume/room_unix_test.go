//go:build unix

package volume

import "testing"

func TestRoomOf(t *testing.T) {
	for _, tt := range []struct {
		name                 string
		blocks, unused, mine uint64
		unit, free, size     int64
	}{
		{"an empty one", 100, 100, 100, 4096, 409600, 409600},
		{"a full one", 100, 0, 0, 512, 0, 51200},
		{"with blocks for the system alone", 100, 30, 25, 1, 25, 95},
		{"nothing is said", 0, 0, 0, 4096, 0, 0},
		{"no unit", 100, 10, 10, 0, 0, 0},
		{"more is free than there is", 100, 200, 200, 1, 0, 0},
		{"more than can be", 1 << 60, 1 << 60, 1 << 60, 4096, 0, 0},
	} {
		if free, size, err := roomOf(tt.blocks, tt.unused, tt.mine, tt.unit); free != tt.free || size != tt.size || err != nil {
			t.Errorf("%s: %d of %d, %v", tt.name, free, size, err)
		}
	}
}

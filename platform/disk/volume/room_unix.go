//go:build unix

package volume

// roomOf counts blocks of unit bytes as df does: what is there for this user is what is taken, and what is free for them.
func roomOf(blocks, unused, mine uint64, unit int64) (free, size int64, err error) {
	const most = 1 << 62
	if unit <= 0 || unused > blocks || mine > blocks || blocks > most/uint64(unit) {
		return 0, 0, nil // such as what a file system in somebody's program says
	}
	return int64(mine) * unit, int64(blocks-unused+mine) * unit, nil
}

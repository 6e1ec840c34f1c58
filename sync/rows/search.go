package rows

// Search finds the row from from to to (exclusive) that has a key, where at tells the keys, which rise from row to row. Keys that mostly follow one another
// are found at the first guess, or near it.
func Search(from, to int, key int64, at func(int) int64) (int, bool) {
	if from >= to {
		return 0, false
	}
	i := from
	for try := 0; from < to; try++ {
		have := at(i)
		switch {
		case have == key:
			return i, true
		case have < key:
			from = i + 1
		default:
			to = i
		}
		if guess := int64(i) + key - have; try < 8 && guess >= int64(from) && guess < int64(to) {
			i = int(guess)
		} else {
			i = from + (to-from)/2
		}
	}
	return 0, false
}

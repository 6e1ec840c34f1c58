package trash

import (
	"path"
	"strings"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

// event is what one computer deleted in one go, in one area.
type event struct {
	by, area       string
	newest, oldest time.Time
	items          []int // of the bin, in its order
}

// key names an event, also when it is loaded anew.
func (e event) key() string { return e.area + "\x00" + e.by + "\x00" + e.newest.String() }

// What was deleted within apart of something else, and no more than longest before the newest of it, belongs to it.
const (
	apart   = time.Minute
	longest = 10 * time.Minute
)

// events puts together what was deleted in one go. The items come the newest first, and so do the events.
func events(items []app.TrashItem) (all []event) {
	last := map[[2]string]int{} // the event of an area and a computer that may go on
	for i, x := range items {
		who := [2]string{x.Area, x.DeletedBy}
		n, ok := last[who]
		if !ok || all[n].oldest.Sub(x.DeletedAt) > apart || all[n].newest.Sub(x.DeletedAt) > longest {
			n = len(all)
			last[who] = n
			all = append(all, event{by: x.DeletedBy, area: x.Area, newest: x.DeletedAt})
		}
		all[n].oldest = x.DeletedAt
		all[n].items = append(all[n].items, i)
	}
	return all
}

// bin is what is in the Trash, as it was when it was asked for last. Nobody changes it.
type bin struct {
	items  []app.TrashItem // the newest first
	lower  []string        // their paths in small letters, for the search
	kinds  []string
	events []event
	whole  map[string]int // how many items were deleted with a folder, by its id
}

func newBin(items []app.TrashItem) *bin {
	b := &bin{items: items, lower: make([]string, len(items)), kinds: make([]string, len(items)), events: events(items), whole: map[string]int{}}
	for i, x := range items {
		b.lower[i], b.kinds[i] = strings.ToLower(x.Path), page.KindOf(x.Path)
		if x.Dir {
			b.kinds[i] = ""
		}
		if x.Whole != "" {
			b.whole[x.Whole]++
		}
	}
	return b
}

// ids name items to the client. A folder of which all is meant is named itself, so that it comes back, or goes, with all that it was.
func (b *bin) ids(items []int) []string {
	meant, out := map[string]int{}, make([]string, 0, len(items))
	for _, i := range items {
		if x := b.items[i]; x.Whole != "" {
			meant[x.Whole]++
		}
	}
	for _, i := range items {
		x := b.items[i]
		switch n := meant[x.Whole]; {
		case x.Whole == "" || n > 0 && n < b.whole[x.Whole]:
			out = append(out, x.ID)
		case n > 0:
			out = append(out, x.Whole)
			meant[x.Whole] = -1
		}
	}
	return out
}

// size is how much items are together.
func (b *bin) size(items []int) (n int64) {
	for _, i := range items {
		n += b.items[i].Size
	}
	return n
}

// everything are all items.
func (b *bin) everything() []int {
	out := make([]int, len(b.items))
	for i := range out {
		out[i] = i
	}
	return out
}

// folder is the one in which all of these lie, as deep as they have it in common.
func (b *bin) folder(items []int) string {
	common := path.Dir(b.items[items[0]].Path)
	for _, i := range items[1:] {
		for common != "." && !strings.HasPrefix(b.items[i].Path, common+"/") {
			common = path.Dir(common)
		}
	}
	if common == "." {
		return ""
	}
	return common
}

// leaves is when the first of these leaves the Trash.
func (b *bin) leaves(items []int) time.Time {
	first := b.items[items[0]].ExpiresAt
	for _, i := range items[1:] {
		if t := b.items[i].ExpiresAt; t.Before(first) {
			first = t
		}
	}
	return first
}

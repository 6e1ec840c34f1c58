package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"elkjopcloud/sync/tree"
)

// ParkPrefix begins the name under which a thing waits, in the root folder, while two change places. What stands there is moved on by
// the next round, also after a crash.
const ParkPrefix = ".elkjop-parked-"

func parkName(h Handle) string { return fmt.Sprintf("%s%d", ParkPrefix, h) }

// parked tells whether the thing was put aside, and not by its user.
func parked(l *Local) bool { return l.Parent == 0 && l.Name == parkName(l.ID) }

// park breaks a circle of things that want each other's places: when nothing else could be done, one of them steps aside. What waits for
// something that will stay is not put aside, as that would help nobody.
func (d *downer) park() {
	if len(d.out.Do) > 0 {
		return
	}
	var can []Handle
	for h, o := range d.waits {
		if d.circular(h) {
			can = append(can, h)
		}
		d.inWay = append(d.inWay, o)
	}
	slices.Sort(d.inWay)
	for _, h := range d.inWay {
		if d.leaving(h) {
			can = append(can, h)
		}
		if d.leftover(h) {
			d.aside(h)
			return
		}
	}
	slices.SortFunc(can, func(a, b Handle) int { return cmp.Or(cmp.Compare(d.path(a), d.path(b)), cmp.Compare(a, b)) })
	for _, h := range can {
		if name := parkName(h); d.at(0, name) == 0 {
			d.shift(h, 0, name)
			return
		}
	}
}

// circular tells whether what h waits for waits in the end for h.
func (d *downer) circular(h Handle) bool {
	at := h
	for range d.waits {
		next, ok := d.waits[at]
		if !ok {
			return false
		}
		if next == h {
			return true
		}
		at = next
	}
	return false
}

// leaving tells whether the thing should be elsewhere, in a folder that cannot be here as long as it stands where it does.
func (d *downer) leaving(h Handle) bool {
	b := d.base[h]
	if _, waits := d.waits[h]; waits || b == nil || !d.unmoved(h) || !d.visible(b) {
		return false
	}
	return !d.placed[h]
}

// leftover tells whether h is a folder that the others removed, and that is still here for what is not looked at in it.
func (d *downer) leftover(h Handle) bool {
	l, b := d.local[h], d.base[h]
	return l.Dir && l.Blind && b != nil && d.unmoved(h) && !d.visible(b)
}

// aside gives a left over folder another name, as its own belongs to something else now.
func (d *downer) aside(h Handle) {
	l := d.local[h]
	for i := 1; ; i++ {
		suffix := " (ignored files)"
		if i > 1 {
			suffix = fmt.Sprintf(" (ignored files %d)", i)
		}
		name := l.Name[:min(len(l.Name), tree.MaxName-len(suffix))]
		name = strings.ToValidUTF8(name, "") + suffix
		if d.at(l.Parent, name) == 0 {
			d.shift(h, l.Parent, name)
			return
		}
	}
}

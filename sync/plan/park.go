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

// parked tells whether the thing stands where one was put aside. It need not be that one: its user may have swapped the two.
func parked(l *Local) bool { return l.Parent == 0 && strings.HasPrefix(l.Name, ParkPrefix) }

// Strays returns the names of what waits in the root under a name of ours and is nothing that Base knows, as when the database was lost. It is never told.
func Strays(in Input) []string {
	var out []string
	if in.UpOnly {
		return nil
	}
	for h, l := range in.Local.All {
		if parked(l) && in.Base.Get(h) == nil {
			out = append(out, l.Name)
		}
	}
	slices.Sort(out)
	return out
}

// park breaks a circle of things that want each other's places: when nothing else could be done, one of them steps aside. What waits for
// something of the user's that was not told yet is not put aside: the next cycle tells it.
func (d *downer) park() {
	if len(d.out.Do) > 0 {
		return
	}
	var can []Handle
	for h, o := range d.waits {
		if d.settled(o) {
			can = append(can, h)
		}
		d.inWay = append(d.inWay, o)
	}
	slices.Sort(d.inWay)
	for _, h := range d.inWay {
		if d.leftover(h) {
			d.aside(h)
			return
		}
		if d.settled(h) && d.visible(d.base.get(h)) && !d.showsAt(d.base.get(h).Nodes[0].ID, d.local.get(h)) {
			can = append(can, h)
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

// settled tells whether the thing is known to Base where it stands.
func (d *downer) settled(h Handle) bool { return d.base.get(h) != nil && !d.lost(h) && d.unmoved(h) }

// leftover tells whether h is a folder that the others removed, and that is still here for what is not looked at in it, or below it.
func (d *downer) leftover(h Handle) bool {
	l := d.local.get(h)
	if !l.Dir || !d.settled(h) || d.visible(d.base.get(h)) || !l.Blind && d.childless(h) {
		return false
	}
	for _, k := range d.childrenOf(h) {
		if !d.leftover(k) {
			return false
		}
	}
	return true
}

// aside gives a left over folder another name, as its own belongs to something else now.
func (d *downer) aside(h Handle) {
	l := d.local.get(h)
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

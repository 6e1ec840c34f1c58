package backup

import (
	"errors"
	"fmt"
	"strings"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/tree"
)

// ErrUnknown means that no backup has the name.
var ErrUnknown = errors.New("there is no such backup")

// Known is a backup that a person may name.
type Known struct {
	Name   string // on this computer; "" for those of others
	Volume layout.Volume
}

// Resolve reads "[DEVICE/]NAME[/PATH]". A name on this computer comes first; case and Unicode form count only where they tell two
// apart.
func Resolve(spec string, known []Known) (v layout.Volume, path string, err error) {
	parts := strings.Split(strings.Trim(spec, "/"), "/")
	for _, same := range []func(a, b string) bool{exact, folded} {
		for _, k := range known {
			if k.Name != "" && same(k.Name, parts[0]) {
				return k.Volume, strings.Join(parts[1:], "/"), nil
			}
		}
		for _, k := range known {
			if len(parts) > 1 && same(k.Volume.Device, parts[0]) && same(k.Volume.Folder, parts[1]) {
				return k.Volume, strings.Join(parts[2:], "/"), nil
			}
		}
	}
	return layout.Volume{}, "", fmt.Errorf("%q: %w", spec, ErrUnknown)
}

func exact(a, b string) bool  { return tree.NFC(a) == tree.NFC(b) }
func folded(a, b string) bool { return tree.Fold(a) == tree.Fold(b) }

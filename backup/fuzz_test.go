package backup

import (
	"strings"
	"testing"

	"elkjopcloud/sync/layout"
)

// What a person types for a backup names one that is there, or none, and the path in it is what they typed.
func FuzzResolve(f *testing.F) {
	f.Add("Docs/a/b", "Docs", "PC", "Documents")
	f.Add("/pc//documents/..", "", "PC", "Documents")
	f.Add("å/\xff", "a\u030a", "\xff", "x")
	f.Fuzz(func(t *testing.T, spec, name, device, folder string) {
		v, err := layout.NewBackup(device, folder)
		if err != nil {
			return
		}
		got, path, err := Resolve(spec, []Known{{Name: name, Volume: v}})
		if err != nil {
			return
		}
		if got != v || !strings.HasSuffix(strings.Trim(spec, "/"), path) {
			t.Fatalf("%q is %v and %q", spec, got, path)
		}
		if whole, _, err := Resolve(v.Device+"/"+v.Folder, []Known{{Volume: v}}); err == nil && whole != v {
			t.Fatalf("its own name is %v", whole)
		}
	})
}

package brand

import (
	"regexp"
	"strings"
	"testing"
)

// TestNames: the name becomes a folder's, so that every system must be able to hold it.
func TestNames(t *testing.T) {
	b := Default()
	if b.Name == "" || strings.ContainsAny(b.Name, `<>:"/\|?*`) || strings.TrimRight(b.Name, " .") != b.Name {
		t.Errorf("%q cannot be a folder's name everywhere", b.Name)
	}
	if !strings.Contains(b.ID, ".") || strings.ToLower(b.ID) != b.ID {
		t.Errorf("%q is no id", b.ID)
	}
	if !regexp.MustCompile(`^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$`).MatchString(b.Class) {
		t.Errorf("%q is no class", b.Class)
	}
}

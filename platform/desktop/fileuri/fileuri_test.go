package fileuri

import (
	"path"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for path, want := range map[string]string{
		"/home/kari/Elkjøp Cloud": "file:///home/kari/Elkj%C3%B8p%20Cloud",
		"/a%20b#c?d":              "file:///a%2520b%23c%3Fd",
		"/line\nend":              "file:///line%0Aend",
		"/bad\xff":                "file:///bad%FF",
		"//two":                   "file:////two",
	} {
		if got := Of(path); got != want {
			t.Errorf("Of(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	tests := []struct {
		address, want string
		ok            bool
	}{
		{"file:///home/kari/Elkj%C3%B8p%20Cloud", "/home/kari/Elkjøp Cloud", true},
		{"file:///home/kari/Elkj%c3%b8p%20Cloud/", "/home/kari/Elkjøp Cloud", true},
		{"FILE://localhost/a", "/a", true},
		{"file:///home/kari/Elkjøp", "/home/kari/Elkjøp", true},
		{"file://server/share", "", false},
		{"sftp://server/a", "", false},
		{"file:a", "", false},
		{"file:///%zz", "", false},
		{"", "", false},
		{"/a", "", false},
	}
	for _, tt := range tests {
		if got, ok := Path(tt.address); got != tt.want || ok != tt.ok {
			t.Errorf("Path(%q) = %q %t", tt.address, got, ok)
		}
	}
}

// Whatever a path is made of, it comes back and does not break out of the line or the list that its address stands in.
func FuzzRoundTrip(f *testing.F) {
	f.Add("/a b/ø\n\xff%20")
	f.Fuzz(func(t *testing.T, rest string) {
		whole := "/x" + rest
		address := Of(whole)
		if strings.ContainsAny(address, " \n\r\t\"<>") {
			t.Errorf("Of(%q) = %q", whole, address)
		}
		if got, ok := Path(address); !ok || got != path.Clean(whole) {
			t.Errorf("Path(%q) = %q %t", address, got, ok)
		}
	})
}

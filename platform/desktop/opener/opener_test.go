package opener

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

func TestLinksThatAreOpened(t *testing.T) {
	const own = "elkjopcloud"
	for link, fine := range map[string]bool{
		"https://www.elkjop.no/cloud?a=b&c=%20#x": true,
		"https://127.0.0.1:8080/":                 true,
		"elkjopcloud://join/abc":                  true,

		"http://www.elkjop.no/":           false,
		"file:///etc/passwd":              false,
		"javascript:alert(1)":             false,
		"mailto:kari@example.com":         false,
		"https:www.elkjop.no":             false,
		"https:///path":                   false,
		"https://user:pass@www.elkjop.no": false,
		"https://a.no/ -e":                false,
		"https://a.no/\"&calc":            false,
		"https://a.no/$(x)`y`":            false,
		"https://a.no/\nhttps://b.no":     false,
		"https://elkjøp.no/":              false,
		"--help":                          false,
		"/usr/bin/true":                   false,
		"elkjopcloud:join":                false,
		"":                                false,
		"https://a.no/" + strings.Repeat("a", longestLink): false,
	} {
		if err := checkLink(link, own); (err == nil) != fine || err != nil && !errors.Is(err, ErrLink) {
			t.Errorf("%q: %v", link, err)
		}
	}
	if err := Link(t.Context(), "elkjopcloud://join/abc", ""); !errors.Is(err, ErrLink) {
		t.Errorf("without a scheme of our own: %v", err)
	}
}

func TestWhatIsNotThereIsNotOpened(t *testing.T) {
	missing := filepath.Join(disktest.TempDir(t), "none")
	if err := Open(t.Context(), missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open = %v", err)
	}
	if err := Reveal(t.Context(), missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Reveal = %v", err)
	}
}

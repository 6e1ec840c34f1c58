package page

import (
	"slices"
	"testing"

	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
)

func TestKinds(t *testing.T) {
	for name, want := range map[string]string{"a.JPG": photo, "d/b.heic": photo, "c.mp4": film, "d.FLAC": music, "e.pdf": document, "f.zip": other, "g": other, ".jpg": photo, "h.": other} {
		if got := KindOf(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	for name, want := range map[string]theme.Icon{"a.jpg": theme.Photo, "b.mkv": theme.Film, "c.mp3": theme.Music, "d.pdf": theme.File, "e": theme.File} {
		if got := KindIcon(name); got != want {
			t.Errorf("%s has icon %q", name, got)
		}
	}
	names := KindNames(text.For("en"))
	if len(names) != len(Kinds()) || names[0] != "All kinds" || slices.Contains(names, "kind.") {
		t.Errorf("they are called %q", names)
	}
}

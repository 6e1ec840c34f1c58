package notify

import (
	"errors"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestBalloon(t *testing.T) {
	if size := unsafe.Sizeof(iconData{}); size != 976 {
		t.Errorf("NOTIFYICONDATAW has %d bytes, not 976", size)
	}
	long := strings.Repeat("å", 400)
	data := balloon("Elkjøp Cloud", Message{Title: long, Text: long + "$(calc)"})
	for name, got := range map[string][]uint16{"title": data.title[:], "text": data.text[:]} {
		if text := windows.UTF16ToString(got); len(text) < 100 || !strings.HasSuffix(text, "…") || got[len(got)-1] != 0 {
			t.Errorf("%s is %q", name, text)
		}
	}
}

// Without a desktop there is nowhere to show it, which must be said and not hang.
func TestShownOrNot(t *testing.T) {
	if err := System("Elkjøp Cloud")(t.Context(), Message{Title: "Test", Text: "of a notification"}); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("show = %v", err)
	}
}

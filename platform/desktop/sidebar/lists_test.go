package sidebar

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var cloud = Entry{Name: "Elkjøp Cloud", Path: "/home/kari/Elkjøp Cloud"}

const cloudLine = "file:///home/kari/Elkj%C3%B8p%20Cloud Elkjøp Cloud\n"

func TestBookmarks(t *testing.T) {
	tests := []struct{ name, file, added string }{
		{"no file", "", cloudLine},
		{"some", "file:///a A\nsftp://x/y\n", "file:///a A\nsftp://x/y\n" + cloudLine},
		{"no line end", "file:///a", "file:///a\n" + cloudLine},
		{"bytes that are no text, blank lines", "\n\xff\xfe\r\n\n", "\n\xff\xfe\r\n\n" + cloudLine},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			added := addBookmark([]byte(tt.file), cloud)
			if d := cmp.Diff(tt.added, string(added)); d != "" {
				t.Fatal(d)
			}
			b, ok := findBookmark(added, cloud.Path)
			if !ok || b.label != cloud.Name {
				t.Errorf("found %+v %t", b, ok)
			}
			if got, want := string(removeBookmark(added, cloud.Path)), strings.TrimSuffix(tt.added, cloudLine); got != want {
				t.Errorf("removed: %q", got)
			}
		})
	}
}

func TestAMovedBookmarkKeepsItsPlaceAndName(t *testing.T) {
	file := "file:///a\nfile:///home/kari/Elkj%c3%b8p%20Cloud/ My files\r\nfile:///b"
	got := string(moveBookmark([]byte(file), cloud.Path, Entry{Name: cloud.Name, Path: "/mnt/new"}))
	if want := "file:///a\nfile:///mnt/new My files\r\nfile:///b"; got != want {
		t.Errorf("%q", got)
	}
	if got := moveBookmark([]byte(file), "/elsewhere", cloud); string(got) != file {
		t.Errorf("%q", got)
	}
	if got := removeBookmark([]byte(file), "/elsewhere"); string(got) != file {
		t.Errorf("%q", got)
	}
}

// foreignPlaces is a file as KDE writes it, with what may be strange in one.
const foreignPlaces = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xbel>
<xbel xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks" xmlns:kdepriv="http://www.kde.org/kdepriv">
 <info>
  <metadata owner="http://www.kde.org"><kde_places_version>4</kde_places_version></metadata>
 </info>
 <bookmark href="file:///home/kari">
  <title>Home</title>
  <info>
   <metadata owner="http://freedesktop.org"><bookmark:icon name="user-home"/></metadata>
   <metadata owner="http://www.kde.org"><ID>1/0</ID><isSystemItem>true</isSystemItem></metadata>
  </info>
 </bookmark>
 <!-- <bookmark href="file:///home/kari/Elkj%C3%B8p%20Cloud"> -->
 <separator><info/></separator>
 <bookmark  href='remote:/' ><title>Net &amp; more</title></bookmark> <bookmark href="file:///a&amp;b"/>
 <folder><title>f</title><bookmark href="file:///home/kari/Elkj%C3%B8p%20Cloud"><title>Elkjøp Cloud</title></bookmark></folder>
</xbel>
`

func parsed(t *testing.T, file []byte) kdePlaces {
	t.Helper()
	p, err := parsePlaces(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	return p
}

func TestPlaces(t *testing.T) {
	for name, file := range map[string]string{
		"KDE's":        foreignPlaces,
		"new":          emptyPlaces,
		"one line":     `<xbel><bookmark href="file:///x"/></xbel>`,
		"windows ends": strings.ReplaceAll(foreignPlaces, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			before := parsed(t, []byte(file))
			if _, ok := before.find(cloud.Path); ok {
				t.Fatal("it is there already")
			}
			added := before.add(cloud)
			after := parsed(t, added)
			place, ok := after.find(cloud.Path)
			if !ok || place.title != cloud.Name || place.hidden || len(after.places) != len(before.places)+1 {
				t.Fatalf("added %+v %t\n%s", place, ok, added)
			}
			if rest := string(after.remove(cloud.Path)); strings.TrimSpace(strings.Replace(rest, "\n</xbel>", "</xbel>", 1)) != strings.TrimSpace(strings.Replace(file, "\n</xbel>", "</xbel>", 1)) {
				t.Errorf("removed (-want +got)\n%s", cmp.Diff(file, rest))
			}
			moved := after.move(cloud.Path, Entry{Name: "x", Path: `/new "place" & more`})
			if want := bytes.Replace(added, []byte("/home/kari/Elkj%C3%B8p%20Cloud"+`">`+"\n  <title>Elk"), []byte("/new%20%22place%22%20&amp;%20more"+`">`+"\n  <title>Elk"), 1); !bytes.Equal(moved, want) {
				t.Errorf("moved (-want +got)\n%s", cmp.Diff(string(want), string(moved)))
			}
			again := parsed(t, moved)
			if _, ok := again.find(`/new "place" & more`); !ok {
				t.Errorf("lost it:\n%s", moved)
			}
		})
	}
}

func TestRemovingGivesTheFileBack(t *testing.T) {
	p := parsed(t, []byte(foreignPlaces))
	after := parsed(t, p.add(cloud))
	if got := string(after.remove(cloud.Path)); got != foreignPlaces {
		t.Error(cmp.Diff(foreignPlaces, got))
	}
	if got := string(p.remove(`/a&b`)); got != strings.Replace(foreignPlaces, `<bookmark href="file:///a&amp;b"/>`, "", 1) {
		t.Error(cmp.Diff(foreignPlaces, got))
	}
}

func TestAHiddenPlace(t *testing.T) {
	file := `<xbel><bookmark href="file:///home/kari/Elkj%C3%B8p%20Cloud"><title>Elkjøp Cloud</title><info>` +
		`<metadata owner="http://www.kde.org"><IsHidden>true</IsHidden></metadata></info></bookmark></xbel>`
	p := parsed(t, []byte(file))
	if place, ok := p.find(cloud.Path); !ok || !place.hidden {
		t.Errorf("%+v %t", place, ok)
	}
}

func TestStrangeFilesAreLeftAlone(t *testing.T) {
	for _, file := range []string{
		"", "x", "<xbel>", "<xbel/>", "<html></html>", "<xbel></xbel", `<xbel><bookmark href="file:///a></xbel>`,
		`<?xml version="1.0" encoding="utf-16"?><xbel></xbel>`,
		`<xbel><bookmark other=' href="file:///b"' href="file:///a"/></xbel>`,
	} {
		if _, err := parsePlaces([]byte(file)); !errors.Is(err, errStrange) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// Whatever is in the file, what is added can be found, and what was found before is found after.
func FuzzPlaces(f *testing.F) {
	f.Add([]byte(foreignPlaces))
	f.Add([]byte(emptyPlaces))
	f.Fuzz(func(t *testing.T, file []byte) {
		before, err := parsePlaces(file)
		if err != nil {
			return
		}
		after, err := parsePlaces(before.add(cloud))
		if err != nil || len(after.places) != len(before.places)+1 {
			t.Fatalf("%v, %d places after %d\n%q", err, len(after.places), len(before.places), file)
		}
		if _, had := before.find(cloud.Path); had {
			return
		}
		again, err := parsePlaces(after.remove(cloud.Path))
		if err != nil || len(again.places) != len(before.places) {
			t.Errorf("%v\n%q", err, file)
		}
	})
}

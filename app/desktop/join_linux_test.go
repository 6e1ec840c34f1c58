package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/app"
)

// TestJoin uses the real window for the first start on a storage that another computer uses: one of its folders is not to come, and never does until it is chosen;
// later it is taken off again. What lies on the disks of both computers is compared after each.
func TestJoin(t *testing.T) {
	s := newStage(t)
	there, here := s.computer("there"), computer{s, "here"}
	big := map[string]string{"Big/one.bin": strings.Repeat("one", 90_000), "Big/below/two.bin": strings.Repeat("two", 90_000)}
	rest := map[string]string{"Letters/a.txt": "a letter", "note.txt": "a note"}
	all := maps.Clone(rest)
	maps.Copy(all, big)
	there.fill(all)
	there.do("once")
	s.open()

	s.press("Use my own storage")
	s.choose("cloud")
	s.press("Choose…")
	s.press("Test and continue")
	s.wait("the computer is to get a name", func() bool { met := s.round(); return slices.Contains(met, "field") && !slices.Contains(met, "menu") })
	s.press("Continue")
	s.wait("folders are proposed", func() bool { return slices.Contains(s.round(), "Add folder") })
	s.press("Continue")
	s.choose(here.synced())
	s.press("Choose…")
	s.flip("")
	s.press("Start")
	s.wait("what was chosen is here", func() bool { return maps.Equal(here.files(), rest) })
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe })

	// What comes into the folder later stays away, too.
	all["Big/three.bin"], all["note.txt"] = "three", "a longer note"
	rest["note.txt"] = all["note.txt"]
	there.fill(all)
	there.do("once")
	s.wait("what is chosen comes", func() bool { return maps.Equal(here.files(), rest) })
	if s.there(filepath.Join(here.synced(), "Big")) {
		s.fail("the folder has come")
	}

	s.key("ctrl+3")
	s.flip("")
	s.wait("the folder comes when it is chosen", func() bool { return maps.Equal(here.files(), all) })
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe })

	s.flip("Remove from this computer")
	s.wait("it goes from here", func() bool { return maps.Equal(here.files(), rest) })
	there.do("once")
	there.has("nothing was deleted there", all)

	// It comes again, and is kept as an ordinary folder, which nobody follows.
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe })
	s.flip("")
	s.wait("the folder is back", func() bool { return maps.Equal(here.files(), all) })
	s.wait("all is safe", func() bool { return s.state().State == app.StateSafe })
	s.flip("Keep here, stop syncing")
	s.wait("it is no part of Synced", func() bool { return maps.Equal(here.files(), rest) })
	for name, text := range all {
		if _, small := rest[name]; !small && s.read(name) != text {
			s.fail("%s is not what it was", name)
		}
	}
	s.write("Big/three.bin", "changed here")
	there.do("once")
	there.has("nothing was deleted there, nor changed", all)
	s.leave()
}

// flip turns the first folder on, or off by one of the answers.
func (s *stage) flip(answer string) {
	s.t.Helper()
	s.press("Choose folders")
	s.wait("the folders have the keyboard", func() bool { s.calm(); return s.last.Label == "list" && s.placed() })
	s.key("Home")
	s.key("space")
	s.press("Use this choice")
	if answer != "" {
		s.press(answer)
	}
}

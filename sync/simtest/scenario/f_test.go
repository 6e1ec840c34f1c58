package scenario

import (
	"strings"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

func partF() part {
	return part{"F", "Case, Unicode and forbidden names", []one{
		{no: "058", title: "Case-only rename of a file", script: `
			device A linux; device B mac
			base Foo.txt=1
			A> mv Foo.txt foo.txt; settle; tree foo.txt=1; trash
			B> mv foo.txt FOO.TXT; settle; tree FOO.TXT=1; trash
			versions FOO.TXT 1`},
		{no: "059", title: "Two names that differ only in case", run: func(s *scene) {
			s.play(`device A linux; device B windows; base; A> Note.md=1 note.md=2; settle`)
			s.holds("1", "2")
			for p, c := range s.dev("B").files() {
				s.dev("B").write(p, c+" edited at B")
				break
			}
			s.settle()
			for p, c := range s.dev("A").files() {
				if !strings.Contains(c, "edited") {
					s.dev("A").write(p, c+" edited at A")
				}
			}
			s.settle()
			if got := s.dev("B").files(); len(got) != 2 {
				s.fail("%v", got)
			}
		}},
		{no: "061", title: "Composed and decomposed accents", script: "device A mac; device B linux; base\n" +
			"A> cafe\u0301.txt=1; settle\nhere B caf\u00e9.txt=1\nB> caf\u00e9.txt=2; settle\nhere A cafe\u0301.txt=2\n" +
			"count; A> restart; B> restart; settle; writes 0; here B caf\u00e9.txt=2; here A cafe\u0301.txt=2"},
		{no: "062", title: "Both spellings live in the bucket", run: func(s *scene) {
			s.play("base; A> caf\u00e9.txt=1 cafe\u0301.txt=2; settle")
			s.holds("1", "2")
			for p := range s.dev("A").files() {
				s.dev("A").write(p, "edited "+s.dev("A").files()[p])
				break
			}
			s.settle()
			if got := s.dev("B").files(); len(got) != 2 {
				s.fail("%v", got)
			}
		}},
		{no: "064", title: "Hostile keys", run: hostileKeys},
		{no: "065", title: "Very long names and paths", run: longNames},
		{no: "067", title: "User files with reserved-looking names", run: func(s *scene) {
			s.play(`base keep=1
				A> .elkjop/mine=1 .elkjop-notes.txt=2 d/.elkjop/x=3 .elkjop/incoming/mine=4 "r (conflicted copy, A, 2026-11-25 12.00).txt=5"
				settle; here B keep=1 d/ "r (conflicted copy, A).txt=5"
				A> restart; settle`)
			a := s.dev("A")
			for _, c := range []string{"1", "2", "3", "4"} {
				if !a.holds(c) {
					s.fail("%q was removed", c)
				}
			}
			for _, p := range []string{".elkjop-notes.txt", "d/.elkjop"} {
				if !a.skips(p) {
					s.fail("nobody is told that %s is not synced: %v", p, a.status().Skipped)
				}
			}
			s.apart = true
			a.remove(".elkjop/incoming")
		}},
		{no: "068", title: "Default junk list", run: func(s *scene) {
			s.stranger("Synced/Thumbs.db", "t")
			s.stranger("Synced/.DS_Store", "d")
			s.play(`base keep=1
				A> .DS_Store=x "~$b.docx=y" ".~lock.c.odt#=z" d.docx=d only/.DS_Store=x
				settle; here B keep=1 d.docx=d only/
				A> rm only; settle; here B keep=1 d.docx=d`)
			s.apart = true
			s.forget("x", "y", "z")
		}},
	}}
}

func (d *device) skips(path string) bool {
	for _, p := range d.status().Skipped {
		if p.Path == path {
			return true
		}
	}
	return false
}

// hostileKeys: strange keys in the store are left alone; a batch of another member with names that lead elsewhere does not count.
func hostileKeys(s *scene) {
	s.play(`device A linux; device B windows; base ok=1`)
	for _, k := range []string{"Synced/../evil1", "Synced/a/../../evil2", "Synced//abs", "Synced/./dot", "Synced/C:/win", `Synced/a\..\..\evil3`} {
		s.stranger(k, "evil")
	}
	s.play(`A> restart; B> restart; count; settle; writes 0; tree ok=1`)
	for i, name := range []string{"..", ".", "", "a/b", "/abs", "a\x00b", "../../evil"} {
		s.forge(i, merge.Op{Kind: merge.Mkdir, Name: name})
	}
	s.play(`settle; here A ok=1; here B ok=1`)
	for _, d := range s.devices {
		if got := d.problems(); len(got) != 7 || !strings.HasPrefix(got[0], "history ") {
			s.fail("%s says %q", d.name, got)
		}
		s.expects[d.name] = d.problems()
	}
	// What Windows alone cannot hold is shown everywhere else, and said there.
	s.forge(9, merge.Op{Kind: merge.Mkdir, Name: `a\..\..\evil3`})
	s.forge(10, merge.Op{Kind: merge.Mkdir, Name: `C:`})
	s.play(`settle; here A ok=1 "a\..\..\evil3/" C:/; here B ok=1`)
	s.expects["B"] = append(s.expects["B"], `name a\..\..\evil3`, `name C:`)
	s.apart = true
}

// forge stores a batch of a device that obeys no rules.
func (s *scene) forge(i int, op merge.Op) {
	s.t.Helper()
	s.forgeQuietly(i, op)
	for _, d := range s.devices {
		d.start()
	}
}

func (s *scene) forgeQuietly(i int, op merge.Op) {
	s.t.Helper()
	id := merge.BatchID{Device: s.device(100 + i), Seq: 1, Run: 1}
	b := &merge.Batch{BatchID: id, Time: s.tick().UnixMilli(), DeviceName: "Eve", Ops: []merge.Op{op}}
	body, err := space.EncodeBatch(b)
	if err != nil {
		s.t.Fatal(err)
	}
	s.store.Foreign("Synced/"+layout.Batch(id), string(body))
}

// longNames: what no volume can hold is one file's problem, and the others go on.
func longNames(s *scene) {
	s.play(`device A linux; device B windows; base ok=1`)
	a, b := s.dev("A"), s.dev("B")
	deep := strings.Repeat(strings.Repeat("d", 40)+"/", 60) + "f.txt"
	wide := strings.Repeat("k", 200) + "/" + strings.Repeat("l", 200) + "/" + strings.Repeat("m", 200) + "/" + strings.Repeat("n", 200) + "/" + strings.Repeat("o", 221)
	most := strings.Repeat("x", 255)
	grows := strings.Repeat("\u0958", 85) // 255 bytes, 510 when composed
	for _, p := range []string{deep, wide, most, grows} {
		a.write(p, "text of "+p[:3]+p[len(p)-3:])
	}
	a.write("other", "2")
	s.settle()
	got := b.files()
	for _, p := range []string{deep, wide, most, "other", "ok"} {
		if got[p] == "" {
			s.fail("B lacks %.60s; %v", p, a.problems())
		}
	}
	if got := a.problems(); len(got) != 1 || !strings.HasSuffix(got[0], grows) {
		s.fail("A says %q", got)
	}
	s.expects["A"] = a.problems()
	s.apart = true
	if err := b.disk.ValidName(most); err != nil {
		s.fail("%v", err)
	}
}

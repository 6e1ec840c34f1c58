package scenario

import "strings"

func partB() part {
	return part{"B", "Edit/edit and create/create conflicts", []one{
		{no: "010", title: "Two offline edits", script: `
			base doc.txt=v0; off A B
			A> doc.txt="from A"; B> doc.txt="from B"
			on A; settle; on B; settle
			tree doc.txt="from A" "doc (conflicted copy, B).txt=from B"
			versions doc.txt "from A" v0; trash`},
		{no: "011", title: "Two offline edits to the same bytes", script: `
			base doc.txt=v0; off A B
			A> doc.txt=same; B> doc.txt=same
			on A B; settle
			tree doc.txt=same; versions doc.txt same v0`},
		{no: "013", title: "Two offline creations of one path", script: `
			base; off A B
			A> new.txt=A; B> new.txt=B
			on B; settle; on A; settle
			tree new.txt=B "new (conflicted copy, A).txt=A"`},
		{no: "014", title: "The conflict name is taken", run: func(s *scene) {
			name := "r (conflicted copy, B, 2026-11-25 12.00).txt"
			s.play(`base r.txt=v0; off A B; A> r.txt=a; on A; settle`)
			s.dev("B").write(name, "the user's own")
			s.play(`B> r.txt=b; on B; settle`)
			got := s.dev("A").files()
			if got[name] != "the user's own" || got["r.txt"] != "a" || len(got) != 3 || !s.dev("A").holds("b") {
				s.fail("%v", got)
			}
			s.play(`versions r.txt a v0`)
		}},
		{no: "016", title: "Simultaneous PUT on a server without conditional writes", run: func(s *scene) {
			s.play(`base x=v0; off A B; A> x=a; B> x=b; on A B`)
			a, b := s.dev("A"), s.dev("B")
			a.trouble.when("s3 put", "/history/", 1, func() { b.ok() })
			s.settle()
			other := map[string]string{"a": "b", "b": "a"}[a.files()["x"]]
			loser := strings.ToUpper(other)
			s.play(`tree x=` + a.files()["x"] + ` "x (conflicted copy, ` + loser + `)=` + other + `"; versions x ` + a.files()["x"] + ` v0`)
		}},
		{no: "017", title: "Crash while resolving a conflict", run: func(s *scene) {
			s.crashing("B", `base doc.txt=v0; off A B; A> doc.txt="from A"; B> doc.txt="from B"; on A; settle; on B`,
				`tree doc.txt="from A" "doc (conflicted copy, B).txt=from B"; versions doc.txt "from A" v0`)
		}},
		{no: "019", title: "Save on top of a just-downloaded version", run: func(s *scene) {
			s.play(`base n.md=v0 m.md=v0; B> n.md=vB; settle; A> save n.md=vA; settle; tree n.md=vA m.md=v0; versions n.md vA vB v0`)
			for i, op := range []string{"exchange", "stat", "rename"} {
				a := s.dev("A")
				s.play(`B> m.md=vB` + op + `; cycle B`)
				a.trouble.when(op, "", 1, func() { a.save("m.md", "vA"+op) })
				s.settle()
				s.holds("vA"+op, "vB"+op)
				if i == 0 && len(a.files()) > 3 {
					s.fail("%v", a.files())
				}
				s.play(`A> m.md=again` + op + `; settle`)
			}
		}},
		{no: "020", title: "Odd names in conflict copies", run: oddConflictNames},
	}}
}

// holds: the contents are live, on every device.
func (s *scene) holds(contents ...string) {
	s.t.Helper()
	for _, d := range s.online() {
		live := map[string]bool{}
		for _, c := range d.files() {
			live[c] = true
		}
		for _, c := range contents {
			if !live[c] {
				s.fail("%s does not show %q: %v", d.name, c, d.files())
			}
		}
	}
}

// crashing plays a case once for every write that a device makes while it settles: the program dies there, with and without a power cut.
func (s *scene) crashing(name, before, after string) {
	s.t.Helper()
	for n := 1; n < 400; n++ {
		went := false
		for _, cut := range []bool{false, true} {
			x := newScene(s.t, s.back)
			x.play(before)
			d := x.dev(name)
			if d.crash(n) {
				went = true
				if cut {
					d.powerCut(uint64(n))
				} else {
					d.start()
				}
			}
			x.settle()
			x.play(after)
			x.check()
			if s.t.Failed() {
				s.t.Fatalf("dead at write %d, power cut: %v", n, cut)
			}
		}
		if !went {
			return
		}
	}
	s.fail("it never comes to an end")
}

func oddConflictNames(s *scene) {
	long := strings.Repeat("å", 123) + ".txt"
	s.play(`device A linux; device B windows`)
	s.base(map[string]string{".env": "v0", "archive.tar.gz": "v0", "README": "v0", long: "v0"})
	s.play(`off A B`)
	for _, p := range []string{".env", "archive.tar.gz", "README", long} {
		s.dev("A").write(p, "a "+p)
		s.dev("B").write(p, "b "+p)
	}
	s.play(`on A; settle; on B; settle`)
	got := s.dev("A").files()
	if len(got) != 8 {
		s.fail("%v", got)
	}
	for p, c := range got {
		if !strings.Contains(p, "conflicted copy") {
			continue
		}
		was := c[2:]
		end := map[string]string{".env": "", "archive.tar.gz": ".tar.gz", "README": "", long: ".txt"}[was]
		if len(p) > 255 || !strings.HasSuffix(p, end) || strings.HasPrefix(was, ".") != strings.HasPrefix(p, ".") || s.dev("B").disk.ValidName(p) != nil {
			s.fail("the conflict copy of %s is called %s", was, p)
		}
	}
}

package scenario

func partD() part {
	return part{"D", "Renames and moves", []one{
		{no: "034", title: "Rename a file", script: `
			base a.bin=fifty; count
			A> mv a.bin b.bin
			settle; sent 0; got 0
			tree b.bin=fifty; versions b.bin fifty; trash`},
		{no: "035", once: true, title: "Rename a folder of 1,000 files", script: `
			base old/s{1..10}/f{1..100}; count
			A> mv old new
			settle; sent 0; got 0; calm A; calm B
			tree new/s{1..10}/f{1..100}="text of old/s{1..10}/f{1..100}"; trash`},
		{no: "037", title: "Swap two files", script: `
			base a=1 b=2
			A> mv a t; A> mv b a; A> mv t b
			settle; tree a=2 b=1; trash`},
		{no: "038", title: "Rename onto a name that is itself renamed away", script: `
			base a=1 b=2 c=3
			A> mv c d; A> mv b c; A> mv a b
			settle; tree b=1 c=2 d=3; trash`},
		{no: "040", title: "Rename on one side, edit on the other", run: func(s *scene) {
			for _, order := range []string{`on A; settle; on B`, `on B; settle; on A`} {
				x := newScene(s.t, s.back)
				x.play(`base x=v0; off A B; A> mv x y; B> x=edit; ` + order + `; settle; tree y=edit; versions y edit v0`)
				x.check()
			}
		}},
		{no: "041", title: "Two different renames", run: func(s *scene) {
			s.play(`base x=v0; off A B; A> mv x y; B> mv x z; on A B; settle`)
			got := s.dev("A").files()
			if got["x"] != "" || got["y"] != "v0" && got["z"] != "v0" || len(got) > 2 {
				s.fail("%v", got)
			}
		}},
		{no: "043", title: "Move into a folder that is deleted elsewhere", script: `
			base x=1 d/old=2; off A B
			A> mv x d/x; B> rm d
			on A B; settle
			tree d/x=1; trash d/old`},
		{no: "044", title: "Invert a folder hierarchy", script: `
			base A/B/C/c.txt=c A/B/b.txt=b A/a.txt=a
			A> mv A/B/C C; A> mv A/B C/B; A> mv A C/B/A
			settle
			tree C/c.txt=c C/B/b.txt=b C/B/A/a.txt=a; trash`},
		{no: "046", title: "Out of the root and back in", script: `
			base p.jpg=1 keep=k; A> p.jpg=2; settle
			A> rm p.jpg; settle
			tree keep=k; trash p.jpg
			A> p.jpg=2; settle
			tree p.jpg=2 keep=k
			A> p.jpg=3; settle; A> rm p.jpg; settle; A> p.jpg=4; settle
			B> restore p.jpg; settle
			tree p.jpg=4 "p (restored, B).jpg=3" keep=k`},
		{no: "047", title: "Rename onto a name the other device has just created", script: `
			base x=1; off A B
			B> y=B; A> mv x y
			on B; settle; on A; settle
			tree y=B "y (conflicted copy, A)=1"`},
	}}
}

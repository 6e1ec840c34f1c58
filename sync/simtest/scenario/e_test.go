package scenario

func partE() part {
	return part{"E", "File against directory, key shadowing", []one{
		{no: "049", title: "File becomes directory", script: `
			base foo=file
			A> rm foo; A> foo/child=c
			settle; tree foo/child=c; trash foo
			B> restore foo; settle
			tree foo/child=c "foo (restored, B)=file"`},
		{no: "050", title: "Directory becomes file", script: `
			base foo/a=1 foo/b=2
			A> rm foo; A> foo=f
			settle; tree foo=f; trash foo
			B> restore foo; settle
			tree foo/a=1 foo/b=2 "foo (conflicted copy, B)=f"`},
		{no: "052", title: "Directory replaced by file against an edit below it", run: func(s *scene) {
			for _, order := range []string{`on A; settle; on B`, `on B; settle; on A`} {
				x := newScene(s.t, s.back)
				x.play(`base d/x=1 d/y=2; off A B; A> rm d; A> d=file; B> d/x=edit; ` + order + `; settle; trash d/y`)
				x.holds("edit", "file")
				x.check()
			}
		}},
		{no: "053", title: "File and directory created under one name", run: func(s *scene) {
			for _, order := range []string{`on A; settle; on B`, `on B; settle; on A`} {
				x := newScene(s.t, s.back)
				x.play(`base; off A B; A> n=f; B> n/a=1; ` + order + `; settle`)
				x.holds("f", "1")
				if got := x.dev("A").files(); len(got) != 2 || got["n/a"] != "1" {
					x.fail("%v", got)
				}
				x.check()
			}
		}},
		{no: "055", title: "The server refuses the child key", script: `
			base bar=1 u/clash/x=2
			A> rm bar; A> bar/child=c; settle
			A> rm u/clash; A> u/clash=file; settle
			tree bar/child=c u/clash=file`},
		{no: "056", title: "Zero-byte directory markers by foreign tools", run: func(s *scene) {
			s.play(`base m/x=1; count`)
			for _, k := range []string{"Synced/m/", "Synced/newdir/", "Synced/newdir/sub/"} {
				s.stranger(k, "")
			}
			s.play(`A> restart; B> restart; settle; writes 0; tree m/x=1`)
			s.unstrange("Synced/newdir/sub/")
			s.unstrange("Synced/m/")
			s.play(`settle; writes 0; tree m/x=1`)
		}},
	}}
}

package scenario

func partH() part {
	return part{"H", "Crashes and loss of local state", []one{
		{no: "082", title: "Crash at every step of an upload, a download, a delete and a rename", once: true, run: func(s *scene) {
			s.crashing("A", `base u=v0 d=v0 x=v0 r=v0; A> u=v1; A> rm x; A> mv r q; B> d=v1; cycle B`,
				`tree u=v1 d=v1 q=v0; versions u v1 v0; versions d v1 v0; versions q v0; trash x`)
		}},
		{no: "083", title: "The local database is gone", script: `
			base d{1..20}/f{1..20}; count
			B> forget; settle; sent 0; got 0; writes 0
			tree d{1..20}/f{1..20}="text of d{1..20}/f{1..20}"`},
		{no: "085", title: "The local database is two days old", run: func(s *scene) {
			s.play(`base a=1 b=2 c=3 d/x=4 keep=5`)
			b := s.dev("B")
			memory, cache := b.memory.Clone(), b.cache.Clone()
			twoDays(s)
			b.memory, b.cache = memory, cache
			s.play(`count; B> restart; settle; sent 0; got 0`)
			afterTwoDays(s)
		}},
		{no: "086", title: "The whole device is restored from an old image", run: func(s *scene) {
			s.play(`base a=1 b=2 c=3 d/x=4 keep=5`)
			b := s.dev("B")
			b.disk.Settle()
			image, memory := b.disk.Clone(), b.memory.Clone()
			cache := b.cache.Clone()
			twoDays(s)
			b.disk, b.memory, b.cache = image, memory, cache
			b.disk.SetFaults(b.trouble.before, b.trouble.after)
			s.play(`B> restart; settle`)
			afterTwoDays(s)
		}},
		{no: "088", title: "Two engines on one folder", elsewhere: "one program a computer: platform/desktop/instance has the lock and the stale lock; roots inside one another are refused by app"},
		{no: "089", title: "Crash between placing the file and the commit", once: true, run: func(s *scene) {
			s.crashing("A", `base f=v0; B> f=v1; cycle B`, `tree f=v1; versions f v1 v0; trash`)
			s.crashing("A", `base f=v0 keep=1; B> rm f; cycle B`, `tree keep=1; trash f`)
			s.crashing("A", `base f=v0; B> mv f g; cycle B`, `tree g=v0; versions g v0; trash`)
		}},
	}}
}

func twoDays(s *scene) {
	s.play(`
		A> a=11; B> b=22; settle
		later 24h; A> rm c; B> new1=n1; settle
		B> mv d e; A> new2=n2; settle
		later 24h; A> a=111; B> rm new1; settle`)
}

func afterTwoDays(s *scene) {
	s.play(`tree a=111 b=22 e/x=4 keep=5 new2=n2; versions a 111 11 1; versions b 22 2; trash c new1`)
}

package scenario

import "elkjopcloud/platform/disk"

func partL() part {
	return part{"L", "Ignore rules, selective sync, links, special files, watchers", []one{
		{no: "127", title: "A new ignore rule", run: func(s *scene) { ruled(s); s.apart = true }},
		{no: "128", title: "The rule is removed again", run: func(s *scene) {
			ruled(s)
			s.play(`A> 3.log=by-A; B> 3.log=by-B; B> rm 4.log; A> rm 5.log; B> new.log=n; settle`)
			s.dev("A").rules = nil
			s.play(`A> restart; settle`)
			s.holds("by-A", "by-B", "by-B1", "by-A2", "n")
			s.play(`tree 1.log=by-B1 2.log=by-A2 3.log=by-B "3 (conflicted copy, A).log=by-A" {6..20}.log=x {1..20}.txt=x new.log=n`)
		}},
		{no: "130", title: "Deleting a directory that holds an ignored file elsewhere", run: func(s *scene) {
			s.play(`base d/a=1 keep=1`)
			b := s.dev("B")
			b.rules = []string{"*.tmp"}
			s.play(`B> restart; B> d/local.tmp=junk; settle; A> rm d; settle; count; settle; writes 0; here A keep=1; here B keep=1 d/local.tmp=junk; trash d`)
			s.apart = true
		}},
		{no: "131", title: "Symlinks", run: func(s *scene) {
			s.play(`base keep=1 x=v0 d/f=1`)
			a := s.dev("A")
			a.act(a.disk.Put("out", disk.Symlink))
			a.act(a.disk.Put("d/loop", disk.Symlink))
			s.play(`settle; here B keep=1 x=v0 d/f=1`)
			a.leavesOut("d/loop", "out")
			s.play(`A> mv x y`)
			a.act(a.disk.Put("x", disk.Symlink))
			s.play(`settle; here B keep=1 y=v0 d/f=1; A> rm d/loop; B> x=new; settle; here A keep=1 y=v0 d/f=1 out@= x@=`)
			a.leavesOut("out", "x")
			a.act(a.disk.RemoveAll("x"))
			a.act(a.disk.RemoveAll("out"))
			s.play(`settle; tree keep=1 x=new y=v0 d/f=1; trash`)
		}},
		{no: "133", title: "Special files", run: func(s *scene) {
			s.play(`base keep=1 doc=v0; A> holes=` + string(make([]byte, 100000)) + `end; settle`)
			a := s.dev("A")
			a.act(a.disk.Put("pipe", disk.Special))
			a.act(a.disk.Put("socket", disk.Special))
			a.act(a.disk.Put("cloudy.doc", disk.Placeholder))
			s.play(`B> mv doc d2; settle`)
			a.leavesOut("cloudy.doc", "pipe", "socket")
			a.act(a.disk.RemoveAll("d2"))
			a.act(a.disk.Put("d2", disk.Placeholder)) // another program keeps its bytes elsewhere now: nobody deleted it
			s.play(`settle; here B keep=1 d2=v0 holes=` + string(make([]byte, 100000)) + `end; trash`)
			a.leavesOut("cloudy.doc", "d2", "pipe", "socket")
			for _, p := range []string{"pipe", "socket", "cloudy.doc", "d2"} {
				a.act(a.disk.RemoveAll(p))
			}
			s.play(`A> d2=v1; settle; tree keep=1 d2=v1 holes=` + string(make([]byte, 100000)) + `end`)
		}},
		{no: "134", title: "Hard links", elsewhere: "a path is a file: platform/disk TestHardLinksAreTwoEntries, sync/plan TestMatch and its simulation, whose disks have hard links"},
	}}
}

// ruled: A begins to leave *.log alone, and both go on.
func ruled(s *scene) {
	s.play(`base {1..20}.log=x {1..20}.txt=x`)
	s.dev("A").rules = []string{"*.log"}
	s.play(`A> restart; settle; here A {1..20}.log=x {1..20}.txt=x; here B {1..20}.log=x {1..20}.txt=x; trash
		B> 1.log=by-B1; settle; A> 2.log=by-A2; settle; trash
		here A 1.log=x 2.log=by-A2 {3..20}.log=x {1..20}.txt=x; here B 1.log=by-B1 {2..20}.log=x {1..20}.txt=x`)
}

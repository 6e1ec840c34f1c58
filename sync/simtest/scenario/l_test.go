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
		{no: "L1", title: "A folder is kept off one computer, and comes back", run: unlike(`
			base d/a=1 d/e/b=2 keep=k
			A> without d; count; settle; sent 0; here A keep=k; here B d/a=1 d/e/b=2 keep=k; trash; calm A; calm B
			B> d/a=2 d/new=3; B> rm d/e/b; settle; here A keep=k; trash d/e/b
			A> restart; settle; here A keep=k
			A> with d; settle; tree d/a=2 d/new=3 d/e/ keep=k`)},
		{no: "L2", title: "What was changed in it is told before it goes", run: unlike(`
			base d/a=1 keep=k
			off A; A> d/a=offline d/new=n; A> without d; on A
			settle; here A keep=k; here B d/a=offline d/new=n keep=k; versions d/a offline 1`)},
		{no: "L3", title: "It is moved, renamed, deleted and made anew by others", run: unlike(`
			base d/a=1 p/x=x keep=k
			A> without d; settle
			B> mv d p/e; settle; here A p/x=x keep=k
			B> mv p/x p/e/x; settle; here A p/ keep=k; here B p/e/a=1 p/e/x=x keep=k
			B> mv p/e/a a; settle; here A p/ keep=k a=1
			B> rm p/e; settle; here A p/ keep=k a=1; trash p/e
			B> d/z=z; settle; tree p/ keep=k a=1 d/z=z`)},
		{no: "L4", title: "The user makes a folder of that name", run: unlike(`
			base d/a=1 d/same=s keep=k
			A> without d; settle; here A keep=k
			A> d/n=new d/same=s d/a=other; settle
			here A d/n=new d/same=s "d/a (conflicted copy, A)=other" keep=k
			here B d/a=1 d/n=new d/same=s "d/a (conflicted copy, A)=other" keep=k; trash
			A> mv d x; settle; here A x/n=new x/same=s "x/a (conflicted copy, A)=other" keep=k
			A> with d; settle; tree d/a=1 d/same=s x/same=s x/n=new "x/a (conflicted copy, A)=other" keep=k`)},
		{no: "L5", title: "A file of that name, and a twin in another case", run: unlike(`
			base d/a=1 keep=k
			A> without d; settle
			A> d=file; settle; here A "d (conflicted copy, A)=file" keep=k; here B d/a=1 "d (conflicted copy, A)=file" keep=k
			A> D/n=twin; settle; here A d/n=twin "d (conflicted copy, A)=file" keep=k; here B d/a=1 d/n=twin "d (conflicted copy, A)=file" keep=k`)},
		{no: "L6", title: "The database is lost while it goes", run: unlike(`
			base d/{1..20}=x keep=k
			A> without d; A> rm d/1; A> forget; A> d/2=edited
			settle; here A keep=k; here B d/{1..20}=x "d/2 (conflicted copy, A)=edited" keep=k; trash`)},
		{no: "L7", title: "The user deletes it, too, and the folder above it", run: unlike(`
			base p/d/a=1 p/b=2 keep=k
			A> without p/d; A> rm p/d; settle; here A p/b=2 keep=k; here B p/d/a=1 p/b=2 keep=k; trash
			A> rm p; settle; here A p/ keep=k; here B p/d/a=1 keep=k; trash p/b
			A> with p/d; settle; tree p/d/a=1 keep=k`)},
		{no: "L8", title: "An ignored file in it stays", run: unlike(`
			base d/a=1 keep=k
			A> d/film.part=half; settle; A> without d; settle; here A d/film.part=half keep=k; here B d/a=1 keep=k
			A> rm d/film.part; settle; here A keep=k`)},
	}}
}

// unlike plays a script after which devices need not show the same.
func unlike(script string) func(*scene) {
	return func(s *scene) {
		s.play(script)
		s.apart = true
	}
}

// ruled: A begins to leave *.log alone, and both go on.
func ruled(s *scene) {
	s.play(`base {1..20}.log=x {1..20}.txt=x`)
	s.dev("A").rules = []string{"*.log"}
	s.play(`A> restart; settle; here A {1..20}.log=x {1..20}.txt=x; here B {1..20}.log=x {1..20}.txt=x; trash
		B> 1.log=by-B1; settle; A> 2.log=by-A2; settle; trash
		here A 1.log=x 2.log=by-A2 {3..20}.log=x {1..20}.txt=x; here B 1.log=by-B1 {2..20}.log=x {1..20}.txt=x`)
}

package scenario

import (
	"context"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/merge"
)

func partO() part {
	return part{"O", "Versions, trash and restore", []one{
		{no: "154", title: "Five edits, restore the second", script: `
			base e.txt=1; A> e.txt=2; settle; A> e.txt=3; settle; A> e.txt=4; settle; A> e.txt=5; settle
			B> revert e.txt=2; settle; tree e.txt=2; versions e.txt 2 5 4 3 2 1`},
		{no: "155", title: "Delete and restore", run: func(s *scene) {
			s.play(`base p/q/r.txt=1 keep=1`)
			at := mtimes(s.dev("A"))["p/q/r.txt"]
			s.play(`A> rm p/q/r.txt; settle; A> rm p/q; settle; A> rm p; settle; tree keep=1; trash p p/q p/q/r.txt; B> restore p/q/r.txt; settle; tree p/q/r.txt=1 keep=1; trash`)
			for _, d := range s.devices {
				if got := mtimes(d)["p/q/r.txt"]; got != at {
					s.fail("%s: the file comes back with another time: %d, %d", d.name, got, at)
				}
			}
		}},
		{no: "157", title: "Folder restore returns the folder as it was", run: func(s *scene) {
			s.play(`base F/{1..10} keep=1; A> rm F/1; settle; later 2d; A> rm F; settle; trash F F/1`)
			n := 0
			s.dev("A").trouble.network(func(op, key string) faultstore.Fault {
				if op == objstore.OpGet && strings.Contains(key, "/F/") {
					if n++; n <= 3 {
						return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Unreachable, op, key)}
					}
				}
				return faultstore.Fault{}
			})
			s.play(`B> restore F; partly`)
			calm(s)
			s.play(`settle; tree keep=1 F/{2..10}="text of F/{2..10}"; trash F/1; B> restore F/1; settle; tree keep=1 F/{1..10}="text of F/{1..10}"; trash`)
		}},
		{no: "158", title: "Stacked markers", script: `
			base x=v1 keep=1; off A B; A> rm x; B> rm x; on A B; settle; trash x; A> restore x; settle; tree x=v1 keep=1; trash
			B> rm x; settle; tree keep=1; trash x; versions keep 1`},
		{no: "160", alone: true, title: "The 30-day boundary", run: func(s *scene) {
			s.play(`base x=v1 keep=1; later 310d; A> x=v2; settle; later 90d; A> rm x; settle; later 29d; later 23h`)
			s.sweep("A")
			s.play(`settle; trash x; B> restore x; settle; tree x=v2 keep=1; trash; B> rm x; settle; later 29d; later 23h`)
			s.sweepDaily("A", 2)
			s.play(`settle; trash`)
			s.forget("v1", "v2")
			s.sweepDaily("B", 12)
			s.play(`settle; tree keep=1`)
			if got := s.keysBelow("Synced/x/"); len(got) > 0 || len(s.keysBelow("Synced/keep/")) != 1 {
				s.fail("the store has %q", s.store.Keys())
			}
		}},
		{no: "161", alone: true, title: "Purge against recreate", run: func(s *scene) {
			// Somebody makes the file anew, with what it held before, while its old versions go.
			s.play(`base x=old keep=1; later 2d; A> rm x; settle; later 31d; B> keep=2; settle`)
			s.forget("old", "1")
			a, b := s.dev("A"), s.dev("B")
			met := false
			a.trouble.when("s3 "+objstore.OpDelete, "/x/", 1, func() { met = true; s.play(`B> x=old; cycle B`) })
			s.sweepDaily("A", 12)
			s.play(`settle; tree x=old keep=2`)
			if !met {
				s.fail("nothing was deleted")
			}
			// Somebody restored it in the last moment, and it is told late.
			s.play(`A> rm x; settle; later 29d; later 23h; settle`)
			b.trouble.network(once(objstore.OpPut, "/history/", faultstore.Fault{Action: faultstore.Hold}))
			if err := b.engine.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) { return b.volume().RestoreOps(b.trashID("x")) }); err == nil {
				s.fail("the store was not in the way")
			}
			b.off = true
			s.play(`later 2h; settle; trash`)
			a.trouble.when("s3 "+objstore.OpPut, "/checkpoint", 1, func() { b.net.Land() })
			s.sweepDaily("A", 2)
			b.trouble.network(nil)
			s.play(`on B; settle; tree x=old keep=2`)
			s.sweepDaily("A", 40)
			s.play(`tree x=old keep=2; versions x old`)
		}},
		// That its user hears of the rule before: app TestRulesOfTheStorage, platform/objstore/s3store TestHarmfulRule.
		{no: "163", alone: true, title: "Someone set a lifecycle rule", script: `
			base y=1 z=2 keep=3; lose z; A> rm y; settle; later 2d; tree z=2 keep=3; heal A 0; B> restore y; settle; tree y=1 z=2 keep=3`},
		{no: "164", alone: true, title: "Empty the trash", run: func(s *scene) {
			s.play(`base t{1..60}=t live{1..10}=1; A> live{1..10}=2; settle; A> live{1..10}=3; settle; A> rm t{1..30}; settle; A> rm t{31..60}; settle`)
			if s.dev("A").status().Question != nil {
				s.play(`A> answer apply; settle; calm A`)
			}
			s.play(`trash t{1..60}`)
			for _, k := range []string{"Synced/other", "elsewhere/a", "b"} {
				s.stranger(k, "of another tool")
			}
			s.play(`A> purge t{1..60}; settle; trash; later 31d; settle`)
			s.forget("t", "1", "2")
			a, died := s.dev("A"), false
			a.trouble.whenDone("s3 "+objstore.OpDelete, "/t", 20, func() { a.trouble.die(); died = true })
			for range 12 {
				if _, err := s.trySweep("A"); err != nil && !a.trouble.died {
					s.fail("A cannot sweep: %v", err)
				}
				a.start()
				s.play(`later 25h; settle`)
			}
			if !died {
				s.fail("the program does not die")
			}
			s.sweepDaily("B", 4)
			s.play(`settle; trash; tree live{1..10}=3`)
			if got := s.keysBelow("Synced/t"); len(got) > 0 {
				s.fail("the store still has %q", got)
			}
		}},
		{no: "166", title: "Restoring a version while someone edits", script: `
			base e.txt=1; A> e.txt=2; settle; A> e.txt=3; settle; off B; B> e.txt=edit; A> revert e.txt=1; cycle A; on B; settle
			tree e.txt=1 "e (conflicted copy, B).txt=edit"`},
		{no: "167", title: "Object-lock or compliance bucket", run: func(s *scene) {
			s.play(`base f=1 keep=1; A> f=2; settle; A> rm f; settle; trash f; later 31d; settle`)
			s.forget("1", "2")
			s.written["1"] = true // it is in keep, too
			a := s.dev("A")
			a.trouble.network(func(op, key string) faultstore.Fault {
				if op == objstore.OpDelete {
					return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Denied, op, key)}
				}
				return faultstore.Fault{}
			})
			refused := false
			for range 12 {
				a.trouble.count()
				if _, err := s.trySweep("A"); err != nil {
					refused = objstore.KindOf(err) == objstore.Denied
				}
				if n := a.trouble.counts["delete content"]; n > 2 { // it has two versions
					s.fail("it was asked %d times on one day", n)
				}
				s.play(`later 25h; settle`)
			}
			if !refused {
				s.fail("the server does not refuse")
			}
			s.play(`B> keep=2; settle; tree keep=2`)
			calm(s)
			s.sweepDaily("A", 4)
			s.play(`settle; tree keep=2`)
			if got := s.keysBelow("Synced/f/"); len(got) > 0 {
				s.fail("the store still has %q", got)
			}
		}},
	}}
}

// sweepDaily lets a device sweep once a day: each step is taken on a day of its own, and some days late.
func (s *scene) sweepDaily(name string, days int) {
	s.t.Helper()
	for range days {
		s.sweep(name)
		s.play(`later 25h; settle`)
	}
}

func (s *scene) keysBelow(prefix string) []string {
	return slices.DeleteFunc(s.store.Keys(), func(k string) bool { _, theirs := s.strange[k]; return theirs || !strings.HasPrefix(k, prefix) })
}

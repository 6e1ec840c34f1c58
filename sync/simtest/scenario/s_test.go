package scenario

import (
	"context"
	"strconv"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/merge"
)

func partS() part {
	return part{"S", "Change notice, journals, scale, operation", []one{
		{no: "205", title: "The notification stream is silent", elsewhere: "no stream of the server is used: one small object is polled, sync/space TestPollCostsTwoRequestsPerChangeAndOneWithout; packaging/prove (run)"},
		{no: "206", title: "Duplicated and reordered notices", run: func(s *scene) {
			s.play(`base keep=1`)
			a, b := s.dev("A"), s.dev("B")
			n := 0
			var old []byte
			b.trouble.network(func(op, key string) faultstore.Fault { // every third look shows the notice of long ago, or none
				if op == objstore.OpGet && strings.HasSuffix(key, "/notice") {
					if n++; n%3 == 0 {
						return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.NotFound, op, key)}
					}
				}
				return faultstore.Fault{}
			})
			for i := range 9 {
				s.play(`A> x=` + strconv.Itoa(i))
				a.ok()
				if now, _ := s.store.Bytes("Synced/.volume/notice"); i%4 == 0 {
					old = now
				} else {
					s.store.Foreign("Synced/.volume/notice", string(old))
				}
				_ = b.cycle()
				if i%2 == 0 {
					s.play(`A> rm x`)
					a.ok()
				}
				_ = b.cycle()
				if b.files()["keep"] != "1" {
					s.fail("B lost a file to a notice")
				}
			}
			calm(s)
			s.play(`A> restart; B> restart; settle; tree keep=1; trash x x x x x; A> x=end; settle; tree keep=1 x=end`)
		}},
		{no: "208", title: "The bell is overwritten", run: func(s *scene) {
			s.play(`device A linux; device B linux; device C linux; base keep=1; count`)
			a, b, c := s.dev("A"), s.dev("B"), s.dev("C")
			for i := range 40 {
				n := strconv.Itoa(i)
				a.write("a"+n, "a"+n)
				b.write("b"+n, "b"+n)
				a.trouble.when("s3 put", "/notice", 1, func() { _ = b.cycle() })
				a.ok() // its notice has taken the place of B's
				b.ok()
				c.ok()
				if got := c.files(); got["a"+n] == "" || got["b"+n] == "" {
					s.fail("C missed what was told in round %d", i)
				}
			}
			if n := c.trouble.counts["list history"]; n > 2 {
				s.fail("C listed the histories %d times", n)
			}
			if n := a.trouble.counts["put history"]; n > 40*4 {
				s.fail("A wrote %d times", n)
			}
			s.settle()
		}},
		{no: "209", title: "One change in a million", once: true, run: func(s *scene) {
			s.play(`base d{1..40}/f{1..50}; count; A> d7/f7=edited`)
			looked := 0
			for _, d := range s.devices {
				d.trouble.refuse = func(op, _ string) error {
					if op == "readdir" {
						looked++
					}
					return nil
				}
			}
			a, b := s.dev("A"), s.dev("B")
			a.engine.Mark("d7/f7")
			if err := a.engine.Cycle(context.Background()); err != nil {
				s.t.Fatal(err)
			}
			if err := b.engine.Cycle(context.Background()); err != nil {
				s.t.Fatal(err)
			}
			requests := 0
			for _, d := range s.devices {
				for _, n := range d.trouble.counts {
					requests += n
				}
			}
			if b.files()["d7/f7"] != "edited" || requests > 20 || looked > 10 {
				s.fail("B has %q, %d requests, %d folders were read", b.files()["d7/f7"], requests, looked)
			}
		}},
		{no: "211", title: "A burst of small files beside one big one", once: true, run: func(s *scene) {
			s.play(`base doc=0`)
			a, b := s.dev("A"), s.dev("B")
			a.write("huge.bin", film("h"))
			s.play(`A> n{1..300}=small; A> doc=edited`)
			// What is changed while the huge file is under way: sync/engine TestHugePassed.
			parts, early := 0, false
			a.trouble.when("s3 "+objstore.OpPutPart, "/huge.bin/", 1, func() {
				parts++
				_ = b.cycle()
				early = b.files()["doc"] == "edited" && len(b.files()) == 301
			})
			s.settle()
			if parts == 0 || !early {
				s.fail("B waited for the huge file")
			}
			if n := a.trouble.counts["put history"]; n > 40 {
				s.fail("%d writes for the histories", n)
			}
			s.showsFilm("huge.bin", film("h"))
		}},
		{no: "212", alone: true, title: "Quota", run: func(s *scene) {
			s.play(`base old{1..5}=x keep=1`)
			full := func(op, key string) faultstore.Fault {
				if (op == objstore.OpPut || op == objstore.OpNewUpload) && strings.Contains(key, "/big") {
					return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Full, op, key)}
				}
				return faultstore.Fault{}
			}
			for _, d := range s.devices {
				d.trouble.network(full)
			}
			s.play(`A> big{1..10}=much; A> rm old1 old2; B> small=s; partly; B> old3=y; partly; here B small=s keep=1 old3=y old4=x old5=x; here A big{1..10}=much small=s keep=1 old3=y old4=x old5=x`)
			if got := s.dev("A").problems(); len(got) == 0 || !strings.HasPrefix(got[0], "cloud-full") {
				s.fail("A says %q", got)
			}
			calm(s)
			s.play(`settle; problems A; tree big{1..10}=much small=s keep=1 old3=y old{4,5}=x; trash old1 old2`)
		}},
		{no: "214", alone: true, title: "Pause in the middle", run: func(s *scene) {
			s.play(`base f{1..200}=x; A> f{1..40}=1 n{1..60}=n`)
			a := s.dev("A")
			a.trouble.when("s3 put", "Synced/", 30, a.engine.Pause)
			_ = a.cycle()
			s.play(`count; cycle A; writes 0; A> f{1..8}=2; A> f{1..4}=3; A> rm f91 f92 f93; A> mv f81 g81; A> mv f82 g82; cycle A; writes 0; A> restart; settle
				tree f{1..4}=3 f{5..8}=2 f{9..40}=1 f{41..80}=x g{81,82}=x f{83..90}=x f{94..200}=x n{1..60}=n; trash f91 f92 f93`)
			if got := len(s.dev("A").volume().Versions(s.file("f1"))); got > 3 {
				s.fail("f1 has %d versions", got)
			}
		}},
		{no: "215", title: "Sleep and wake", run: func(s *scene) {
			s.play(`base f{1..30}=x; A> n{1..20}=n f1=A f2=A`)
			a := s.dev("A")
			asleep := false
			a.trouble.when("s3 put", "/n", 8, func() { asleep = true; s.wait(10 * time.Hour) })
			a.trouble.network(func(op, key string) faultstore.Fault {
				if asleep {
					return faultstore.Fault{Action: faultstore.After, Err: kind(objstore.Unreachable, op, key)}
				}
				return faultstore.Fault{}
			})
			_ = a.cycle()
			s.play(`B> f{1..15}=B; cycle B`)
			for i, k := range []objstore.Kind{objstore.KeyRefused, objstore.Unreachable, objstore.NotAStore, objstore.Unreachable, objstore.Busy} {
				a.trouble.network(func(op, key string) faultstore.Fault {
					if i%2 == 1 && op == objstore.OpPut {
						return faultstore.Fault{Action: faultstore.After, Err: kind(k, op, key)}
					}
					return faultstore.Fault{Action: faultstore.Before, Err: kind(k, op, key)}
				})
				_ = a.cycle()
				s.wait(time.Minute)
			}
			a.trouble.network(nil)
			s.settle()
			s.holds("A", "B", "n", "x")
			copies := 0
			for p := range a.files() {
				if strings.Contains(p, "(conflicted copy") {
					copies++
				}
			}
			if n := len(a.files()); n != 50+copies || copies > 2 {
				s.fail("%d files, %d conflict copies", n, copies)
			}
			s.play(`versions n1 n; versions n20 n; versions f3 B x`)
		}},
	}}
}

func partT() part {
	return part{"T", "Delayed, duplicated and unacknowledged requests", []one{
		{no: "217", title: "A late create request arrives after a delete", run: func(s *scene) {
			s.play(`device A linux; device B linux; device C linux; base keep=1; A> x=old`)
			a := s.dev("A")
			a.trouble.network(once(objstore.OpPut, "/history/", faultstore.Fault{Action: faultstore.Hold}))
			_ = a.cycle()
			a.off = true
			s.play(`B> x=b; settle; C> keep=2; settle`)
			a.trouble.network(nil)
			s.play(`A> x=newer; on A; settle`)
			s.holds("b", "newer")
			s.play(`versions x newer old`)
			for p := range s.dev("C").files() {
				if strings.HasPrefix(p, "x") {
					s.dev("C").remove(p)
				}
			}
			s.settle()
			a.net.Land()
			s.play(`A> restart; B> restart; settle; tree keep=2`)
			s.play(`C> forget; settle; tree keep=2`)
		}},
		{no: "218", title: "One request executed twice with a delete in between", run: func(s *scene) {
			s.play(`base keep=1; A> x=1`)
			a := s.dev("A")
			a.trouble.network(once(objstore.OpPut, "/history/", faultstore.Fault{Action: faultstore.Hold}))
			_ = a.cycle()
			a.trouble.network(nil)
			s.play(`settle; tree keep=1 x=1; A> rm x; settle; tree keep=1; trash x`)
			a.net.Land()
			s.play(`A> restart; B> restart; settle; tree keep=1; trash x; B> restore x; settle; tree keep=1 x=1; versions x 1`)
		}},
		{no: "220", title: "A duplicate that someone has already built on", run: func(s *scene) {
			s.play(`base keep=1; A> x=1`)
			a := s.dev("A")
			a.trouble.network(once(objstore.OpPut, "Synced/x/", faultstore.Fault{Action: faultstore.Hold}))
			_ = a.cycle()
			a.trouble.network(nil)
			s.play(`settle; B> x=2`)
			a.net.Land()
			s.play(`settle; tree keep=1 x=2; versions x 2 1`)
		}},
		{no: "221", title: "Delete after an unacknowledged upload", run: func(s *scene) {
			for _, edited := range []bool{false, true} {
				s.play(`base keep=1; A> x=first`)
				a := s.dev("A")
				a.trouble.whenDone("s3 put", "/history/", 1, func() { a.trouble.die() })
				_ = a.cycle()
				if !a.trouble.died {
					s.fail("the program does not die")
				}
				a.trouble.revive() // its user works on, without the program
				if edited {
					s.play(`B> restart; cycle B; here B keep=1 x=first; B> x=2; cycle B`)
				}
				s.play(`A> rm x; on A; settle`)
				if edited {
					s.play(`tree keep=1 x=2`)
				} else {
					s.play(`tree keep=1; trash x`)
				}
			}
		}},
	}}
}

// file is the node of a file that everybody has.
func (s *scene) file(path string) merge.ID {
	s.t.Helper()
	n, ok := s.devices[0].volume().FileAt(path)
	if !ok {
		s.t.Fatalf("nobody has %s", path)
	}
	return n.ID
}

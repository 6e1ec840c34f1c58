package scenario

import (
	"math/rand/v2"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

func partI() part {
	return part{"I", "Network and server faults", []one{
		{no: "091", title: "Retried PUT after a lost reply, unconditional server", run: func(s *scene) {
			s.play(`base x=v0`)
			a := s.dev("A")
			for i, what := range []string{"/x/", "/history/"} {
				v := "v" + string(rune('1'+i))
				a.write("x", v)
				a.trouble.network(once(objstore.OpPut, what, faultstore.Fault{Action: faultstore.After}))
				_ = a.cycle()
				a.trouble.network(nil)
				s.play(`count; settle; got 1; tree x=` + v)
			}
			s.play(`versions x v2 v1 v0`)
		}},
		{no: "092", title: "Throttling storm", run: func(s *scene) {
			s.play(`base keep=1; A> a{1..60}=a; B> b{1..60}=b`)
			for _, d := range s.devices {
				r := rand.New(rand.NewPCG(uint64(d.id), 92))
				d.trouble.network(func(op, key string) faultstore.Fault {
					switch p := r.Float64(); {
					case p < 0.3:
						return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Busy, op, key)}
					case p < 0.35:
						return faultstore.Fault{Action: faultstore.After, Err: kind(objstore.Busy, op, key)}
					}
					return faultstore.Fault{}
				})
			}
			for range 20 {
				s.settlePartly()
			}
			calm(s)
			s.play(`settle; tree keep=1 a{1..60}=a b{1..60}=b; versions a7 a; versions b7 b`)
		}},
		{no: "094", title: "Page 2 of 3 of a listing fails", once: true, run: listingFails},
		{no: "095", title: "A captive portal answers", run: func(s *scene) {
			s.play(`base f{1..30}=x`)
			s.refuseAll(objstore.NotAStore)
			s.play(`A> f1=edited; B> rm f2; partly; problems A not-a-store; problems B not-a-store; here A f1=edited f{2..30}=x; here B f1=x f{3..30}=x`)
			s.refuseAll(objstore.Unreachable)
			s.play(`partly; problems A offline; problems B offline`)
			calm(s)
			s.play(`count; settle; sent 1; got 1; problems A; problems B; tree f1=edited f{3..30}=x; trash f2`)
		}},
		{no: "097", title: "Stale reads after an overwrite", run: func(s *scene) {
			s.play(`base x=v0 y=1 keep=1`)
			a, b := s.dev("A"), s.dev("B")
			for _, d := range s.devices {
				d.trouble.network(func(op, key string) faultstore.Fault {
					switch {
					case op == objstore.OpList:
						return faultstore.Fault{Action: faultstore.Stale, N: 4}
					case op == objstore.OpGet && strings.HasSuffix(key, "/notice"):
						return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.NotFound, op, key)}
					}
					return faultstore.Fault{}
				})
			}
			for _, v := range []string{"v1", "v2"} {
				a.write("x", v)
				a.ok()
				_ = b.cycle()
				b.start()
				_ = b.cycle()
				a.start()
				a.ok()
				if a.files()["x"] != v {
					s.fail("A took an old state for a new one: %v", a.files())
				}
			}
			s.play(`A> rm y; cycle A; B> restart; cycle B; A> restart; cycle A; here A x=v2 keep=1`)
			calm(s)
			s.play(`A> restart; B> restart; settle; tree x=v2 keep=1; versions x v2 v1 v0; trash y`)
		}},
		{no: "098", title: "Download cut and remote changed", run: func(s *scene) {
			s.play(`base keep=1`)
			a, b := s.dev("A"), s.dev("B")
			v1, v2 := strings.Repeat("one.", 3<<20), strings.Repeat("two.", 3<<20)
			a.write("f", v1)
			a.ok()
			n := 0
			b.trouble.network(func(op, key string) faultstore.Fault {
				if op != objstore.OpGet || !strings.Contains(key, "/f/") {
					return faultstore.Fault{}
				}
				if n++; n != 2 {
					return faultstore.Fault{}
				}
				a.write("f", v2)
				a.ok()
				return faultstore.Fault{Action: faultstore.Cut, N: 1 << 20}
			})
			_ = b.cycle()
			if got := b.files()["f"]; got != "" && got != v1 && got != v2 {
				s.fail("B shows half a file")
			}
			b.trouble.network(nil)
			s.settle()
			if b.files()["f"] != v2 {
				s.fail("B has not the newest")
			}
		}},
		{no: "100", title: "Credentials revoked", run: func(s *scene) {
			s.play(`base f{1..30}=x; A> p{1..3}=new`)
			for _, k := range []objstore.Kind{objstore.KeyRefused, objstore.Denied} {
				s.refuseAll(k)
				s.play(`partly; here A f{1..30}=x p{1..3}=new; here B f{1..30}=x`)
				if got := s.dev("A").problems(); len(got) != 1 {
					s.fail("A says %q", got)
				}
			}
			s.play(`A> f{1..5}=edited; A> rm f6 f7; partly`)
			s.dev("A").trouble.count()
			_ = s.dev("A").cycle()
			if n := s.dev("A").trouble.counts; len(n) != 1 || n["get history"]+n["list history"] != 1 {
				s.fail("a cycle without a key asks %v", n)
			}
			calm(s)
			s.play(`settle; tree f{1..5}=edited f{8..30}=x p{1..3}=new; trash f6 f7`)
		}},
		{no: "101", title: "Device clock 20 minutes wrong", run: func(s *scene) {
			s.play(`base f=0 g=0`)
			a := s.dev("A")
			strict := func(op, key string) faultstore.Fault {
				if a.skew.Abs() > 15*time.Minute {
					return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.ClockSkew, op, key)}
				}
				return faultstore.Fault{}
			}
			for i, skew := range []time.Duration{20 * time.Minute, -72 * time.Hour} {
				p := string("fg"[i])
				a.skew = skew
				a.trouble.network(strict)
				s.play(`A> ` + p + `=1; partly; problems A clock`)
				a.skew = 0
				s.play(`settle; problems A`)
			}
			s.play(`tree f=1 g=1; versions f 1 0`)
			a.trouble.network(nil)
			a.skew = 72 * time.Hour // a server that does not mind
			s.play(`A> f=2; settle; B> f=3; settle`)
			a.skew = -72 * time.Hour
			s.play(`A> f=4; settle; tree f=4 g=1; versions f 4 3 2 1 0`)
			a.skew = 0
		}},
		{no: "103", title: "The bucket is restored from a three-day-old backup", run: bucketRestored},
		{no: "104", title: "Versioning is suspended behind the engine's back", elsewhere: "the space does not use the store's versioning: content is never overwritten, and versions are entries of the histories"},
	}}
}

func kind(k objstore.Kind, op, key string) error { return objstore.Errorf(k, op, key, "injected") }

// once strikes the first request of an operation whose key has the part.
func once(op, part string, f faultstore.Fault) func(op, key string) faultstore.Fault {
	struck := false
	return func(o, key string) faultstore.Fault {
		if struck || o != op || !strings.Contains(key, part) {
			return faultstore.Fault{}
		}
		struck = true
		return f
	}
}

func (s *scene) refuseAll(k objstore.Kind) {
	for _, d := range s.devices {
		d.trouble.network(func(op, key string) faultstore.Fault {
			return faultstore.Fault{Action: faultstore.Before, Err: kind(k, op, key)}
		})
	}
}

func calm(s *scene) {
	for _, d := range s.devices {
		d.trouble.network(nil)
	}
}

// listingFails: of the histories only the first page can be listed.
func listingFails(s *scene) {
	s.play(`device A linux; device B linux; base f{1..20}=x`)
	for i := range 1500 {
		s.forgeQuietly(i, merge.Op{Kind: merge.Mkdir, Name: "dir" + string(rune('a'+i%7))})
	}
	s.play(`A> restart; B> restart; settle`)
	a := s.dev("A")
	a.cache = &space.MemCache{}
	a.start()
	n := 0
	a.trouble.network(func(op, key string) faultstore.Fault {
		if op != objstore.OpList {
			return faultstore.Fault{}
		}
		if n++; n%2 == 1 {
			return faultstore.Fault{}
		}
		return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Busy, op, key)}
	})
	for range 5 {
		if a.cycle() == nil {
			s.fail("half a listing was taken for a whole one")
		}
	}
	s.play(`B> f1=edited; cycle B; here A f{1..20}=x dir{a,b,c,d,e,f,g}/`)
	a.trouble.network(nil)
	s.play(`count; settle; sent 0; got 1; tree f1=edited f{2..20}=x dir{a,b,c,d,e,f,g}/`)
}

// bucketRestored: the store forgets three days.
func bucketRestored(s *scene) {
	s.play(`base a=1 b=2 c=3 keep=4`)
	old := s.store.Clone()
	s.play(`later 24h; A> a=11; B> new=n; settle; later 24h; A> rm c; B> b=22; settle; later 24h; A> d/x=5; settle`)
	s.store.Become(old)
	s.play(`A> restart; B> restart; settle`)
	s.holds("11", "22", "n", "5", "4")
	s.play(`A> a=111; B> later=6; settle`)
	s.holds("111", "22", "n", "5", "4", "6")
}

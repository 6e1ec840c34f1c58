package scenario

import (
	"fmt"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
)

func partC() part {
	return part{"C", "Delete against edit, and resurrection", []one{
		{no: "022", title: "Concurrent delete and edit", run: func(s *scene) {
			for _, order := range []string{`on A; settle; on B`, `on B; settle; on A`} {
				x := newScene(s.t, s.back)
				x.play(`base x=v0 keep=1; off A B; A> rm x; B> x=v1; ` + order + `; settle; tree x=v1 keep=1; versions x v1 v0; trash`)
				x.check()
			}
		}},
		{no: "023", title: "Directory delete against a new and an edited child", script: `
			base keep=k d/{0..9}; off A B
			A> rm d
			B> d/3=edited d/new=new
			on A B; settle
			tree keep=k d/3=edited d/new=new
			trash d/{0..2} d/{4..9}
			A> restore d/{0..2}; settle; tree keep=k d/3=edited d/new=new d/{0..2}`},
		{no: "025", once: true, title: "Device away longer than the trash period", run: func(s *scene) {
			// While the histories still tell of the deletion, it is done here too; what it takes stays in the safety folder.
			x := newScene(s.t, s.back)
			x.away(false, "")
			x.play(`settle; tree y=v0 z=new; safety B v0`)
			x.check()
			s.away(true, "")
			s.settle()
			s.apart = true
			s.play(`here A y=v0 z=new; here B x=v0 d/a=in d/b=in y=v0 z=new; problems B "removed-while-away d/a" "removed-while-away d/b" "removed-while-away x"`)
		}},
		{no: "026", once: true, title: "The same, with an edit during the absence", run: func(s *scene) {
			for _, busy := range []bool{false, true} {
				x := newScene(s.t, s.back)
				x.away(busy, `B> x=edited d/a=too d/new=new`)
				x.settle()
				x.holds("edited", "too", "new")
				if x.apart = busy; busy {
					x.play(`problems B "removed-while-away d/b"`)
				}
				x.check()
			}
		}},
		{no: "028", title: "Both delete", script: `
			base x=v0 keep=1; off A B
			A> rm x; B> rm x
			on A B; settle
			tree keep=1; trash x
			A> restore x; settle
			tree x=v0 keep=1; trash`},
		{no: "029", title: "DELETE lands on a newer version (no conditional delete)", run: func(s *scene) {
			s.play(`base x=v1 keep=1; A> rm x`)
			a, b := s.dev("A"), s.dev("B")
			a.trouble.network(func(op, key string) faultstore.Fault {
				if op == objstore.OpPut && strings.Contains(key, "/history/") {
					return faultstore.Fault{Action: faultstore.Hold}
				}
				return faultstore.Fault{}
			})
			_ = a.cycle()
			s.play(`B> x=v2; cycle B`)
			a.trouble.network(nil)
			a.net.Land()
			b.ok()
			if b.files()["x"] != "v2" {
				s.fail("the file of B was removed")
			}
			s.play(`settle; tree x=v2 keep=1; versions x v2 v1`)
		}},
		{no: "031", once: true, title: "Remote delete while the download is running", run: func(s *scene) {
			s.play(`base keep=1`)
			a, b := s.dev("A"), s.dev("B")
			big := strings.Repeat("0123456789abcdef", 800_000)
			a.write("big.bin", big)
			a.ok()
			b.trouble.when("s3 get", "big.bin", 2, func() { a.remove("big.bin"); a.ok() })
			s.settle()
			s.play(`tree keep=1; trash big.bin`)
		}},
		{no: "032", alone: true, title: "Folder deleted while still uploading", run: func(s *scene) {
			s.play(`base keep=1`)
			s.play(`A> d/{1..200}="file {1..200}"`)
			a := s.dev("A")
			a.trouble.when("s3 put", "/d/", 80, func() { a.remove("d") })
			s.settle()
			s.play(`asks A; A> answer apply; settle; calm A; calm B; tree keep=1`)
		}},
	}}
}

// away: B is off for longer than the trash keeps things, while everything is swept. Where much happens meanwhile, the histories are cut off too.
func (s *scene) away(busy bool, meanwhile string) {
	s.t.Helper()
	s.play(`base x=v0 d/a=in d/b=in y=v0; off B; A> rm x; A> rm d; settle; ` + meanwhile)
	for i := range 45 {
		s.wait(24 * time.Hour)
		if busy {
			s.dev("A").write("z", fmt.Sprint("day ", i))
		}
		s.sweep("A")
		s.forget(fmt.Sprint("day ", i))
	}
	s.play(`A> z=new; settle; trash`)
	s.sweep("A")
	s.play(`on B`)
}

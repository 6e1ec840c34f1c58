package scenario

import (
	"context"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
)

const mb = 1 << 20

// film is a file of many parts.
func film(letter string) string { return strings.Repeat(letter, 22*mb) }

func partN() part {
	return part{"N", "Large files and resumable transfers", []one{
		{no: "145", title: "Upload killed at 60 %", once: true, run: func(s *scene) {
			s.play(`base keep=1`)
			a := s.dev("A")
			a.write("v.iso", film("v"))
			killedAtPart(s, a, 3)
			a.trouble.count()
			s.settle()
			if sent := a.trouble.sent; sent > 13*mb {
				s.fail("%d MB were sent again", sent/mb)
			}
			s.showsFilm("v.iso", film("v"))
		}},
		{no: "146", title: "Killed, then the file changed", once: true, run: func(s *scene) {
			s.play(`base keep=1`)
			a := s.dev("A")
			a.write("v.iso", film("v"))
			killedAtPart(s, a, 3)
			changed := film("v")[:3*mb] + "!" + film("v")[3*mb+1:]
			a.write("v.iso", changed)
			s.settle()
			s.showsFilm("v.iso", changed)
		}},
		{no: "148", title: "The upload id disappears", once: true, run: func(s *scene) {
			s.play(`base keep=1`)
			a := s.dev("A")
			a.write("v.iso", film("v"))
			killedAtPart(s, a, 3)
			s.play(`later 8d`)
			up, err := s.store.ListUploads(context.Background(), "")
			if err != nil || len(up) != 1 {
				s.t.Fatalf("%d uploads are open, %v", len(up), err)
			}
			if err := s.store.AbortUpload(context.Background(), up[0].Key, up[0].ID); err != nil {
				s.t.Fatal(err)
			}
			s.play(`settle; problems A`)
			s.showsFilm("v.iso", film("v"))
		}},
		{no: "149", title: "Download killed at 50 %", once: true, run: func(s *scene) {
			s.play(`base keep=1`)
			a, b := s.dev("A"), s.dev("B")
			a.write("v.iso", film("v"))
			a.ok()
			n := 0
			cut := func(op, key string) faultstore.Fault {
				if op != objstore.OpGet || !strings.Contains(key, "/v.iso/") {
					return faultstore.Fault{}
				}
				if n++; n > 2 {
					return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Unreachable, op, key)}
				}
				return faultstore.Fault{}
			}
			b.trouble.network(cut)
			_ = b.cycle()
			b.start()
			b.trouble.count()
			b.trouble.network(nil)
			s.settle()
			if got := b.trouble.counts["get content"]; got > 3 {
				s.fail("B fetched %d pieces again", got)
			}
			s.showsFilm("v.iso", film("v"))
			// The power goes: what the disk had not kept is zeros, and another version is there meanwhile.
			for i, next := range []string{film("w"), film("x")} {
				a.write("v.iso", next)
				a.ok()
				n = 0
				b.trouble.network(cut)
				_ = b.cycle()
				b.powerCut(uint64(i))
				if i == 1 {
					next = film("y")
					a.write("v.iso", next)
					a.ok()
				}
				b.trouble.network(nil)
				s.settle()
				s.showsFilm("v.iso", next)
			}
		}},
		{no: "151", title: "Rename of an object above 5 GB", elsewhere: "a rename moves no content, whatever its size: part D"},
		{no: "152", title: "Very big file, many parts", elsewhere: "platform/transfer TestPartSizeAlwaysFits, and the object limit of each store in storetest"},
	}}
}

// killedAtPart lets the program die when it has sent so many parts of a file, and starts it again.
func killedAtPart(s *scene, d *device, n int) {
	s.t.Helper()
	d.trouble.whenDone("s3 "+objstore.OpPutPart, "", n, func() { d.trouble.die() })
	_ = d.cycle()
	if !d.trouble.died {
		s.t.Fatal("the program does not die")
	}
	d.start()
}

func (s *scene) showsFilm(path, want string) {
	s.t.Helper()
	for _, d := range s.online() {
		if d.files()[path] != want {
			s.fail("%s has other bytes", d.name)
		}
	}
}

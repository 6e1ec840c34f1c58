package scenario

import (
	"bytes"
	"strings"

	"elkjopcloud/platform/disk"
)

func partG() part {
	return part{"G", "Partial writes, atomic saves, locked and unreadable files", []one{
		{no: "070", title: "Slow writer", run: func(s *scene) {
			s.play(`base keep=1`)
			a, text := s.dev("A"), ""
			for i := range 40 {
				text += strings.Repeat(string(rune('a'+i%26)), 5000)
				a.write("big.dat", text)
				if i%7 == 3 {
					more := text + "and while it is sent"
					a.trouble.when("s3 put", "big.dat", 1, func() { a.write("big.dat", more) })
					_ = a.cycle()
					s.dev("B").ok()
				}
			}
			a.write("big.dat", text)
			s.settle()
			if s.dev("B").files()["big.dat"] != text {
				s.fail("the file did not arrive whole")
			}
		}},
		{no: "071", title: "File changes while being uploaded", run: func(s *scene) {
			s.play(`base keep=1`)
			a := s.dev("A")
			old := bytes.Repeat([]byte("old "), 4<<20)
			a.write("big.bin", string(old))
			copy(old, bytes.Repeat([]byte("new "), 1<<18))
			changed := string(old)
			a.trouble.when("s3 put-part", "big.bin", 2, func() { a.write("big.bin", changed) })
			s.settle()
			if s.dev("B").files()["big.bin"] != changed {
				s.fail("B has something else")
			}
		}},
		{no: "073", title: "Editor save patterns", script: `
			base doc.docx=v0 t.txt=v0
			A> .goutputstream-X1=v1; A> mv .goutputstream-X1 t.txt; settle
			tree doc.docx=v0 t.txt=v1; versions t.txt v1 v0; trash
			A> mv t.txt t.txt~; A> t.txt=v2; A> rm t.txt~; settle
			tree doc.docx=v0 t.txt=v2; versions t.txt v2 v1 v0; trash
			A> "~WRD0001.tmp=v1"; A> mv doc.docx "~WRL0002.tmp"; A> mv "~WRD0001.tmp" doc.docx; A> rm "~WRL0002.tmp"; settle
			tree doc.docx=v1 t.txt=v2; versions doc.docx v1 v0; trash
			A> doc.sb-1/doc.docx=v2; A> mv doc.docx doc.sb-1/old; A> mv doc.sb-1/doc.docx doc.docx; A> rm doc.sb-1; settle
			tree doc.docx=v2 t.txt=v2; versions doc.docx v2 v1 v0; trash`},
		{no: "074", alone: true, title: "Locked for reading or for replacing", run: func(s *scene) {
			s.play(`device A linux; device B windows; base l.xlsx=v0 o=1`)
			b := s.dev("B")
			locked := func(op, path string) error {
				if op == "exchange" && strings.Contains(path, "l.xlsx") || path == "l.xlsx" && (op == "open" || op == "rename") {
					return disk.ErrBusy
				}
				return nil
			}
			b.trouble.refuse = locked
			s.play(`count; A> l.xlsx=v1 o=2; partly; here B l.xlsx=v0 o=2; problems B "busy l.xlsx"; got 2`)
			b.trouble.refuse = nil
			s.play(`settle; problems B; tree l.xlsx=v1 o=2; B> l.xlsx=v2 o=3`)
			b.trouble.refuse = locked
			s.play(`partly; here A l.xlsx=v1 o=3; problems B "busy l.xlsx"`)
			b.trouble.refuse = nil
			s.play(`settle; problems B; tree l.xlsx=v2 o=3`)
		}},
		{no: "076", title: "Disk full while downloading", run: func(s *scene) {
			s.play(`base keep=1`)
			a, b := s.dev("A"), s.dev("B")
			b.disk.SetCapacity(4 << 20)
			big := strings.Repeat("big!", 2<<20)
			a.write("big.bin", big)
			a.write("small.txt", "small")
			s.play(`count; partly; here B keep=1 small.txt=small; problems B "disk-full big.bin"; got 1`)
			b.disk.SetCapacity(0)
			s.settle()
			s.play(`problems B`)
			if b.files()["big.bin"] != big {
				s.fail("the big file did not come")
			}
		}},
		{no: "077", title: "Power loss after a download", run: func(s *scene) {
			for seed := range uint64(30) {
				x := newScene(s.t, s.back)
				x.play(`base f.docx=v0 keep=1; B> f.docx="v1 from B" new=2; cycle B; cycle A`)
				x.dev("A").powerCut(seed)
				x.play(`settle; tree f.docx="v1 from B" keep=1 new=2; versions f.docx "v1 from B" v0; versions new 2; trash`)
				x.check()
			}
		}},
		{no: "079", title: "The file changes between hashing and sending", run: func(s *scene) {
			s.play(`base c.db=0; A> c.db=content1`)
			a := s.dev("A")
			a.trouble.when("s3 put", "c.db", 1, func() { a.write("c.db", "content2") })
			a.trouble.whenDone("open", "c.db", 2, func() { a.quietEdit("c.db", "content3") })
			s.settle()
			s.play(`tree c.db=content3`)
			s.play(`A> c.db=last; settle; tree c.db=last`)
		}},
		{no: "080", title: "One unreadable file", script: `
			base s/{1..10}=x
			A> deny s/5; A> s/6=edited
			settle; problems A "unreadable s/5"
			here B s/{1..5}=x s/6=edited s/{7..10}=x; trash
			A> allow s/5; count; settle; problems A; sent 0
			tree s/{1..5}=x s/6=edited s/{7..10}=x; versions s/5 x`},
	}}
}

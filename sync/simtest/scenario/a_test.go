package scenario

import (
	"fmt"
	"strings"
	"time"

	"elkjopcloud/sync/simtest"
)

func partA() part {
	return part{"A", "Basic propagation and convergence", []one{
		{no: "001", title: "Files, empty file and nested directories travel both ways", script: `
			base
			A> a.txt=1 empty.bin= d/e/f/deep.txt=2
			B> b.txt=3
			settle
			tree a.txt=1 empty.bin= d/e/f/deep.txt=2 b.txt=3
			trash`, run: nil},
		{no: "002", title: "A settled system does nothing", run: func(s *scene) {
			s.play(`
			device A linux; device B linux; device C linux
			base d{1..20}/f1 d{1..20}/f2 d{1..20}/f3 d{1..20}/f4 d{1..20}/f5
			base d{1..20}/f6 d{1..20}/f7 d{1..20}/f8 d{1..20}/f9 d{1..20}/f10
			count`)
			for range 3 {
				for _, d := range s.devices {
					d.ok()
				}
			}
			s.play(`writes 0; got 0`)
			for _, d := range s.devices {
				if d.trouble.counts["get history"] > 3 || len(d.trouble.counts) > 1 {
					s.fail("%s asks the store for %v in three cycles", d.name, d.trouble.counts)
				}
			}
		}},
		{no: "004", title: "Identical tree created independently on two devices", run: func(s *scene) {
			s.play(`
			off A B
			A> d{1..30}/f1=one d{1..30}/f2=two d{1..30}/f3=three
			A> e{1..30}="text {1..30}"
			B> d{1..30}/f1=one d{1..30}/f2=two d{1..30}/f3=three
			B> e{1..30}="text {1..30}"
			on A; settle; on B; count; settle; sent 0; got 0
			tree d{1..30}/f1=one d{1..30}/f2=two d{1..30}/f3=three e{1..30}="text {1..30}"
			versions d7/f2 two`)
		}},
		{no: "005", title: "Log file appended continuously", run: logAppended},
		{no: "007", title: "Same size, same mtime, different content", run: func(s *scene) {
			s.play(`base x.bin=AAAA`)
			a := s.dev("A")
			a.quietEdit("x.bin", "BBBB")
			s.play(`settle; tree x.bin=BBBB; B> x.bin=CCCC; settle; tree x.bin=CCCC; versions x.bin CCCC BBBB AAAA`)
			a.quietEdit("x.bin", "DDDD")
			s.play(`B> x.bin=EEEE; cycle B; settle; tree x.bin=EEEE "x (conflicted copy, A).bin=DDDD"`)
		}},
		{no: "008", once: true, title: "Random storm, three devices", run: func(s *scene) {
			for seed := range uint64(6) {
				if r := simtest.Run(500_000+seed, simtest.Options{Steps: 60, Calm: seed%2 == 0}); len(r.Faults) > 0 {
					s.fail("seed %d: %v", r.Seed, r.Faults)
				}
			}
		}},
	}}
}

// quietEdit changes bytes and puts the time back.
func (d *device) quietEdit(path, content string) {
	d.replacing(path)
	d.act(d.disk.EditKeepingMtime(path, content))
	d.wrote(content)
}

func logAppended(s *scene) {
	s.play(`base`)
	a, b := s.dev("A"), s.dev("B")
	text := ""
	for i := range 150 {
		text += strings.Repeat(fmt.Sprintf("%04d ", i), 200) + "\n"
		a.write("app.log", text)
		s.wait(200 * time.Millisecond)
		if i%25 == 24 { // as often as a cycle gets to it
			a.write(fmt.Sprintf("other%d", i), fmt.Sprint("other ", i))
			a.ok()
			b.ok()
			if b.files()[fmt.Sprintf("other%d", i)] == "" {
				s.fail("another file waits for the log")
			}
		}
	}
	s.settle()
	if b.files()["app.log"] != text {
		s.fail("the log did not arrive whole")
	}
	n, _ := a.volume().FileAt("app.log")
	vs := a.volume().Versions(n.ID)
	for _, v := range vs {
		if c, err := a.content(v.Content); err != nil || !strings.HasPrefix(text, c) {
			s.fail("a version is no beginning of the log, %v", err)
		}
	}
	if len(vs) > 8 {
		s.fail("%d versions", len(vs))
	}
}

package scenario

import (
	"strings"

	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
)

func partK() part {
	return part{"K", "Mass-delete protection, roots and mounts", []one{
		{no: "118", title: "Root appears empty", run: func(s *scene) {
			s.play(`base f{1..60}; unplug A; count; partly; partly; partly; writes 0; problems A not-connected; here B f{1..60}="text of f{1..60}"; trash
				B> f1=edited; B> rm f2; partly; A> restart; partly; plug A; settle; problems A; sent 1; got 1
				tree f1=edited f{3..60}="text of f{3..60}"; trash f2`)
		}},
		{no: "119", title: "The user moves the root folder", run: func(s *scene) {
			s.play(`base f{1..20}`)
			a := s.dev("A")
			a.disk.UnplugHard() // the folder is nowhere
			s.play(`count; partly; problems A not-connected; writes 0; B> f1=edited; partly; here B f1=edited f{2..20}="text of f{2..20}"; trash`)
			a.disk.Replug()
			s.play(`settle; problems A; tree f1=edited f{2..20}="text of f{2..20}"; trash`)
			// The folder is deleted, and an empty one made in its place.
			for _, p := range append(sorted(a.files()), local.Own) {
				a.act(a.disk.RemoveAll(p))
			}
			s.play(`count; partly; A> restart; partly; problems A not-connected; trash; writes 0; B> f2=new; cycle B; here B f1=edited f2=new f{3..20}="text of f{3..20}"; here A`)
			a.act(local.Claim(a.disk, a.name)) // its user says: this is the place now
			s.play(`partly; asks A; trash; A> answer keep; settle; calm A; problems A; tree f1=edited f2=new f{3..20}="text of f{3..20}"; trash`)
		}},
		{no: "121", title: "Deliberate mass deletion", script: `
			base f{1..120}=x
			A> rm f{1..100}; settle; asks A; calm B; trash; here B f{1..120}=x
			A> answer keep; settle; calm A; tree f{1..120}=x; trash
			A> rm f{1..100}; settle; asks A; here B f{1..120}=x
			later 24h; A> f{101..110}=edited; settle; asks A; here B f{1..100}=x f{101..110}=edited f{111..120}=x; trash
			B> f111=more; settle; asks A; here A f{101..110}=edited f111=more f{112..120}=x
			A> answer apply; settle; calm A; calm B; tree f{101..110}=edited f111=more f{112..120}=x; trash f{1..100}
			B> restore f{1..100}; settle; calm A; tree f{1..100}=x f{101..110}=edited f111=more f{112..120}=x`},
		{no: "122", title: "No false alarm", script: `
			base only.txt=1; A> mv only.txt other.txt; settle; calm A; calm B; tree other.txt=1
			B> rm other.txt; settle; calm A; calm B; tree; trash other.txt
			A> d/{1..30}=x; settle; B> mv d e; settle; calm A; calm B; tree e/{1..30}=x; trash other.txt
			A> mv e d; A> d/{1..5}=y; settle; calm A; calm B; tree d/{1..5}=y d/{6..30}=x`},
		{no: "124", title: "Mass deletion arriving from the bucket", run: func(s *scene) {
			s.play(`base f{1..100}=x keep=1`)
			a := s.dev("A")
			var all []merge.Entry
			for n := range a.volume().State().Nodes {
				if strings.HasPrefix(n.Name, "f") {
					all = append(all, merge.Entry{Node: n.ID, Version: n.Current, Place: n.Place})
				}
			}
			s.forge(1, merge.Op{Kind: merge.Delete, List: all})
			s.play(`partly; asks A; asks B; here A f{1..100}=x keep=1; here B f{1..100}=x keep=1
				A> keep=2; partly; here B f{1..100}=x keep=2; A> answer keep; settle`)
			s.t.Log(s.dev("B").status().Question, s.dev("B").problems(), sorted(s.dev("B").files()))
			s.play(`calm A; calm B; tree f{1..100}=x keep=2
				A> rm f{1..100}; settle; asks A; A> answer apply; settle; calm A; calm B; tree keep=2; B> restore f{1..100}; settle; tree f{1..100}=x keep=2`)
		}},
		{no: "125", title: "A mount inside the root", run: func(s *scene) {
			s.play(`base ext/{1..20}=x keep=1`)
			a := s.dev("A")
			a.act(a.disk.Move("ext", "under"))
			a.act(a.disk.Put("ext", disk.Mount)) // something is mounted over it
			a.act(a.disk.RemoveAll("under"))
			s.play(`settle; trash; here B ext/{1..20}=x keep=1; B> ext/5=edited; B> keep=2; settle; here A ext@= keep=2`)
			a.leavesOut("ext")
			a.act(a.disk.RemoveAll("ext"))
			s.play(`A> ext/{1..20}=x; settle; tree ext/{1..4}=x ext/5=edited ext/{6..20}=x keep=2; trash`)
		}},
	}}
}

package scenario

import (
	"strconv"

	"elkjopcloud/platform/disk"
)

func partP() part {
	return part{"P", "Backup", []one{
		{no: "169", title: "First backup, edit, delete", run: func(s *scene) {
			s.play(`backup A; base f{1..50}=x`)
			before := mtimes(s.dev("A"))
			s.play(`A> f{1..5}=y; A> rm f6 f7 f8 f9 f10; A> mv f11 g11; A> mv f12 g12; settle
				tree f{1..5}=y g{11,12}=x f{13..50}=x; trash f{6..10}; versions f1 y x; versions g11 x; versions f50 x
				A> restore f6; settle; trash f{7..10}`)
			for p, at := range mtimes(s.dev("A")) {
				if old, ok := before[p]; ok && p > "f5~" && at != old {
					s.fail("%s has another time", p)
				}
			}
		}},
		{no: "170", title: "The backup in the bucket is damaged from outside", script: `
			backup A; base f{1..30}; lose f1 f2 f3; damage f4 f5; settle; heal A 0; settle; heal A 0
			tree f{1..30}="text of f{1..30}"; versions f1 "text of f1"; trash`},
		{no: "172", title: "Another disk at the same letter", elsewhere: "app TestAnotherDriveInItsPlace on real drives; platform/disk/volume TestIdentities"},
		{no: "173", title: "Rename of a big folder inside the watched root", script: `
			backup A; base Video/2024/{1..30} Video/other=1; A> Video/2024/1=edited; settle; count; A> mv Video/2024 Video/Holidays; settle; sent 0; got 0
			tree Video/Holidays/1=edited Video/Holidays/{2..30}="text of Video/2024/{2..30}" Video/other=1; trash
			versions Video/Holidays/1 edited "text of Video/2024/1"`},
		{no: "175", title: "An open mailbox file", run: func(s *scene) {
			s.play(`backup A; base Outlook.pst=v0 other=1`)
			a := s.dev("A")
			a.trouble.refuse = func(op, path string) error {
				if op == "open" && path == "Outlook.pst" {
					return disk.ErrBusy
				}
				return nil
			}
			for i := range 6 {
				s.play(`later 1h; A> Outlook.pst=mail` + strconv.Itoa(i) + ` other=` + strconv.Itoa(i) + `; partly; problems A "busy Outlook.pst"; versions Outlook.pst v0; trash`)
				s.forget("mail" + strconv.Itoa(i-1))
			}
			a.trouble.refuse = nil
			s.play(`settle; problems A; versions Outlook.pst mail5 v0; tree Outlook.pst=mail5 other=5`)
		}},
		{no: "176", title: "A file that never rests", run: func(s *scene) {
			s.play(`backup A; base sim.log=0 n{1..20}=x`)
			a, i := s.dev("A"), 0
			a.trouble.refuse = func(op, path string) error {
				if op == "read" && path == "sim.log" {
					i++
					a.act(a.disk.WriteFile("sim.log", "line "+strconv.Itoa(i)))
				}
				return nil
			}
			s.play(`A> n{1..20}=y; A> sim.log=on; partly; problems A "keeps-changing sim.log"; versions n1 y x; versions n20 y x`)
			s.forget("on")
			a.trouble.refuse = nil
			s.play(`A> sim.log=end; settle; problems A; tree sim.log=end n{1..20}=y`)
		}},
		{no: "178", title: "Restore to a new computer as of a time", elsewhere: "app/headless testdata/folder/backup.txtar (--at, from another computer); backup TestRestore, TestRestoreNeverOverwrites"},
		{no: "179", title: "Interrupted restore", elsewhere: "backup TestRestoreInterrupted, TestRestoreToAFullDisk, TestRestoreGoesOnWithOtherFiles"},
		{no: "181", title: "Excluding a sub-folder later", run: func(s *scene) {
			s.play(`backup A; base node_modules/{1..60}=x src/a=1`)
			a := s.dev("A")
			a.rules = []string{"node_modules/"}
			s.play(`A> restart; settle; calm A; trash; versions node_modules/1 x; A> node_modules/1=y src/a=2; A> rm node_modules/2; settle; trash; versions node_modules/1 x; versions src/a 2 1`)
			a.rules = nil
			s.play(`A> restart; settle; trash node_modules/2; versions node_modules/1 y x; tree node_modules/1=y node_modules/{3..60}=x src/a=2`)
		}},
		{no: "182", alone: true, title: "Spring cleaning", run: func(s *scene) {
			s.play(`backup A; base f{1..120}; A> rm f{1..100}; settle; asks A; trash; versions f1 "text of f1"; A> answer apply; settle; calm A; trash f{1..100}
				tree f{101..120}="text of f{101..120}"; later 29d; settle; trash f{1..100}; later 2d`)
			for i := range 100 {
				s.forget("text of f" + strconv.Itoa(i+1))
			}
			s.sweepDaily("A", 12)
			s.play(`trash; tree f{101..120}="text of f{101..120}"`)
			if got := s.keysBelow("Backup/A/docs/f"); len(got) != 20 {
				s.fail("the store has %q", got)
			}
		}},
	}}
}

func partQ() part {
	return part{"Q", "Archive", []one{
		{no: "184", title: "Put into the archive and free the space", elsewhere: "app TestArchiveFreesOnlyWhatIsProven, TestArchiveAddInterrupted, TestBatchesOfTheArchiveSurviveACrash"},
		{no: "185", title: "Interrupted archive upload", elsewhere: "app TestArchiveAddInterrupted; packaging/prove (archive)"},
		{no: "187", title: "Download from the archive", elsewhere: "backup TestRestoreNeverOverwrites, by which the archive brings back too; app/headless testdata/folder/archive.txtar"},
		{no: "188", title: "Delete and restore in the archive", elsewhere: "app/headless testdata/folder/archive.txtar; the times are those of every trash: part O"},
	}}
}

func partR() part {
	const none = "shared folders are not there yet"
	return part{"R", "Shared folders", []one{
		{no: "190", title: "Share and edit", elsewhere: none},
		{no: "191", title: "A member deletes", elsewhere: none},
		{no: "193", title: "A member removes the share's folder from the disk", elsewhere: none},
		{no: "194", title: "Membership revoked", elsewhere: none},
		{no: "196", title: "Conflict inside a share", elsewhere: none},
		{no: "197", title: "Renaming the mount is private", elsewhere: none},
		{no: "199", title: "Share inside a share", elsewhere: none},
		{no: "200", title: "Private folder moved into a share", elsewhere: none},
		{no: "202", title: "The owner deletes the share", elsewhere: none},
		{no: "203", title: "Many members, one storm", elsewhere: none},
	}}
}

package scenario

import (
	"math"
	"time"
)

func partM() part {
	return part{"M", "Metadata, time and permissions", []one{
		{no: "136", title: "mtime granularity", run: func(s *scene) {
			s.play(`device A linux; device B fat; device C hfs; base f{1..50}`)
			before := mtimes(s.dev("A"))
			s.play(`count; A> restart; B> restart; C> restart; settle; writes 0; sent 0; got 0
				B> mv f1 g1; C> mv f2 g2; B> f3=edited; settle; A> restart; B> restart; C> restart; count; settle; writes 0
				versions f4 "text of f4"; versions g1 "text of f1"; tree g{1,2}="text of f{1,2}" f3=edited f{4..50}="text of f{4..50}"`)
			after := mtimes(s.dev("A"))
			if before["f1"] != after["g1"] || before["f4"] != after["f4"] {
				s.fail("A's modification times were made coarser")
			}
			for p, at := range mtimes(s.dev("B")) {
				if d := time.Duration(after[p] - at); d < 0 || d >= 2*time.Second {
					s.fail("B shows another time for %s: %v", p, d)
				}
			}
		}},
		{no: "137", title: "Touch only", script: `
			base x=v0 f{1..100}; count; A> touch x; settle; sent 0; got 0; A> touch f{1..100}; settle; sent 0; got 0; versions x v0; versions f1 "text of f1"
			off A B; A> touch x; B> x=edited; on A B; settle; tree x=edited f{1..100}="text of f{1..100}"; versions x edited v0; calm A; calm B`},
		{no: "139", title: "Skewed clocks, alternating edits", run: func(s *scene) {
			s.play(`base n.txt=0`)
			s.dev("A").skew, s.dev("B").skew = 72*time.Hour, -24*time.Hour
			s.play(`A> restart; B> restart; A> n.txt=1; settle; B> n.txt=2; settle; A> n.txt=3; settle; B> n.txt=4; settle; tree n.txt=4; versions n.txt 4 3 2 1 0
				off A B; A> n.txt=a; B> n.txt=b; on A B; settle`)
			s.holds("a", "b")
			if got := s.dev("A").files(); len(got) != 2 || got["n.txt"] != "a" && got["n.txt"] != "b" {
				s.fail("not one file and one conflict copy: %q", got)
			}
		}},
		{no: "140", title: "Absurd mtimes", run: func(s *scene) {
			s.play(`device A linux; device B fat; device C windows; base f{1..8} keep=1`)
			for i, at := range []int64{0, -1, 1, -int64(time.Hour) * 24 * 365 * 100, 4102444800e9, math.MaxInt64, math.MinInt64, 1<<62 + 1} {
				d := s.devices[i%len(s.devices)]
				p := "f" + string(rune('1'+i))
				d.act(d.disk.Touch(p, at))
				d.write("g"+string(rune('1'+i)), "g"+p)
				d.act(d.disk.Touch("g"+string(rune('1'+i)), at))
			}
			s.play(`settle; A> restart; B> restart; C> restart; count; settle; writes 0; tree f{1..8}="text of f{1..8}" g{1..8}=gf{1..8} keep=1; versions f1 "text of f1"
				C> forget; settle; tree f{1..8}="text of f{1..8}" g{1..8}=gf{1..8} keep=1; versions f6 "text of f6"`)
		}},
		{no: "142", title: "Executable bit", run: func(s *scene) {
			s.play(`device A linux; device B windows; device C mac; A> run.sh=v0; A> exec run.sh; settle`)
			s.executable("run.sh", true)
			s.play(`B> run.sh=v1; settle; tree run.sh=v1`)
			s.executable("run.sh", true)
			s.play(`count; A> noexec run.sh; settle; sent 0; got 0`)
			s.executable("run.sh", false)
			s.play(`B> save run.sh=v2; settle; B> mv run.sh go.sh; C> exec go.sh`[:0] + `B> save run.sh=v2; settle; C> exec run.sh; B> mv run.sh go.sh; settle; count; settle; writes 0; tree go.sh=v2`)
			s.executable("go.sh", true)
		}},
		{no: "143", title: "Read-only file and directory", elsewhere: "the fake disk has no rights to write: sync/engine TestNoRightToWrite on a real one"},
	}}
}

func mtimes(d *device) map[string]int64 {
	out := map[string]int64{}
	for p := range d.files() {
		if i, err := d.disk.Stat(p); err == nil {
			out[p] = i.Mtime
		}
	}
	return out
}

// executable: the devices that keep the bit have it, or have it not.
func (s *scene) executable(path string, want bool) {
	s.t.Helper()
	for _, d := range s.devices {
		if i, err := d.disk.Stat(path); err != nil || !d.opt.NoExec && i.Exec != want {
			s.fail("%s: %s is executable: %v, %v", d.name, path, i.Exec, err)
		}
	}
}

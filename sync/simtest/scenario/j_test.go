package scenario

import (
	"bytes"
	"compress/gzip"
	"context"
	"strconv"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
)

func partJ() part {
	return part{"J", "Foreign S3 tools on the bucket", []one{
		{no: "106", title: "rclone adds a file", run: func(s *scene) {
			s.play(`base keep=1`)
			for _, k := range []string{"Synced/p/local.jpg", "Synced/keep/zzz", "Synced/.volume/history/notes.txt", "Synced/.volume/odd", "photos/x", "Synced/../evil"} {
				s.stranger(k, "put there by another tool")
			}
			s.play(`A> keep=2; B> p/local.jpg=ours; settle; A> restart; B> forget; settle; tree keep=2 p/local.jpg=ours
				A> rm keep; later 31d; settle`)
			s.forget("1", "2")
			s.sweep("A")
			s.play(`settle; device C linux; settle; tree p/local.jpg=ours`)
		}},
		{no: "107", title: "aws cli overwrites", script: `
			base r.csv=v0 keep=1; A> r.csv=v1; settle; damage r.csv
			settle; tree r.csv=v1 keep=1; device C windows; partly; problems C "damaged r.csv"; here C keep=1
			heal B 0; settle; problems C; tree r.csv=v1 keep=1
			B> revert r.csv=v0; settle; tree r.csv=v0 keep=1; versions r.csv v0 v1 v0`},
		{no: "109", alone: true, title: "Foreign delete", script: `
			base r.csv=v0 keep=1; lose r.csv; settle; tree r.csv=v0 keep=1; trash
			device C linux; partly; problems C "missing r.csv"; here C keep=1
			heal C 1; heal A 0; settle; problems C; tree r.csv=v0 keep=1; versions r.csv v0; trash`},
		{no: "110", title: "Foreign permanent delete of the current version", script: `
			base d.txt=v1; A> d.txt=v2; settle; lose d.txt
			device C mac; partly; problems C "missing d.txt"; here C
			B> d.txt=v3; settle; problems C; tree d.txt=v3; versions d.txt v3 v2 v1
			A> revert d.txt=v1; settle; tree d.txt=v1; lose d.txt; heal A 1; heal B 1
			A> d.txt=v2; settle; lose d.txt; heal B 0; tree d.txt=v2`},
		{no: "112", title: "Foreign move of a prefix", run: func(s *scene) {
			s.play(`base old/{1..30}`)
			for i, k := range s.store.Keys() {
				if rest, ok := strings.CutPrefix(k, "Synced/old/"); ok {
					b, _ := s.store.Bytes(k)
					s.stranger("Synced/new/"+rest, string(b))
					s.store.ForeignDelete(k)
				}
				if i%5 == 0 {
					s.settlePartly()
				}
			}
			s.play(`settle; tree old/{1..30}="text of old/{1..30}"; device C linux; partly; here C old/
				problems C "missing old/{1..30}"; heal A 0; settle; problems C; tree old/{1..30}="text of old/{1..30}"`)
		}},
		{no: "113", title: "The control prefix is deleted", once: true, run: func(s *scene) {
			for n := 1; n <= 41; n += 4 {
				s.play(`base keep=1 f{1..10}=x`)
				a := s.dev("A")
				s.play(`A> up{1..20}=` + strconv.Itoa(n))
				a.trouble.when("s3 put", "Synced/", n, func() {
					for _, k := range s.store.Keys() {
						if strings.HasPrefix(k, "Synced/.volume/") {
							s.store.ForeignDelete(k)
						}
					}
				})
				s.settlePartly()
				s.play(`A> restart; B> restart; settle; tree keep=1 f{1..10}=x up{1..20}=` + strconv.Itoa(n) + `; trash`)
			}
			s.play(`device C linux; settle; tree keep=1 f{1..10}=x up{1..20}=41; versions keep 1`)
		}},
		{no: "115", alone: true, title: "Object in a cold storage class", run: func(s *scene) {
			s.play(`base keep=1; A> cold.bin=c warm=w; cycle A`)
			b := s.dev("B")
			b.trouble.network(func(op, key string) faultstore.Fault {
				if op == objstore.OpGet && strings.Contains(key, "/cold.bin/") {
					return faultstore.Fault{Action: faultstore.Before, Err: kind(objstore.Archived, op, key)}
				}
				return faultstore.Fault{}
			})
			s.play(`partly; here B keep=1 warm=w; problems B "cold cold.bin"; A> keep=2; partly; here B keep=2 warm=w`)
			b.trouble.network(nil)
			s.play(`later 2h; settle; problems B; tree keep=2 warm=w cold.bin=c`)
		}},
		{no: "116", title: "Content-Encoding and foreign encryption", run: func(s *scene) {
			var page bytes.Buffer
			z := gzip.NewWriter(&page)
			_, _ = z.Write([]byte("<html>a page</html>"))
			_ = z.Close()
			s.play(`base keep=1`)
			s.stranger("Synced/enc.bin", "RCLONE\x00\x00 of another tool")
			s.dev("A").write("page.html.gz", page.String())
			s.play(`settle`)
			if got := s.dev("B").files()["page.html.gz"]; got != page.String() {
				s.fail("B has other bytes: %q", got)
			}
			s.dev("B").write("page.html.gz", page.String()+"\x00")
			s.play(`A> enc.bin=ours; settle`)
			if got := s.dev("A").files(); got["page.html.gz"] != page.String()+"\x00" || got["enc.bin"] != "ours" {
				s.fail("A has other bytes: %q", got)
			}
		}},
	}}
}

// spoil alters or deletes the bytes of what files hold now, as another tool would that takes the store for its own.
func (s *scene) spoil(paths []string, lose bool) {
	s.t.Helper()
	d := s.devices[0]
	for _, p := range paths {
		n, ok := d.volume().FileAt(p)
		if !ok {
			s.t.Fatalf("nobody has %s", p)
		}
		v, _ := d.volume().State().Version(n.Current)
		for _, e := range v.Content.Extents {
			key := d.vol.Key(e.Key)
			if lose {
				s.store.ForeignDelete(key)
			} else {
				s.store.Foreign(key, strings.Repeat("z", int(v.Content.Size)))
			}
		}
	}
}

// heals lets a device look at all the bytes in the store and send again what is lost there and lies here.
func (d *device) heals(lost string) {
	d.t.Helper()
	r, err := d.volume().Check(context.Background(), true, nil)
	if err != nil {
		d.t.Fatalf("%s checks: %v", d.name, err)
	}
	left, err := d.engine.Heal(context.Background(), append(r.Missing, r.Damaged...))
	if err != nil || strconv.Itoa(len(left)) != lost {
		d.t.Errorf("%s: %d versions stay lost, want %s, %v", d.name, len(left), lost, err)
	}
}

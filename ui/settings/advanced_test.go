package settings

import (
	"path/filepath"
	"slices"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// TestStorageFacts: what is known of the storage is said, what is not there is not, and never a key.
func TestStorageFacts(t *testing.T) {
	for _, tt := range []struct {
		name          string
		at            app.StorageInfo
		s3            app.S3
		reads, misses []string
	}{
		{"a folder", app.StorageInfo{Kind: "folder", Place: "/media/nas/kari"}, app.S3{}, []string{"A folder", "/media/nas/kari"}, []string{"Bucket", "Free"}},
		{"a folder on a drive", app.StorageInfo{Kind: "folder", Place: "/media/nas", Free: 300_000_000_000, Size: 2_000_000_000_000}, app.S3{}, []string{"300\u00a0GB of 2\u00a0TB"}, []string{"Bucket"}},
		{"a server", app.StorageInfo{Kind: "s3"}, app.S3{Endpoint: "https://s3.example.com", Bucket: "family", Prefix: "kari/", Region: "eu-1", CA: "/etc/own.pem", Credentials: "file", AccessKey: "AKIA"},
			[]string{"A server that speaks S3", "https://s3.example.com", "family", "kari/", "eu-1", "/etc/own.pem", "In an encrypted file on this computer"}, []string{"AKIA"}},
		{"a server as usual", app.StorageInfo{Kind: "s3"}, app.S3{Endpoint: "https://s3.example.com", Bucket: "family", Credentials: "something new"}, []string{"Bucket"}, []string{"Prefix", "Certificate", "Keys", "something new"}},
		{"none", app.StorageInfo{}, app.S3{}, []string{"No storage is connected"}, []string{"Bucket"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.At, c.Deep.Storage = tt.at, tt.s3
			x, p, _ := before(t, c, Options{})
			x.Reads(tt.reads...)
			x.Misses(tt.misses...)
			c.At = app.StorageInfo{Kind: "folder", Place: "/somewhere/else"}
			p.Show(uitest.Snapshot(c))
			x.Reads("/somewhere/else")
		})
	}
}

func TestLog(t *testing.T) {
	c := uitest.Lived()
	x, _, _ := before(t, c, Options{})
	x.Press(x.T("advanced.log.open"))
	if !slices.Equal(x.Shown, []string{c.Deep.Home}) {
		t.Errorf("shown %q", x.Shown)
	}
}

// TestRebuild: it is asked for once somebody has read what it does, and what keeps it from being noted is said.
func TestRebuild(t *testing.T) {
	c := uitest.Lived()
	x, _, _ := before(t, c, Options{})
	x.Press(x.T("advanced.rebuild.ask"))
	x.Reads(x.T("advanced.rebuild.body"), x.T("advanced.rebuild.deleted"))
	x.Press(x.T("cancel"))
	x.Same(c)
	x.Press(x.T("advanced.rebuild.ask"))
	x.Press(x.T("advanced.rebuild.do"))
	x.Same(c, "rebuild")
	x.Hears(x.T("advanced.rebuild.done"))
	c.Fails = map[string]error{"rebuild": app.NewProblem("disk-full", "/home/kari/.elkjop", nil)}
	x.Press(x.T("advanced.rebuild.ask"))
	x.Press(x.T("advanced.rebuild.do"))
	x.Reads("/home/kari/.elkjop")
}

// TestHelpFile: it goes where somebody chooses, is shown there, and says why when it cannot be written.
func TestHelpFile(t *testing.T) {
	c := uitest.Lived()
	x, _, _ := before(t, c, Options{})
	save := x.T("advanced.help.save")
	x.Press(save) // and no folder
	x.Same(c)
	x.Folder = "/home/kari/Desktop"
	x.Press(save)
	x.Same(c, "help /home/kari/Desktop 1.2")
	x.Hears("elkjop-help-2026-11-25.zip is saved.")
	if want := filepath.Join(x.Folder, "elkjop-help-2026-11-25.zip"); !slices.Equal(x.Shown, []string{want}) {
		t.Errorf("shown %q", x.Shown)
	}
	c.Fails = map[string]error{"help": app.NewProblem("read-only", "/home/kari/Desktop", nil)}
	x.Tab(save)
	x.Keys("Return")
	x.Reads("The folder does not take changes", "/home/kari/Desktop")
	x.Press("Close")
	if len(x.Said) != 1 || len(x.Shown) != 1 || !x.Can(save) {
		t.Errorf("said %q, shown %q", x.Said, x.Shown)
	}
	x.Wait = true
	c.Fails = nil
	x.Press(save)
	if x.Can(save) {
		t.Error("it is written twice at one time")
	}
	x.Finish()
}

// TestKeeping: what is in effect is said, and nothing while it is not known.
func TestKeeping(t *testing.T) {
	c := uitest.Lived()
	c.Kept = app.Keeping{Days: 45, Versions: 7}
	x, p, _ := before(t, c, Options{})
	x.Reads("They stay in Trash for 45 days.", "The last 7 of each file are kept as long as the file, every other one for 45 days.")
	c.Kept = app.Keeping{Days: 1, Versions: 1}
	p.Opened()
	x.Reads("They stay in Trash for 1 day.", "The last one of each file is kept as long as the file, every other one for 1 day.")
	c.Err = app.NewProblem("offline", "", nil)
	p.Opened()
	x.Misses(x.T("keep.trash"), x.T("keep.versions"))
}

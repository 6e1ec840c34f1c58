package uitest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"time"

	"elkjopcloud/app"
)

// Now is when everything happens in the tests.
func Now() time.Time { return time.Date(2026, 11, 25, 14, 3, 0, 0, time.Local) }

// Lived is a client that has been in use for a while.
func Lived() *Client {
	f := NewClient()
	now := Now()
	f.At = app.StorageInfo{Kind: "folder", Place: "/media/nas/kari"}
	f.Is = app.Status{State: app.StateNeedsYou, MovedBytes: 1, Archived: 41_200_000_000, Trashed: 15_200_000_000, Pairs: []app.PairStatus{
		{Name: "Synced", Area: "synced", Root: "/home/kari/Elkjøp Cloud", State: "safe", Detail: "up-to-date", Files: 2_311, Bytes: 4_120_000_000, LastDone: now.Add(-time.Minute)},
		{Name: "Documents", Area: "backup", Root: "/home/kari/Documents", State: "safe", Detail: "up-to-date", Files: 12_431, Bytes: 38_200_000_000, LastDone: now.Add(-time.Minute), Skipped: 3},
		{Name: "Pictures", Area: "backup", Root: "/home/kari/Pictures", State: "working", Detail: "working", Files: 40_112, Bytes: 212_000_000_000, PendingFiles: 374, PendingBytes: 8_600_000_000},
		{Name: "Old projects", Area: "backup", Root: "/media/kari/USB", State: "needs-you", Detail: "not-connected", Files: 811, Bytes: 9_120_000_000, LastSeen: now.AddDate(0, 0, -22), LastDone: now.AddDate(0, 0, -22)},
		{Name: "Letters", Area: "backup", Root: "/home/kari/Letters", State: "needs-you", Detail: "needs-you", Files: 98, Bytes: 12_000_000, Problems: 2, Question: &app.Question{Direction: "up", Deleted: 812, Files: 1_020, Samples: []string{"2019/Hytta.odt", "2019/Til banken.odt", "2020/Søknad.odt"}}},
	}, Problems: []*app.Problem{
		app.NewProblem("not-connected", "/media/kari/USB", nil), app.NewProblem("many-changes", "/home/kari/Letters", nil),
		app.NewProblem("unreadable", "/home/kari/Documents/secret.odt", nil), app.NewProblem("unreadable", "/home/kari/Documents/locked.pdf", nil),
	}}
	for i := range 4000 {
		kinds := []string{"uploaded", "changed", "downloaded", "deleted", "moved"}
		f.Events = append(f.Events, app.ActivityItem{Time: now.Add(-time.Duration(i*i) * 7 * time.Second), Kind: kinds[i%5], Pair: "Pictures", Path: fmt.Sprintf("/home/kari/Pictures/2026/IMG_%04d.jpg", 4000-i), Bytes: int64(i*i) * 1_234, Device: "Kari's laptop"})
	}
	for i := range 3000 {
		f.InTrash = append(f.InTrash, app.TrashItem{
			ID: fmt.Sprint(i), Area: []string{"backup", "synced", "archive"}[i%3], Path: fmt.Sprintf("Kari's laptop/Pictures/Ferie %d/IMG_%04d.jpg", 2026-i%7, i), Size: int64(i%90) * 99_999,
			DeletedAt: now.Add(-time.Duration(i) * 13 * time.Minute), DeletedBy: "Kari's laptop", ExpiresAt: now.AddDate(0, 0, 30).Add(-time.Duration(i) * 13 * time.Minute),
		})
	}
	f.InTrash = slices.Insert(f.InTrash, 1, event(now.Add(-10*time.Minute))...)
	f.Items = []app.Item{{Path: "Summer 2019", Dir: true, Size: 41_200_000_000}, {Path: "Taxes", Dir: true, Size: 96_000_000}, {Path: "Wedding.mp4", Size: 12_400_000_000, Modified: now.AddDate(-2, 0, 0)}, {Path: "Scans.zip", Size: 812_000_000, Modified: now.AddDate(0, -3, 0)}}
	f.Items, f.Files = withPictures(f.Items, now)
	f.Computers = []app.DeviceInfo{{Name: "Kari's laptop", System: "Linux", This: true, LastSeen: now}, {Name: "Old PC", System: "Windows", LastSeen: now.AddDate(0, -1, 0), Backups: []string{"Documents", "Pictures"}}}
	f.Clashes = clashes(now)
	f.Tree = folders()
	f.Pace = app.Speed{Up: 500_000, Pace: app.Gentle, Week: app.Week(nil).With(5, 0, 24, app.Full).With(6, 0, 24, app.Full)}
	for day := range 5 {
		f.Pace.Week = f.Pace.Week.With(day, 8, 16, app.Nothing).With(day, 0, 6, app.Full)
	}
	f.Copies, f.Older = copies(now), older(now)
	f.Skips, f.Effect = []string{"*.iso", "node_modules/", "/Nedlastinger"}, app.SkipEffect{Extent: app.Extent{Files: 12_431, Bytes: 38_000_000_000}, Copies: app.Extent{Files: 214, Bytes: 1_240_000_000}}
	f.LeftOut = []app.Skipped{{Path: "/home/kari/Documents/link", Reason: "link"}, {Path: "/home/kari/Documents/~lock.odt", Reason: "temporary file"}}
	return f
}

// Queue is what such a client moves, and what waits.
func Queue() []app.Transfer {
	all := []app.Transfer{
		{Pair: "Pictures", Path: "/home/kari/Pictures/Lofoten 2026/Reinebringen fra toppen.mp4", Up: true, Bytes: 4_120_000_000, Moving: true},
		{Pair: "Pictures", Path: "/home/kari/Pictures/2026/IMG_4001.jpg", Up: true, Bytes: 4_300_000, Moving: true},
		{Pair: "Synced", Path: "/home/kari/Elkjøp Cloud/Skole/Matte/Oppgaver uke 48.pdf", Bytes: 812_000, Moving: true},
		{Pair: "Pictures", Path: "/home/kari/Pictures/Mormor 90 år/Tale.docx", Up: true, Bytes: 96_000, First: true},
		{Pair: "Synced", Path: "/home/kari/Elkjøp Cloud/Handleliste.txt", Bytes: 812},
	}
	for i := range 369 {
		all = append(all, app.Transfer{Pair: "Pictures", Path: fmt.Sprintf("/home/kari/Pictures/2026/IMG_%04d.jpg", 4002+i), Up: true, Bytes: int64(3_100_000 + i*12_345)})
	}
	return all
}

// event is a folder of 812 files that was deleted at once, within some seconds.
func event(at time.Time) (out []app.TrashItem) {
	for i := range 812 {
		t := at.Add(-time.Duration(i/100) * time.Second)
		out = append(out, app.TrashItem{
			ID: fmt.Sprint("e", i), Whole: "e", Area: "backup", Path: fmt.Sprintf("Kari's PC/Pictures/Hytta/%d/IMG_%04d.jpg", 2019+i%4, i), Size: 2_400_000, DeletedAt: t, DeletedBy: "Kari's PC", ExpiresAt: t.AddDate(0, 0, 30),
		})
	}
	return out
}

// copies are what the cloud has of a backup.
func copies(now time.Time) map[string][]app.Item {
	return map[string][]app.Item{
		"": {
			{Path: "Hytta", Dir: true, Size: 21_400_000_000}, {Path: "Skole", Dir: true, Size: 9_100_000_000}, {Path: "Budget.xlsx", Size: 41_000, Modified: now.Add(-2 * time.Hour)},
			{Path: "Ferie i Lofoten.mp4", Size: 1_240_000_000, Modified: now.AddDate(0, -4, 0)}, {Path: "Kart over stien til Mormors hytte ved fjorden.pdf", Size: 3_120_000, Modified: now.AddDate(-2, 0, 0)},
			{Path: "Mormor.jpg", Size: 4_200_000, Modified: now.AddDate(-1, 0, 0)}, {Path: "Notater.odt", Size: 96_000, Modified: now.AddDate(0, 0, -1)},
		},
		"Hytta": {{Path: "Hytta/Bilder", Dir: true, Size: 20_900_000_000}, {Path: "Hytta/Budsjett.xlsx", Size: 39_500, Modified: now.AddDate(0, -1, 0)}},
	}
}

// older are the versions of a file.
func older(now time.Time) (out []app.VersionItem) {
	for i, days := range []int{0, 1, 6, 31, 400} {
		out = append(out, app.VersionItem{ID: fmt.Sprint("v", 5-i), Size: int64(96_000 - i*7_300), Modified: now.AddDate(0, 0, -days).Add(-2 * time.Hour), Device: "Kari's laptop", Current: i == 0})
	}
	out[3].Device = "Old PC"
	return out
}

// Joining is a client that is not set up, of somebody whose other computer has a Synced folder and backups.
func Joining() *Client {
	f := NewClient()
	f.Computers = []app.DeviceInfo{{Name: "Kari's laptop", System: "Linux", This: true}, {Name: "Old PC", System: "Windows", Backups: []string{"Documents", "Pictures"}}}
	for _, x := range folders() {
		x.State, x.HereFiles, x.HereBytes, x.Remains = app.FolderOn, x.Files, x.Bytes, false
		f.Tree = append(f.Tree, x)
	}
	return f
}

// folders are some of a Synced folder, of which a part is not on this computer.
func folders() []app.Folder {
	out := []app.Folder{{State: app.FolderPartly, Files: 2_700, Bytes: 7_420_000_000, HereFiles: 2_311, HereBytes: 4_120_000_000}}
	for _, f := range []struct {
		path, state string
		size, here  int64
		remains     bool
	}{
		{"Bilder", app.FolderPartly, 6_200_000_000, 2_900_000_000, false}, {"Bilder/Ferie 2024", app.FolderOff, 2_100_000_000, 0, true}, {"Bilder/Ferie 2025", app.FolderOff, 1_200_000_000, 0, false},
		{"Bilder/Ferie 2026", app.FolderOn, 2_900_000_000, 2_900_000_000, false}, {"Bilder/Ferie 2026/Fra telefonen til Mormor og Morfar", app.FolderOn, 900_000_000, 900_000_000, false},
		{"Møte", app.FolderOn, 120_000_000, 120_000_000, false}, {"Skole", app.FolderOn, 1_000_000_000, 1_000_000_000, false}, {"Skole/Matte", app.FolderOn, 400_000_000, 400_000_000, false},
	} {
		out = append(out, app.Folder{Path: f.path, State: f.state, Files: 10, Bytes: f.size, HereBytes: f.here, Remains: f.remains})
	}
	return out
}

// clashes are three of this computer with another one, one between two others, and one whose original is gone.
func clashes(now time.Time) (out []app.Conflict) {
	for i, name := range []string{"Budget.xlsx", "Ferie/Plan.docx", "Møte/Referat 12. november.odt"} {
		out = append(out, app.Conflict{
			ID: fmt.Sprint(i + 1), Path: name + " (conflicted copy, Old PC)", Original: name, Size: 41_000, Modified: now.Add(-26 * time.Hour), Device: "Old PC", Seen: "c",
			Other: &app.ConflictSide{Size: 39_500, Modified: now.Add(-25 * time.Hour), Device: "Kari's laptop", Mine: true, Seen: "o"},
		})
	}
	return append(out,
		app.Conflict{ID: "4", Path: "Handleliste (conflicted copy, Ola).txt", Original: "Handleliste.txt", Size: 812, Modified: now.AddDate(0, 0, -3), Device: "Ola", Seen: "c",
			Other: &app.ConflictSide{Size: 790, Modified: now.AddDate(0, 0, -3), Device: "Old PC", Seen: "o"}},
		app.Conflict{ID: "5", Path: "Kladd (conflicted copy, Old PC).txt", Original: "Kladd.txt", Size: 99, Modified: now.AddDate(0, -1, 0), Device: "Old PC", Seen: "c"})
}

// withPictures adds some that can be seen.
func withPictures(items []app.Item, now time.Time) ([]app.Item, map[string][]byte) {
	files := map[string][]byte{}
	for i, name := range []string{"Hytta.jpg", "Fjorden.jpg", "Mormor.png", "Båten.jpg"} {
		files[name] = Photo(320, 200+20*i, i)
		items = append(items, app.Item{Path: name, Size: int64(len(files[name])), Modified: now.AddDate(-i, 0, 0)})
	}
	files["Ødelagt.jpg"] = []byte("no picture at all")
	return append(items, app.Item{Path: "Ødelagt.jpg", Size: 17, Modified: now}, app.Item{Path: "Sang.mp3", Size: 4_100_000, Modified: now.AddDate(-4, 0, 0)}), files
}

// Photo is a picture file: a sky above a sea, in one of some colours.
func Photo(width, height, colour int) []byte {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{uint8(120 + 40*(colour%3)), uint8(170 + y*60/height), uint8(230 - 50*(colour%4)), 255}
			if 3*y > 2*height+x/9%20 {
				c = color.RGBA{20, uint8(60 + 40*(colour%3)), uint8(120 + x*60/width), 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, p, nil) // writing into memory does not fail
	return b.Bytes()
}

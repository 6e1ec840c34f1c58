package widgets

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
)

// TestGolden compares each widget with the picture of it that somebody has looked at, in two languages with long words, light and dark. With
// ELKJOP_GOLDEN=write the pictures are drawn anew; then look at them.
func TestGolden(t *testing.T) {
	for _, tag := range []string{"nb", "fi"} {
		for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
			a := test.NewTempApp(t)
			a.Settings().SetTheme(theme.New(mode, 1))
			for _, s := range sheets(text.For(tag)) {
				t.Run(s.name+"-"+tag+"-"+string(mode), func(t *testing.T) {
					compare(t, s.name+"-"+tag+"-"+string(mode)+".png", draw(s))
				})
			}
		}
	}
}

// sheet is a picture of a widget in its states.
type sheet struct {
	name  string
	size  fyne.Size
	make  func() fyne.CanvasObject
	after func(c fyne.Canvas) // something over it; may be nil
}

func sheets(w *text.Words) []sheet {
	return []sheet{
		{"buttons", fyne.NewSize(560, 150), func() fyne.CanvasObject { return buttons(w) }, nil},
		{"pills", fyne.NewSize(300, 200), func() fyne.CanvasObject { return pills(w) }, nil},
		{"rows", fyne.NewSize(560, 250), func() fyne.CanvasObject { return rowsSheet(w) }, nil},
		{"tree", fyne.NewSize(560, 250), func() fyne.CanvasObject { return tree(w) }, nil},
		{"tall", fyne.NewSize(460, 330), func() fyne.CanvasObject { return tall(w) }, nil},
		{"shares", fyne.NewSize(460, 185), func() fyne.CanvasObject { return shares(w) }, nil},
		{"sidelist", fyne.NewSize(250, 220), func() fyne.CanvasObject { return side(w) }, nil},
		{"banners", fyne.NewSize(560, 220), func() fyne.CanvasObject { return banners(w) }, nil},
		{"status", fyne.NewSize(560, 150), func() fyne.CanvasObject { return status(w) }, nil},
		{"choices", fyne.NewSize(560, 170), func() fyne.CanvasObject { return choices(w) }, nil},
		{"tiles", fyne.NewSize(520, 190), func() fyne.CanvasObject { return shots(w) }, nil},
		{"empty", fyne.NewSize(480, 290), func() fyne.CanvasObject {
			return Empty(theme.PictureTrash, w.T("trash.nothing"), w.T("trash.nothing.more"), NewButton(w.T("fix.again"), theme.Refresh, Plain, nil))
		}, nil},
		{"dialog", fyne.NewSize(620, 380), func() fyne.CanvasObject { return Gap(1, 1) }, func(c fyne.Canvas) {
			Ask(c, Question{
				Icon: theme.Trash, Tone: Bad, Title: w.T("trash.empty.title"), Body: []string{w.T("trash.delete.body")}, Things: []string{"Ferie 2026/IMG_0001.jpg", "Søknad.odt"},
				Safe: w.T("cancel"), Acts: []Choice{{Label: w.T("trash.empty-it.now"), Kind: Danger}},
			})
		}},
	}
}

func buttons(w *text.Words) fyne.CanvasObject {
	off := NewButton(w.T("trash.back"), theme.Restore, Primary, nil)
	off.Disable()
	focused, hovered := NewButton(w.T("choose"), theme.Folder, Plain, nil), NewButton(w.T("back"), theme.Back, Quiet, nil)
	focused.FocusGained()
	hovered.MouseIn(&desktop.MouseEvent{})
	return Column(12,
		Across(10, NewButton(w.T("backup.add"), theme.Plus, Primary, nil), NewButton(w.T("backup.others"), theme.Computer, Plain, nil)),
		Across(10, NewButton(w.T("trash.delete"), "", Danger, nil), off), Across(10, focused, hovered))
}

func pills(w *text.Words) fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, s := range []State{
		{w.T("pair.safe"), theme.Check, Good}, {w.T("pair.working", "percent", w.Percent(0.43)), theme.Up, Busy}, {w.T("pair.paused"), theme.Pause, Idle}, {w.T("pair.needs-you"), theme.Alert, Warn},
		{w.T("trash.delete"), theme.Trash, Bad},
	} {
		all = append(all, container.NewHBox(NewPill(s)))
	}
	return Column(8, all...)
}

func rowsSheet(w *text.Words) fyne.CanvasObject {
	rows := []Row{
		{Icon: theme.Folder, Title: "Dokumenter og bilder fra hytta", Caption: "/home/kari/Dokumenter", State: State{w.T("pair.safe"), theme.Check, Good}, Side: w.Size(38_200_000_000), Under: w.N("files", 12_431)},
		{Icon: theme.File, Tone: Idle, Title: "Søknad.odt", Caption: w.T("place.backup"), Side: w.Size(99_999), Under: w.N("trash.left", 3), Warn: true, Chosen: true},
		{Icon: theme.Two, Tone: Warn, Title: w.T("synced.conflict", "file", "Budsjett for hele året med et langt navn.xlsx"), Caption: "Ola", Action: w.T("choose")},
	}
	var all []fyne.CanvasObject
	for i, r := range rows {
		v := NewRowView(i > 0)
		v.Set(r, nil, nil)
		all = append(all, v)
	}
	return Tile(Column(0, all...))
}

// tall are rows in little room: one with words for it, one whose buttons stand below, and one of which nothing is to be done.
func tall(w *text.Words) fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, r := range []Row{
		{Icon: theme.Alert, Tone: Warn, Title: w.T("problem.untrusted"), Caption: w.T("problem.untrusted.help"), Action: w.T("fix.storage"), Second: w.T("activity.hide")},
		{Icon: theme.Alert, Tone: Warn, Title: w.T("problem.clock"), Action: w.T("fix.again")},
		{Icon: theme.Eye, Tone: Idle, Title: w.N("activity.hidden", 2), Caption: w.T("activity.hidden.about")},
	} {
		v := NewTallRow(false)
		v.Set(r, nil, nil)
		all = append(all, v)
	}
	return Tile(Column(0, all...))
}

func shares(w *text.Words) fyne.CanvasObject {
	s := NewShares()
	s.Set(Share{theme.Backup, theme.Accent, w.T("place.backup"), w.Size(259e9), 259}, Share{theme.Synced, theme.Second, w.T("place.synced"), w.Size(4.1e9), 4.1},
		Share{theme.Archive, theme.Third, w.T("place.archive"), w.Size(41e9), 41}, Share{theme.Trash, theme.Muted, w.T("place.trash"), w.Size(15e9), 15})
	return Card(s.Container)
}

func tree(w *text.Words) fyne.CanvasObject {
	here := w.T("synced.folders.here", "size", w.SizeOf(2_900_000_000, 6_200_000_000))
	var all []fyne.CanvasObject
	for _, r := range []Row{
		{Icon: theme.Folder, Title: "Bilder", Caption: here, Side: w.Size(6_200_000_000), Fold: Unfolded, Partly: true},
		{Icon: theme.Folder, Title: "Ferie 2026 med mormor og morfar på hytta i fjellet", Caption: w.T("synced.folders.on"), Side: w.Size(2_900_000_000), Fold: Folded, Depth: 1, Chosen: true},
		{Icon: theme.Cloud, Tone: Idle, Title: "Ferie 2025", Caption: w.T("synced.folders.left"), Side: w.Size(3_300_000_000), Fold: Leaf, Depth: 2},
	} {
		v := NewRowView(true)
		v.Set(r, nil, nil)
		all = append(all, v)
	}
	return Tile(Column(0, all...))
}

func side(w *text.Words) fyne.CanvasObject {
	s := NewSideList([]Place{{"home", theme.Home, w.T("place.home")}, {"backup", theme.Backup, w.T("place.backup")}, {"synced", theme.Synced, w.T("place.synced")}, {"activity", theme.Activity, w.T("place.activity")}}, nil)
	s.Select("backup")
	s.Badge("activity", 12)
	s.items[2].FocusGained()
	return container.NewStack(NewPanel(theme.Side, "", 0), Inset(10, 10, 10, 10, s.Container))
}

func banners(w *text.Words) fyne.CanvasObject {
	good, warn := NewBanner(), NewBanner()
	good.Say(Good, theme.Check, w.T("check.good"), w.N("check.good.there", 12_431, "size", w.Size(38e9)), "", nil)
	warn.Say(Warn, theme.Alert, w.T("check.bad"), w.T("check.bad.more", "missing", 2, "damaged", 1), w.T("cancel"), nil)
	return Column(10, good.Container, warn.Container)
}

func status(w *text.Words) fyne.CanvasObject {
	b := NewBigStatus(NewButton(w.T("pause"), theme.Pause, Plain, nil))
	b.Set(State{w.T("whole.working", "done", 38, "total", 412), theme.Up, Busy}, w.SizeOf(1_200_000_000, 9_800_000_000)+" · "+w.Speed(4_100_000)+" · "+w.Left(2100), 0.4)
	return Column(0, b.Container)
}

func choices(w *text.Words) fyne.CanvasObject {
	on, off := NewCheck(w.T("synced.use"), nil), NewCheck(w.T("synced.keep.all", "n", 3), nil)
	on.Set(true)
	off.FocusGained()
	words := NewSegments(func(int) {}, w.T("trash.all"), w.T("place.backup"), w.T("place.synced"))
	icons := NewIconSegments(func(int) {}, []theme.Icon{theme.List, theme.Grid}, w.T("archive.list"), w.T("archive.grid"))
	icons.Choose(1)
	return Column(10, on, off, Across(16, words.Container, icons.Container))
}

func shots(w *text.Words) fyne.CanvasObject {
	sky := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range sky.Pix {
		sky.Pix[i] = []byte{70, 130, 180, 255}[i%4]
	}
	var all []fyne.CanvasObject
	for _, s := range []Shot{{Icon: theme.Folder, Title: "Sommeren 2019", Caption: w.Size(41e9)}, {Icon: theme.Film, Tone: Idle, Title: "Bryllup med altfor langt navn.mp4", Caption: w.Size(12e9), Chosen: true}, {Picture: sky, Title: "Fjorden.jpg", Caption: "2019"}} {
		v := NewShotView()
		v.Set(s, nil)
		all = append(all, v)
	}
	return Across(0, all...)
}

// draw draws a sheet as the window would.
func draw(s sheet) image.Image {
	win := test.NewWindow(container.NewStack(NewPanel("background", "", 0), Inset(14, 14, 14, 14, s.make())))
	for range 2 { // the height of text depends on its width
		win.Resize(s.size.AddWidthHeight(0, 1))
		win.Resize(s.size)
	}
	if s.after != nil {
		s.after(win.Canvas())
	}
	p := win.Canvas().Capture()
	win.Close()
	return p
}

// How much a picture may differ: points that differ by more than a shade, of a thousand.
const (
	shade  = 24
	permil = 2
)

func compare(t *testing.T, name string, got image.Image) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if os.Getenv("ELKJOP_GOLDEN") == "write" {
		write(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := got.Bounds()
	if want.Bounds() != b {
		t.Fatalf("it is %v, not %v", b, want.Bounds())
	}
	if n, all := differing(got, want), b.Dx()*b.Dy(); n*1000 > all*permil {
		failed := filepath.Join(os.TempDir(), "golden-"+name)
		write(t, failed, got)
		t.Errorf("%d of %d points differ; see %s", n, all, failed)
	}
}

func differing(a, b image.Image) (n int) {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			p, q := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			if apart(p.R, q.R) || apart(p.G, q.G) || apart(p.B, q.B) {
				n++
			}
		}
	}
	return n
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > shade }

func write(t *testing.T, path string, p image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, p); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestGoldenNotices: a changed word, a colour or a missing icon must be more than what is let pass.
func TestGoldenNotices(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light, 1))
	pill := func(s State) image.Image {
		return draw(sheet{size: fyne.NewSize(300, 200), make: func() fyne.CanvasObject { return container.NewHBox(NewPill(s)) }})
	}
	was := pill(State{"Oppdatert", theme.Check, Good})
	for name, s := range map[string]State{"word": {"Oppdaterer", theme.Check, Good}, "icon": {"Oppdatert", "", Good}, "colour": {"Oppdatert", theme.Check, Warn}} {
		b := was.Bounds()
		if n := differing(pill(s), was); n*1000 <= b.Dx()*b.Dy()*permil {
			t.Errorf("another %s: only %d of %d points differ", name, n, b.Dx()*b.Dy())
		}
	}
	if n := differing(pill(State{"Oppdatert", theme.Check, Good}), was); n != 0 {
		t.Errorf("the same differs in %d points", n)
	}
}

package theme

import (
	"embed"
	"fmt"
	"image/color"
	"io/fs"
	"path"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// Icons are drawn on a field of 24 by 24 with lines of 1.8 in one colour; pictures on 160 by 120 in four. Colours stand in the files as
// placeholders, so that both follow the theme.
//
//go:embed icons/*.svg pictures/*.svg
var drawings embed.FS

// Icon is the name of an icon: its file without the ending.
type Icon string

// The icons.
const (
	Home     Icon = "home"
	Backup   Icon = "backup"
	Synced   Icon = "synced"
	Shared   Icon = "shared"
	Archive  Icon = "archive"
	Trash    Icon = "trash"
	Activity Icon = "activity"
	Settings Icon = "settings"
	Check    Icon = "check"
	Up       Icon = "up"
	Down     Icon = "down"
	Pause    Icon = "pause"
	Play     Icon = "play"
	Alert    Icon = "alert"
	Offline  Icon = "offline"
	Clock    Icon = "clock"
	Eye      Icon = "eye"
	Unplug   Icon = "unplug"
	Folder   Icon = "folder"
	File     Icon = "file"
	Drive    Icon = "drive"
	Plus     Icon = "plus"
	More     Icon = "more"
	Search   Icon = "search"
	Close    Icon = "close"
	Back     Icon = "back"
	Forward  Icon = "forward"
	Unfold   Icon = "unfold"
	Restore  Icon = "restore"
	Open     Icon = "open"
	Computer Icon = "computer"
	Cloud    Icon = "cloud"
	Key      Icon = "key"
	Globe    Icon = "globe"
	Info     Icon = "info"
	Shield   Icon = "shield"
	Pencil   Icon = "pencil"
	Refresh  Icon = "refresh"
	Two      Icon = "two"
	Box      Icon = "box"
	Circle   Icon = "circle"
	List     Icon = "list"
	Grid     Icon = "grid"
	Photo    Icon = "picture"
	Film     Icon = "film"
	Music    Icon = "music"
	Leave    Icon = "leave"
)

// Picture is the name of a drawn picture.
type Picture string

// The pictures.
const (
	PictureWelcome Picture = "welcome"
	PictureBackup  Picture = "backup"
	PictureSynced  Picture = "synced"
	PictureShared  Picture = "shared"
	PictureArchive Picture = "archive"
	PictureTrash   Picture = "trash"
	PictureQuiet   Picture = "quiet"
	PictureSearch  Picture = "search"
	PictureFlow    Picture = "flow"
	PictureStuck   Picture = "stuck"
)

// In returns the icon as a drawing in one colour.
func (i Icon) In(c color.Color) fyne.Resource {
	name := "icons/" + string(i) + ".svg"
	return drawing(name, map[string]color.Color{"currentColor": c})
}

// trayMarks are the states' drawings in the tray's cloud, which is too small for the icons themselves.
func trayMarks() map[Icon]string {
	return map[Icon]string{
		Check: `<path d="M7.6 14.6 L10.8 17.6 L16.4 11.2"/>`, Up: `<path d="M12 18.4 V10.8"/><path d="M8.4 14 L12 10.4 L15.6 14"/>`,
		Pause: `<path d="M9.6 10.8 V18"/><path d="M14.4 10.8 V18"/>`, Alert: `<path d="M12 9 V14"/><path d="M12 17.9 V18"/>`,
		Offline: `<path d="M8.4 10.8 L15.6 18"/><path d="M15.6 10.8 L8.4 18"/>`, Eye: `<path d="M7.6 14.6 V14.7"/><path d="M12 14.6 V14.7"/><path d="M16.4 14.6 V14.7"/>`,
	}
}

// Tray returns the icon of the system's tray: a cloud in the light theme's colour of that name, with the state's drawing on it, to be seen on light and
// dark panels.
func Tray(state Icon, name fyne.ThemeColorName) fyne.Resource {
	fill := hexOf(light()[name])
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">` +
		`<g fill="` + fill + `"><path d="M5.7 21 A6 6 0 0 1 4.9 9.1 A8 8 0 0 1 20.3 9.9 A5.6 5.6 0 0 1 19.6 21 Z"/></g>` +
		`<g fill="none" stroke="#ffffff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">` + trayMarks()[state] + `</g></svg>`
	return fyne.NewStaticResource("tray-"+string(state)+fill+".svg", []byte(svg))
}

// With returns the picture in the colours that look tells by our names.
func (p Picture) With(look func(fyne.ThemeColorName) color.Color) fyne.Resource {
	return drawing("pictures/"+string(p)+".svg", map[string]color.Color{
		"@accent": look(Accent), "@soft": look(AccentSoft), "@line": look(Line), "@paper": look(Surface), "@muted": look(Muted), "@warn": look(Warning),
	})
}

// drawing reads a file and puts colours into it. The name tells the colours: Fyne remembers by name what it has drawn.
func drawing(file string, colours map[string]color.Color) fyne.Resource {
	b, err := drawings.ReadFile(file)
	if err != nil {
		b = []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>`) // the tests look whether every file is there
	}
	var pairs []string
	var name strings.Builder
	for _, key := range sortedKeys(colours) {
		hex := hexOf(colours[key])
		pairs = append(pairs, key, hex)
		name.WriteString(hex)
	}
	return fyne.NewStaticResource(strings.TrimSuffix(path.Base(file), ".svg")+path.Dir(file)+name.String()+".svg", []byte(strings.NewReplacer(pairs...).Replace(string(b))))
}

func sortedKeys(m map[string]color.Color) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func hexOf(c color.Color) string {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// Drawings lists the files of all icons and pictures, for tests.
func Drawings() ([]string, error) { return fs.Glob(drawings, "*/*.svg") }

package page

import (
	"path"
	"slices"
	"strings"

	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// The kinds of files, as their names tell; "" is any.
const (
	photo    = "photo"
	film     = "film"
	music    = "music"
	document = "document"
	other    = "other"
)

// Kinds are all kinds, any first.
func Kinds() []string { return []string{"", photo, film, music, document, other} }

// KindNames are what they are called, in the same order.
func KindNames(w *text.Words) []string {
	var names []string
	for _, k := range Kinds() {
		if k == "" {
			k = "all"
		}
		names = append(names, w.T("kind."+k))
	}
	return names
}

// endings says what files of which name are; everything else is other.
var endings = func() map[string]string {
	of := map[string]string{}
	for kind, all := range map[string]string{
		photo:    "jpg jpeg png gif webp heic heif tif tiff bmp svg raw dng cr2 cr3 nef arw orf rw2 psd",
		film:     "mp4 mov avi mkv m4v webm wmv mpg mpeg mts m2ts 3gp",
		music:    "mp3 m4a flac wav ogg opus aac wma aif aiff",
		document: "pdf doc docx odt rtf txt md xls xlsx ods csv ppt pptx odp pages numbers key epub html htm",
	} {
		for _, ending := range strings.Fields(all) {
			of[ending] = kind
		}
	}
	return of
}()

// KindOf is what a file is.
func KindOf(name string) string {
	if kind, ok := endings[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))]; ok {
		return kind
	}
	return other
}

// KindIcon is the icon of a file.
func KindIcon(name string) theme.Icon {
	icons := []theme.Icon{theme.File, theme.Photo, theme.Film, theme.Music, theme.File, theme.File}
	return icons[slices.Index(Kinds(), KindOf(name))]
}

// Look is the icon of a file or folder.
func Look(name string, dir bool) (theme.Icon, widgets.Tone) {
	if dir {
		return theme.Folder, widgets.Good
	}
	return KindIcon(name), widgets.Idle
}

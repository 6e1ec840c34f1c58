package ignore

import "strings"

// The default list. What a system writes by itself and can write again is Junk; what may hold a user's bytes, if unfinished ones, is
// Temporary, so that a backup can account for it. Names are compared without case, as they come from systems that do so.

// byDefault judges one name. It looks at the first and last bytes before anything else, as nearly every name is innocent.
func byDefault(name string, isDir bool) Reason {
	if name == "" {
		return None
	}
	if systemName(name) {
		return Junk
	}
	if isDir {
		return None
	}
	if lockName(name) {
		return Junk
	}
	if unfinished(name) {
		return Temporary
	}
	return None
}

// systemName tells names that file managers and systems use for themselves, for files and folders.
func systemName(name string) bool {
	switch name[0] {
	case '.':
		return dotName(name)
	case '$':
		return strings.EqualFold(name, "$RECYCLE.BIN")
	case 'd', 'D':
		return strings.EqualFold(name, "desktop.ini")
	case 'e', 'E':
		return strings.EqualFold(name, "ehthumbs.db")
	case 'I':
		return name == "Icon\r"
	case 'l':
		return name == "lost+found"
	case 's', 'S':
		return strings.EqualFold(name, "System Volume Information")
	case 't', 'T':
		return strings.EqualFold(name, "Thumbs.db")
	}
	return false
}

func dotName(name string) bool {
	switch name {
	case ".DS_Store", ".localized", ".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems", ".DocumentRevisions-V100",
		".apdisk", ".directory":
		return true
	}
	return strings.HasPrefix(name, "._") || strings.HasPrefix(name, ".Trash-") ||
		strings.HasPrefix(name, ".fuse_hidden") || strings.HasPrefix(name, ".nfs")
}

// lockName tells the small files by which office programs say "I have this open".
func lockName(name string) bool {
	return strings.HasPrefix(name, "~$") || strings.HasPrefix(name, ".~lock.") && strings.HasSuffix(name, "#")
}

// unfinished tells files that a program is still writing or kept in case it would crash.
func unfinished(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if name[len(name)-1] == '~' {
		return true
	}
	if dot < 0 {
		return false
	}
	ext := name[dot+1:]
	switch {
	case ext == "":
		return false
	case ext[0] == '~':
		return true
	case name[0] == '~' && strings.EqualFold(ext, "tmp"):
		return true
	case name[0] == '.' && dot > 0 && len(ext) == 3 && ext[:2] == "sw":
		return true
	}
	switch ext[0] {
	case 'p', 'P':
		return strings.EqualFold(ext, "part")
	case 'f', 'F':
		return strings.EqualFold(ext, "filepart")
	case 'c', 'C':
		return strings.EqualFold(ext, "crdownload")
	case 'd', 'D':
		return strings.EqualFold(ext, "download")
	}
	return false
}

package ignore

import "strings"

// The default list. What a system writes by itself and can write again is Junk; what may hold a user's bytes, if unfinished ones, is
// Temporary, so that a backup can account for it. Names are compared without case, as they come from systems that do so.

// byDefault judges one name. It looks at the first and last bytes before anything else, as nearly every name is innocent. Names of
// folders are never taken for those of files, and the other way round: a user may well have a folder called "old.part".
func byDefault(name string, isDir bool) Reason {
	switch {
	case name == "":
		return None
	case isDir:
		if systemDir(name) {
			return Junk
		}
	case systemFile(name) || lockName(name):
		return Junk
	case unfinished(name):
		return Temporary
	}
	return None
}

func systemDir(name string) bool {
	switch name[0] {
	case '.':
		switch name {
		case ".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems", ".DocumentRevisions-V100":
			return true
		}
		return strings.HasPrefix(name, ".Trash-")
	case '$':
		return strings.EqualFold(name, "$RECYCLE.BIN")
	case 'l':
		return name == "lost+found"
	case 's', 'S':
		return strings.EqualFold(name, "System Volume Information")
	}
	return false
}

func systemFile(name string) bool {
	switch name[0] {
	case '.':
		return dotFile(name)
	case 'd', 'D':
		return strings.EqualFold(name, "desktop.ini")
	case 'e', 'E':
		return strings.EqualFold(name, "ehthumbs.db")
	case 'I':
		return name == "Icon\r"
	case 't', 'T':
		return strings.EqualFold(name, "Thumbs.db")
	}
	return false
}

func dotFile(name string) bool {
	switch name {
	case ".DS_Store", ".localized", ".apdisk", ".directory":
		return true
	}
	if number, ok := strings.CutPrefix(name, ".nfs"); ok {
		return len(number) >= 8 && strings.Trim(number, "0123456789abcdefABCDEF") == "" // not ".nfsrc"
	}
	return strings.HasPrefix(name, "._") || strings.HasPrefix(name, ".fuse_hidden")
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

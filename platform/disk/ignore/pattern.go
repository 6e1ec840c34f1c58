package ignore

import (
	"errors"
	"strings"
)

// In git a pattern matches an entry, and what lies below is left out because its folder is. The library also lets a pattern match what lies
// below, so that "!*/" would take back every file in every folder. Each pattern therefore gets one more element at its end, and each path
// too: a mark that says file or folder. Then a pattern matches exactly one depth, as in git.
const (
	fileMark = "/\x01"
	dirMark  = "/\x02"
	anyMark  = "/[\x01\x02]"
)

func marked(path string, isDir bool) string {
	if isDir {
		return path + dirMark
	}
	return path + fileMark
}

// exactPattern turns a line of gitignore(5) into a pattern for marked paths.
func exactPattern(line string) (string, error) {
	not := ""
	if rest, ok := strings.CutPrefix(line, "!"); ok {
		not, line = "!", rest
	}
	mark := anyMark
	if rest, ok := strings.CutSuffix(line, "/"); ok {
		line, mark = rest, dirMark
	}
	if err := checkPattern(line); err != nil {
		return "", err
	}
	switch {
	case line == "**":
		line = "**/*"
	case !strings.Contains(line, "/"):
		line = "**/" + line
	case strings.HasSuffix(line, "/**"):
		line += "/*" // all that is inside, not the folder itself
	}
	return not + line + mark, nil
}

func checkPattern(line string) error {
	if strings.Trim(line, "/") == "" {
		return errors.New("is empty")
	}
	if strings.ContainsAny(line, "\n\r\x00\x01\x02") {
		return errors.New("contains a control character")
	}
	if backslashes := len(line) - len(strings.TrimRight(line, `\`)); backslashes%2 == 1 {
		return errors.New("ends with a backslash")
	}
	for _, element := range strings.Split(line, "/") {
		if element == ".." {
			return errors.New(`".." cannot be used: rules are relative to the folder`)
		}
	}
	return nil
}

// trimSpaces takes away spaces at the end, unless a backslash keeps them.
func trimSpaces(line string) string {
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	return line
}

package disk

import "strings"

// checkPath refuses every path that is not a plain relative one, so that no operation can be led outside by its argument alone.
func checkPath(path string) error {
	if path == "" {
		return nil
	}
	for rest := path; ; {
		element, after, more := strings.Cut(rest, "/")
		if element == "" || element == "." || element == ".." || strings.ContainsAny(element, notInElements) {
			return ErrNotInside
		}
		if !more {
			return nil
		}
		rest = after
	}
}

// split cuts a path into its folder ("" for the root) and its last element.
func split(path string) (dir, name string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

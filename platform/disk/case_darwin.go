package disk

import "golang.org/x/sys/unix"

// pcCaseSensitive is _PC_CASE_SENSITIVE of <sys/unistd.h>.
const pcCaseSensitive = 11

func nameRules(int) func(string) error {
	return func(name string) error { return UnixName(name, maxName) }
}

// caseSensitive asks the file system, else looks whether an entry also answers to its name in the other case.
func caseSensitive(fd int) bool {
	if answer, err := unix.Fpathconf(fd, pcCaseSensitive); err == nil {
		return answer != 0
	}
	sensitive, _ := probeCase(fd)
	return sensitive
}

package disk

import "golang.org/x/sys/unix"

// Magic numbers of file systems that keep Windows's rules (statfs(2)).
const (
	magicFAT   = 0x4d44
	magicExFAT = 0x2011BAB0
	magicNTFS  = 0x5346544e
	magicNTFS3 = 0x7366746e
	magicHFS   = 0x4244
	magicHFSp  = 0x482b
	magicCIFS  = 0xff534d42
	magicSMB2  = 0xfe534d42
	casefoldFL = 0x40000000 // FS_CASEFOLD_FL, set on a folder of ext4 or f2fs that does not tell case apart
)

// nameRules returns what names this disk can hold.
func nameRules(fd int) func(string) error {
	var st unix.Statfs_t
	limit := maxName
	if unix.Fstatfs(fd, &st) == nil {
		switch uint32(st.Type) {
		case magicFAT, magicExFAT, magicNTFS, magicNTFS3:
			return WindowsName
		}
		if st.Namelen > 0 && int(st.Namelen) < limit {
			limit = int(st.Namelen)
		}
	}
	return func(name string) error { return UnixName(name, limit) }
}

// caseSensitive tells without writing: by an entry that also answers to its name in the other case, else by what kind of disk it is.
func caseSensitive(fd int) bool {
	if sensitive, known := probeCase(fd); known {
		return sensitive
	}
	if flags, err := unix.IoctlGetInt(fd, unix.FS_IOC_GETFLAGS); err == nil && flags&casefoldFL != 0 {
		return false
	}
	var st unix.Statfs_t
	if unix.Fstatfs(fd, &st) != nil {
		return true
	}
	switch uint32(st.Type) {
	case magicFAT, magicExFAT, magicCIFS, magicSMB2, magicHFS, magicHFSp:
		return false
	}
	return true
}

package layout

import (
	"strconv"
	"strings"

	"elkjopcloud/sync/tree"
)

// ULID is an object's own id: 26 digits of Crockford's base 32, ten of them milliseconds since 1970 and sixteen of them random.
type ULID string

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewULID makes an id of a time and 80 random bits.
func NewULID(ms int64, random [10]byte) ULID {
	var out [26]byte
	for i := 9; i >= 0; i-- {
		out[i] = crockford[ms&31]
		ms >>= 5
	}
	bits, n, at := uint32(0), 0, 10
	for _, b := range random {
		bits, n = bits<<8|uint32(b), n+8
		for n >= 5 {
			n -= 5
			out[at] = crockford[bits>>n&31]
			at++
		}
	}
	return ULID(out[:])
}

// ParseULID returns the id, if s is one.
func ParseULID(s string) (ULID, bool) {
	if len(s) != 26 || s[0] > '7' {
		return "", false
	}
	for i := range len(s) {
		if strings.IndexByte(crockford, s[i]) < 0 {
			return "", false
		}
	}
	return ULID(s), true
}

// Time returns the id's milliseconds since 1970.
func (u ULID) Time() int64 {
	ms := int64(0)
	for i := range 10 {
		ms = ms<<5 | int64(strings.IndexByte(crockford, u[i]))
	}
	return ms
}

// MaxKey is the longest key relative to its volume; with any volume's prefix it stays below 900 bytes.
const MaxKey = 680

const (
	maxExt  = 16
	maxPath = MaxKey - 1 - 26 - 1 - maxExt
)

// Content returns the key of one version of the file at path, relative to the volume: "<path>/<ulid>.<ext>".
func Content(path string, id ULID) string {
	_, name := tree.Split(path)
	return object(path, id, ext(name))
}

// Bundle returns the key of a zip of small files below folder ("" for the root): "<folder>/<ulid>.zip".
func Bundle(folder string, id ULID) string { return object(folder, id, "zip") }

// Part returns the key of the changed blocks of a later version of the file at path: "<path>/<ulid>.part".
func Part(path string, id ULID) string { return object(path, id, "part") }

func object(path string, id ULID, ext string) string {
	name := string(id)
	if ext != "" {
		name += "." + ext
	}
	if path == "" {
		return name
	}
	return Path(path) + "/" + name
}

// Path turns a path in a volume into the segments of a key. The result is never below Reserved.
func Path(path string) string {
	names := strings.Split(path, "/")
	segs := make([]string, len(names))
	for i, n := range names {
		segs[i] = Segment(n)
	}
	if i := strings.IndexByte(Reserved, '/'); strings.EqualFold(segs[0], Reserved[:i]) {
		segs[0] = "%2E" + segs[0][1:]
	}
	return shorten(segs, path)
}

// shorten keeps the first segments and the last one, and puts a hash of the path for what does not fit.
func shorten(segs []string, path string) string {
	if whole := strings.Join(segs, "/"); len(whole) <= maxPath {
		return whole
	}
	last := segs[len(segs)-1]
	left := maxPath - len(last) - len("/~") - 16
	out := ""
	for _, s := range segs[:len(segs)-1] {
		if len(out)+len(s)+1 > left {
			break
		}
		out += s + "/"
	}
	return out + "~" + hash(tree.NFC(path)) + "/" + last
}

func ext(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || len(name)-i-1 > maxExt {
		return ""
	}
	e := name[i+1:]
	for j := range len(e) {
		if c := e[j] | 0x20; (c < 'a' || c > 'z') && (e[j] < '0' || e[j] > '9') {
			return ""
		}
	}
	return e
}

// Object is what a content key says.
type Object struct {
	Path string // the folder that the object lies in, with whole names where they were not cut; "" for the volume's root
	ID   ULID
	Ext  string // without the dot
}

// ParseContent reads a content key relative to its volume: what Content, Bundle and Part wrote.
func ParseContent(rel string) (Object, bool) {
	dir, name := tree.Split(rel)
	base, e, _ := strings.Cut(name, ".")
	id, ok := ParseULID(base)
	if !ok || strings.HasPrefix(rel, Reserved) || tree.CheckPath(rel) != nil {
		return Object{}, false
	}
	return Object{Path: spell(dir), ID: id, Ext: e}, true
}

// spell undoes Path as far as that is possible.
func spell(dir string) string {
	if dir == "" {
		return ""
	}
	segs := strings.Split(dir, "/")
	if i := strings.IndexByte(Reserved, '/'); strings.EqualFold(segs[0], "%2E"+Reserved[1:i]) {
		segs[0] = "." + segs[0][3:]
	}
	for i, s := range segs {
		if n, err := unescape(s); err == nil {
			segs[i] = n
		}
	}
	return strings.Join(segs, "/")
}

func itoa(n int) string { return strconv.Itoa(n) }

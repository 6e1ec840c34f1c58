package layout

import (
	"strconv"
	"strings"

	"elkjopcloud/sync/tree"
)

// Meta is what is stored beside the bytes of a content object, so that a volume whose histories were lost can be rebuilt, and other S3
// tools see the time.
type Meta struct {
	Path   string // the file's path in the volume
	Mtime  int64  // nanoseconds since 1970
	Hash   tree.Hash
	Device tree.Device // who uploaded it
	Exec   bool
}

// maxMetaPath keeps the metadata below the 2 KiB that stores take, also when the path is escaped.
const maxMetaPath = 500

// Map returns the metadata as a store takes it. A path of more than 500 bytes is left out; the key then still tells where the file was.
// "mtime" is written as rclone writes it: seconds since 1970 with nine decimals.
func (m Meta) Map() map[string]string {
	out := map[string]string{"mtime": seconds(m.Mtime), "sha256": m.Hash.String(), "device": m.Device.String()}
	if len(m.Path) <= maxMetaPath {
		out["path"] = m.Path
	}
	if m.Exec {
		out["exec"] = "1"
	}
	return out
}

// ParseMeta reads what Map wrote; what is missing or wrong stays zero.
func ParseMeta(kv map[string]string) Meta {
	m := Meta{Path: kv["path"], Mtime: nanoseconds(kv["mtime"]), Exec: kv["exec"] == "1"}
	if m.Hash.UnmarshalText([]byte(kv["sha256"])) != nil {
		m.Hash = tree.Hash{}
	}
	m.Device, _ = tree.ParseDevice(kv["device"])
	if tree.CheckPath(m.Path) != nil {
		m.Path = ""
	}
	return m
}

func seconds(ns int64) string {
	s, frac, sign := ns/1e9, ns%1e9, ""
	if ns < 0 {
		s, frac, sign = -s, -frac, "-"
	}
	digits := strconv.FormatInt(1e9+frac, 10)
	return sign + strconv.FormatInt(s, 10) + "." + digits[1:]
}

func nanoseconds(text string) int64 {
	text, neg := strings.CutPrefix(text, "-")
	whole, frac, _ := strings.Cut(text, ".")
	s, err1 := strconv.ParseUint(whole, 10, 33)
	n, err2 := strconv.ParseUint((frac + "000000000")[:9], 10, 63)
	if err1 != nil || err2 != nil {
		return 0
	}
	ns := int64(s)*1e9 + int64(n)
	if neg {
		return -ns
	}
	return ns
}

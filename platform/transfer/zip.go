package transfer

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"math"
	"time"
)

// Members names the metadata of a zip that UploadTogether made: the sha256 over those of its files. "sha256" would say that it is one file.
const Members = "members"

const (
	zipEntry = 30 + 46 + 2*extraLen // headers of one entry in both places, without name and comment
	zipEnd   = 22
	extraLen = 9
	utf8Flag = 0x800
)

// errTooMany: a zip whose numbers need 64 bits is not what all programs read.
var errTooMany = errors.New("too many files for one object")

// Zip collects small files in one object, as UploadTogether makes it.
type Zip struct {
	bytes *bytes.Buffer
	zip   *zip.Writer
	n     int
	sums  hash.Hash // over those of the files
}

// NewZip returns an empty one.
func NewZip() *Zip { return newZip(nil) }

// newZip uses memory for as long as it suffices.
func newZip(memory []byte) *Zip {
	z := &Zip{bytes: bytes.NewBuffer(memory), sums: sha256.New()}
	z.zip = zip.NewWriter(z.bytes)
	return z
}

// Entry is a file for a Zip: its name is a relative path with '/', its time nanoseconds since 1970, and Meta is what is kept beside it with its sha256.
type Entry struct {
	Name   string
	Bytes  []byte
	SHA256 [32]byte
	Mtime  int64
	Exec   bool
	Meta   map[string]string
}

// Add appends a file and returns where its bytes begin.
func (z *Zip) Add(e Entry) (int64, error) {
	if z.n == math.MaxUint16-1 {
		return 0, errTooMany
	}
	comment, err := comment(e.Meta, e.SHA256)
	if err != nil {
		return 0, err
	}
	h := &zip.FileHeader{Name: e.Name, Comment: comment, Flags: utf8Flag, Method: zip.Store, CRC32: crc32.ChecksumIEEE(e.Bytes),
		CompressedSize64: uint64(len(e.Bytes)), UncompressedSize64: uint64(len(e.Bytes)), Extra: stamp(e.Mtime)}
	h.SetMode(0o644)
	if e.Exec {
		h.SetMode(0o755)
	}
	w, err := z.zip.CreateRaw(h)
	if err == nil {
		err = z.zip.Flush()
	}
	if err != nil {
		return 0, err
	}
	at := int64(z.bytes.Len())
	if _, err := w.Write(e.Bytes); err != nil {
		return 0, err
	}
	z.n++
	z.sums.Write(e.SHA256[:])
	return at, nil
}

// Len returns how many files there are.
func (z *Zip) Len() int { return z.n }

// Size returns how many bytes there are so far.
func (z *Zip) Size() int { return z.bytes.Len() }

// Close returns the object, and what is stored beside it as Members.
func (z *Zip) Close() (body []byte, sum string, err error) {
	if err := z.zip.Close(); err != nil {
		return nil, "", fmt.Errorf("end a zip: %w", err)
	}
	return z.bytes.Bytes(), hex.EncodeToString(z.sums.Sum(nil)), nil
}

// comment keeps what is known of a file in the zip's directory, in the form of an object's metadata.
func comment(meta map[string]string, sum [32]byte) (string, error) {
	all := map[string]string{"sha256": hex.EncodeToString(sum[:])}
	for k, v := range meta {
		all[k] = v
	}
	b, err := json.Marshal(all)
	if err == nil && len(b) > math.MaxUint16 {
		err = errors.New("its metadata is too long")
	}
	return string(b), err
}

// stamp is the extra field "extended timestamp" of Info-ZIP, with the time of modification: seconds since 1970. Nil for a time that it cannot hold.
func stamp(mtime int64) []byte {
	s := time.Unix(0, mtime).Unix()
	if s != int64(int32(s)) {
		return nil
	}
	x := binary.LittleEndian.AppendUint16(nil, 0x5455)
	x = binary.LittleEndian.AppendUint16(x, 5)
	x = append(x, 1)
	return binary.LittleEndian.AppendUint32(x, uint32(int32(s)))
}

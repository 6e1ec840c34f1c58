package thumb

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
)

// segments gives the parts of a JPEG file before its points: what each is, and what is in it. Anything that is not as it should be ends them.
func segments(file []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		if len(file) < 4 || file[0] != 0xFF || file[1] != 0xD8 {
			return
		}
		for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xFF; {
			size := int(binary.BigEndian.Uint16(rest[2:]))
			if rest[1] == 0xDA || size < 2 || size+2 > len(rest) || !yield(rest[1], rest[4:2+size]) {
				return
			}
			rest = rest[2+size:]
		}
	}
}

// inPasses tells whether a JPEG file may hold the whole picture several times over, each time finer. One of which that cannot be told may.
func inPasses(file []byte) bool {
	for mark := range segments(file) {
		if mark == 0xC0 || mark == 0xC1 {
			return false
		}
	}
	return true
}

// orientation reads from a JPEG file how its camera was held: 1 to 8 as Exif numbers them, 1 when it does not say.
func orientation(file []byte) int {
	for mark, body := range segments(file) {
		if mark == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return fromExif(body[6:])
		}
	}
	return 1
}

const orientationTag = 0x0112

func fromExif(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return 1
	}
	count, entries := int(order.Uint16(b[at:])), b[at+2:]
	for range count {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			if n := int(order.Uint16(entries[8:])); n >= 1 && n <= 8 {
				return n
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// upright turns a picture the way that its camera was held.
func upright(p *image.RGBA, how int) image.Image {
	if how <= 1 || how > 8 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, how)
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}

// turned is where a point of a picture of width w and height h comes to lie.
func turned(x, y, w, h, how int) (int, int) {
	switch how {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x
}

package thumb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// picture is red, but for its left upper quarter, which is blue.
func picture(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.Set(x, y, color.RGBA{R: 255, A: 255})
			if x < w/2 && y < h/2 {
				p.Set(x, y, color.RGBA{B: 255, A: 255})
			}
		}
	}
	return p
}

func encoded(t *testing.T, format string, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, p)
	case "gif":
		err = gif.Encode(&b, p, nil)
	default:
		err = jpeg.Encode(&b, p, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMake(t *testing.T) {
	for _, tt := range []struct {
		format     string
		w, h       int
		wantW, wtH int
	}{{"jpeg", 800, 600, 200, 150}, {"png", 300, 900, 66, 200}, {"gif", 640, 40, 200, 12}, {"png", 50, 40, 50, 40}, {"jpeg", 1, 4000, 1, 200}} {
		got, err := Make(encoded(t, tt.format, picture(tt.w, tt.h)), 200)
		if err != nil {
			t.Errorf("%+v: %v", tt, err)
			continue
		}
		if b := got.Bounds(); b.Dx() != tt.wantW || b.Dy() != tt.wtH {
			t.Errorf("%+v became %v", tt, b)
		}
		if tt.w > 1 && (!blue(got, 0.1, 0.1) || blue(got, 0.9, 0.1) || blue(got, 0.1, 0.9)) {
			t.Errorf("%+v shows something else", tt)
		}
	}
}

// blue tells whether a picture is blue at a place, from 0 to 1.
func blue(p image.Image, x, y float64) bool {
	b := p.Bounds()
	r, _, bl, _ := p.At(b.Min.X+int(x*float64(b.Dx())), b.Min.Y+int(y*float64(b.Dy()))).RGBA()
	return bl > r
}

// TestUpright: however the camera was held, the quarter is left above.
func TestUpright(t *testing.T) {
	want := picture(80, 40)
	for how := 1; how <= 8; how++ {
		t.Run(fmt.Sprint(how), func(t *testing.T) {
			held := held(want, how)
			got, err := Make(withExif(encoded(t, "jpeg", held), how, binary.LittleEndian), 80)
			if err != nil {
				t.Fatal(err)
			}
			if b := got.Bounds(); b.Dx() != 80 || b.Dy() != 40 || !blue(got, 0.1, 0.1) || blue(got, 0.9, 0.1) || blue(got, 0.1, 0.9) || blue(got, 0.9, 0.9) {
				t.Errorf("%v, above %v %v, below %v %v", b, blue(got, 0.1, 0.1), blue(got, 0.9, 0.1), blue(got, 0.1, 0.9), blue(got, 0.9, 0.9))
			}
		})
	}
	if n := orientation(withExif(encoded(t, "jpeg", want), 6, binary.BigEndian)); n != 6 {
		t.Errorf("the other byte order: %d", n)
	}
}

// held is the picture as a camera that was held so has it: each point of the upright picture is where the turn fetches it from.
func held(upright *image.RGBA, how int) image.Image {
	w, h := upright.Bounds().Dx(), upright.Bounds().Dy()
	if how >= 5 {
		w, h = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			tx, ty := exif(x, y, w, h, how)
			out.Set(x, y, upright.At(tx, ty))
		}
	}
	return out
}

// exif says where row and column of a stored picture belong, in the words of the standard (the 0th row is the visual top, and so on).
func exif(col, row, w, h, how int) (x, y int) {
	top, left := row, col
	bottom, right := h-1-row, w-1-col
	switch how {
	case 1: // row top, column left
		return left, top
	case 2: // top, right
		return right, top
	case 3: // bottom, right
		return right, bottom
	case 4: // bottom, left
		return left, bottom
	case 5: // row left, column top
		return top, left
	case 6: // right, top
		return bottom, left
	case 7: // right, bottom
		return bottom, right
	}
	return top, right // left, bottom
}

// withExif puts an orientation into a JPEG file, as cameras do.
func withExif(file []byte, how int, order binary.ByteOrder) []byte {
	var b bytes.Buffer
	b.WriteString("Exif\x00\x00")
	if order == binary.LittleEndian {
		b.WriteString("II*\x00")
	} else {
		b.WriteString("MM\x00*")
	}
	_ = binary.Write(&b, order, uint32(8))
	_ = binary.Write(&b, order, uint16(2))
	for _, e := range [][4]uint32{{0x0100, 3, 1, 99}, {orientationTag, 3, 1, uint32(how)}} {
		_ = binary.Write(&b, order, uint16(e[0]))
		_ = binary.Write(&b, order, uint16(e[1]))
		_ = binary.Write(&b, order, e[2])
		_ = binary.Write(&b, order, uint16(e[3]))
		_ = binary.Write(&b, order, uint16(0))
	}
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(b.Len()+2))
	return append(append(head, b.Bytes()...), file[2:]...)
}

// claims is a PNG file that says it has a size, and has nothing more.
func claims(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	body := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	body = append(body, 8, 6, 0, 0, 0)
	_ = binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(body)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	return b.Bytes()
}

// TestBombs: a file that says it is huge is not read any further, and no file makes it fail in another way than with an error.
func TestBombs(t *testing.T) {
	for _, tt := range []struct{ w, h uint32 }{{60_000, 60_000}, {5_000, 5_000}, {30_001, 1}, {1, 2_000_000_000}} {
		if _, err := Make(claims(tt.w, tt.h), 200); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d by %d: %v", tt.w, tt.h, err)
		}
	}
	photo := encoded(t, "jpeg", picture(64, 64))
	at := bytes.Index(photo, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint32(photo[at+5:], 5_000<<16|5_000)
	if _, err := Make(photo, 200); err == nil || errors.Is(err, ErrTooLarge) {
		t.Errorf("25 million points as cameras make them: %v", err)
	}
	photo[at+1] = 0xC2
	if _, err := Make(photo, 200); !errors.Is(err, ErrTooLarge) {
		t.Errorf("25 million points in passes: %v", err)
	}
	if _, err := Make(claims(100, 100), 200); err == nil || errors.Is(err, ErrTooLarge) {
		t.Errorf("a file that ends early: %v", err)
	}
	for _, b := range [][]byte{nil, []byte("no picture"), encoded(t, "jpeg", picture(90, 90))[:300]} {
		if p, err := Make(b, 200); err == nil {
			t.Errorf("%.20q became %v", b, p.Bounds())
		}
	}
}

func FuzzMake(f *testing.F) {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(20, 10), nil)
	f.Add(withExif(b.Bytes(), 6, binary.BigEndian))
	f.Add(claims(10, 10))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := Make(file, 64)
		if err == nil && (p.Bounds().Dx() > 64 || p.Bounds().Dy() > 64 || p.Bounds().Empty()) {
			t.Errorf("%v", p.Bounds())
		}
		if n := orientation(file); n < 1 || n > 8 {
			t.Errorf("orientation %d", n)
		}
	})
}

func TestCan(t *testing.T) {
	for name, want := range map[string]bool{"a.JPG": true, "d/b.jpeg": true, "c.webp": true, "film.mov": false, "jpg": false, "x.png.txt": false} {
		if Can(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestCache: what was used last stays, never more than there is room for, and that there is no picture is remembered, too.
func TestCache(t *testing.T) {
	one := picture(10, 10) // about 600 bytes with its name
	c := NewCache(2000)
	for i := range 3 {
		c.Put(fmt.Sprint(i), one)
	}
	c.Get("0")
	c.Put("3", one)
	for key, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
		if pic, known := c.Get(key); known != want || want && pic == nil {
			t.Errorf("%s: %v", key, known)
		}
	}
	c.Put("0", nil)
	if pic, known := c.Get("0"); !known || pic != nil {
		t.Errorf("none: %v %v", pic, known)
	}
	c.Put("large", picture(100, 100))
	if _, known := c.Get("large"); !known || c.order.Len() != 1 {
		t.Errorf("one that fills it: %v, %d", known, c.order.Len())
	}
	for i := range 1000 {
		c.Put(fmt.Sprint("n", i), nil)
	}
	if c.bytes > 2000 || len(c.at) != c.order.Len() || len(c.at) > 10 {
		t.Errorf("%d bytes, %d of them", c.bytes, len(c.at))
	}
}

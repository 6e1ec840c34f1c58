// Package thumb makes small pictures of picture files, and remembers some of them. A file may come from anywhere, so nothing is made of one that says
// it is larger than what can be looked at in peace: what it says is read before its points are.
//
// Reading order: thumb.go (a picture from bytes), turn.go (which side is up), cache.go (what is remembered).
package thumb

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats that are read
	_ "image/jpeg"
	_ "image/png"
	"path"
	"slices"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// How many points a picture may have, so that about 100 MB are enough to read it: a photo as cameras make it takes up to 3 bytes a point, one that is
// stored in several passes up to 15, and everything else 4 to 8.
const (
	mostPhoto  = 30_000_000
	mostPasses = 7_000_000
	mostOther  = 16_000_000
	mostSide   = 30_000
)

// ErrTooLarge means that a picture has more points than are worth a small picture.
var ErrTooLarge = errors.New("the picture has too many points")

// Can tells, by its name, whether a file may be a picture that Make reads.
func Can(name string) bool {
	return slices.Contains([]string{".jpg", ".jpeg", ".png", ".gif", ".webp"}, strings.ToLower(path.Ext(name)))
}

// Make returns a picture of a file's bytes that is at most side points wide and high, the right way up. A picture that is smaller stays as it is.
func Make(file []byte, side int) (image.Image, error) {
	about, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("look at the picture: %w", err)
	}
	if err := check(about, most(format, file)); err != nil {
		return nil, err
	}
	full, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	small := scale(full, side)
	if format == "jpeg" {
		return upright(small, orientation(file)), nil
	}
	return small, nil
}

func most(format string, file []byte) int {
	switch {
	case format == "jpeg" && inPasses(file):
		return mostPasses
	case format == "jpeg":
		return mostPhoto
	}
	return mostOther
}

func check(about image.Config, most int) error {
	if about.Width <= 0 || about.Height <= 0 || about.Width > mostSide || about.Height > mostSide || about.Width*about.Height > most {
		return fmt.Errorf("%d by %d: %w", about.Width, about.Height, ErrTooLarge)
	}
	return nil
}

func scale(full image.Image, side int) *image.RGBA {
	from := full.Bounds()
	width, height := from.Dx(), from.Dy()
	if most := max(width, height); most > side {
		width, height = max(width*side/most, 1), max(height*side/most, 1)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), full, from, draw.Src, nil)
	return small
}

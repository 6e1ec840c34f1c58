package archives

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/thumb"
)

const (
	side    = 256      // of a small picture, in points
	room    = 24 << 20 // bytes of all small pictures that are remembered
	waiting = 60       // pictures that are fetched at most before somebody has scrolled on
)

// pictures fetches small pictures of what is seen, one after the other, what was seen last first. Large files are not fetched for it.
type pictures struct {
	p       *Page
	cache   *thumb.Cache
	wanted  []app.Item // the one seen last at the end
	now     string     // the one that is being fetched; "" is none
	allowed bool
}

func newPictures(p *Page) *pictures {
	return &pictures{p: p, cache: thumb.NewCache(room), allowed: true}
}

// key names a content of a file.
func key(x app.Item) string { return fmt.Sprint(x.Path, " ", x.Size, " ", x.Modified.UnixNano()) }

// of returns the picture of a file that is seen; nil while there is none, and when there can be none.
func (s *pictures) of(x app.Item) image.Image {
	if x.Dir || x.Size > app.MaxPreview || !thumb.Can(x.Path) {
		return nil
	}
	if pic, known := s.cache.Get(key(x)); known {
		return pic
	}
	s.want(x)
	pic, _ := s.cache.Get(key(x))
	return pic
}

func (s *pictures) want(x app.Item) {
	if s.now == key(x) {
		return
	}
	s.wanted = slices.DeleteFunc(s.wanted, func(y app.Item) bool { return y.Path == x.Path })
	if len(s.wanted) == waiting {
		s.wanted = s.wanted[1:]
	}
	s.wanted = append(s.wanted, x)
	s.next()
}

// allow goes on fetching, or stops when what is being fetched is there.
func (s *pictures) allow(yes bool) {
	s.allowed = yes
	s.next()
}

// away tells that no file can be had now.
func away(err error) bool {
	var p *app.Problem
	return errors.As(err, &p) && slices.Contains([]string{"offline", "server-busy", "not-a-store", app.CodeCanceled}, p.Code)
}

func (s *pictures) next() {
	if s.now != "" || !s.allowed || len(s.wanted) == 0 {
		return
	}
	last := len(s.wanted) - 1
	x := s.wanted[last]
	s.wanted, s.now = s.wanted[:last], key(x)
	var pic image.Image
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			file, err := s.p.client.ArchivePreview(ctx, x.Path)
			if err != nil {
				return err
			}
			pic, _ = thumb.Make(file, side) // what is no picture has none
			return nil
		},
		Done: func(err error) { s.done(x, pic, err) },
	})
}

// done shows a picture. While the storage cannot be reached nothing is tried until it is seen again; what cannot be had of one file keeps nobody from
// the others.
func (s *pictures) done(x app.Item, pic image.Image, err error) {
	s.now = ""
	if away(err) {
		s.wanted = nil
		return
	}
	s.cache.Put(key(x), pic)
	if i := slices.IndexFunc(s.p.items, func(y app.Item) bool { return y.Path == x.Path }); i >= 0 && pic != nil && s.p.o.Grid {
		s.p.tiles.RefreshItem(i)
	}
	s.next()
}

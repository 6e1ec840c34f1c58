package thumb

import (
	"container/list"
	"image"
)

// Cache remembers the pictures that were used last. It is used on one goroutine.
type Cache struct {
	most  int // bytes of all pictures
	bytes int
	order *list.List // the one used last in front
	at    map[string]*list.Element
}

type entry struct {
	key  string
	pic  image.Image // nil: there is none to be had
	size int
}

// NewCache returns a cache for pictures of at most most bytes together.
func NewCache(most int) *Cache {
	return &Cache{most: most, order: list.New(), at: map[string]*list.Element{}}
}

// Get returns a picture; known is true also when it is known that there is none.
func (c *Cache) Get(key string) (pic image.Image, known bool) {
	e, ok := c.at[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).pic, true
}

// Put remembers a picture, or that there is none, and forgets what was used longest ago when there is too much.
func (c *Cache) Put(key string, pic image.Image) {
	if e, ok := c.at[key]; ok {
		c.drop(e)
	}
	x := &entry{key, pic, weight(key, pic)}
	c.at[key] = c.order.PushFront(x)
	for c.bytes += x.size; c.bytes > c.most && c.order.Len() > 1; {
		c.drop(c.order.Back())
	}
}

func (c *Cache) drop(e *list.Element) {
	x := c.order.Remove(e).(*entry)
	c.bytes -= x.size
	delete(c.at, x.key)
}

// weight is about how much memory an entry takes.
func weight(key string, pic image.Image) int {
	n := len(key) + 200
	if pic != nil {
		n += 4 * pic.Bounds().Dx() * pic.Bounds().Dy()
	}
	return n
}

package layout

import (
	"encoding/json"
	"fmt"

	"elkjopcloud/sync/tree"
)

// MaxRecipe is more bytes than any recipe that is written has.
const MaxRecipe = 1 << 20

// Recipe returns what is kept at the end of an object of changed blocks, so that a volume whose histories were lost can be rebuilt: JSON of the version
// that was made with it, in which extents of the object itself have no key.
func Recipe(c tree.Content) []byte {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers, hashes and text
	}
	return b
}

// ParseRecipe reads what Recipe wrote into the object key.
func ParseRecipe(b []byte, key string) (tree.Content, error) {
	var c tree.Content
	if err := json.Unmarshal(b, &c); err != nil {
		return tree.Content{}, fmt.Errorf("a recipe: %w", err)
	}
	for i := range c.Extents {
		if c.Extents[i].Key == "" {
			c.Extents[i].Key = key
		}
	}
	if err := c.Check(); err != nil {
		return tree.Content{}, fmt.Errorf("a recipe: %w", err)
	}
	return c, nil
}

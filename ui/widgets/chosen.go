package widgets

// Chosen is what is chosen of a list's rows, by key.
type Chosen map[string]bool

// Toggle chooses one, or not any more.
func (c Chosen) Toggle(key string) {
	if c[key] {
		delete(c, key)
	} else {
		c[key] = true
	}
}

// ToggleAll chooses all of these, or nothing when all of them are chosen.
func (c Chosen) ToggleAll(keys []string) {
	all := len(c.Of(keys)) == len(keys)
	clear(c)
	if !all {
		for _, k := range keys {
			c[k] = true
		}
	}
}

// Only forgets what is not one of these: what cannot be seen any more is not chosen any more.
func (c Chosen) Only(keys []string) {
	still := c.Of(keys)
	clear(c)
	for _, k := range still {
		c[k] = true
	}
}

// Of returns those of these that are chosen, in their order.
func (c Chosen) Of(keys []string) []string {
	var out []string
	for _, k := range keys {
		if c[k] {
			out = append(out, k)
		}
	}
	return out
}

package widgets

import (
	"slices"
	"testing"
)

func TestChosen(t *testing.T) {
	list := []string{"a", "b", "c"}
	for _, tt := range []struct {
		name string
		do   func(c Chosen)
		want []string
	}{
		{"nothing", func(Chosen) {}, nil},
		{"two, in the order of the list", func(c Chosen) { c.Toggle("c"); c.Toggle("a") }, []string{"a", "c"}},
		{"not any more", func(c Chosen) { c.Toggle("a"); c.Toggle("a") }, nil},
		{"all", func(c Chosen) { c.Toggle("a"); c.ToggleAll(list) }, list},
		{"all, twice", func(c Chosen) { c.ToggleAll(list); c.ToggleAll(list) }, nil},
		{"all of what is seen, beside what is not", func(c Chosen) { c.Toggle("gone"); c.Toggle("a"); c.Toggle("b"); c.ToggleAll(list) }, list},
		{"what went", func(c Chosen) { c.ToggleAll(list); c.Only([]string{"c", "d"}) }, []string{"c"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Chosen{}
			tt.do(c)
			if got := c.Of(list); !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// Package brand is what a company puts its name on: the product's name and where it leads. A brand has one file here; default.go is
// Elkjøp Cloud's.
package brand

// Brand is one of them.
type Brand struct {
	Name    string // of the product; also of the pinned folder
	ID      string // by which the system knows the program
	Class   string // Windows: of its entry in the Explorer's navigation pane; made once, the same for ever
	Help    string // address of the pages that explain it; "" when there are none
	Service string // address of the service that people sign in to; "" when there is none, and signing in is not offered
}

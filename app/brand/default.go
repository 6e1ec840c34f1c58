package brand

// Default returns the brand that this program is built for.
func Default() Brand {
	return Brand{Name: "Elkjøp Cloud", ID: "no.elkjop.cloud"}
}

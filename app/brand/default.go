package brand

// Default returns the brand that this program is built for.
func Default() Brand {
	return Brand{Name: "Elkjøp Cloud", ID: "no.elkjop.cloud", Class: "{D5651702-9A47-42A9-B1B7-1EACE6E39EB6}"}
}

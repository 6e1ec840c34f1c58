// Package elkjopcloud is the root of the module. It holds only what packagers and the window share: the product's metadata and its icon.
package elkjopcloud

import _ "embed"

// Metadata is FyneApp.toml.
//
//go:embed FyneApp.toml
var Metadata []byte

// Icon is the product's icon, a PNG of 512 by 512.
//
//go:embed Icon.png
var Icon []byte

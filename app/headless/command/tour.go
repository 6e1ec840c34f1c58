package command

type tourCommand struct {
	Keep bool `help:"Leave the folders that it made."`
}

// Run shows the product.
func (c tourCommand) Run(s *session) error { return nil }

package app

import (
	"context"

	"elkjopcloud/app/config"
)

// Network says how the server of the storage is reached.
type Network struct {
	Proxy string `json:"proxy"`          // "system", "none", or an address such as http://proxy.example.com:3128
	User  string `json:"user,omitempty"` // that a proxy with an address asks for; its password is in the system's keyring
}

// Network returns what was chosen. It is CodeNotSetUp without a storage on a server.
func (c *Client) Network(context.Context) (Network, error) {
	s := c.settings().Storage
	if s.Kind != config.S3 {
		return Network{}, noServer()
	}
	n := Network{Proxy: s.Proxy, User: s.ProxyUser}
	if n.Proxy == "" {
		n.Proxy = "system"
	}
	return n, nil
}

func noServer() *Problem {
	p := NewProblem(CodeNotSetUp, "", nil)
	p.Message, p.Action = "There is no storage on a server.", "Connect to one first. A folder needs no network settings."
	return p
}

// SetNetwork changes it, at once. password goes into the system's keyring, and nowhere else; "" leaves the one that is there.
func (c *Client) SetNetwork(ctx context.Context, n Network, password string) error {
	s := c.settings().Storage
	if s.Kind != config.S3 {
		return noServer()
	}
	s.Proxy, s.ProxyUser = n.Proxy, n.User
	switch n.Proxy {
	case "", "system", "none":
		if n.User != "" || password != "" {
			return wrongUse("Give the address of the proxy, too.", "A name and a password are only for a proxy with an address.")
		}
		if n.Proxy == "system" {
			s.Proxy = ""
		}
	}
	if password != "" && n.User == "" {
		return wrongUse("Give the name, too.", "A password without a name is of no use.").because("password-alone", "")
	}
	if err := c.o.Parts.SaveProxy(ctx, s, password); err != nil {
		return problemOf(err, "")
	}
	err := c.change(func(cfg *config.Settings) error {
		cfg.Storage.Proxy, cfg.Storage.ProxyUser = s.Proxy, s.ProxyUser
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.unlink()
	c.poked()
	return nil
}

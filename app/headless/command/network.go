package command

import (
	"io"

	"elkjopcloud/app"
)

type networkCommand struct {
	Proxy     string `placeholder:"system|none|URL" help:"How the server is reached: as the system says, directly, or through a proxy."`
	ProxyUser string `placeholder:"NAME" help:"Whom the proxy asks for. The password is asked for, or read from standard input."`
}

func (networkCommand) Help() string {
	return `The password of a proxy is kept in the system's keyring. It is never an argument, because others could see it there.

Examples:

    elkjop network
    elkjop network --proxy http://proxy.example.com:3128
    elkjop network --proxy http://proxy.example.com:3128 --proxy-user kari`
}

// Run shows what is chosen, after changing what was given.
func (c networkCommand) Run(s *session) error {
	if c.ProxyUser != "" && c.Proxy == "" {
		return &app.Problem{Code: app.CodeWrongUse, Message: "A name is only for a proxy with an address.", Action: "Give its address with --proxy, too."}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if c.Proxy != "" {
		password := ""
		if c.ProxyUser != "" {
			if password, err = s.secret("Password of the proxy: "); err != nil {
				return err
			}
		}
		if err := client.SetNetwork(s.ctx, app.Network{Proxy: c.Proxy, User: c.ProxyUser}, password); err != nil {
			return err
		}
	}
	n, err := client.Network(s.ctx)
	if err != nil {
		return err
	}
	s.print(n, func(w io.Writer) { line(w, networkWord(n)) })
	return nil
}

func networkWord(n app.Network) string {
	switch {
	case n.Proxy == "system":
		return "The server is reached as the system says."
	case n.Proxy == "none":
		return "The server is reached directly."
	case n.User != "":
		return "The server is reached through " + n.Proxy + ", as " + n.User + "."
	}
	return "The server is reached through " + n.Proxy + "."
}

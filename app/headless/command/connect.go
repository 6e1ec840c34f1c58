package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"elkjopcloud/app"
)

type connectFolderCommand struct {
	Dir string `arg:"" help:"Folder that holds the cloud; it is made when it is missing."`
}

func (connectFolderCommand) Help() string {
	return `The folder may lie on a second disk, a drive or a network folder. On this computer's own disk it is no protection against losing
the computer.

Examples:

    elkjop connect folder /mnt/nas/elkjop
    elkjop --home /tmp/second connect folder D:\Cloud`
}

// Run connects.
func (c connectFolderCommand) Run(s *session) error {
	dir, err := here(c.Dir)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	checks, err := client.ConnectFolder(s.ctx, dir)
	return s.connected(checks, err)
}

type connectS3Command struct {
	Endpoint    string `required:"" placeholder:"URL" help:"Address of the server, with https:// or http://."`
	Bucket      string `required:"" placeholder:"NAME" help:"The bucket; it is made when it is missing."`
	Prefix      string `placeholder:"P" help:"Keep everything below this name in the bucket."`
	Region      string `placeholder:"R" help:"Region of the bucket."`
	CA          string `name:"ca" placeholder:"FILE" help:"Certificate of the server, when no public authority signed it."`
	Proxy       string `placeholder:"system|none|URL" help:"How the server is reached: as the system says (as usual), directly, or through a proxy."`
	Credentials string `required:"" enum:"env,keyring,file" placeholder:"env|keyring|file" help:"Where the access key is."`
	AccessKey   string `placeholder:"K" help:"The access key, with --credentials keyring or file."`
}

func (connectS3Command) Help() string {
	return `With --credentials env the key is read at each start from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. With
--credentials keyring the secret key is asked for, or read from standard input, and kept in the system's keyring. It is never an
argument, because others could see it there. With --credentials file it is kept in the program's folder, encrypted under the passphrase in
ELKJOP_PASSPHRASE, which is then needed at each start: for computers without a keyring.

Examples:

    elkjop connect s3 --endpoint https://s3.example.com --bucket family --credentials env
    elkjop connect s3 --endpoint https://nas:9000 --bucket family --ca nas.pem --credentials keyring --access-key kari`
}

// Run connects.
func (c connectS3Command) Run(s *session) error {
	where := app.S3{Endpoint: c.Endpoint, Bucket: c.Bucket, Prefix: c.Prefix, Region: c.Region, CA: c.CA, Credentials: c.Credentials, AccessKey: c.AccessKey, Proxy: c.Proxy}
	var err error
	if c.CA != "" {
		if where.CA, err = here(c.CA); err != nil {
			return err
		}
	}
	secret := ""
	if c.Credentials != "env" {
		if c.AccessKey == "" {
			return &app.Problem{Code: app.CodeWrongUse, Message: "An access key is needed.", Action: "Give it with --access-key."}
		}
		if secret, err = s.secret("Secret key: "); err != nil {
			return err
		}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	checks, err := client.ConnectS3(s.ctx, where, secret)
	return s.connected(checks, err)
}

// connection is the result of connecting.
type connection struct {
	Connected bool         `json:"connected"`
	Checks    []app.Check  `json:"checks"`
	Problem   *app.Problem `json:"problem,omitempty"`
}

// connected shows what was tried. A problem is part of that result.
func (s *session) connected(checks []app.Check, err error) error {
	if err != nil && s.typed.JSON {
		s.encode(connection{Checks: checks, Problem: asProblem(err)})
		return shown{err}
	}
	s.print(connection{Connected: err == nil, Checks: checks}, func(w io.Writer) {
		showChecks(w, checks, err)
		if err == nil {
			line(w, "This computer is connected.")
		}
	})
	return err
}

// showChecks writes what was tried. The failure that is told after it is not told here too, and what it kept from being tried says nothing.
func showChecks(w io.Writer, checks []app.Check, err error) {
	told := ""
	if err != nil {
		told = asProblem(err).Message
	}
	for _, c := range checks {
		switch {
		case c.OK:
			linef(w, "✓ %s", c.Message)
		case c.Action != "" && c.Message != told:
			linef(w, "✗ %s", c.Message)
		}
	}
}

// shown is an error that is part of the result that was printed already.
type shown struct{ error }

// Unwrap returns the error.
func (e shown) Unwrap() error { return e.error }

const maxSecret = 4096

// secret asks for a secret without showing it, or reads a line from standard input.
func (s *session) secret(prompt string) (string, error) {
	read := s.readSecret
	if f, ok := s.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		before, err := term.GetState(int(f.Fd()))
		if err != nil {
			return "", err
		}
		defer func() { _ = term.Restore(int(f.Fd()), before) }() // an interruption leaves it without echo
		fmt.Fprint(s.Stderr, prompt)
		defer fmt.Fprintln(s.Stderr)
		read = func() (string, error) {
			b, err := term.ReadPassword(int(f.Fd()))
			return string(b), err
		}
	}
	type result struct {
		secret string
		err    error
	}
	got := make(chan result, 1)
	go func() { // reading cannot be interrupted; it ends with the program
		text, err := read()
		got <- result{text, err}
	}()
	select {
	case r := <-got:
		if r.err == nil && r.secret == "" {
			return "", &app.Problem{Code: app.CodeWrongUse, Message: "No secret was given.", Action: "Type it when you are asked, or send it to standard input."}
		}
		return r.secret, r.err
	case <-s.ctx.Done():
		return "", s.ctx.Err()
	}
}

func (s *session) readSecret() (string, error) {
	text, err := bufio.NewReader(io.LimitReader(s.Stdin, maxSecret)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	return strings.TrimRight(text, "\r\n"), nil
}

type deviceCommand struct {
	Name string `placeholder:"NAME" help:"Give this computer another name."`
}

func (deviceCommand) Help() string {
	return `Examples:

    elkjop device
    elkjop device --name "Kari's PC"`
}

// Run shows the device.
func (c deviceCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if c.Name != "" {
		if err := client.SetDeviceName(s.ctx, c.Name); err != nil {
			return err
		}
	}
	d, err := client.Device(s.ctx)
	if err != nil {
		return err
	}
	s.print(d, func(w io.Writer) {
		linef(w, "This computer is called %s.", d.Name)
		if len(d.Backups) > 0 {
			linef(w, "It backs up: %s", strings.Join(d.Backups, ", "))
		}
	})
	return nil
}

type devicesCommand struct{}

func (devicesCommand) Help() string {
	return `Examples:

    elkjop devices
    elkjop devices --json`
}

// Run lists the devices.
func (devicesCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Devices(s.ctx)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("NAME", "SYSTEM", "LAST SEEN", "BACKS UP", "")
		for _, d := range all {
			this := ""
			if d.This {
				this = "this computer"
			}
			t.add(d.Name, d.System, ago(d.LastSeen, s.Now()), strings.Join(d.Backups, ", "), this)
		}
		t.write(w, "No computer uses the storage yet.")
	})
	return nil
}

package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"elkjopcloud/app/config"
)

// Details are what people look at who want to know more closely. No secret is among them.
type Details struct {
	Home    string // the folder of settings, records and log
	Log     string // the file of the log; "" where there is none
	Storage S3     // of a server; its AccessKey is left out, and so is the name in an address
}

// Details returns them.
func (c *Client) Details() Details {
	s := c.settings().Storage
	d := Details{Home: c.o.Home, Log: c.o.Journal}
	if s.Kind == config.S3 {
		d.Storage = S3{Endpoint: nameless(s.Endpoint), Bucket: s.Bucket, Prefix: s.Prefix, Region: s.Region, CA: s.CA, Credentials: s.Credentials}
	}
	return d
}

// Keeping says how long the space keeps what was deleted or replaced.
type Keeping struct {
	Days     int // deleted files, and earlier versions
	Versions int // earlier versions of a file that are kept beyond that, as long as the file is there
}

// Keeping returns what is in effect. It is the space's, the same for all computers.
func (c *Client) Keeping(ctx context.Context) (Keeping, error) {
	l, err := c.open(ctx)
	if err != nil {
		return Keeping{}, err
	}
	r := l.space.Rules()
	return Keeping{Days: int(r.Keep.Hours() / 24), Versions: r.Versions}, nil
}

const (
	helpName = "elkjop-help" // of a help file, before the day
	logTail  = 4 << 20       // bytes of the log that go into one: its end
	leftOut  = "(left out)"
)

// SaveHelp writes a file for whoever helps this user into a folder, and returns its path: a zip of versions, settings, state and the end of the log. There are
// names of files in it, no secrets, and nothing of what is in files. Nothing is overwritten.
func (c *Client) SaveHelp(ctx context.Context, dir, version string) (string, error) {
	parts, err := c.helpParts(version)
	if err != nil {
		return "", Unwritten(err, dir)
	}
	f, err := c.helpFile(dir)
	if err != nil {
		return "", Unwritten(err, dir)
	}
	err = zipped(ctx, f, parts)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", Unwritten(errors.Join(err, os.Remove(f.Name())), f.Name())
	}
	return f.Name(), nil
}

// helpFile makes a new file: of the day, with a number when there is one already.
func (c *Client) helpFile(dir string) (*os.File, error) {
	name := helpName + "-" + c.o.Now().Format("2006-01-02")
	for n := 1; ; n++ {
		path := filepath.Join(dir, name+".zip")
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s (%d).zip", name, n))
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// helpPart is one file of a help file.
type helpPart struct {
	name string
	body []byte
}

func (c *Client) helpParts(version string) ([]helpPart, error) {
	s := c.settings()
	hide := hider(s.Storage.AccessKey, s.Storage.ProxyUser)
	settings, err := config.Encode(withoutSecrets(s))
	if err != nil {
		return nil, err
	}
	state, err := json.MarshalIndent(c.Status(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the state: %w", err)
	}
	log, err := tail(c.o.Journal)
	if err != nil {
		return nil, err
	}
	return []helpPart{{"about.txt", c.about(version)}, {"settings.toml", hide(settings)}, {"state.json", hide(state)}, {"log.txt", hide(log)}}, nil
}

// about says what runs here.
func (c *Client) about(version string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "version %s\nsystem %s\nwritten %s\n", version, c.o.System, c.o.Now().UTC().Format("2006-01-02 15:04:05 MST"))
	if info, ok := debug.ReadBuildInfo(); ok {
		fmt.Fprintf(&b, "built with %s\n", info.GoVersion)
		for _, d := range info.Deps {
			fmt.Fprintf(&b, "  %s %s\n", d.Path, d.Version)
		}
	}
	return b.Bytes()
}

func withoutSecrets(s config.Settings) config.Settings {
	for _, name := range []*string{&s.Storage.AccessKey, &s.Storage.ProxyUser} {
		if *name != "" {
			*name = leftOut
		}
	}
	s.Storage.Endpoint, s.Storage.Proxy = nameless(s.Storage.Endpoint), nameless(s.Storage.Proxy)
	return s
}

// tail returns the end of a log; nothing when there is none.
func tail(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(info.Size()-logTail, 0)
	b, err := io.ReadAll(io.NewSectionReader(f, from, logTail))
	if from > 0 { // what is left of a line may be the rest of a secret that nobody would recognise
		_, b, _ = bytes.Cut(b, []byte("\n"))
	}
	return b, err
}

func zipped(ctx context.Context, w io.Writer, parts []helpPart) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := z.Create(p.name)
		if err == nil {
			_, err = f.Write(p.body)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", p.name, err)
		}
	}
	return z.Close()
}

// What looks like a secret in a text. Nothing of ours writes one; what others say in their errors is not known.
var (
	inAddress = regexp.MustCompile(`(://)[^/\s"'@]+@`)
	ourLinks  = regexp.MustCompile(`(?i)(elkjop[a-z]*://)[^\s"']+`)
	named     = regexp.MustCompile(`(?i)((?:secret|access|session|api|private)[\w.-]*key[\w.-]*|(?:x-amz-)?(?:signature|credential|security-token)|authorization|pass(?:word|wd|phrase)|secret|[\w-]*token)` +
		`(\\?["']?\s*[:=]\s*)(?:\\?["'][^"'\n]*["']|(?:(?:bearer|basic|aws4-hmac-sha256)\s+)?[^\s"'&;,]+)`)
	bearer = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[a-z0-9+/=._~-]{8,}`)
)

// nameless takes name and password out of an address.
func nameless(address string) string { return inAddress.ReplaceAllString(address, "$1") }

// hider returns what leaves out all that looks like a secret, and these words.
func hider(words ...string) func([]byte) []byte {
	var pairs []string
	for _, w := range words {
		if len(w) > 3 {
			pairs = append(pairs, w, leftOut)
		}
	}
	known := strings.NewReplacer(pairs...)
	return func(b []byte) []byte {
		text := known.Replace(string(b))
		text = inAddress.ReplaceAllString(text, "$1")
		text = ourLinks.ReplaceAllString(text, "${1}"+leftOut)
		text = bearer.ReplaceAllString(text, "$1 "+leftOut)
		return []byte(named.ReplaceAllString(text, "$1$2"+leftOut))
	}
}

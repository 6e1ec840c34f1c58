package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// ConnectFolder connects to a space in a plain folder, which is made when it is missing, and makes the space when there is none.
func (c *Client) ConnectFolder(ctx context.Context, dir string) ([]Check, error) {
	abs, err := filepath.Abs(dir)
	if err != nil || dir == "" {
		return nil, wrongUse("Give the path of a folder.", "%q is not a folder.", dir).because("no-path", "")
	}
	s := config.Storage{Kind: config.Folder, Dir: abs}
	if err := c.o.Parts.Create(ctx, s, ""); err != nil {
		return nil, Unwritten(err, abs)
	}
	if s.Dir, err = backup.Root(abs); err != nil {
		return nil, problemOf(err, abs)
	}
	if _, below := backup.Below(s.Dir, c.o.Home); below {
		return nil, wrongUse("Choose another folder.", "The program's own folder lies in %s.", dir).because("home-inside", dir)
	}
	return c.connect(ctx, s, "")
}

// ConnectS3 connects to a space in a bucket: it makes the bucket when it is missing, tries the store out, makes the space when there
// is none, and saves the settings. The secret goes where Credentials says and nowhere else; with "env" it is ignored.
func (c *Client) ConnectS3(ctx context.Context, x S3, secret string) ([]Check, error) {
	s := config.Storage{Kind: config.S3, Endpoint: x.Endpoint, Bucket: x.Bucket, Prefix: x.Prefix, Region: x.Region, CA: x.CA, Credentials: x.Credentials, AccessKey: x.AccessKey, Proxy: x.Proxy}
	if s.Prefix != "" && !strings.HasSuffix(s.Prefix, "/") {
		s.Prefix += "/"
	}
	switch {
	case x.Endpoint == "" || x.Bucket == "":
		return nil, wrongUse("Give both --endpoint and --bucket.", "An address and a bucket are needed.").because("no-address", "")
	case x.Credentials == config.InEnvironment:
		secret, s.AccessKey = "", ""
	case !slices.Contains([]string{config.InKeyring, config.InFile, config.InSession}, x.Credentials):
		return nil, wrongUse("Use --credentials keyring, file or env.", "%q is no place for an access key.", x.Credentials)
	case x.AccessKey == "" || secret == "":
		return nil, wrongUse("Give --access-key, and the secret when you are asked.", "An access key and its secret are needed.").because("no-key", "")
	}
	if s.CA != "" {
		abs, err := filepath.Abs(s.CA)
		if err != nil {
			return nil, problemOf(err, s.CA)
		}
		s.CA = abs
	}
	return c.connect(ctx, s, secret)
}

func (c *Client) connect(ctx context.Context, s config.Storage, secret string) ([]Check, error) {
	b, err := c.o.Parts.Store(ctx, s, secret)
	if err != nil {
		return nil, fail(err)
	}
	checks, err := c.tryOut(ctx, b, s, secret)
	if err != nil {
		return checks, err
	}
	if _, err := openOrCreate(ctx, b); err != nil {
		return checks, fail(err)
	}
	if secret != "" {
		if err := c.o.Parts.SaveSecret(ctx, s, secret); err != nil {
			return checks, problemOf(err, "")
		}
	}
	return checks, fail(c.connected(ctx, s))
}

// tryOut probes the store; a bucket that is missing is made.
func (c *Client) tryOut(ctx context.Context, b objstore.Bucket, s config.Storage, secret string) ([]Check, error) {
	probed := objstore.Probe(ctx, b)
	missing := s.Kind == config.S3 && slices.ContainsFunc(probed, func(k objstore.Check) bool { return objstore.KindOf(k.Err) == objstore.NoBucket })
	if missing {
		if err := c.o.Parts.Create(ctx, s, secret); err != nil {
			return unmade(inWords(probed), s, err)
		}
		probed = objstore.Probe(ctx, b)
	}
	checks := inWords(probed)
	for i, k := range probed {
		switch {
		case k.Tried && k.Err != nil:
			return checks, checkProblem(k)
		case k.Name == objstore.CheckAccess && s.Kind == config.Folder:
			checks[i].Message = "no access key is needed"
		case k.Name == objstore.CheckBucket && missing:
			checks[i].Message = "made the bucket " + s.Bucket
		case k.Name == objstore.CheckBucket && s.Kind == config.S3:
			checks[i].Message = "the bucket " + s.Bucket + " is there"
		}
	}
	return checks, fail(ctx.Err())
}

// unmade says why a missing bucket could not be made.
func unmade(checks []Check, s config.Storage, err error) ([]Check, error) {
	p := NewProblem(codeOf(err), "", err)
	switch objstore.KindOf(err) {
	case objstore.Denied:
		p.Message = fmt.Sprintf("There is no bucket %s, and the access key may not make one.", s.Bucket)
		p.because("bucket-denied", s.Bucket)
		p.Action = "Check the name, or ask whoever runs the storage to make the bucket."
	case objstore.Invalid, objstore.Other:
		p.Message = fmt.Sprintf("There is no bucket %s, and the storage does not make one (%v).", s.Bucket, err)
		p.because("bucket-unmade", s.Bucket)
		p.Action = "Choose another name: 3 to 63 small letters, digits, dots and hyphens. Or make the bucket with the tools of the storage."
	}
	for i := range checks {
		if checks[i].Name == objstore.CheckBucket {
			checks[i].Message, checks[i].Action = p.Message, p.Action
		}
	}
	return checks, p
}

func openOrCreate(ctx context.Context, b objstore.Bucket) (*space.Space, error) {
	sp, err := space.Open(ctx, b)
	if !errors.Is(err, space.ErrNotASpace) {
		return sp, unopened(err)
	}
	sp, err = space.Create(ctx, b)
	if errors.Is(err, space.ErrNotEmpty) {
		return nil, wrongUse("Choose an empty place, or give --prefix.", "Other things are stored there already.").because("not-empty", "")
	}
	return sp, err
}

// connected saves the settings and stands on the new space.
func (c *Client) connected(ctx context.Context, s config.Storage) error {
	err := c.change(func(cfg *config.Settings) error {
		cfg.Storage = s
		if cfg.DeviceID == "" {
			cfg.DeviceID = tree.Device(random64()).String()
		}
		if cfg.DeviceName == "" {
			cfg.DeviceName = hostname()
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.unlink()
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	return l.saveDevice(ctx)
}

func hostname() string {
	name, err := os.Hostname()
	name, _, _ = strings.Cut(name, ".")
	if err != nil || tree.CheckName(name) != nil {
		return "Computer"
	}
	return name
}

var checkWords = map[string]string{
	objstore.CheckReach: "reached it", objstore.CheckClock: "the clock agrees", objstore.CheckAccess: "the access key is accepted",
	objstore.CheckBucket: "the place is there", objstore.CheckList: "can list", objstore.CheckWrite: "can write",
	objstore.CheckRead: "files come back as they were", objstore.CheckMultipart: "can take large files", objstore.CheckDelete: "can delete",
}

func inWords(checks []objstore.Check) []Check {
	out := make([]Check, len(checks))
	for i, k := range checks {
		word := checkWords[k.Name]
		if word == "" {
			word = k.Name
		}
		out[i] = Check{Name: k.Name, OK: k.OK(), Message: word}
		switch {
		case !k.Tried:
			out[i].Message = fmt.Sprintf("%s: not tried", word)
		case k.Err != nil:
			p := checkProblem(k)
			out[i].Message, out[i].Action = p.Message, p.Action
		}
	}
	return out
}

// missingRight is what the access key may not do, by the check that found it.
var missingRight = map[string]string{
	objstore.CheckList: "list", objstore.CheckWrite: "write", objstore.CheckRead: "read", objstore.CheckMultipart: "write large files", objstore.CheckDelete: "delete",
}

// checkProblem gives words to a check that failed while connecting: nothing is tried again by itself then.
func checkProblem(k objstore.Check) *Problem {
	p := NewProblem(codeOf(k.Err), "", k.Err)
	var said *Problem
	if errors.As(k.Err, &said) {
		return p
	}
	switch right := missingRight[k.Name]; {
	case p.Code == engine.CodeDenied && right != "":
		p.Message = fmt.Sprintf("The access key is good but may not %s there.", right)
	case p.Code == engine.CodeOffline:
		p.Action = "Check the internet connection and the address, then connect again."
	case p.Code == engine.CodeServerBusy:
		p.Action = "Connect again in a few minutes."
	}
	return p
}

// Storage says where everything is kept.
func (c *Client) Storage() StorageInfo {
	c.mu.Lock()
	s, room := c.cfg.Storage, c.room
	c.mu.Unlock()
	if s.Kind == config.S3 {
		return StorageInfo{Kind: s.Kind, Place: s.Endpoint, Name: s.Bucket}
	}
	if room.dir != s.Dir {
		room = roomLeft{}
	}
	return StorageInfo{Kind: s.Kind, Place: s.Dir, Free: room.free, Size: room.size}
}

// Device returns this computer.
func (c *Client) Device(ctx context.Context) (DeviceInfo, error) {
	s := c.settings()
	if s.DeviceID == "" {
		return DeviceInfo{}, notSetUp()
	}
	d := DeviceInfo{ID: s.DeviceID, Name: s.DeviceName, System: c.o.System, LastSeen: c.o.Now().UTC(), This: true, Backups: []string{}}
	for _, b := range s.Backups {
		d.Backups = append(d.Backups, b.Name)
	}
	return d, nil
}

// SetDeviceName renames this computer. Backups keep the name under which they began.
func (c *Client) SetDeviceName(ctx context.Context, name string) error {
	name = strings.TrimSpace(tree.NFC(name))
	if err := tree.CheckName(name); err != nil {
		return wrongUse("Choose another name.", "%q cannot be a name: %v.", name, err).because("bad-name", name)
	}
	if c.settings().DeviceID == "" {
		return notSetUp()
	}
	err := c.change(func(s *config.Settings) error { s.DeviceName = name; return nil })
	if err != nil {
		return fail(err)
	}
	c.unlink()
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	return fail(l.saveDevice(ctx))
}

// Devices returns all computers of the space.
func (c *Client) Devices(ctx context.Context) ([]DeviceInfo, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	all, err := l.space.Devices(ctx)
	if err != nil {
		return nil, fail(err)
	}
	var out []DeviceInfo
	for _, d := range all {
		out = append(out, DeviceInfo{ID: d.ID.String(), Name: d.Name, System: d.System, LastSeen: d.LastSeen, This: d.ID == l.me.Device, Backups: append([]string{}, d.Backups...)})
	}
	return out, nil
}

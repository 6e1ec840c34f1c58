package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// AddBackup begins to back up a folder. An empty name is the folder's own; skip are patterns in gitignore's syntax.
func (c *Client) AddBackup(ctx context.Context, dir, name string, skip []string) (BackupInfo, error) {
	l, err := c.open(ctx)
	if err != nil {
		return BackupInfo{}, err
	}
	root, err := c.newRoot(dir)
	if err != nil {
		return BackupInfo{}, err
	}
	if _, err := skipRules(skip); err != nil {
		return BackupInfo{}, err
	}
	b := config.Backup{Name: name, Root: root, Skip: skip}
	if b.Name, err = c.newName(name, root); err != nil {
		return BackupInfo{}, err
	}
	if b.VolumePrefix, err = c.newVolume(ctx, l, b.Name, root); err != nil {
		return BackupInfo{}, fail(err)
	}
	return c.addBackup(ctx, l, b)
}

// newRoot checks a folder that is going to be looked after.
func (c *Client) newRoot(dir string) (string, error) {
	root, err := backup.Root(dir)
	if errors.Is(err, backup.ErrNoFolder) {
		return "", wrongUse("Choose a folder.", "%s is no folder.", dir).because("a-file", dir)
	}
	if err != nil {
		return "", problemOf(err, dir)
	}
	if !utf8.ValidString(root) {
		return "", wrongUse("Rename the folder.", "The path %q has characters that are not text.", root).because("odd-path", "")
	}
	for _, p := range c.all() {
		if backup.Same(p.root, root) {
			return "", wrongUse("Nothing needs to be done, or remove it there first.", "%s is looked after already, as %s.", dir, p.name).because("known-folder", dir)
		}
	}
	s := c.settings()
	for _, own := range []string{c.o.Home, s.Storage.Dir} {
		if _, inside := backup.Below(own, root); own != "" && inside {
			return "", wrongUse("Choose another folder.", "%s belongs to the program itself.", dir).because("own-folder", dir)
		}
	}
	return root, nil
}

// newName returns the name of a new backup: the one that is asked for, which must be free, or the folder's own, made free.
func (c *Client) newName(asked, root string) (string, error) {
	taken := func(name string) bool {
		_, err := c.named(name)
		return err == nil || tree.Fold(name) == tree.Fold(syncedName)
	}
	name := tree.NFC(strings.TrimSpace(asked))
	if name != "" {
		if err := tree.CheckName(name); err != nil {
			return "", wrongUse("Choose another name.", "%q cannot be a name: %v.", asked, err)
		}
		if taken(name) {
			return "", wrongUse("Choose another name with --name.", "%q is the name of another folder.", asked)
		}
		return name, nil
	}
	base := tree.NFC(filepath.Base(root))
	if tree.CheckName(base) != nil || base == string(filepath.Separator) {
		base = "Drive"
	}
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s (%d)", base, n)
		}
		if !taken(name) {
			return name, nil
		}
	}
}

// newVolume returns where the copies go: where they went before when the folder was backed up earlier, else a name that nobody has.
func (c *Client) newVolume(ctx context.Context, l *link, name, root string) (string, error) {
	s := c.settings()
	used := map[string]bool{}
	for _, b := range s.Backups {
		used[b.VolumePrefix] = true
	}
	for _, f := range s.Former {
		if f.Root == root && !used[f.VolumePrefix] {
			return f.VolumePrefix, nil
		}
	}
	v, err := layout.NewBackup(s.DeviceName, name)
	if err != nil {
		return "", err
	}
	taken, err := l.space.Volumes(ctx)
	if err != nil {
		return "", err
	}
	for _, b := range s.Backups {
		if t, ok := layout.ParseVolume(b.VolumePrefix); ok {
			taken = append(taken, t)
		}
	}
	return v.Distinct(taken).Prefix(), nil
}

// addBackup begins a backup that was checked. The volume is of a folder that nothing is remembered of.
func (c *Client) addBackup(ctx context.Context, l *link, b config.Backup) (BackupInfo, error) {
	v, ok := layout.ParseVolume(b.VolumePrefix)
	if !ok {
		return BackupInfo{}, wrongUse("Choose another name.", "%q cannot be the name of a backup.", b.Name)
	}
	var err error
	if b.VolumeID, b.Place, err = lies(ctx, b.Root); err != nil {
		return BackupInfo{}, problemOf(err, b.Root)
	}
	if err := l.use(v).forget(ctx); err != nil {
		return BackupInfo{}, fail(err)
	}
	err = c.change(func(s *config.Settings) error {
		s.Backups = append(s.Backups, b)
		s.Former = slices.DeleteFunc(s.Former, func(f config.Backup) bool { return f.VolumePrefix == b.VolumePrefix })
		return nil
	})
	if err != nil {
		return BackupInfo{}, fail(err)
	}
	c.note("describe this computer", l.saveDevice(ctx))
	return c.info(b), nil
}

func (c *Client) info(b config.Backup) BackupInfo {
	out := BackupInfo{Name: b.Name, Root: b.Root, Volume: b.VolumePrefix, Skip: append([]string{}, b.Skip...), State: StateWorking, Paused: b.Paused, Every: b.Every}
	for _, p := range c.Status().Pairs {
		if p.Name == b.Name && p.Area == "backup" {
			out.State, out.Detail, out.Files, out.Bytes = p.State, p.Detail, p.Files, p.Bytes
		}
	}
	return out
}

// Backups returns the folders that this computer backs up.
func (c *Client) Backups(ctx context.Context) ([]BackupInfo, error) {
	s := c.settings()
	if s.Storage.Kind == "" {
		return nil, notSetUp()
	}
	out := []BackupInfo{}
	for _, b := range s.Backups {
		out = append(out, c.info(b))
	}
	return out, nil
}

// backup finds a backup of this computer.
func (c *Client) backup(name string) (config.Backup, error) {
	for _, same := range []func(string) string{tree.NFC, tree.Fold} {
		for _, b := range c.settings().Backups {
			if same(b.Name) == same(name) {
				return b, nil
			}
		}
	}
	return config.Backup{}, wrongUse("Look at: elkjop backup list.", "There is no backup called %q on this computer.", name).because("folder-gone", name)
}

// RemoveBackup stops backing up a folder. The copies stay, or go to the trash; the folder itself is not touched.
func (c *Client) RemoveBackup(ctx context.Context, name string, toTrash bool) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	b, err := c.backup(name)
	if err != nil {
		return err
	}
	err = c.change(func(s *config.Settings) error {
		s.Backups = slices.DeleteFunc(s.Backups, func(x config.Backup) bool { return x.VolumePrefix == b.VolumePrefix })
		s.Former = append(s.Former, config.Backup{Name: b.Name, Root: b.Root, VolumePrefix: b.VolumePrefix})
		return nil
	})
	if err != nil {
		return fail(err)
	}
	v, _ := layout.ParseVolume(b.VolumePrefix)
	u := l.use(v)
	if err := u.forget(ctx); err != nil {
		return fail(err)
	}
	if toTrash {
		err = u.Tell(ctx, func(s *merge.State) ([]merge.Op, error) { return selection.DeleteOps(s, ""), nil })
	}
	c.note("describe this computer", l.saveDevice(ctx))
	return fail(err)
}

// SkippedIn returns what of a folder is not backed up, and why. It looks at the folder when that has not been done yet.
func (c *Client) SkippedIn(ctx context.Context, name string) ([]Skipped, error) {
	p, err := c.named(name)
	if err != nil {
		return nil, err
	}
	out := []Skipped{}
	err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		all, err := p.skipped(ctx)
		for _, s := range all {
			out = append(out, Skipped{Path: filepath.Join(p.root, filepath.FromSlash(s.Path)), Reason: s.Reason.String()})
		}
		return err
	})
	return out, fail(err)
}

// ContinueBackup goes on with another computer's backup "DEVICE/NAME" in a folder here. What is there already is not sent again. With the folder
// that makes the backup already it takes over: what another computer changed there becomes again what is here.
func (c *Client) ContinueBackup(ctx context.Context, spec, dir string) (BackupInfo, error) {
	l, err := c.open(ctx)
	if err != nil {
		return BackupInfo{}, err
	}
	v, path, err := c.resolve(ctx, l, spec)
	if err != nil {
		return BackupInfo{}, err
	}
	if path != "" {
		return BackupInfo{}, wrongUse("Give DEVICE/NAME.", "%q is a part of a backup. Only a whole one can be continued.", spec)
	}
	for _, b := range c.settings().Backups {
		if b.VolumePrefix == v.Prefix() && backup.Same(b.Root, dir) {
			return c.takeOver(ctx, b)
		}
		if b.VolumePrefix == v.Prefix() {
			return BackupInfo{}, wrongUse("Nothing needs to be done.", "This computer makes this backup already, of %s.", b.Root).because("known-backup", b.Root)
		}
	}
	root, err := c.newRoot(dir)
	if err != nil {
		return BackupInfo{}, err
	}
	name := v.Folder
	if _, err := c.named(name); err == nil {
		if name, err = c.newName("", filepath.Join(root, v.Folder)); err != nil {
			return BackupInfo{}, err
		}
	}
	return c.addBackup(ctx, l, config.Backup{Name: name, Root: root, VolumePrefix: v.Prefix()})
}

func (c *Client) takeOver(ctx context.Context, b config.Backup) (BackupInfo, error) {
	p, err := c.named(b.Name)
	if err == nil {
		err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error { return e.TakeOver(ctx) })
	}
	if err != nil {
		return BackupInfo{}, fail(err)
	}
	return c.info(b), nil
}

// resolve reads "[DEVICE/]NAME[/PATH]".
func (c *Client) resolve(ctx context.Context, l *link, spec string) (layout.Volume, string, error) {
	volumes, err := l.space.Volumes(ctx)
	if err != nil {
		return layout.Volume{}, "", fail(err)
	}
	var known []backup.Known
	for _, b := range c.settings().Backups {
		if v, ok := layout.ParseVolume(b.VolumePrefix); ok {
			known = append(known, backup.Known{Name: b.Name, Volume: v})
		}
	}
	names := []string{}
	for _, v := range volumes {
		if v.Area == layout.Backup {
			known = append(known, backup.Known{Volume: v})
			names = append(names, v.Device+"/"+v.Folder)
		}
	}
	v, path, err := backup.Resolve(spec, known)
	if err != nil {
		action := "Nothing is backed up yet."
		if len(names) > 0 {
			action = "There are: " + strings.Join(names, ", ") + "."
		}
		return v, "", wrongUse(action, "There is no backup called %q.", spec).because("backup-gone", spec)
	}
	return v, path, nil
}

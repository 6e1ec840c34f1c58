package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/treedb"
)

const (
	databaseName = "state.db"
	damageName   = "state.db.damaged" // left by a run that found the database damaged
	rebuildName  = "state.db.rebuild" // left by a run that was asked to have it made anew
)

// openDatabase opens the database. One that is damaged is put aside and made anew, and a problem says so; one that is to be made anew keeps its history.
func (c *Client) openDatabase(ctx context.Context) error {
	path := filepath.Join(c.o.Home, databaseName)
	err := error(statedb.ErrDamaged)
	if _, e := os.Stat(filepath.Join(c.o.Home, damageName)); e != nil {
		c.db, err = treedb.Open(path)
	}
	if err == nil {
		return c.rebuild(ctx, path)
	}
	if !errors.Is(err, statedb.ErrDamaged) {
		return err
	}
	aside, err := c.anew(path)
	if err != nil {
		return err
	}
	c.o.Log.Warn("the database was damaged and put aside", "file", aside)
	c.notes = append(c.notes, NewProblem(CodeSetAside, aside, nil))
	c.event(treedb.Event{Kind: "database-lost", Path: aside, Message: words[CodeSetAside].message})
	return errors.Join(c.unmark(damageName), c.unmark(rebuildName), c.flush(ctx))
}

// anew puts the database aside, which must not be open, and opens a new one.
func (c *Client) anew(path string) (aside string, err error) {
	aside, err = statedb.SetAside(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("put the database aside: %w", err)
	}
	c.db, err = treedb.Open(path)
	return aside, err
}

// rebuild makes the database anew if that was asked for, once, and with its history if that can be read and written: nobody is kept from starting by it.
// What was put aside stays for somebody to look at, as that of a damaged one does.
func (c *Client) rebuild(ctx context.Context, path string) error {
	if _, err := os.Stat(filepath.Join(c.o.Home, rebuildName)); err != nil {
		return nil
	}
	history, err := c.db.Activity().Page(ctx, 0, treedb.ActivityRows, "")
	c.note("read the history", err)
	if err := c.db.Close(); err != nil {
		return err
	}
	if _, err := c.anew(path); err != nil {
		return err
	}
	slices.Reverse(history)
	c.note("keep the history", c.db.Activity().Append(ctx, history...))
	c.event(treedb.Event{Kind: "rebuilt"})
	c.note("write the history", c.flush(ctx))
	return c.unmark(rebuildName)
}

func (c *Client) unmark(name string) error {
	if err := os.Remove(filepath.Join(c.o.Home, name)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (c *Client) mark(name string) error {
	return os.WriteFile(filepath.Join(c.o.Home, name), nil, 0o600)
}

// RebuildIndex lets the next start of the program forget what it remembers of the folders here, and compare all of them with the cloud. Nothing is sent
// twice, and no file changes; what was deleted here and not told yet comes back.
func (c *Client) RebuildIndex(context.Context) error {
	if err := c.mark(rebuildName); err != nil {
		return Unwritten(err, filepath.Join(c.o.Home, rebuildName))
	}
	return nil
}

// damaged leaves a mark so that the next start puts the database aside.
func (c *Client) damaged(err error) {
	if errors.Is(err, statedb.ErrDamaged) {
		if err := c.mark(damageName); err != nil {
			c.o.Log.Error("mark the database as damaged", "error", err)
		}
	}
}

package app

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/sync/treedb"
)

// Client is everything that the product does on one computer, for one home directory. Its methods may be called from any goroutine.
// Errors for people are *Problem. It works before anything is set up: what needs a storage answers with CodeNotSetUp then.
type Client struct {
	o       Options
	db      *treedb.DB
	run     uint32
	ids     *ulids
	changed chan struct{}
	poke    chan struct{} // Run looks at what there is to run

	throttle *throttle
	relief   relief

	linking   sync.Mutex // held while the space is opened
	restoring sync.Mutex // one restore at a time: they share a folder for what is not whole yet
	setting   sync.Mutex // held by whoever changes the settings
	pinning   sync.Mutex // held while the sidebar is looked after

	mu      sync.Mutex // guards what follows; nothing is asked of disk, cloud or engines under it
	cfg     config.Settings
	link    *link
	pairs   []*pair
	notes   []*Problem // of the client as a whole
	trouble *Problem   // why the space could not be opened
	events  []treedb.Event
	running bool
	moved   int                   // files sent or brought in this run
	past    map[string]PairStatus // as an earlier run left them
	held    held
	room    roomLeft
	trashed int64 // bytes in the Trash, as far as was read
}

// New returns the client of a home directory. A damaged database is put aside and made anew, and a problem says so.
func New(ctx context.Context, o Options) (*Client, error) {
	cfg, err := config.Load(o.Home)
	if err != nil {
		return nil, problemOf(err, filepath.Join(o.Home, config.Name))
	}
	c := &Client{o: o, cfg: cfg, run: random32(), changed: make(chan struct{}, 1), poke: make(chan struct{}, 1), ids: &ulids{now: o.Now}, throttle: newThrottle()}
	if err := c.openDatabase(ctx); err != nil {
		return nil, Unwritten(err, filepath.Join(o.Home, databaseName))
	}
	c.loadStatus(ctx)
	c.arrange()
	return c, nil
}

// Close ends what runs and closes the database.
func (c *Client) Close() error {
	c.mu.Lock()
	pairs := c.pairs
	c.pairs = nil
	c.mu.Unlock()
	for _, p := range pairs {
		p.close()
	}
	err := errors.Join(c.flush(context.Background()), c.db.Close())
	if c.o.Closed != nil {
		err = errors.Join(err, c.o.Closed())
	}
	return err
}

// settings returns what is chosen now.
func (c *Client) settings() config.Settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cfg.Clone()
}

// change saves changed settings and arranges the pairs anew.
func (c *Client) change(f func(*config.Settings) error) error {
	c.setting.Lock()
	defer c.setting.Unlock()
	s := c.settings()
	if err := f(&s); err != nil {
		return err
	}
	if err := config.Save(c.o.Home, s); err != nil {
		return err
	}
	c.mu.Lock()
	c.cfg = s
	c.mu.Unlock()
	c.arrange()
	return nil
}

// Changed has a value when Status may have changed since it was last read.
func (c *Client) Changed() <-chan struct{} { return c.changed }

func (c *Client) signal() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

func (c *Client) poked() {
	select {
	case c.poke <- struct{}{}:
	default:
	}
	c.signal()
}

// zone is this computer's offset from UTC in seconds.
func (c *Client) zone() int {
	_, offset := c.o.Now().In(time.Local).Zone()
	return offset
}

package app

import (
	"context"
	"errors"

	"elkjopcloud/app/config"
)

// Links lets links of ours open the program with the window.
type Links interface {
	// State is "ours", "other" (another program opens them) or "nobody".
	State(ctx context.Context) (string, error)
	Set(ctx context.Context, on bool) error
}

// Links says whether links of ours open the program.
func (c *Client) Links(ctx context.Context) (LinksInfo, error) {
	if c.o.Desktop.Links == nil {
		return LinksInfo{State: LinksNone}, nil
	}
	state, err := c.o.Desktop.Links.State(ctx)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return LinksInfo{State: LinksNone}, nil
	case err != nil:
		return LinksInfo{State: LinksOff, Problem: c.linksProblem(err)}, nil
	case state == "ours":
		return LinksInfo{State: LinksOn}, nil
	case state == "other":
		return LinksInfo{State: LinksOther}, nil
	}
	return LinksInfo{State: LinksOff}, nil
}

// SetLinks switches that on, also where another program opens them now, or off. Off stays off.
func (c *Client) SetLinks(ctx context.Context, on bool) (LinksInfo, error) {
	err := c.change(func(s *config.Settings) error {
		s.Links = nil
		if !on {
			s.Links = new(bool)
		}
		return nil
	})
	if err != nil {
		return LinksInfo{}, fail(err)
	}
	if c.o.Desktop.Links == nil {
		return c.Links(ctx)
	}
	failed := c.o.Desktop.Links.Set(ctx, on)
	info, err := c.Links(ctx)
	if failed != nil && err == nil {
		info.Problem = c.linksProblem(failed)
	}
	return info, err
}

// lookAfterLinks lets links open the program, unless another program does or somebody switched it off.
func (c *Client) lookAfterLinks(ctx context.Context) {
	if s := c.settings(); c.o.Desktop.Links == nil || s.Links != nil && !*s.Links {
		return
	}
	info, _ := c.Links(ctx) // what it cannot tell stands in the log
	if info.State != LinksOff || info.Problem != nil {
		return
	}
	if err := c.o.Desktop.Links.Set(ctx, true); err != nil {
		c.o.Log.Info("links do not open the program", "error", err)
	}
}

func (c *Client) linksProblem(err error) *Problem {
	c.o.Log.Warn("let links open the program", "error", err)
	return NewProblem(CodeLinks, "", err)
}

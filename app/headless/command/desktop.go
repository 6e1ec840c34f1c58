package command

import (
	"context"
	"io"
	"path/filepath"

	"elkjopcloud/app"
)

type syncSidebarCommand struct {
	Switch string `arg:"" optional:"" enum:"on,off,status" default:"status" help:"on, off or status."`
}

func (syncSidebarCommand) Help() string {
	return `The folder is in the sidebar of your file manager unless you switch that off, here or there. "on" puts it back also where you removed it.

Examples:

    elkjop sync sidebar
    elkjop sync sidebar off`
}

// Run shows or switches it.
func (c syncSidebarCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	var info app.SidebarInfo
	if c.Switch == "status" {
		info, err = client.Sidebar(s.ctx)
	} else {
		info, err = client.SetSidebar(s.ctx, c.Switch == "on")
	}
	if err != nil {
		return err
	}
	s.print(info, func(w io.Writer) {
		line(w, sidebarWords[info.State])
		showWarning(w, info.Problem)
	})
	return nil
}

var sidebarWords = map[string]string{
	app.SidebarShown:   "Your file manager shows the Synced folder in its sidebar.",
	app.SidebarRemoved: "You removed the Synced folder from the sidebar of your file manager. It is not put back by itself.",
	app.SidebarOff:     "The Synced folder is not to be in the sidebar of your file manager.",
	app.SidebarNone:    "There is nothing to show in a sidebar, or no sidebar here.",
	app.SidebarFailed:  "The Synced folder could not be put into the sidebar.",
}

// showWarning writes one line about what did not succeed beside what did.
func showWarning(w io.Writer, p *app.Problem) {
	if p != nil {
		linef(w, "%s %s", p.Message, p.Action)
	}
}

type linkCommand struct {
	Switch string `arg:"" optional:"" enum:"on,off,status" default:"status" help:"on, off or status."`
}

func (linkCommand) Help() string {
	return `Links that begin with elkjopcloud: open the program with the window unless you switch that off, or another program opens them. "on" takes
them over.

Examples:

    elkjop link
    elkjop link off`
}

// Run shows or switches it.
func (c linkCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	var info app.LinksInfo
	if c.Switch == "status" {
		info, err = client.Links(s.ctx)
	} else {
		info, err = client.SetLinks(s.ctx, c.Switch == "on")
	}
	if err != nil {
		return err
	}
	s.print(info, func(w io.Writer) {
		line(w, linkWords[info.State])
		showWarning(w, info.Problem)
	})
	return nil
}

var linkWords = map[string]string{
	app.LinksOn:    "Links open the program.",
	app.LinksOff:   "Links do not open the program.",
	app.LinksOther: "Links open another program, or this one at another place.",
	app.LinksNone:  "There is no program with a window here that links could open.",
}

// starter lets the system start this program when its user signs in.
type starter interface {
	State(ctx context.Context) (string, error) // on, off, switched-off or other
	Set(ctx context.Context, on bool) error
}

type autostartCommand struct {
	Switch string `arg:"" optional:"" enum:"on,off,status" default:"status" help:"on, off or status."`
}

func (autostartCommand) Help() string {
	return `With "on", the system starts "elkjop run" when you sign in, without a window. When you switch it off in the system's own settings, it stays
off.

Examples:

    elkjop autostart on
    elkjop autostart status`
}

// autostartState is the result.
type autostartState struct {
	Autostart string `json:"autostart"`
}

// Run switches it, and shows how it is then.
func (c autostartCommand) Run(s *session) error {
	if err := s.ownHome(); err != nil {
		return err
	}
	if c.Switch != "status" {
		if err := s.SignIn.Set(s.ctx, c.Switch == "on"); err != nil {
			return notStarted(err)
		}
	}
	state, err := s.SignIn.State(s.ctx)
	if err != nil {
		return notStarted(err)
	}
	s.print(autostartState{state}, func(w io.Writer) { line(w, autostartWords[state]) })
	return nil
}

var autostartWords = map[string]string{
	"on":           "The program starts when you sign in.",
	"off":          "The program does not start when you sign in.",
	"switched-off": "You switched it off in the system's settings: the program does not start when you sign in.",
	"other":        "Another program, or this one at another place, starts when you sign in.",
}

// ownHome refuses homes that play another computer: only one program starts by itself.
func (s *session) ownHome() error {
	home, err := s.home()
	if err != nil {
		return err
	}
	if s.SignIn == nil || filepath.Clean(home) != filepath.Clean(s.World.Home) {
		return &app.Problem{Code: app.CodeWrongUse, Message: "Only with its usual home does the program start by itself.", Action: "Leave --home and ELKJOP_HOME out."}
	}
	return nil
}

func notStarted(err error) error {
	return &app.Problem{Code: "autostart", Message: "The system did not take it.", Action: "Add \"elkjop run --hidden\" to the programs that start at sign-in, in the system's settings.", Err: err}
}

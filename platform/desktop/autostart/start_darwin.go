package autostart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"elkjopcloud/platform/disk"
)

const launchctl = "/bin/launchctl"

func file(p Program) (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", p.ID+".plist"), err
}

// domain names this user's session to launchctl.
func domain() string { return "gui/" + strconv.Itoa(os.Getuid()) }

func look(ctx context.Context, p Program) (State, error) {
	path, err := file(p)
	if err != nil {
		return Off, err
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Off, nil
	}
	if err != nil {
		return Off, err
	}
	listing, err := exec.CommandContext(ctx, launchctl, "print-disabled", domain()).Output()
	switch {
	case err == nil && disabledIn(listing, p.ID):
		return SwitchedOff, nil
	case !bytes.Equal(content, agent(p)):
		return Other, nil
	}
	return On, nil
}

// enable writes the file and takes back a no of the user. The program is not started now: it runs already.
func enable(ctx context.Context, p Program) error {
	path, err := file(p)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := disk.WriteFileAtomic(path, agent(p), 0o644); err != nil {
		return err
	}
	if err := exec.CommandContext(ctx, launchctl, "enable", domain()+"/"+p.ID).Run(); err != nil {
		return fmt.Errorf("launchctl enable: %w", err)
	}
	return nil
}

func disable(_ context.Context, p Program) error {
	path, err := file(p)
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

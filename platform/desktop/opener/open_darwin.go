package opener

import (
	"context"
	"os/exec"
)

// tool hands paths and links to the Finder; a path begins with a slash and a link with its scheme, so neither is taken for an option.
const tool = "/usr/bin/open"

func reveal(ctx context.Context, path string) error {
	return exec.CommandContext(ctx, tool, "-R", path).Run()
}

func open(ctx context.Context, path string) error { return exec.CommandContext(ctx, tool, path).Run() }

func openLink(ctx context.Context, link string) error {
	return exec.CommandContext(ctx, tool, link).Run()
}

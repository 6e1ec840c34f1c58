package urlscheme

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// classes is where this user's schemes are registered.
const classes = registryPath(`Software\Classes`)

// registryPath is the key that schemes lie below, so that tests have one of their own.
type registryPath string

func look(_ context.Context, h Handler) (State, error) { return classes.look(h) }

func register(_ context.Context, h Handler) error { return classes.register(h) }

func unregister(_ context.Context, h Handler) error { return classes.unregister(h) }

func (r registryPath) key(h Handler) string { return string(r) + `\` + h.Scheme }

// line is the command line; Windows puts the link in place of %1 as it came. One with a quote in it could bring arguments of its own, so
// the program must take exactly one argument after Args, refuse more, and give it to Parse.
func (h Handler) line() string { return windows.ComposeCommandLine(h.command()) + ` "%1"` }

func (r registryPath) look(h Handler) (State, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, r.key(h)+`\shell\open\command`, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return Nobody, nil
	}
	if err != nil {
		return Nobody, err
	}
	defer key.Close()
	line, _, err := key.GetStringValue("")
	switch {
	case errors.Is(err, registry.ErrNotExist):
		return Nobody, nil
	case err != nil:
		return Nobody, err
	case line != h.line():
		return holderOf(line), nil
	}
	return Ours, nil
}

// holderOf says who gets the links when it is what a command line starts.
func holderOf(line string) State {
	words, err := windows.DecomposeCommandLine(line)
	if err != nil || len(words) == 0 {
		return Nobody
	}
	if !filepath.IsAbs(words[0]) {
		return Other // looked for by the system
	}
	return holder(words[0])
}

func (r registryPath) register(h Handler) error {
	for _, v := range []struct{ below, name, text string }{
		{"", "", "URL:" + h.Name},
		{"", "URL Protocol", ""},
		{`\DefaultIcon`, "", h.Path + ",0"},
		{`\shell\open\command`, "", h.line()},
	} {
		if err := write(r.key(h)+v.below, v.name, v.text); err != nil {
			return fmt.Errorf("write %s: %w", r.key(h)+v.below, err)
		}
	}
	return nil
}

func (r registryPath) unregister(h Handler) error {
	state, err := r.look(h)
	if err != nil || state != Ours {
		return err
	}
	for _, below := range []string{`\shell\open\command`, `\shell\open`, `\shell`, `\DefaultIcon`, ``} {
		if err := registry.DeleteKey(registry.CURRENT_USER, r.key(h)+below); err != nil && !errors.Is(err, registry.ErrNotExist) {
			return err
		}
	}
	return nil
}

func write(path, name, text string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	return key.SetStringValue(name, text)
}

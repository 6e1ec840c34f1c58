package autostart

import (
	"context"
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func look(_ context.Context, p Program) (State, error) { return system.look(p) }

func enable(_ context.Context, p Program) error { return system.enable(p) }

func disable(_ context.Context, p Program) error { return system.disable(p) }

// keys are where Windows keeps its list, below the user's part of the registry.
type keys struct {
	run      string // a command line for each name
	approved string // what the user switched off in the Task Manager or the Settings
}

const system = windowsList(`Software\Microsoft\Windows\CurrentVersion`)

// windowsList is the key that both lie below, so that tests have one of their own.
type windowsList string

func (l windowsList) keys() keys {
	return keys{run: string(l) + `\Run`, approved: string(l) + `\Explorer\StartupApproved\Run`}
}

func (l windowsList) look(p Program) (State, error) {
	line, err := readText(l.keys().run, p.ID)
	if errors.Is(err, registry.ErrNotExist) {
		return Off, nil
	}
	if err != nil {
		return Off, err
	}
	off, err := l.switchedOff(p)
	switch {
	case err != nil:
		return Off, err
	case off:
		return SwitchedOff, nil
	case line != windows.ComposeCommandLine(p.command()):
		return Other, nil
	}
	return On, nil
}

// switchedOff reads the user's answer: an odd first byte is a no.
func (l windowsList) switchedOff(p Program) (bool, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, l.keys().approved, registry.QUERY_VALUE)
	if err != nil {
		return false, ignoreMissing(err)
	}
	defer key.Close()
	answer, _, err := key.GetBinaryValue(p.ID)
	if err != nil {
		return false, ignoreMissing(err)
	}
	return len(answer) > 0 && answer[0]&1 == 1, nil
}

func (l windowsList) enable(p Program) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, l.keys().run, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if err := key.SetStringValue(p.ID, windows.ComposeCommandLine(p.command())); err != nil {
		return err
	}
	return deleteValue(l.keys().approved, p.ID)
}

func (l windowsList) disable(p Program) error {
	return errors.Join(deleteValue(l.keys().run, p.ID), deleteValue(l.keys().approved, p.ID))
}

func readText(path, name string) (string, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return "", err
	}
	defer key.Close()
	text, _, err := key.GetStringValue(name)
	return text, err
}

func deleteValue(path, name string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		return ignoreMissing(err)
	}
	defer key.Close()
	return ignoreMissing(key.DeleteValue(name))
}

func ignoreMissing(err error) error {
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}

package main

import (
	"encoding/json"
	"log/slog"
	"os"

	"elkjopcloud/ui"
)

// focusFile is the environment variable that names a file to which a line of JSON (ui.Focus) is added whenever the window looks what has the keyboard: for
// tests that use the window as somebody would. Nothing that was typed is written.
const focusFile = "ELKJOP_UI_FOCUS"

// focused returns what writes that file; nil when nobody asks for it.
func focused(log *slog.Logger) func(ui.Focus) {
	path := os.Getenv(focusFile)
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		log.Error("what has the keyboard cannot be written", "error", err)
		return nil
	}
	out := json.NewEncoder(f)
	return func(x ui.Focus) {
		if err := out.Encode(x); err != nil {
			log.Error("what has the keyboard cannot be written", "error", err)
		}
	}
}

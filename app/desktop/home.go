package main

import (
	"log/slog"
	"os"
	"path/filepath"

	"github.com/DeRuina/timberjack"
	"github.com/pelletier/go-toml/v2"

	elkjopcloud "elkjopcloud"
	"elkjopcloud/platform/desktop/ospaths"
)

// homeName is where the state of a computer is, below the system's place for data: the command line's too, so that both are one client.
const homeName = "elkjop"

// folder is the home directory of the client: ELKJOP_HOME, or the system's place. own tells whether it is the latter, so that the sidebar of the
// file manager is this client's.
func folder() (home string, own bool) {
	paths, err := ospaths.For(homeName)
	if dir := os.Getenv("ELKJOP_HOME"); dir != "" {
		return dir, err == nil && filepath.Clean(dir) == paths.Data
	}
	if err != nil {
		return filepath.Join(os.TempDir(), homeName), false // a user without a home folder has no better place
	}
	return paths.Data, true
}

const (
	logName  = "elkjop.log"
	logSize  = 10 // megabytes, after which a new one is begun
	logCount = 2  // old ones that are kept
)

// journal is the log, a file in the home, and what ends it.
func journal(home string) (*slog.Logger, func()) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return slog.New(slog.NewTextHandler(os.Stderr, nil)), func() {}
	}
	file := &timberjack.Logger{Filename: filepath.Join(home, logName), MaxSize: logSize, MaxBackups: logCount, FileMode: 0o600}
	return slog.New(slog.NewTextHandler(file, nil)), func() { _ = file.Close() }
}

// version is the product's, from its metadata.
func version() string {
	var m struct{ Details struct{ Version string } }
	if toml.Unmarshal(elkjopcloud.Metadata, &m) != nil || m.Details.Version == "" {
		return "0"
	}
	return m.Details.Version
}

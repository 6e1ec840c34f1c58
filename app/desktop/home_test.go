package main

import (
	"path/filepath"
	"testing"
)

// TestFolder: only the computer's own home may have a place in the file manager.
func TestFolder(t *testing.T) {
	data := t.TempDir()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_DATA_HOME", data)
	t.Setenv("ELKJOP_HOME", "")
	usual, own := folder()
	if filepath.Base(usual) != homeName || !own {
		t.Errorf("%q, %v", usual, own)
	}
	t.Setenv("ELKJOP_HOME", usual+"/")
	if home, own := folder(); filepath.Clean(home) != usual || !own {
		t.Errorf("its own, named: %q, %v", home, own)
	}
	other := t.TempDir()
	t.Setenv("ELKJOP_HOME", other)
	if home, own := folder(); home != other || own {
		t.Errorf("another: %q, %v", home, own)
	}
}

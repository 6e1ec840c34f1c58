package listfile

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// add is a change that adds one line.
func add(old []byte) ([]byte, error) { return append(bytes.Clone(old), "ours\n"...), nil }

func TestAMissingFileIsEmpty(t *testing.T) {
	file := filepath.Join(disktest.TempDir(t), "new", "list")
	if err := Edit(t.Context(), file, add); err != nil || content(t, file) != "ours\n" {
		t.Errorf("%v", err)
	}
}

func TestWhatAnotherProgramWritesMeanwhileStays(t *testing.T) {
	file, first := filepath.Join(disktest.TempDir(t), "list"), true
	write(t, file, "x\n")
	err := Edit(t.Context(), file, func(old []byte) ([]byte, error) {
		if first {
			first = false
			write(t, file, "x\ny\n")
		}
		return add(old)
	})
	if got := content(t, file); err != nil || got != "x\ny\nours\n" {
		t.Errorf("%q %v", got, err)
	}
	err = Edit(t.Context(), file, func(old []byte) ([]byte, error) {
		write(t, file, string(old)+"z\n")
		return add(old)
	})
	if !errors.Is(err, ErrBusy) {
		t.Errorf("Edit = %v", err)
	}
}

func TestNothingIsWritten(t *testing.T) {
	refuse := errors.New("no")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, edit := range map[string]func(file string) error{
		"the change fails": func(file string) error {
			return Edit(t.Context(), file, func([]byte) ([]byte, error) { return nil, refuse })
		},
		"the context ended": func(file string) error { return Edit(ended, file, add) },
		"nothing changes": func(file string) error {
			return errors.Join(refuse, Edit(t.Context(), file, func(old []byte) ([]byte, error) { return old, nil }))
		},
	} {
		dir := disktest.TempDir(t)
		file := filepath.Join(dir, "list")
		write(t, file, "x")
		before, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := edit(file); err == nil {
			t.Errorf("%s: no error", name)
		}
		after, err := os.Stat(file)
		if err != nil || !os.SameFile(before, after) || content(t, file) != "x" {
			t.Errorf("%s: it was replaced (%v)", name, err)
		}
		if in, err := os.ReadDir(dir); len(in) != 1 || err != nil {
			t.Errorf("%s: %v is left (%v)", name, in, err)
		}
	}
}

func TestWhatIsNoList(t *testing.T) {
	dir := disktest.TempDir(t)
	if err := Edit(t.Context(), dir, add); err == nil {
		t.Error("a folder was taken for a list")
	}
	large := filepath.Join(dir, "large")
	write(t, large, "")
	if err := os.Truncate(large, largestList+1); err != nil {
		t.Fatal(err)
	}
	if err := Edit(t.Context(), large, add); err == nil {
		t.Error("a very large file was taken for a list")
	}
}

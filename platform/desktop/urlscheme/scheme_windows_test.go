package urlscheme

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows/registry"

	"elkjopcloud/platform/disk/disktest"
)

func TestInTheRegistry(t *testing.T) {
	r := registryPath(fmt.Sprintf(`Software\elkjop-test-%d`, os.Getpid()))
	if key, _, err := registry.CreateKey(registry.CURRENT_USER, string(r), registry.SET_VALUE); err != nil {
		t.Fatal(err)
	} else {
		key.Close()
	}
	t.Cleanup(func() { // only an empty key can be deleted: nothing of ours may be left in it
		if err := registry.DeleteKey(registry.CURRENT_USER, string(r)); err != nil {
			t.Error(err)
		}
	})
	program := filepath.Join(disktest.TempDir(t), "Elkjøp Cloud.exe")
	if err := os.WriteFile(program, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h := Handler{Scheme: "elkjopcloud", ID: "elkjop-cloud", Name: "Elkjøp Cloud", Path: program, Args: []string{"open"}}
	other := h
	other.Path = `D:\elkjop.exe`
	state := func(h Handler, want State) {
		t.Helper()
		if got, err := r.look(h); got != want || err != nil {
			t.Errorf("look = %s %v, want %s", got, err, want)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	state(h, Nobody)
	do(r.unregister(h))
	do(r.register(h))
	state(h, Ours)
	state(other, Other)
	do(r.unregister(other))
	state(h, Ours)
	if got, want := h.line(), `"`+program+`" open "%1"`; got != want {
		t.Errorf("%s", got)
	}
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	state(other, Nobody)
	do(r.unregister(h))
	state(h, Nobody)
}

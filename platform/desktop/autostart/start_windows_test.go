package autostart

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/windows/registry"
)

func TestALifeInTheRegistry(t *testing.T) {
	base := fmt.Sprintf(`Software\elkjop-test-%d`, os.Getpid())
	l := windowsList(base)
	t.Cleanup(func() {
		for _, key := range []string{`\Run`, `\Explorer\StartupApproved\Run`, `\Explorer\StartupApproved`, `\Explorer`, ``} {
			_ = registry.DeleteKey(registry.CURRENT_USER, base+key)
		}
	})
	p := Program{ID: "elkjop-cloud", Path: `C:\Program Files\Elkjøp Cloud\elkjop.exe`, Args: []string{"run", "--hidden"}}
	moved := p
	moved.Path = `D:\elkjop.exe`
	state := func(p Program, want State) {
		t.Helper()
		if got, err := l.look(p); got != want || err != nil {
			t.Fatalf("look = %s %v, want %s", got, err, want)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	state(p, Off)
	do(l.enable(p))
	state(p, On)
	state(moved, Other)
	if line, err := readText(l.keys().run, p.ID); line != `"C:\Program Files\Elkjøp Cloud\elkjop.exe" run --hidden` || err != nil {
		t.Errorf("%s %v", line, err)
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, l.keys().approved, registry.SET_VALUE)
	do(err)
	do(key.SetBinaryValue(p.ID, []byte{3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})) // as the Task Manager writes it
	state(p, SwitchedOff)
	do(key.SetBinaryValue(p.ID, []byte{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
	state(p, On)
	do(key.SetBinaryValue(p.ID, []byte{3, 0, 0, 0}))
	do(key.Close())
	do(l.enable(p))
	state(p, On)
	do(l.disable(p))
	do(l.disable(p))
	state(p, Off)
}

package sidebar

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// ownPane is a navigation pane in a part of the registry that nobody shows.
func ownPane(t *testing.T) pane {
	p := pane{base: fmt.Sprintf(`Software\elkjop-test-%d-%s`, os.Getpid(), t.Name())}
	t.Cleanup(func() {
		if err := deleteTree(p.base); err != nil {
			t.Error(err)
		}
	})
	return p
}

var onWindows = Entry{Name: "Elkjøp Cloud", Path: `C:\Users\Kari\Elkjøp Cloud`, ID: "{11111111-2222-3333-4444-555555555555}", Icon: `C:\elkjop.exe,0`}

func TestNavigationPane(t *testing.T) {
	p := ownPane(t)
	s := &Sidebar{places: []place{p}}
	r, err := s.Pin(t.Context(), onWindows, Record{})
	if err != nil || r.Marks["navigation"] != Pinned {
		t.Fatalf("Pin = %+v %v", r, err)
	}
	for _, want := range []struct {
		key, name, text string
		number          uint64
	}{
		{`\Classes\CLSID\` + onWindows.ID, "", "Elkjøp Cloud", 0},
		{`\Classes\CLSID\` + onWindows.ID, "System.IsPinnedToNameSpaceTree", "", 1},
		{`\Classes\CLSID\` + onWindows.ID, "SortOrderIndex", "", 0x42},
		{`\Classes\CLSID\` + onWindows.ID + `\DefaultIcon`, "", `C:\elkjop.exe,0`, 0},
		{`\Classes\CLSID\` + onWindows.ID + `\Instance`, "CLSID", folderInstance, 0},
		{`\Classes\CLSID\` + onWindows.ID + `\Instance\InitPropertyBag`, "TargetFolderPath", onWindows.Path, 0},
		{`\Classes\CLSID\` + onWindows.ID + `\ShellFolder`, "Attributes", "", 0xF080004D},
		{`\Microsoft\Windows\CurrentVersion\Explorer\Desktop\NameSpace\` + onWindows.ID, "", "Elkjøp Cloud", 0},
		{`\Microsoft\Windows\CurrentVersion\Explorer\HideDesktopIcons\NewStartPanel`, onWindows.ID, "", 1},
	} {
		got, err := text(p.base+want.key, want.name)
		if want.number != 0 {
			var n uint64
			n, err = number(p.base+want.key, want.name)
			got = want.text
			if n != want.number {
				t.Errorf("%s %s is %#x", want.key, want.name, n)
			}
		}
		if got != want.text || err != nil {
			t.Errorf("%s %s is %q (%v)", want.key, want.name, got, err)
		}
	}
	if _, kind, err := value2(p.base+`\Classes\CLSID\`+onWindows.ID+`\InProcServer32`, ""); kind != registry.EXPAND_SZ || err != nil {
		t.Errorf("InProcServer32 has kind %d (%v)", kind, err)
	}
	r, err = s.Unpin(t.Context(), onWindows, r)
	if err != nil || r.Shown() {
		t.Fatalf("Unpin = %+v %v", r, err)
	}
	nothingLeft(t, p)
}

func value2(path, name string) (string, uint32, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return "", 0, err
	}
	defer key.Close()
	return key.GetStringValue(name)
}

func nothingLeft(t *testing.T, p pane) {
	t.Helper()
	for _, key := range []string{p.class(onWindows), p.namespace(onWindows)} {
		if _, err := text(key, ""); !errors.Is(err, registry.ErrNotExist) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := number(p.explorer(`HideDesktopIcons\NewStartPanel`), onWindows.ID); !errors.Is(err, registry.ErrNotExist) {
		t.Errorf("NewStartPanel: %v", err)
	}
}

func TestTheEntryFollowsTheFolder(t *testing.T) {
	p := ownPane(t)
	s := &Sidebar{places: []place{p}}
	r, err := s.Pin(t.Context(), onWindows, Record{})
	if err != nil {
		t.Fatal(err)
	}
	moved := onWindows
	moved.Path = `D:\Elkjøp`
	if r, err = s.Pin(t.Context(), moved, r); err != nil || r.Path != moved.Path || r.Marks["navigation"] != Pinned {
		t.Errorf("Pin = %+v %v", r, err)
	}
	if got, err := text(p.class(moved)+`\Instance\InitPropertyBag`, "TargetFolderPath"); got != moved.Path || err != nil {
		t.Errorf("it leads to %q (%v)", got, err)
	}
	moved.Path = `d:\elkjØp\`
	if at, err := p.look(t.Context(), moved); at != ours || err != nil {
		t.Errorf("in other letters: %v %v", at, err)
	}
}

func TestWhatTheUserSwitchedOff(t *testing.T) {
	p := ownPane(t)
	s := &Sidebar{places: []place{p}}
	r, err := s.Pin(t.Context(), onWindows, Record{})
	if err != nil {
		t.Fatal(err)
	}
	if err := (value{key: p.class(onWindows), name: "System.IsPinnedToNameSpaceTree", kind: registry.DWORD}).write(); err != nil {
		t.Fatal(err)
	}
	if r, err = s.Pin(t.Context(), onWindows, r); err != nil || !r.Refused() {
		t.Errorf("Pin = %+v %v", r, err)
	}
	if _, err := s.Unpin(t.Context(), onWindows, r); err != nil {
		t.Error(err)
	}
	nothingLeft(t, p)
}

func TestForeignEntries(t *testing.T) {
	p := ownPane(t)
	other := value{key: p.namespace(onWindows), name: "ApplicationName", kind: registry.SZ, text: "Somebody else"}
	neighbour := value{key: p.explorer(`Desktop\NameSpace\{99999999-2222-3333-4444-555555555555}`), kind: registry.SZ, text: "Neighbour"}
	if err := errors.Join(other.write(), neighbour.write()); err != nil {
		t.Fatal(err)
	}
	if r, err := (&Sidebar{places: []place{p}}).Pin(t.Context(), onWindows, Record{}); err == nil || r.Shown() {
		t.Errorf("Pin = %+v %v", r, err)
	}
	if err := p.remove(t.Context(), onWindows); err != nil {
		t.Fatal(err)
	}
	if got, err := text(neighbour.key, ""); got != "Neighbour" || err != nil {
		t.Errorf("the neighbour is %q (%v)", got, err)
	}
}

func TestAnEntryNeedsAClass(t *testing.T) {
	for _, id := range []string{"", "{x}", `{11111111-2222-3333-4444-555555555555}\..`, "11111111-2222-3333-4444-555555555555"} {
		if _, err := (pane{base: "none"}).look(t.Context(), Entry{ID: id}); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// Where there is an Explorer the list can be read; elsewhere that is said.
func TestQuickAccessAnswers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	at, err := quickAccess{}.look(ctx, Entry{Path: filepath.Join(os.TempDir(), "elkjop-not-pinned")})
	if at != absent || err != nil && !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("look = %v %v", at, err)
	}
}

package sidebar

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func systemPlaces() []place { return []place{pane{base: `Software`}, quickAccess{}} }

// pane is the navigation pane of the Explorer: keys of this user as Microsoft documents them for cloud providers. base is the key that
// everything lies below, so that tests have one of their own.
type pane struct{ base string }

const (
	folderInstance = `{0E5AAE11-A475-4c5b-AB00-C66DE400274E}` // the Explorer's class for a folder that a key describes
	anyFolder      = `%SystemRoot%\System32\imageres.dll,-3`  // the icon of a folder
	sortOrder      = 0x42
	inNamespace    = 0x28       // FolderValueFlags: pinned, with the folder's own menus
	folderShell    = 0xF080004D // what can be done with the entry
	folderProperty = 0x11       // attributes of the target
)

var classID = regexp.MustCompile(`^\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}$`)

func (pane) name() string { return "navigation" }

func (pane) byHand(Entry) string {
	return "Open the folder in the Explorer, right-click it and choose Pin to Quick access."
}

func (p pane) class(e Entry) string { return p.base + `\Classes\CLSID\` + e.ID }
func (p pane) explorer(sub string) string {
	return p.base + `\Microsoft\Windows\CurrentVersion\Explorer\` + sub
}
func (p pane) namespace(e Entry) string { return p.explorer(`Desktop\NameSpace\` + e.ID) }

// look reads what stands in the registry; an entry of our class that leads elsewhere is not this one.
func (p pane) look(_ context.Context, e Entry) (presence, error) {
	if !classID.MatchString(e.ID) {
		return absent, fmt.Errorf("%q is no class: %w", e.ID, errors.ErrUnsupported)
	}
	target, err := text(p.class(e)+`\Instance\InitPropertyBag`, "TargetFolderPath")
	if errors.Is(err, registry.ErrNotExist) {
		return absent, nil
	}
	if err != nil {
		return absent, err
	}
	if !samePath(target, e.Path) {
		return absent, nil
	}
	if _, err := text(p.namespace(e), "ApplicationName"); err != nil {
		return absent, ignoreMissing(err)
	}
	pinned, err := number(p.class(e), "System.IsPinnedToNameSpaceTree")
	if err != nil {
		return absent, ignoreMissing(err)
	}
	if pinned == 0 {
		return hidden, nil
	}
	return ours, nil
}

// value is one value of a key; kind is registry.SZ, EXPAND_SZ or DWORD.
type value struct {
	key, name string
	kind      uint32
	text      string
	number    uint32
}

// values is everything that makes an entry, the one that makes it visible last.
func (p pane) values(e Entry) []value {
	icon := value{key: p.class(e) + `\DefaultIcon`, kind: registry.SZ, text: e.Icon}
	if e.Icon == "" {
		icon.kind, icon.text = registry.EXPAND_SZ, anyFolder
	}
	return []value{
		{key: p.class(e), kind: registry.SZ, text: e.Name},
		icon,
		{key: p.class(e), name: "System.IsPinnedToNameSpaceTree", kind: registry.DWORD, number: 1},
		{key: p.class(e), name: "SortOrderIndex", kind: registry.DWORD, number: sortOrder},
		{key: p.class(e) + `\InProcServer32`, kind: registry.EXPAND_SZ, text: `%SystemRoot%\System32\shell32.dll`},
		{key: p.class(e) + `\Instance`, name: "CLSID", kind: registry.SZ, text: folderInstance},
		{key: p.class(e) + `\Instance\InitPropertyBag`, name: "Attributes", kind: registry.DWORD, number: folderProperty},
		{key: p.class(e) + `\Instance\InitPropertyBag`, name: "TargetFolderPath", kind: registry.SZ, text: filepath.Clean(e.Path)},
		{key: p.class(e) + `\ShellFolder`, name: "FolderValueFlags", kind: registry.DWORD, number: inNamespace},
		{key: p.class(e) + `\ShellFolder`, name: "Attributes", kind: registry.DWORD, number: folderShell},
		{key: p.explorer(`HideDesktopIcons\NewStartPanel`), name: e.ID, kind: registry.DWORD, number: 1},
		{key: p.namespace(e), name: "ApplicationName", kind: registry.SZ, text: e.Name},
		{key: p.namespace(e), kind: registry.SZ, text: e.Name},
	}
}

// add writes the keys. Our class belongs to nobody else, but whoever says in his own name that it is his keeps it.
func (p pane) add(_ context.Context, e Entry) error {
	if owner, err := text(p.namespace(e), "ApplicationName"); err == nil && owner != e.Name {
		return fmt.Errorf("the entry belongs to %q", owner)
	}
	for _, v := range p.values(e) {
		if err := v.write(); err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", v.key, err), p.erase(e))
		}
	}
	tellExplorer()
	return nil
}

func (p pane) move(ctx context.Context, _, to Entry) error { return p.add(ctx, to) }

func (p pane) remove(_ context.Context, e Entry) error {
	err := p.erase(e)
	tellExplorer()
	return err
}

// erase takes the entry's keys away, what makes it visible first.
func (p pane) erase(e Entry) error {
	err := errors.Join(deleteTree(p.namespace(e)), deleteTree(p.class(e)))
	key, open := registry.OpenKey(registry.CURRENT_USER, p.explorer(`HideDesktopIcons\NewStartPanel`), registry.SET_VALUE)
	if open != nil {
		return errors.Join(err, ignoreMissing(open))
	}
	defer key.Close()
	return errors.Join(err, ignoreMissing(key.DeleteValue(e.ID)))
}

func (v value) write() error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, v.key, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	switch v.kind {
	case registry.DWORD:
		return key.SetDWordValue(v.name, v.number)
	case registry.EXPAND_SZ:
		return key.SetExpandStringValue(v.name, v.text)
	}
	return key.SetStringValue(v.name, v.text)
}

func text(path, name string) (string, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return "", err
	}
	defer key.Close()
	got, _, err := key.GetStringValue(name)
	return got, err
}

func number(path, name string) (uint64, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return 0, err
	}
	defer key.Close()
	got, _, err := key.GetIntegerValue(name)
	return got, err
}

// deleteTree removes a key of this user with everything below it.
func deleteTree(path string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.ENUMERATE_SUB_KEYS)
	if err != nil {
		return ignoreMissing(err)
	}
	below, err := key.ReadSubKeyNames(-1)
	key.Close()
	for _, name := range below {
		err = errors.Join(err, deleteTree(path+`\`+name))
	}
	return errors.Join(err, ignoreMissing(registry.DeleteKey(registry.CURRENT_USER, path)))
}

func ignoreMissing(err error) error {
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return err
}

func samePath(a, b string) bool { return strings.EqualFold(filepath.Clean(a), filepath.Clean(b)) }

// tellExplorer makes open windows read the keys again.
func tellExplorer() {
	const associationsChanged, noItems = 0x08000000, 0
	_, _, _ = windows.NewLazySystemDLL("shell32.dll").NewProc("SHChangeNotify").Call(associationsChanged, noItems, 0, 0) // it returns nothing
}

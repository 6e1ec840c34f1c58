package notify

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// iconData is NOTIFYICONDATAW of Windows 7 and later.
type iconData struct {
	size        uint32
	window      windows.Handle
	id          uint32
	flags       uint32
	callback    uint32
	icon        windows.Handle
	tip         [128]uint16
	state       uint32
	stateMask   uint32
	text        [256]uint16
	timeout     uint32
	title       [64]uint16
	infoFlags   uint32
	guid        windows.GUID
	balloonIcon windows.Handle
}

const (
	addIcon, deleteIcon = 0, 2 // NIM_ADD, NIM_DELETE

	hasIcon  = 0x02 // NIF_ICON
	hasTip   = 0x04 // NIF_TIP
	hasText  = 0x10 // NIF_INFO
	infoIcon = 0x01 // NIIF_INFO
	noSound  = 0x10 // NIIF_NOSOUND

	informationIcon = 32516              // IDI_INFORMATION
	messageOnly     = ^windows.Handle(2) // HWND_MESSAGE, -3
	shownFor        = 8 * time.Second    // the icon must live as long as its message
	removeMessage   = 1                  // PM_REMOVE
	pumpEvery       = 50 * time.Millisecond
)

// procs are the functions of the system that are needed, looked up once for each message.
type procs struct{ create, destroy, notify, loadIcon, peek, dispatch *windows.LazyProc }

func load() procs {
	user, shell := windows.NewLazySystemDLL("user32.dll"), windows.NewLazySystemDLL("shell32.dll")
	return procs{
		create: user.NewProc("CreateWindowExW"), destroy: user.NewProc("DestroyWindow"), loadIcon: user.NewProc("LoadIconW"),
		peek: user.NewProc("PeekMessageW"), dispatch: user.NewProc("DispatchMessageW"), notify: shell.NewProc("Shell_NotifyIconW"),
	}
}

// show lets an icon in the notification area say it, and returns when it is there; the icon leaves some seconds later by itself. Text
// goes in as text: no script, no XML.
func show(ctx context.Context, program string, m Message) error {
	shown := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // a window belongs to its thread
		defer runtime.UnlockOSThread()
		load().say(program, m, shown)
	}()
	select {
	case err := <-shown:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p procs) say(program string, m Message, shown chan<- error) {
	window, err := p.window()
	if err != nil {
		shown <- err
		return
	}
	defer p.destroy.Call(window)
	data := balloon(program, m)
	data.window = windows.Handle(window)
	icon, _, _ := p.loadIcon.Call(0, informationIcon)
	data.icon = windows.Handle(icon)
	if ok, _, err := p.notify.Call(addIcon, uintptr(unsafe.Pointer(&data))); ok == 0 {
		shown <- fmt.Errorf("show a notification: there is no notification area: %w: %w", errors.ErrUnsupported, err)
		return
	}
	shown <- nil
	p.pump(shownFor)
	_, _, _ = p.notify.Call(deleteIcon, uintptr(unsafe.Pointer(&data))) // gone already, or going with the window
}

// window returns one that nobody sees, of a class that every Windows has.
func (p procs) window() (uintptr, error) {
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		return 0, err
	}
	window, _, err := p.create.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 0, 0, uintptr(messageOnly), 0, 0, 0)
	if window == 0 {
		return 0, fmt.Errorf("show a notification: make a window: %w: %w", errors.ErrUnsupported, err)
	}
	return window, nil
}

// pump lets the system talk to the window for a time.
func (p procs) pump(d time.Duration) {
	tick := time.NewTicker(pumpEvery)
	defer tick.Stop()
	for end := time.Now().Add(d); time.Now().Before(end); <-tick.C {
		var message [64]byte // MSG is 48 bytes
		for {
			got, _, _ := p.peek.Call(uintptr(unsafe.Pointer(&message)), 0, 0, 0, removeMessage)
			if got == 0 {
				break
			}
			_, _, _ = p.dispatch.Call(uintptr(unsafe.Pointer(&message)))
		}
	}
}

// balloon fills in what is said; too long texts are cut.
func balloon(program string, m Message) iconData {
	data := iconData{size: uint32(unsafe.Sizeof(iconData{})), id: 1, flags: hasIcon | hasTip | hasText, infoFlags: infoIcon | noSound}
	fill(data.tip[:], program)
	fill(data.title[:], m.Title)
	fill(data.text[:], m.Text)
	return data
}

// fill writes a text and leaves room for the zero at its end.
func fill(to []uint16, text string) {
	copy(to[:len(to)-1], windows.StringToUTF16(cut(plain(text), len(to)-1)))
}

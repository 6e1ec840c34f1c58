package power

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The network list manager and its interface INetworkCostManager (netlistmgr.h).
var (
	networkList = windows.GUID{Data1: 0xDCB00C01, Data2: 0x570F, Data3: 0x4A9B, Data4: [8]byte{0x8D, 0x69, 0x19, 0x9F, 0xDB, 0xA5, 0x72, 0x3B}}
	costManager = windows.GUID{Data1: 0xDCB00008, Data2: 0x570F, Data3: 0x4A9B, Data4: [8]byte{0x8D, 0x69, 0x19, 0x9F, 0xDB, 0xA5, 0x72, 0x3B}}
)

// costTable is the interface's table of functions.
type costTable struct {
	_, _, release uintptr // QueryInterface, AddRef, Release
	getCost       uintptr
}

type costs struct{ table *costTable }

// metered asks for the cost of the connection to the internet: NLM_CONNECTION_COST.
func (*System) metered(context.Context) (bool, error) {
	const fixed, variable, over, roaming = 0x2, 0x4, 0x10000, 0x40000
	cost, err := connectionCost()
	if err == nil && cost == 0 {
		err = errors.ErrUnsupported // not known
	}
	return cost&(fixed|variable|over|roaming) != 0, err
}

func connectionCost() (cost uint32, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_MULTITHREADED); err == nil {
		defer windows.CoUninitialize()
	}
	const local = 0x4 | 0x1 // CLSCTX_LOCAL_SERVER, CLSCTX_INPROC_SERVER
	var c *costs
	create := windows.NewLazySystemDLL("ole32.dll").NewProc("CoCreateInstance")
	hr, _, _ := create.Call(uintptr(unsafe.Pointer(&networkList)), 0, local, uintptr(unsafe.Pointer(&costManager)), uintptr(unsafe.Pointer(&c)))
	if hr != 0 || c == nil {
		return 0, fmt.Errorf("%w: the network list manager: %#x", errors.ErrUnsupported, uint32(hr))
	}
	defer syscall.SyscallN(c.table.release, uintptr(unsafe.Pointer(c)))
	if hr, _, _ := syscall.SyscallN(c.table.getCost, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(&cost)), 0); hr != 0 {
		return 0, fmt.Errorf("GetCost: %#x", uint32(hr))
	}
	return cost, nil
}

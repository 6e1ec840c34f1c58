package power

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func (*System) onBattery(ctx context.Context) (bool, error) {
	out, err := exec.CommandContext(ctx, "/usr/bin/pmset", "-g", "batt").Output()
	if err != nil {
		return false, err
	}
	first, _, _ := strings.Cut(string(out), "\n")
	switch {
	case strings.Contains(first, "'Battery Power'"):
		return true, nil
	case strings.Contains(first, "'AC Power'"):
		return false, nil
	}
	return false, errors.ErrUnsupported
}

// metered: macOS tells only programs that are written for its own frameworks.
func (*System) metered(context.Context) (bool, error) { return false, errors.ErrUnsupported }

// keepAwake runs the system's own program, which ends with this one. It takes no reason.
func (*System) keepAwake(context.Context, string) (func(), error) {
	cmd := exec.Command("/usr/bin/caffeinate", "-i", "-w", strconv.Itoa(os.Getpid()))
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}, nil
}

// watch hears what the kernel tells of routes, which it does on waking, too.
func (*System) watch(ctx context.Context, changed func()) error {
	fd, err := unix.Socket(unix.AF_ROUTE, unix.SOCK_RAW, unix.AF_UNSPEC)
	if err != nil {
		return err
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return errors.Join(err, unix.Close(fd))
	}
	f := os.NewFile(uintptr(fd), "routes")
	defer f.Close()
	defer context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })() // wakes the read
	buf := make([]byte, 1<<12)
	for {
		if _, err := f.Read(buf); err != nil {
			return err
		}
		changed()
	}
}

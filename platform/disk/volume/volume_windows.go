package volume

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

func look(_ context.Context, path string) (Volume, error) {
	if err := exists(path); err != nil {
		return Volume{}, err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return Volume{}, err
	}
	point, err := mountPoint(abs)
	if err != nil {
		return Volume{}, err
	}
	name, err := windows.UTF16PtrFromString(point)
	if err != nil {
		return Volume{}, err
	}
	v := Volume{Kind: kindOf(windows.GetDriveType(name)), MountPoint: point}
	v.Announced = v.Kind != Network
	v.ID, err = identity(v.Kind, point, name)
	return v, err
}

// mountPoint is the drive letter, mounted folder or share that holds a path, with a backslash at its end.
func mountPoint(path string) (string, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return "", err
	}
	buf := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(name, &buf[0], uint32(len(buf))); err != nil {
		return "", err
	}
	return windows.UTF16ToString(buf), nil
}

func kindOf(driveType uint32) Kind {
	switch driveType {
	case windows.DRIVE_FIXED:
		return Local
	case windows.DRIVE_REMOVABLE, windows.DRIVE_CDROM:
		return Removable
	case windows.DRIVE_REMOTE:
		return Network
	}
	return Other
}

// identity is the volume's GUID with the serial number that formatting gives it; for a share its name, whatever letter it has.
func identity(kind Kind, point string, name *uint16) (string, error) {
	if kind == Network {
		share, err := shareName(point, name)
		return "net:" + strings.ToLower(share), err
	}
	var serial uint32
	if err := windows.GetVolumeInformation(name, nil, 0, &serial, nil, nil, nil, 0); err != nil {
		return "", err
	}
	guid := make([]uint16, 64)
	if err := windows.GetVolumeNameForVolumeMountPoint(name, &guid[0], uint32(len(guid))); err != nil {
		return fmt.Sprintf("serial:%08x", serial), nil // a volume without a GUID, as of a virtual drive
	}
	id := strings.TrimSuffix(strings.TrimPrefix(windows.UTF16ToString(guid), `\\?\Volume`), `\`)
	return fmt.Sprintf("volume:%s:%08x", strings.ToLower(id), serial), nil
}

// shareName is \\server\share, also for a share that has a drive letter.
func shareName(point string, name *uint16) (string, error) {
	if strings.HasPrefix(point, `\\`) && !strings.HasPrefix(point, `\\?\`) {
		return strings.TrimSuffix(point, `\`), nil
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	h, err := windows.CreateFile(name, 0, share, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return "", err
	}
	defer windows.CloseHandle(h)
	buf := make([]uint16, windows.MAX_LONG_PATH)
	if _, err := windows.GetFinalPathNameByHandle(h, &buf[0], uint32(len(buf)), 0); err != nil {
		return "", err
	}
	final := strings.Replace(windows.UTF16ToString(buf), `\\?\UNC\`, `\\`, 1)
	return strings.TrimSuffix(final, `\`), nil
}

// mountPoints lists the drive letters, of drives or of shares.
func mountPoints(shares bool) ([]string, error) {
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return nil, err
	}
	var points []string
	for i := range 26 {
		if letters&(1<<i) == 0 {
			continue
		}
		point := string(rune('A'+i)) + `:\`
		name, err := windows.UTF16PtrFromString(point)
		if err != nil {
			return nil, err
		}
		if (windows.GetDriveType(name) == windows.DRIVE_REMOTE) == shares {
			points = append(points, point)
		}
	}
	return points, nil
}

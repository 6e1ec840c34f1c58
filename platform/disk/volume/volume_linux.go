package volume

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

func look(_ context.Context, path string) (Volume, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return Volume{}, err
	}
	mount, err := mountOf(real)
	if errors.Is(err, errUnseen) {
		return unseen(real)
	}
	if err != nil {
		return Volume{}, err
	}
	return Volume{ID: identity(mount, real), Kind: kindOf(mount), Announced: announced(mount.FSType), MountPoint: mount.Mountpoint}, nil
}

// errUnseen means that the mount under a path is not one of those that this process may see, as in a changed root.
var errUnseen = errors.New("no mount holds it")

// unseen describes a volume by what its files themselves tell.
func unseen(path string) (Volume, error) {
	device := func(p string) (uint64, error) {
		var st unix.Stat_t
		if err := unix.Stat(p, &st); err != nil {
			return 0, &os.PathError{Op: "stat", Path: p, Err: err}
		}
		return st.Dev, nil
	}
	dev, err := device(path)
	if err != nil {
		return Volume{}, err
	}
	v := Volume{ID: fmt.Sprintf("device:%d:%d", unix.Major(dev), unix.Minor(dev)), Kind: Other, Announced: true, MountPoint: path}
	if id := uuidByKernel(path); id != "" {
		v.ID, v.Kind = "uuid:"+id, Local
	}
	for v.MountPoint != "/" {
		up := filepath.Dir(v.MountPoint)
		if d, err := device(up); err != nil || d != dev {
			break
		}
		v.MountPoint = up
	}
	return v, nil
}

// mountOf finds the mount under an absolute path: by its number where the kernel tells it, else as the last one whose folder holds the
// path.
func mountOf(path string) (*mountinfo.Info, error) {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, path, unix.AT_NO_AUTOMOUNT, unix.STATX_MNT_ID, &st); err != nil {
		return nil, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	byNumber := st.Mask&unix.STATX_MNT_ID != 0
	mounts, err := mountinfo.GetMounts(func(m *mountinfo.Info) (skip, stop bool) {
		if byNumber {
			return uint64(m.ID) != st.Mnt_id, uint64(m.ID) == st.Mnt_id
		}
		return !holds(m.Mountpoint, path), false
	})
	if err != nil {
		return nil, err
	}
	var best *mountinfo.Info
	for _, m := range mounts {
		if best == nil || len(m.Mountpoint) >= len(best.Mountpoint) {
			best = m
		}
	}
	if best == nil {
		return nil, errUnseen
	}
	return best, nil
}

func holds(dir, path string) bool {
	return path == dir || dir == "/" || strings.HasPrefix(path, dir+"/")
}

// identity names the file system and which part of it is mounted: a bind mount or subvolume that is not there any more shows another
// part of, perhaps, the same file system.
func identity(m *mountinfo.Info, path string) string {
	part := ""
	if m.Root != "/" {
		part = "#" + m.Root
	}
	if isNetwork(m.FSType) {
		return "net:" + m.FSType + ":" + m.Source + part
	}
	if id := uuidByDevice(m.Source); id != "" {
		return "uuid:" + id + part
	}
	if id := uuidByKernel(path); id != "" {
		return "uuid:" + id + part
	}
	return m.FSType + ":" + m.Source + part
}

// uuidByDevice looks the device up among the names that udev gives to file systems.
func uuidByDevice(source string) string {
	const names = "/dev/disk/by-uuid"
	var device unix.Stat_t
	if !strings.HasPrefix(source, "/dev/") || unix.Stat(source, &device) != nil {
		return ""
	}
	entries, err := os.ReadDir(names)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		var st unix.Stat_t
		if unix.Stat(filepath.Join(names, e.Name()), &st) == nil && st.Rdev == device.Rdev {
			return strings.ToLower(e.Name())
		}
	}
	return ""
}

// fsIocGetFSUUID is FS_IOC_GETFSUUID of <linux/fs.h>, since Linux 6.9.
const fsIocGetFSUUID = 0x80111500

// uuidByKernel asks the file system itself.
func uuidByKernel(path string) string {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var answer struct {
		length uint8
		uuid   [16]byte
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), fsIocGetFSUUID, uintptr(unsafe.Pointer(&answer)))
	if errno != 0 {
		return ""
	}
	return uuidString(answer.uuid[:min(answer.length, 16)])
}

// uuidString writes a UUID as udev does.
func uuidString(b []byte) string {
	h := hex.EncodeToString(b)
	switch len(b) {
	case 16:
		return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	case 4:
		return h[:4] + "-" + h[4:]
	}
	return h
}

func isNetwork(fsType string) bool {
	switch fsType {
	case "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "coda", "davfs", "glusterfs", "lustre", "virtiofs", "vboxsf",
		"prl_fs", "fuse.vmhgfs-fuse":
		return true
	}
	return isFUSE(fsType)
}

// isFUSE tells programs that play a file system; most stand for something far away. fuseblk ones (NTFS) have a drive of their own.
func isFUSE(fsType string) bool { return fsType == "fuse" || strings.HasPrefix(fsType, "fuse.") }

// announced: what passes through this kernel is reported; what others do on the far side is not.
func announced(fsType string) bool { return !isNetwork(fsType) }

func kindOf(m *mountinfo.Info) Kind {
	switch {
	case isNetwork(m.FSType):
		return Network
	case strings.HasPrefix(m.Source, "/dev/"):
		return deviceKind(m)
	case m.FSType == "zfs" || m.FSType == "btrfs" || m.FSType == "bcachefs":
		return Local
	}
	return Other
}

// deviceKind tells drives that can be unplugged: sockets for them, and the kernel's mark for media that can be ejected.
func deviceKind(m *mountinfo.Info) Kind {
	link := fmt.Sprintf("/sys/dev/block/%d:%d", m.Major, m.Minor)
	where, err := filepath.EvalSymlinks(link)
	if err != nil {
		return Local
	}
	for _, socket := range []string{"/usb", "/mmc_host/", "/firewire", "/ieee1394"} {
		if strings.Contains(where, socket) {
			return Removable
		}
	}
	for _, dir := range []string{where, filepath.Dir(where)} {
		if mark, err := os.ReadFile(filepath.Join(dir, "removable")); err == nil && strings.TrimSpace(string(mark)) == "1" {
			return Removable
		}
	}
	return Local
}

// mountPoints lists where drives of users may be, or shares; the system's own file systems have nothing to find.
func mountPoints(shares bool) ([]string, error) {
	var points []string
	_, err := mountinfo.GetMounts(func(m *mountinfo.Info) (skip, stop bool) {
		share := isNetwork(m.FSType)
		if share == shares && (share || strings.HasPrefix(m.Source, "/dev/") || m.FSType == "zfs") {
			points = append(points, m.Mountpoint)
		}
		return true, false
	})
	return points, err
}

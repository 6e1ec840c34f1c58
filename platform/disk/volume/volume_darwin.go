package volume

import (
	"context"
	"fmt"
	"os/exec"

	"golang.org/x/sys/unix"
)

func look(ctx context.Context, path string) (Volume, error) {
	if err := exists(path); err != nil {
		return Volume{}, err
	}
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return Volume{}, err
	}
	v := Volume{MountPoint: unix.ByteSliceToString(st.Mntonname[:])}
	if st.Flags&unix.MNT_LOCAL == 0 {
		v.Kind = Network
		v.ID = "net:" + unix.ByteSliceToString(st.Fstypename[:]) + ":" + unix.ByteSliceToString(st.Mntfromname[:])
		return v, nil
	}
	v.Announced = true
	var err error
	v.ID, v.Kind, err = askDiskutil(ctx, v.MountPoint)
	return v, err
}

// askDiskutil reads the volume's UUID and whether it can be unplugged.
func askDiskutil(ctx context.Context, point string) (string, Kind, error) {
	out, err := exec.CommandContext(ctx, "/usr/sbin/diskutil", "info", "-plist", point).Output()
	if err != nil {
		return "", Other, fmt.Errorf("diskutil info: %w", err)
	}
	facts, err := parsePlist(out)
	if err != nil {
		return "", Other, fmt.Errorf("diskutil info: %w", err)
	}
	kind := Local
	if facts["RemovableMediaOrExternalDevice"] == "true" || facts["Ejectable"] == "true" || facts["Internal"] == "false" {
		kind = Removable
	}
	for _, key := range []string{"VolumeUUID", "DiskUUID"} {
		if id := facts[key]; id != "" {
			return "uuid:" + id, kind, nil
		}
	}
	return "device:" + facts["DeviceIdentifier"] + ":" + facts["VolumeName"], kind, nil
}

// mountPoints lists what is mounted: drives, or shares.
func mountPoints(shares bool) ([]string, error) {
	n, err := unix.Getfsstat(nil, unix.MNT_NOWAIT)
	if err != nil {
		return nil, err
	}
	mounts := make([]unix.Statfs_t, n+4) // some room for what is mounted between the two calls
	if n, err = unix.Getfsstat(mounts, unix.MNT_NOWAIT); err != nil {
		return nil, err
	}
	var points []string
	for _, st := range mounts[:n] {
		if (st.Flags&unix.MNT_LOCAL == 0) != shares {
			continue
		}
		points = append(points, unix.ByteSliceToString(st.Mntonname[:]))
	}
	return points, nil
}

package disktest_test

import (
	"testing"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
)

func TestConformance(t *testing.T) {
	for name, opt := range map[string]disktest.Options{
		"plain":          {},
		"like NTFS":      {CaseInsensitive: true, WindowsNames: true, NoCtime: true, NoExec: true, NoExchange: true},
		"like APFS":      {CaseInsensitive: true, FormInsensitive: true},
		"like old ext4":  {NoBirth: true, ReuseNumbers: true},
		"like FAT":       {CaseInsensitive: true, NoBirth: true, NoExec: true, NoExchange: true, Granularity: 2 * time.Second},
		"small":          {Capacity: 1 << 20},
		"durable writes": {UserSyncs: true},
	} {
		t.Run(name, func(t *testing.T) {
			disktest.Run(t, func(*testing.T) disk.FS { return disktest.New(opt) })
		})
	}
}

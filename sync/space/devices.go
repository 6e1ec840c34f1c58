package space

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/tree"
)

// DeviceInfo is what a device says of itself. It is a hint: nothing depends on it.
type DeviceInfo struct {
	ID       tree.Device `json:"id"`
	Name     string      `json:"name"`
	System   string      `json:"system"`
	LastSeen time.Time   `json:"last_seen"`
	Backups  []string    `json:"backups,omitempty"` // names of the folders that it backs up
}

type deviceFile struct {
	Format int `json:"format"`
	DeviceInfo
}

// SaveDevice writes what a device says of itself.
func (s *Space) SaveDevice(ctx context.Context, d DeviceInfo) error {
	if _, err := write(ctx, s.bucket, layout.DeviceKey(d.ID), deviceFile{Format, d}); err != nil {
		return fmt.Errorf("describe this device: %w", err)
	}
	return nil
}

// Devices returns what the devices say of themselves, by id. What cannot be read is left out.
func (s *Space) Devices(ctx context.Context) ([]DeviceInfo, error) {
	var keys []string
	err := listAll(ctx, s.bucket, layout.Devices, func(o objstore.Object) {
		if _, ok := layout.ParseDeviceKey(o.Key); ok {
			keys = append(keys, o.Key)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("list the devices: %w", err)
	}
	var out []DeviceInfo
	for _, key := range keys {
		d, ok, err := s.device(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("read the devices: %w", err)
		}
		if ok {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *Space) device(ctx context.Context, key string) (DeviceInfo, bool, error) {
	body, _, err := read(ctx, s.bucket, key, maxHint)
	if err != nil {
		if objstore.KindOf(err) == objstore.NotFound || isDamaged(err) {
			err = nil
		}
		return DeviceInfo{}, false, err
	}
	var f deviceFile
	id, _ := layout.ParseDeviceKey(key)
	if json.Unmarshal(body, &f) != nil || f.Format != Format || f.ID != id {
		return DeviceInfo{}, false, nil
	}
	return f.DeviceInfo, true, nil
}

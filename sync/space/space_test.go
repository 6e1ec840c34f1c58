package space

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/layout"
)

func TestOpenAndCreate(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		name       string
		key, body  string
		open, make error
	}{
		{"empty", "", "", ErrNotASpace, nil},
		{"other things", "photos/a.jpg", "x", ErrNotASpace, nil},
		{"a volume without its space", "Synced/a/b", "x", ErrNotASpace, ErrNotEmpty},
		{"newer", layout.Space, `{"format":2,"id":"x","new":true}`, ErrNewer, ErrNotEmpty},
		{"damaged", layout.Space, `{"format":1,"i`, ErrDamaged, ErrNotEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := memstore.New(nil)
			if c.key != "" {
				if _, err := put(ctx, b, c.key, []byte(c.body), objstore.PutOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Open(ctx, b); !errors.Is(err, c.open) {
				t.Errorf("open: %v", err)
			}
			s, err := Create(ctx, b)
			if !errors.Is(err, c.make) {
				t.Errorf("create: %v", err)
			}
			if err != nil {
				return
			}
			again, err := Open(ctx, b)
			if err != nil || again.ID() != s.ID() || s.ID() == "" {
				t.Errorf("opened again: %v, %v", again, err)
			}
		})
	}
}

func TestVolumesTakeOneRequestEach(t *testing.T) {
	ctx := t.Context()
	b := &network{Bucket: memstore.New(nil)}
	s, err := Create(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	want := []layout.Volume{{Area: layout.Synced}}
	for _, f := range []string{"Docs", "Docs+more", "Docs0", "Docs/../x", "a"} {
		v, err := layout.NewBackup("Kari's PC", f)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, v)
		for _, k := range []string{"1", "2", "3/" + strings.Repeat("x", 100)} {
			if _, err := put(ctx, b, v.Key(k), nil, objstore.PutOptions{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, k := range []string{"Synced/x", "Backup/stray", "Backup/two/levels"} {
		if _, err := put(ctx, b, k, nil, objstore.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	b.forget()
	got, err := s.Volumes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, vs := range [][]layout.Volume{want, got} {
		slices.SortFunc(vs, func(a, b layout.Volume) int { return strings.Compare(a.Prefix(), b.Prefix()) })
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := b.count("list"); n > len(want)+2+2+1 {
		t.Errorf("%d requests for %d volumes", n, len(want))
	}
}

func TestDevices(t *testing.T) {
	w := newWorld(t)
	s := w.device(1).space
	a := DeviceInfo{ID: 1, Name: "Kari's PC", System: "windows", LastSeen: w.clock(), Backups: []string{"Documents"}}
	b := DeviceInfo{ID: 2, Name: "Laptop"}
	for _, d := range []DeviceInfo{b, a} {
		if err := s.SaveDevice(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for key, body := range map[string]string{layout.DeviceKey(3): "{", layout.DeviceKey(4): `{"format":9,"id":"0000000000000004"}`, "devices/readme.txt": "x"} {
		if _, err := put(t.Context(), w.store, key, []byte(body), objstore.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Devices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]DeviceInfo{a, b}, got); d != "" {
		t.Error(d)
	}
}

package volume

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk/disktest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantState(t *testing.T, when, root, id string, want State) {
	t.Helper()
	if got, err := Check(context.Background(), root, id); got != want || err != nil {
		t.Errorf("%s: %v, %v, want %v", when, got, err, want)
	}
}

func TestThisDisk(t *testing.T) {
	dir := disktest.TempDir(t)
	id, err := Of(context.Background(), dir)
	must(t, err)
	inside := filepath.Join(dir, "inside")
	must(t, os.Mkdir(inside, 0o755))
	v, err := Look(context.Background(), inside)
	must(t, err)
	if v.ID != id || id == "" || strings.HasSuffix(id, ":") {
		t.Errorf("%q, inside %q", id, v.ID)
	}
	if !strings.HasPrefix(strings.ToLower(dir), strings.ToLower(v.MountPoint)) {
		t.Errorf("%s is not below %s", dir, v.MountPoint)
	}
	wantState(t, "there", dir, id, Present)
	wantState(t, "any", dir, "", Present)
	wantState(t, "other", dir, "uuid:1234", OtherVolume)
	must(t, os.Remove(inside))
	wantState(t, "removed", inside, id, Missing)
	wantState(t, "removed, any", inside, "", Missing)
}

func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := disktest.TempDir(t)
	for range 100 { // whichever comes first, an answer is true or an error
		if v, err := Look(ctx, dir); err == nil && v.ID == "" || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("%+v, %v", v, err)
		}
	}
}

func TestPlist(t *testing.T) {
	facts, err := parsePlist([]byte(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
	<key>APFSSnapshot</key><false/>
	<key>Inner</key><dict><key>VolumeUUID</key><string>wrong</string></dict>
	<key>List</key><array><string>wrong</string></array>
	<key>Internal</key><true/>
	<key>Size</key><integer>994662584320</integer>
	<key>VolumeName</key><string>Macintosh &amp; HD</string>
	<key>VolumeUUID</key><string>0F2A-11</string>
</dict></plist>`))
	must(t, err)
	want := map[string]string{"APFSSnapshot": "false", "Internal": "true", "Size": "994662584320", "VolumeName": "Macintosh & HD", "VolumeUUID": "0F2A-11"}
	if diff := cmp.Diff(want, facts); diff != "" {
		t.Error(diff)
	}
	if _, err := parsePlist([]byte("Could not find disk")); err == nil {
		t.Error("no error for what is not a property list")
	}
}

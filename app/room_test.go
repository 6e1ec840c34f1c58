package app

import (
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/app/config"
)

// TestRoom: of a storage that is a folder it is known how much room its drive has while the client runs; of no other one, and not of one that cannot be seen.
func TestRoom(t *testing.T) {
	a := newWorld(t).computer("A")
	if s := a.Storage(); s.Size != 0 || s.Free != 0 {
		t.Errorf("before anybody looked: %+v", s)
	}
	stop := a.running()
	until(t, "the room is known", func() bool { s := a.Storage(); return s.Size > 0 && s.Free <= s.Size })
	stop()

	dir := a.Storage().Place
	other := filepath.Join(realDir(t), "other")
	must(t, a.change(func(s *config.Settings) error { s.Storage.Dir = other; return nil }))
	if s := a.Storage(); s.Size != 0 || s.Place != other {
		t.Errorf("the room of another folder: %+v", s)
	}
	a.measureRoom(t.Context())
	if s := a.Storage(); s.Size != 0 {
		t.Errorf("a folder that is not there: %+v", s)
	}
	must(t, os.Mkdir(other, 0o700))
	a.measureRoom(t.Context())
	if s := a.Storage(); s.Size == 0 {
		t.Errorf("a folder that is there now: %+v", s)
	}
	must(t, a.change(func(s *config.Settings) error {
		s.Storage = config.Storage{Kind: config.S3, Endpoint: "https://s3.example.org", Dir: dir}
		return nil
	}))
	a.measureRoom(t.Context())
	if s := a.Storage(); s.Size != 0 || s.Free != 0 {
		t.Errorf("a server: %+v", s)
	}
}

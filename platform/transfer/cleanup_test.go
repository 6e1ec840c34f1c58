package transfer

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"

	"github.com/google/go-cmp/cmp"
)

// leave begins an upload of key at the store's time and returns its id.
func leave(t *testing.T, s *memstore.Store, key string) string {
	t.Helper()
	id, err := s.NewUpload(t.Context(), key, objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func left(t *testing.T, b objstore.Bucket) []string {
	t.Helper()
	uploads, err := b.ListUploads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, u := range uploads {
		keys = append(keys, u.Key)
	}
	slices.Sort(keys)
	return keys
}

func TestCleanUp(t *testing.T) {
	now := time.Now()
	store := memstore.New(func() time.Time { return now })
	journal := new(MemJournal)
	begin := func(age time.Duration, key string) string {
		now = time.Now().Add(-age)
		return leave(t, store, key)
	}
	remember := func(key, id string) {
		if err := journal.Save(t.Context(), key, Unfinished{Key: key, UploadID: id}); err != nil {
			t.Fatal(err)
		}
	}
	const day = 24 * time.Hour
	remember("Synced/wanted", begin(90*day, "Synced/wanted"))
	remember("Synced/unwanted", begin(0, "Synced/unwanted"))
	remember("Synced/running", begin(0, "Synced/running"))
	begin(0, "Synced/name-was-lost")
	remember("Synced/name-was-lost", "")
	remember("Synced/gone", "upload-999")
	remember("Backup/other-pair", begin(0, "Backup/other-pair"))
	begin(2*day, "Synced/mine-old")
	begin(0, "Synced/unwanted-but-longer")
	begin(time.Hour, "Synced/mine-new")
	begin(2*day, "Synced/theirs-new")
	begin(31*day, "Synced/theirs-old")
	begin(90*day, "Backup/old")

	x := New(store, Options{
		Journal: journal,
		Wanted:  func(u Unfinished) bool { return u.Key == "Synced/wanted" },
		Mine:    func(key string) bool { return key == "Synced/mine-old" || key == "Synced/mine-new" },
	})
	release, _ := x.running.claim("Synced/running")
	if err := x.CleanUp(t.Context(), "Synced/"); err != nil {
		t.Fatal(err)
	}
	stays := []string{"Backup/old", "Backup/other-pair", "Synced/mine-new", "Synced/running", "Synced/theirs-new", "Synced/unwanted-but-longer", "Synced/wanted"}
	if diff := cmp.Diff(stays, left(t, store)); diff != "" {
		t.Error(diff)
	}
	known := []string{}
	all, _ := journal.All(t.Context())
	for id := range all {
		known = append(known, id)
	}
	slices.Sort(known)
	if diff := cmp.Diff([]string{"Backup/other-pair", "Synced/running", "Synced/wanted"}, known); diff != "" {
		t.Error(diff)
	}
	release()
	if err := x.CleanUp(t.Context(), "Synced/"); err != nil || slices.Contains(left(t, store), "Synced/running") {
		t.Errorf("once it does not run: %v, %v", err, left(t, store))
	}
}

// One upload that cannot be aborted does not keep the others, and stays known.
func TestCleanUpGoesOn(t *testing.T) {
	store, journal := memstore.New(nil), new(MemJournal)
	for _, key := range []string{"a", "b", "c"} {
		if err := journal.Save(t.Context(), key, Unfinished{Key: key, UploadID: leave(t, store, key)}); err != nil {
			t.Fatal(err)
		}
	}
	b := objstore.WithHooks(store, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		if c.Op == objstore.OpAbort && c.Key == "b" {
			return errCrash
		}
		return act(ctx)
	}})
	if err := New(b, Options{Journal: journal}).CleanUp(t.Context(), ""); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b"}, left(t, store)); diff != "" {
		t.Error(diff)
	}
	if _, ok, _ := journal.Load(t.Context(), "b"); !ok {
		t.Error("b is forgotten")
	}
}

// A file that is gone after a crash, and an object that was made while its confirmation was lost.
func TestCleanUpNeverTouchesObjects(t *testing.T) {
	r := newRig(t)
	content := noise(11*kib, 20)
	want := r.write("f", content)
	for _, at := range []int{2, 5, 6} { // in the middle, before and after the completion
		f := &faulty{at: at, after: true, stay: true, kind: objstore.Unreachable}
		if _, err := r.transfer(f.bucket(r.store), inParts).Upload(t.Context(), r.disk, "f", want, r.newKey, nil); err == nil {
			t.Fatal("no crash")
		}
		objects := len(r.store.Keys())
		if err := r.transfer(nil, inParts).CleanUp(t.Context(), "Synced/"); err != nil {
			t.Fatal(err)
		}
		r.nothingLeft()
		if len(r.store.Keys()) != objects {
			t.Errorf("crash at %d: %d objects, now %v", at, objects, r.store.Keys())
		}
	}
}

package dirstore_test

import (
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
	"elkjopcloud/platform/objstore/storetest"
)

func newStore(t testing.TB) (*dirstore.Store, string) {
	t.Helper()
	dir := t.TempDir()
	if err := dirstore.Create(dir); err != nil {
		t.Fatal(err)
	}
	s, err := dirstore.Open(dir, dirstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) objstore.Bucket {
		s, _ := newStore(t)
		return s
	})
}

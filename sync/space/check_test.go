package space

import (
	"errors"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
)

func TestCheck(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	for _, name := range []string{"good", "gone", "cut", "rotten", "empty", "trashed"} {
		text := "content of " + name
		if name == "empty" {
			text = ""
		}
		a.save(name, text)
	}
	a.delete("trashed")
	object := func(name string) string { return w.keys(a.key(name + "/"))[0] }
	r, err := a.Check(t.Context(), true, nil)
	if err != nil || len(r.Missing)+len(r.Damaged) != 0 || r.Versions != 6 || r.Objects != 5 || r.Bytes != 15+15+14+17+18 {
		t.Fatalf("sound: %+v, %v", r, err)
	}
	w.store.Delete(t.Context(), object("gone"))
	w.store.Delete(t.Context(), object("trashed"))
	w.spoil(object("cut"), func(b []byte) []byte { return b[:3] })
	w.spoil(object("rotten"), flip)

	a.net.forget()
	r, err = a.Check(t.Context(), false, nil)
	if err != nil || paths(r.Missing) != "cut gone trashed" || len(r.Damaged) != 0 {
		t.Errorf("without reading: %+v, %v", r, err)
	}
	if n := a.net.count("head"); n != 2 {
		t.Errorf("%d objects were asked for by name", n)
	}
	if !r.Missing[1].Current || r.Missing[2].Current {
		t.Errorf("current: %+v", r.Missing)
	}
	last := int64(0)
	r, err = a.Check(t.Context(), true, func(done, _ int64) { last = max(last, done) })
	if err != nil || paths(r.Missing) != "cut gone trashed" || paths(r.Damaged) != "rotten" || last == 0 {
		t.Errorf("with reading: %+v, %v", r, err)
	}
}

func paths(ls []Lost) string {
	var out []string
	for _, l := range ls {
		out = append(out, l.Path)
	}
	return strings.Join(out, " ")
}

func TestCheckSaysWhenItCannotLook(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("f", "1")
	a.net.before = func(op, key string) error {
		if op == "get" && strings.HasPrefix(key, "Synced/f/") {
			return errCut
		}
		return nil
	}
	if _, err := a.Check(t.Context(), true, nil); objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("%v", err)
	}
	bad := a.save("g", "2")
	a.net.before = nil
	w.spoil(a.key(bad.Key), flip)
	r, err := w.device(2).Check(t.Context(), false, nil)
	if err != nil || len(r.Unread) != 1 || !errors.Is(r.Unread[0].Err, ErrDamaged) {
		t.Errorf("unread: %+v, %v", r, err)
	}
}

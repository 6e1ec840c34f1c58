package local

import (
	"context"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/plan"
)

// What a crash left behind proves an act only if the very thing that was moved is in its place. In each case a file of that name stood there
// before, and Base must not take it for what the others made.
func TestFinish(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name  string
		after func(w *world, d plan.Down) // what happened after Begin
		done  bool
	}{
		{"nothing was done", func(*world, plan.Down) {}, false},
		{"done", func(w *world, d plan.Down) { _, err := w.r.Do(ctx, d); w.user(err) }, true},
		{"done and written to", func(w *world, d plan.Down) {
			_, err := w.r.Do(ctx, d)
			w.user(err)
			w.user(w.disk.WriteFile(path, "the user's"))
		}, true},
		{"the staged file is lost, the old one stands", func(w *world, d plan.Down) { w.user(w.disk.RemoveAll(staged(d.Version))) }, false},
		{"the place is empty", func(w *world, d plan.Down) {
			w.user(w.disk.RemoveAll(staged(d.Version)))
			w.user(w.disk.RemoveAll(path))
		}, false},
		{"saved as another file", func(w *world, d plan.Down) { w.user(w.disk.SaveFile(path, "the user's")) }, false},
	}
	for _, tt := range tests {
		for _, act := range []plan.Act{plan.Fetch, plan.Replace} {
			t.Run(tt.name, func(t *testing.T) {
				w := newWorld(t, disktest.Options{})
				v := w.version(newText)
				was := w.write(path, oldText)
				d := w.replaceAct(path, was, v)
				d.Fresh = true
				if act == plan.Fetch {
					w.user(w.disk.Move(path, other))
					d.Act, d.From, d.To, d.Was = act, "", path, plan.Signature{}
				}
				w.user(w.r.Stage(ctx, v, nil))
				o, ok, err := w.r.Begin(d)
				if err != nil || !ok {
					t.Fatalf("begin: %v, %v", ok, err)
				}
				if act == plan.Fetch && !tt.done {
					w.user(w.disk.Move(other, path)) // as if the move before it had never been
				}
				tt.after(w, d)
				row, _, err := w.r.Finish(o)
				if err != nil || (row != nil) != tt.done {
					t.Fatalf("finish gives %+v, %v", row, err)
				}
				if row != nil && (row.Version != v.ID || row.Disk.Unchanged(w.sig(path))) {
					t.Errorf("the row vouches for the bytes: %+v", row)
				}
			})
		}
	}
}

// A removal is forgotten when what it was to take is not there any more, whoever took it.
func TestFinishRemoval(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name  string
		after func(w *world, d plan.Down)
		drop  bool
	}{
		{"nothing was done", func(*world, plan.Down) {}, false},
		{"done", func(w *world, d plan.Down) { _, err := w.r.Do(ctx, d); w.user(err) }, true},
		{"taken by the user", func(w *world, _ plan.Down) { w.user(w.disk.RemoveAll(path)) }, true},
		{"done, and a new file there", func(w *world, d plan.Down) {
			_, err := w.r.Do(ctx, d)
			w.user(err)
			w.write(path, newText)
		}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, disktest.Options{})
			d := plan.Down{Act: plan.RemoveFile, ID: 1, From: path, Was: w.write(path, oldText)}
			o, ok, err := w.r.Begin(d)
			if err != nil || !ok {
				t.Fatalf("begin: %v, %v", ok, err)
			}
			tt.after(w, d)
			if row, drop, err := w.r.Finish(o); err != nil || row != nil || drop != tt.drop {
				t.Errorf("finish gives %+v, %v, %v", row, drop, err)
			}
		})
	}
}

// A folder that was made is known again, so that what was fetched into it has its parent in Base.
func TestFinishFolder(t *testing.T) {
	ctx := context.Background()
	tests := []struct {
		name  string
		after func(w *world, d plan.Down)
		done  bool
	}{
		{"nothing was done", func(*world, plan.Down) {}, false},
		{"done", func(w *world, d plan.Down) { _, err := w.r.Do(ctx, d); w.user(err) }, true},
		{"done, and a file put in its place", func(w *world, d plan.Down) { w.write(d.To, oldText) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, disktest.Options{})
			d := plan.Down{Act: plan.MakeDir, Dir: true, ID: 1, To: "made", Base: &plan.Base{ID: 1, Dir: true}, Fresh: true}
			o, ok, err := w.r.Begin(d)
			if err != nil || !ok {
				t.Fatalf("begin: %v, %v", ok, err)
			}
			tt.after(w, d)
			row, drop, err := w.r.Finish(o)
			if err != nil || drop || (row != nil) != tt.done {
				t.Fatalf("finish gives %+v, %v, %v", row, drop, err)
			}
			if row != nil && row.Disk != w.sig(d.To) {
				t.Errorf("the row has %+v, the folder %+v", row.Disk, w.sig(d.To))
			}
		})
	}
}

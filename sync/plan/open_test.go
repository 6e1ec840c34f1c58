package plan

import (
	"testing"

	"elkjopcloud/sync/merge"
)

func TestOpenRow(t *testing.T) {
	was := Signature{Size: 1, Mtime: 1, Ctime: 1, Number: 5, Birth: 1}
	moved := was
	moved.Ctime = 2
	edited := moved
	edited.Mtime = 3
	row := &Base{ID: 1, Disk: Signature{Size: 9}}
	tests := []struct {
		name  string
		open  Open
		after Signature
		want  Signature
	}{
		{"move", Open{Down: Down{Act: MoveTo, Was: was, Base: row, Fresh: true}}, moved, moved},
		{"move of what is edited and not told", Open{Down: Down{Act: MoveTo, Was: was, Base: row}}, moved, Signature{Size: 9}},
		{"edited while it was moved", Open{Down: Down{Act: MoveTo, Was: was, Base: row, Fresh: true}}, edited, was},
		{"fetch", Open{Down: Down{Act: Fetch, Base: row, Fresh: true}, Placed: was}, moved, moved},
		{"edited as soon as it was there", Open{Down: Down{Act: Fetch, Base: row, Fresh: true}, Placed: was}, edited, was},
		{"replaced as soon as it was there", Open{Down: Down{Act: Replace, Base: row, Fresh: true}, Placed: was}, Signature{Size: 1, Mtime: 1, Number: 6, Birth: 2}, was},
		{"folder", Open{Down: Down{Act: MakeDir, Base: row, Fresh: true}}, moved, moved},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.open.Row(tt.after).Disk; got != tt.want {
				t.Errorf("row has %+v, want %+v", got, tt.want)
			}
		})
	}
	if (Open{Down: Down{Act: RemoveFile}}).Row(was) != nil {
		t.Error("a removal has a row")
	}
}

func TestOpenRecover(t *testing.T) {
	was := Signature{Size: 1, Mtime: 1, Number: 5, Birth: 1}
	other := Signature{Size: 1, Mtime: 1, Number: 6, Birth: 2}
	row := &Base{ID: 1}
	v := merge.Version{}
	tests := []struct {
		name       string
		open       Open
		waits      bool
		disk       map[string]Signature
		done, drop bool
	}{
		{"fetch not done", Open{Down: Down{Act: Fetch, To: "a", Version: v, Base: row, Fresh: true}, Placed: was}, true, nil, false, false},
		{"fetch done", Open{Down: Down{Act: Fetch, To: "a", Version: v, Base: row, Fresh: true}, Placed: was}, false, map[string]Signature{"a": was}, true, false},
		{"fetch done, replaced by an editor", Open{Down: Down{Act: Fetch, To: "a", Version: v, Base: row, Fresh: true}, Placed: was}, false, map[string]Signature{"a": other}, true, false},
		{"fetch done, deleted by the user", Open{Down: Down{Act: Fetch, To: "a", Version: v, Base: row, Fresh: true}, Placed: was}, false, nil, true, false},
		{"folder not made", Open{Down: Down{Act: MakeDir, Dir: true, To: "a", Base: row, Fresh: true}}, true, nil, false, false},
		{"folder made", Open{Down: Down{Act: MakeDir, Dir: true, To: "a", Base: row, Fresh: true}}, false, map[string]Signature{"a": was}, true, false},
		{"move not done", Open{Down: Down{Act: MoveTo, From: "a", To: "b", Was: was, Base: row}}, false, map[string]Signature{"a": was}, false, false},
		{"move done", Open{Down: Down{Act: MoveTo, From: "a", To: "b", Was: was, Base: row}}, false, map[string]Signature{"b": was}, true, false},
		{"move not done, another stands there", Open{Down: Down{Act: MoveTo, From: "a", To: "b", Was: was, Base: row}}, false, map[string]Signature{"a": was, "b": other}, false, false},
		{"removal not done", Open{Down: Down{Act: RemoveFile, From: "a", Was: was}}, false, map[string]Signature{"a": was}, false, false},
		{"removal done", Open{Down: Down{Act: RemoveFile, From: "a", Was: was}}, false, nil, false, true},
		{"removal done, something new there", Open{Down: Down{Act: RemoveFile, From: "a", Was: was}}, false, map[string]Signature{"a": other}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, drop := tt.open.Recover(tt.waits, func(p string) (Signature, bool) { s, ok := tt.disk[p]; return s, ok })
			if (got != nil) != tt.done || drop != tt.drop {
				t.Errorf("row %v, drop %v", got, drop)
			}
		})
	}
}

package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
)

// NeedHash returns the local files whose bytes must be hashed before anything can be planned of them: those whose hash is not known, that Base knows, in
// whose place the cloud shows a file, or that are as long as one that is gone, and whose size some version in the volume has. Content of a size that no
// version has is new for sure.
func NeedHash(in Input) []Handle {
	c := counterparts{in: in, dirs: map[Handle][]*merge.Folder{0: {in.State.Root()}}}
	var unknown, others []Handle
	for h, l := range in.Local.All {
		switch {
		case l.Dir || !l.Hash.IsZero():
		case in.Base.Get(h) != nil || c.file(l):
			unknown = append(unknown, h)
		default:
			others = append(others, h)
		}
	}
	return ofKnownSize(in, append(unknown, ofGoneSize(in, others)...))
}

// ofGoneSize returns the files that may be what others were that are gone.
func ofGoneSize(in Input, files []Handle) []Handle {
	if len(files) == 0 {
		return nil
	}
	gone := map[int64]bool{}
	for h, b := range in.Base.All {
		if !b.Dir && in.Local.Get(h) == nil {
			gone[b.Disk.Size] = true
		}
	}
	return slices.DeleteFunc(files, func(h Handle) bool { return !gone[in.Local.Get(h).Disk.Size] })
}

// NeedRead returns, of what is to be told, the new files of at least so many bytes that the volume may have: their hash is not known, and some version has
// their size. They need not be hashed, but they need not be sent when it does.
func NeedRead(in Input, ups []Up, least int64) []Handle {
	var unknown []Handle
	for _, u := range ups {
		if u.Kind == merge.Create && u.Known.IsZero() && in.Local.Get(u.ID).Disk.Size >= least {
			unknown = append(unknown, u.ID)
		}
	}
	return ofKnownSize(in, unknown)
}

// ofKnownSize returns the local files whose size some version has, by handle.
func ofKnownSize(in Input, files []Handle) []Handle {
	bySize := map[int64][]Handle{}
	for _, h := range files {
		n := in.Local.Get(h).Disk.Size
		bySize[n] = append(bySize[n], h)
	}
	if len(bySize) == 0 {
		return nil
	}
	var out []Handle
	in.State.AllVersions(func(v merge.Version) bool {
		if hs, ok := bySize[v.Content.Size]; ok {
			out = append(out, hs...)
			delete(bySize, v.Content.Size)
		}
		return len(bySize) > 0
	})
	slices.Sort(out)
	return out
}

// counterparts finds what the cloud shows where things stand here.
type counterparts struct {
	in   Input
	dirs map[Handle][]*merge.Folder // that a local folder is, or may be taken for
}

// file tells whether the cloud shows a file in the place of a local one.
func (c *counterparts) file(l *Local) bool {
	return slices.ContainsFunc(c.folder(l.Parent), func(f *merge.Folder) bool {
		_, ok := f.File(l.Name)
		return ok
	})
}

func (c *counterparts) folder(h Handle) []*merge.Folder {
	if fs, ok := c.dirs[h]; ok {
		return fs
	}
	var out []*merge.Folder
	if b := c.in.Base.Get(h); b != nil {
		for _, m := range b.Nodes {
			if f := c.in.State.FolderOf(m.ID); f != nil {
				out = append(out, f)
			}
		}
	}
	if l := c.in.Local.Get(h); l != nil {
		for _, p := range c.folder(l.Parent) {
			if f := p.Folder(l.Name); f != nil {
				out = append(out, f)
			}
		}
	}
	c.dirs[h] = out
	return out
}

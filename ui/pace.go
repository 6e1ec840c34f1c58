package ui

import (
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

const (
	span    = 20 * time.Second // of data, before any time left is told; also what the speed is measured over
	samples = 64
)

// pace turns what the client says at single moments into how far and how fast the work is. A piece of work begins when something is to be
// done and ends when nothing is.
type pace struct {
	began time.Time
	files int   // most that was to be done in this piece of work
	bytes int64 // most that was to be sent or brought
	seen  []sample
	pairs map[string]int64 // most that one pair had before it
}

type sample struct {
	at    time.Time
	moved int64
}

// see takes note of a moment.
func (p *pace) see(now time.Time, s app.Status) (page.Work, map[string]float64) {
	files, bytes := 0, int64(0)
	for _, x := range s.Pairs {
		files, bytes = files+x.PendingFiles, bytes+x.PendingBytes
	}
	if files == 0 {
		*p = pace{}
		return page.Work{}, nil
	}
	if p.began.IsZero() {
		*p = pace{began: now, pairs: map[string]int64{}}
	}
	p.files, p.bytes = max(p.files, files), max(p.bytes, bytes)
	p.note(now, s.MovedBytes)
	w := page.Work{Files: p.files - files, FilesTotal: p.files, Bytes: p.bytes - bytes, BytesTotal: p.bytes, Speed: p.speed(now, s)}
	if w.Speed > 0 && now.Sub(p.began) >= span {
		w.Left = float64(bytes) / w.Speed
	}
	return w, p.shares(s)
}

// note remembers how much was moved, over the time that the speed is measured over.
func (p *pace) note(now time.Time, moved int64) {
	p.seen = append(p.seen, sample{now, moved})
	for len(p.seen) > 2 && (now.Sub(p.seen[1].at) >= span || len(p.seen) > samples) {
		p.seen = p.seen[1:]
	}
}

// speed is in bytes a second; 0 while nothing moves or too little was seen.
func (p *pace) speed(now time.Time, s app.Status) float64 {
	first := p.seen[0]
	took := now.Sub(first.at).Seconds()
	if took < 2 || s.State != app.StateWorking {
		return 0
	}
	return float64(s.MovedBytes-first.moved) / took
}

// shares tells how much of each pair's work is done.
func (p *pace) shares(s app.Status) map[string]float64 {
	out := map[string]float64{}
	for _, x := range s.Pairs {
		if x.PendingFiles == 0 {
			delete(p.pairs, x.Name)
			continue
		}
		p.pairs[x.Name] = max(p.pairs[x.Name], x.PendingBytes)
		if most := p.pairs[x.Name]; most > 0 {
			out[x.Name] = 1 - float64(x.PendingBytes)/float64(most)
		}
	}
	return out
}

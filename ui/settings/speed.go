package settings

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// speed is the card of how fast files are sent and brought, and in which hours.
type speed struct {
	p              *Page
	is             app.Speed // as it is chosen now
	save           saver
	up, down, pace *fyne.Container
	week           *widgets.WeekGrid
	brush          *widgets.Segments
	hour           *widgets.Line // says what the hour is where keyboard or pointer are
	card           *fyne.Container
}

// uses are what an hour can be for, in the order of the brushes.
func uses() []byte { return []byte{app.Full, app.Limited, app.Nothing} }

// limited is the place of Limited among them, which an hour is unless somebody chose otherwise.
const limited = 1

func newSpeed(p *Page) *speed {
	w := p.desk.Words
	s := &speed{p: p, up: container.NewStack(), down: container.NewStack(), pace: container.NewStack(), hour: widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})}
	s.save = saver{desk: p.desk}
	looks := []widgets.CellLook{{Share: 1}, {Share: 0.45}, {Share: 0}}
	var days []string
	for _, key := range []string{"day.mon", "day.tue", "day.wed", "day.thu", "day.fri", "day.sat", "day.sun"} {
		days = append(days, w.T(key))
	}
	words := []string{w.T("speed.full"), w.T("speed.limited"), w.T("speed.nothing")}
	s.week = widgets.NewWeekGrid(days, looks...)
	s.brush = widgets.NewSegments(s.week.Brush, words...)
	s.week.OnBrush = s.brush.Choose
	s.week.OnAt = func(day, hour, kind int) {
		s.hour.Set(w.T("speed.hour", "day", days[day], "hour", hour, "end", hour+1, "use", words[kind]))
	}
	s.week.OnChanged = s.painted
	s.brush.Choose(len(words) - 1)
	legend := []fyne.CanvasObject{}
	for i, look := range looks {
		legend = append(legend, widgets.Across(6, widgets.NewCellSample(look), widgets.NewLine(words[i], widgets.Style{Size: theme.Caption, Colour: theme.Muted})))
	}
	s.card = section(w.T("settings.speed"),
		option(w.T("speed.up"), w.T("speed.up.about"), s.up), option(w.T("speed.down"), w.T("speed.down.about"), s.down),
		option(w.T("speed.pace"), w.T("speed.pace.about"), s.pace),
		widgets.Column(2, widgets.NewParagraph(w.T("speed.week"), widgets.Style{}), widgets.NewParagraph(w.T("speed.week.about"), widgets.Style{Size: theme.Caption, Colour: theme.Muted})),
		widgets.Across(0, s.brush.Container), s.week, widgets.Across(18, legend...), s.hour)
	s.show(app.Speed{Pace: app.Normal})
	return s
}

// show shows what is chosen.
func (s *speed) show(x app.Speed) {
	w := s.p.desk.Words
	s.is = x
	s.put(s.up, s.limits(x.Up, func(n int64) { s.is.Up = n }))
	s.put(s.down, s.limits(x.Down, func(n int64) { s.is.Down = n }))
	s.put(s.pace, choose([]string{w.T("speed.gentle"), w.T("speed.normal"), w.T("speed.fast")}, []string{app.Gentle, app.Normal, app.Fast}, x.Pace, func(pace string) {
		s.is.Pace = pace
		s.keep()
	}))
	s.week.Set(func(day, hour int) int {
		if len(x.Week) == 0 {
			return limited
		}
		return max(slices.Index(uses(), x.Week[day][hour]), 0)
	})
}

func (s *speed) put(into *fyne.Container, o fyne.CanvasObject) {
	into.Objects = []fyne.CanvasObject{o}
	into.Refresh()
}

// limits is the choice of a limit; one that was chosen elsewhere is among them.
func (s *speed) limits(now int64, set func(int64)) fyne.CanvasObject {
	w := s.p.desk.Words
	all := []int64{0, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000}
	if !slices.Contains(all, now) {
		all = append(all, now)
		slices.Sort(all)
	}
	var names []string
	for _, n := range all {
		if n == 0 {
			names = append(names, w.T("speed.none"))
			continue
		}
		names = append(names, w.Speed(float64(n)))
	}
	return choose(names, all, now, func(n int64) {
		set(n)
		s.keep()
	})
}

// painted takes the week as it was painted.
func (s *speed) painted() {
	for day := range 7 {
		for hour := range 24 {
			s.is.Week = s.is.Week.With(day, hour, hour+1, uses()[s.week.Kind(day, hour)])
		}
	}
	s.keep()
}

// keep saves what is chosen now.
func (s *speed) keep() {
	x := s.is
	s.save.keep(func(ctx context.Context) error { return s.p.client.SetSpeed(ctx, x) }, s.load)
}

func (s *speed) load() {
	var x app.Speed
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			x, err = s.p.client.Speed(ctx)
			return err
		},
		Done: func(err error) {
			if err == nil && !s.save.busy {
				s.show(x)
			}
		},
	})
}

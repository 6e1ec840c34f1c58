package command

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"elkjopcloud/app"
)

type speedCommand struct {
	Up    string   `placeholder:"SPEED" help:"Most that is sent in a second, such as 500KB or 2MB; off is no limit."`
	Down  string   `placeholder:"SPEED" help:"Most that is brought in a second."`
	Pace  string   `enum:",gentle,normal,fast" default:"" placeholder:"gentle|normal|fast" help:"How many files are on their way at once."`
	Hours []string `sep:"none" placeholder:"\"DAYS HOURS USE\"" help:"What hours of the week are for, such as \"mon-fri 8-16 nothing\"."`
}

func (speedCommand) Help() string {
	return `What is changed counts at once, for what is on its way, too. DAYS: mon to sun, mon-fri, or all. HOURS: 8-16 is from eight to four, all is the
whole day. USE: full (no limit), limited (the limits), nothing ("elkjop run" pauses; "elkjop resume" lets it go on until the hour is over).

Examples:

    elkjop speed
    elkjop speed --up 500KB --down 2MB
    elkjop speed --hours "mon-fri 8-16 nothing" --hours "all 0-6 full"
    elkjop speed --hours "all all limited"`
}

// Run shows what is chosen, after changing what was given.
func (c speedCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	x, err := client.Speed(s.ctx)
	if err != nil {
		return err
	}
	changed, err := c.change(x)
	if err != nil {
		return err
	}
	if c.Up+c.Down+c.Pace != "" || len(c.Hours) > 0 {
		if err := client.SetSpeed(s.ctx, changed); err != nil {
			return err
		}
		if x, err = client.Speed(s.ctx); err != nil {
			return err
		}
	}
	s.print(x, func(w io.Writer) { showSpeed(w, x) })
	return nil
}

// change returns the speed with what was typed.
func (c speedCommand) change(x app.Speed) (app.Speed, error) {
	var err error
	if x.Up, err = limit(c.Up, x.Up); err != nil {
		return x, err
	}
	if x.Down, err = limit(c.Down, x.Down); err != nil {
		return x, err
	}
	if c.Pace != "" {
		x.Pace = c.Pace
	}
	for _, h := range c.Hours {
		if x.Week, err = paint(x.Week, h); err != nil {
			return x, err
		}
	}
	return x, nil
}

// limit reads a speed; "" leaves it as it is.
func limit(typed string, now int64) (int64, error) {
	switch typed {
	case "":
		return now, nil
	case "off":
		return 0, nil
	}
	n, err := humanize.ParseBytes(strings.TrimSuffix(typed, "/s"))
	if err != nil || n < app.SlowestLimit || n > 1<<50 {
		return 0, &app.Problem{Code: app.CodeWrongUse, Message: clean(typed) + " is no speed.", Action: "Write it as 500KB or 2MB, at least 10KB, or off.", Err: err}
	}
	return int64(n), nil
}

var dayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

var uses = map[string]byte{"full": app.Full, "limited": app.Limited, "nothing": app.Nothing}

// paint puts "DAYS HOURS USE" into a week.
func paint(w app.Week, typed string) (app.Week, error) {
	wrong := &app.Problem{Code: app.CodeWrongUse, Message: clean(typed) + " says nothing about hours.", Action: `Write it as "mon-fri 8-16 nothing", "sat all full" or "all all limited".`}
	words := strings.Fields(strings.ToLower(typed))
	if len(words) != 3 || uses[words[2]] == 0 {
		return w, wrong
	}
	first, last, ok := span(words[0], len(dayNames), func(name string) int { return slices.Index(dayNames, name) })
	from, to, fine := span(words[1], 24, hour)
	if words[1] != "all" {
		to-- // the hour at which it ends is not among them
	}
	if !ok || !fine || from > to || first > last {
		return w, wrong
	}
	for day := first; day <= last; day++ {
		w = w.With(day, from, to+1, uses[words[2]])
	}
	return w, nil
}

// span reads "a-b", or "a" alone, or "all" of many.
func span(typed string, many int, read func(string) int) (first, last int, ok bool) {
	if typed == "all" {
		return 0, many - 1, true
	}
	a, b, two := strings.Cut(typed, "-")
	first, last = read(a), read(a)
	if two {
		last = read(b)
	}
	return first, last, first >= 0 && last >= 0
}

// hour reads one from 0 to 24, also as "08" or "8:00"; -1 is none.
func hour(typed string) int {
	n, err := strconv.ParseUint(strings.TrimSuffix(typed, ":00"), 10, 8)
	if err != nil || n > 24 {
		return -1
	}
	return int(n)
}

func showSpeed(w io.Writer, x app.Speed) {
	line(w, "Up: "+limitWord(x.Up))
	line(w, "Down: "+limitWord(x.Down))
	line(w, "Pace: "+x.Pace)
	if len(x.Week) == 0 {
		return
	}
	line(w, "The week (= full speed, - within the limits, . nothing):")
	line(w, "     0     6     12    18")
	signs := strings.NewReplacer(string(rune(app.Full)), "=", string(rune(app.Limited)), "-", string(rune(app.Nothing)), ".")
	for i, day := range x.Week {
		line(w, "  "+dayNames[i]+" "+signs.Replace(day))
	}
}

func limitWord(bytes int64) string {
	if bytes == 0 {
		return "no limit"
	}
	return size(bytes) + "/s"
}

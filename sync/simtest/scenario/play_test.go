package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

// play carries out a script: one step a line, or several with "; " between them. Words with spaces stand in double quotes. A word {1..20} or
// {a,b} stands for several. A file is path=content; without "=" its content is "text of path". In names of conflict copies the time is left out.
//
//	device B windows            a device with another kind of disk; A and B are there anyway
//	base a=1 d/b=2              files that everybody has
//	off A B, on A               stopped, started; people can still work at it
//	A> a=2 c=3                  writes files in place
//	A> save a=2                 writes as editors do
//	A> rm a, mv a b, mkdir d, touch a, exec a, noexec a, deny a, allow a
//	A> restore a, revert a=1, purge a, answer keep
//	A> without d, with d        a folder is kept off the device, or not any more
//	A> restart, forget          the program again; without its database
//	settle, partly              everybody works until all is done, or as far as possible
//	cycle A                     one cycle of one device
//	later 31d                   time goes by
//	unplug A, plug A            the drive with A's folder goes and comes back
//	damage a, lose b            another tool alters or deletes the bytes of a file's current version in the store
//	heal A 0                    A looks at every byte in the store and sends again what it has; so many versions stay lost
//	tree a=2 d/                 all that everybody shows now: files, and folders that are empty
//	here A a=2                  the same, on one device
//	trash a d/b                 all that the trash shows
//	versions a 2 1              all that a file holds and held, the newest first
//	safety B 1                  the safety folder has that content
//	problems A "busy a"         what a person is told, now and at the end
//	asks A, calm A              whether the guard asks, now and at the end
//	count; sent 0, writes 0, got 0     bytes of content sent, writes anywhere, contents fetched by all since "count"
func (s *scene) play(script string) {
	s.t.Helper()
	for _, line := range strings.Split(script, "\n") {
		for _, step := range strings.Split(line, "; ") {
			if w := fields(step); len(w) > 0 {
				s.step(w)
			}
			if s.t.Failed() {
				s.t.Fatalf("at %q", strings.TrimSpace(step))
			}
		}
	}
}

var field = regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`)

func fields(step string) []string {
	var out []string
	for _, w := range field.FindAllString(step, -1) {
		out = append(out, expand(strings.ReplaceAll(w, `"`, ""))...)
	}
	return out
}

var braces = regexp.MustCompile(`\{(\d+)\.\.(\d+)\}|\{([^}]*,[^}]*)\}`)

// expand makes several words of one with {1..3} or {a,b}; every later such group of the word takes the same choice.
func expand(w string) []string {
	m := braces.FindStringSubmatch(w)
	if m == nil {
		return []string{w}
	}
	var choices []string
	if m[3] != "" {
		choices = strings.Split(m[3], ",")
	} else {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		for i := from; i <= to; i++ {
			choices = append(choices, strconv.Itoa(i))
		}
	}
	var out []string
	for _, c := range choices {
		out = append(out, expand(strings.ReplaceAll(w, m[0], c))...)
	}
	return out
}

// file splits path=content.
func file(w string) (path, content string) {
	path, content, ok := strings.Cut(w, "=")
	if !ok {
		content = "text of " + path
	}
	return path, content
}

func filesOf(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		p, c := file(w)
		if strings.HasSuffix(p, "/") {
			c = ""
		}
		out[p] = c
	}
	return out
}

func (s *scene) step(w []string) {
	s.t.Helper()
	if name, ok := strings.CutSuffix(w[0], ">"); ok {
		s.dev(name).do(w[1:])
		return
	}
	rest := w[1:]
	switch w[0] {
	case "device":
		s.add(rest[0], "Synced", disktest.Options{}, rest[1])
	case "backup":
		s.add(rest[0], "Backup/"+rest[0]+"/docs", disktest.Options{}, "")
	case "base":
		s.base(filesOf(rest))
	case "off", "on":
		s.turn(rest, w[0] == "off")
	case "settle":
		s.settle()
	case "partly":
		s.settlePartly()
	case "cycle":
		s.dev(rest[0]).ok()
	case "later":
		s.wait(duration(rest[0]))
	case "unplug":
		s.dev(rest[0]).disk.Unplug()
	case "plug":
		s.dev(rest[0]).disk.Replug()
	case "damage", "lose":
		s.spoil(rest, w[0] == "lose")
	case "heal":
		s.dev(rest[0]).heals(rest[1])
	default:
		s.look(w[0], rest)
	}
}

func duration(w string) time.Duration {
	if days, ok := strings.CutSuffix(w, "d"); ok {
		n, _ := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour
	}
	d, err := time.ParseDuration(w)
	if err != nil {
		panic(err) // a script that nobody can read
	}
	return d
}

func (s *scene) turn(names []string, off bool) {
	for _, n := range names {
		d := s.dev(n)
		if d.off = off; !off {
			d.start()
		}
	}
}

// do is what a person does at a device.
func (d *device) do(w []string) {
	d.t.Helper()
	d.tick()
	switch w[0] {
	case "save":
		for _, f := range w[1:] {
			d.save(file(f))
		}
	case "rm":
		for _, p := range w[1:] {
			d.remove(p)
		}
	case "mv":
		d.move(w[1], w[2])
	case "mkdir":
		for _, p := range w[1:] {
			d.act(d.disk.MkdirAll(p))
		}
	case "touch":
		for _, p := range w[1:] {
			d.act(d.disk.Touch(p, d.tick().UnixNano()))
		}
	case "exec", "noexec":
		d.act(d.disk.SetExec(w[1], w[0] == "exec"))
	case "deny", "allow":
		d.act(d.disk.Deny(w[1], w[0] == "deny"))
	case "restore":
		d.restore(w[1:]...)
	case "revert":
		d.revert(file(w[1]))
	case "purge":
		d.purge(w[1:]...)
	case "answer":
		d.answer(w[1])
	case "without", "with":
		d.choose(w[1], w[0] == "without")
	case "restart":
		d.start()
	case "forget":
		d.loseDatabase()
	default:
		for _, f := range w {
			if !strings.Contains(f, "=") {
				d.t.Fatalf("nobody knows how to %q", w[0])
			}
			d.write(file(f))
		}
	}
}

// look compares what is to be seen.
func (s *scene) look(what string, rest []string) {
	s.t.Helper()
	switch what {
	case "tree":
		for _, d := range s.online() {
			d.shows(filesOf(rest))
		}
	case "here":
		s.dev(rest[0]).shows(filesOf(rest[1:]))
	case "trash":
		for _, d := range s.online() {
			d.trashShows(rest)
		}
	case "versions":
		for _, d := range s.online() {
			d.versionsAre(rest[0], rest[1:])
		}
	case "safety":
		if !s.dev(rest[0]).kept(rest[1]) {
			s.fail("the safety folder of %s has not %q", rest[0], rest[1])
		}
	case "problems":
		s.expects[rest[0]] = rest[1:]
		s.dev(rest[0]).checkProblems()
	case "asks", "calm":
		d := s.dev(rest[0])
		s.asking[rest[0]] = what == "asks"
		if got := d.status().Question != nil; got != (what == "asks") {
			s.fail("%s asks: %v", rest[0], got)
		}
	default:
		s.measure(what, rest)
	}
}

// measure counts what all devices have done.
func (s *scene) measure(what string, rest []string) {
	s.t.Helper()
	if what == "count" {
		for _, d := range s.devices {
			d.trouble.count()
		}
		return
	}
	got := 0
	for _, d := range s.devices {
		switch what {
		case "writes":
			got += d.trouble.writes
		case "sent":
			got += d.trouble.counts["put content"] + d.trouble.counts["new-upload content"]
		case "got":
			got += d.trouble.counts["get content"]
		default:
			s.t.Fatalf("nobody knows what %q is", what)
		}
	}
	if want, err := strconv.Atoi(rest[0]); err != nil || got != want {
		s.fail("%s: %d, want %s", what, got, rest[0])
	}
}

var copyTime = regexp.MustCompile(`, \d{4}-\d\d-\d\d \d\d\.\d\d(\.\d\d)?(\.\d+)?( [0-9a-f]{8})?\)`)

// plain leaves the time out of the names of conflict copies.
func plain(path string) string { return copyTime.ReplaceAllString(path, ")") }

// shows compares the person's tree, without folders that hold something.
func (d *device) shows(want map[string]string) {
	d.t.Helper()
	got := map[string]string{}
	all := d.all()
	for p, c := range all {
		if strings.HasSuffix(p, "/") && holdsSomething(all, p) {
			continue
		}
		if _, twice := got[plain(p)]; twice {
			p += " (twice)"
		}
		got[plain(p)] = c
	}
	var wrong []string
	for _, p := range sorted(got) {
		if c, ok := want[p]; !ok {
			wrong = append(wrong, fmt.Sprintf("shows %s=%.80s, which is not wanted", p, got[p]))
		} else if c != got[p] {
			wrong = append(wrong, fmt.Sprintf("shows %s=%.80s, want %.80s", p, got[p], c))
		}
	}
	for _, p := range sorted(want) {
		if _, ok := got[p]; !ok {
			wrong = append(wrong, "does not show "+p)
		}
	}
	if len(wrong) > 0 {
		d.t.Errorf("%s:\n%s\nits problems: %q, asks: %v", d.name, strings.Join(wrong[:min(len(wrong), 8)], "\n"), d.problems(), d.status().Question != nil)
	}
}

func holdsSomething(all map[string]string, dir string) bool {
	for p := range all {
		if p != dir && strings.HasPrefix(p, dir) {
			return true
		}
	}
	return false
}

func (d *device) trashShows(want []string) {
	d.t.Helper()
	got := []string{}
	for _, e := range d.volume().Trash(space.TrashFilter{}) {
		got = append(got, plain(e.Path))
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		d.t.Errorf("%s: the trash has %q, want %q", d.name, got, want)
	}
}

func (d *device) versionsAre(path string, want []string) {
	d.t.Helper()
	n, ok := d.find(path)
	if !ok {
		d.t.Errorf("%s: no file %s", d.name, path)
		return
	}
	var got []string
	for _, e := range d.volume().Versions(n.ID) {
		got = append(got, d.known(e.Content.Hash.String()))
	}
	if !slices.Equal(got, want) {
		d.t.Errorf("%s: versions of %s %q, want %q", d.name, path, got, want)
	}
}

// find finds a live file, also a conflict copy by its name without the time.
func (d *device) find(path string) (merge.Node, bool) {
	for _, p := range sorted(d.shown()) {
		if plain(p) == path {
			return d.volume().FileAt(p)
		}
	}
	return merge.Node{}, false
}

// known gives a hash the words that were written, if somebody wrote them here.
func (d *device) known(hash string) string {
	for c := range d.everything {
		if sum(c).String() == hash {
			return c
		}
	}
	return hash
}

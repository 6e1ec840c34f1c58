package scenario

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// one is one case: a number and a title, and a script, or code that plays scripts, or the reason why it cannot be run here.
type one struct {
	no, title string
	script    string
	run       func(s *scene)
	// once: too long to be played both ways.
	once bool
	// alone: it speaks of objects of one file each.
	alone bool
	// elsewhere says why the case cannot arise in this layout, or which tests have it.
	elsewhere string
	// open says what happens today where that is not yet what the case asks for. What is there is run all the same, and nothing may be lost.
	open string
}

// part is one chapter.
type part struct {
	letter string
	title  string
	cases  []one
}

func parts() []part {
	return []part{partA(), partB(), partC(), partD(), partE(), partF(), partG(), partH(), partI(), partJ(), partK(), partL(), partM(), partN(), partO(),
		partP(), partQ(), partR(), partS(), partT()}
}

// TestScenarios plays every case twice, the devices taking their turns one way and the other; the first time every file that is sent is an object of
// its own, the second time small ones go together as soon as there are two.
func TestScenarios(t *testing.T) {
	for _, p := range parts() {
		for _, c := range p.cases {
			if c.script == "" && c.run == nil {
				continue
			}
			t.Run(c.no+" "+c.title, func(t *testing.T) {
				c.play(t, false)
				if !c.once {
					c.play(t, true)
				}
			})
		}
	}
}

func (c one) play(t *testing.T, back bool) {
	t.Helper()
	s := newScene(t, back)
	s.alone = c.alone
	if c.run != nil {
		c.run(s)
	} else {
		s.play(c.script)
	}
	if !t.Failed() {
		s.check()
	}
	if t.Failed() {
		t.Fatalf("with the devices in reverse order: %v", back)
	}
}

// TestTable: every case has its reason or its steps, once, and README.md counts them.
func TestTable(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var total [3]int
	for _, p := range parts() {
		var n [3]int
		for _, c := range p.cases {
			i := slices.Index([]bool{c.elsewhere == "" && c.open == "", c.elsewhere != "", c.open != ""}, true)
			n[i]++
			total[i]++
			if seen[c.no] || c.title == "" || (c.script == "" && c.run == nil) != (c.elsewhere != "") {
				t.Errorf("case %s %s: twice, without a title, or with neither steps nor a reason", c.no, c.title)
			}
			seen[c.no] = true
		}
		row := fmt.Sprintf("| %s %s | %d | %d | %d |", p.letter, p.title, n[0], n[1], n[2])
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
	row := fmt.Sprintf("| all | %d | %d | %d |", total[0], total[1], total[2])
	if !strings.Contains(string(readme), row) {
		t.Errorf("README.md lacks the row\n%s", row)
	}
}

package urlscheme

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, link := range []string{"elkjopcloud://join/eyJhIjoxfQ", "ELKJOPCLOUD://join/a-b_C9", "elkjopcloud://join/" + strings.Repeat("a", longestToken)} {
		l, err := Parse(link)
		if err != nil || l.Verb != Join || !strings.HasSuffix(link, l.Token) {
			t.Errorf("%q: %+v %v", link, l, err)
		}
		if again, err := Parse(l.String()); again != l || err != nil {
			t.Errorf("%q became %+v %v", l.String(), again, err)
		}
	}
}

func TestHostileLinks(t *testing.T) {
	for _, link := range []string{
		"", "join/a", "elkjopcloud:", "elkjopcloud:join/a", "elkjopcloud:/join/a", "elkjopcloud://", "elkjopcloud://join", "elkjopcloud://join/",
		"elkjopcloud:///join/a", "elkjopcloud://join//a", "elkjopcloud://join/a/", "elkjopcloud://join/a/b", "elkjopcloud://Join/a",
		"elkjopcloud://open/a", "elkjopcloud://delete/everything", "elkjopcloud://user@join/a", "elkjopcloud://join:80/a",
		"elkjopcloud://join/a?b=c", "elkjopcloud://join/a#b", "elkjopcloud://join/%61", "elkjopcloud://join/../a", "elkjopcloud://join/..",
		"elkjopcloud://join/a b", " elkjopcloud://join/a", "elkjopcloud://join/a\n", "elkjopcloud://join/a\x00", "elkjopcloud://join/\"&calc",
		"elkjopcloud://join/$(x)", "elkjopcloud://join/a;b", `elkjopcloud://join/a\b`, "elkjopcloud://join/--home=x ", "elkjopcloud://join/æ",
		"elkjopcloud://join/a\xff", "https://join/a", "elkjopcloud2://join/a", "xelkjopcloud://join/a", "--elkjopcloud://join/a",
		"elkjopcloud://join/" + strings.Repeat("a", longestToken+1),
	} {
		if l, err := Parse(link); !errors.Is(err, ErrLink) || l != (Link{}) {
			t.Errorf("%q: %+v %v", link, l, err)
		}
	}
}

// What is accepted means the same to everybody who reads addresses, and can stand in any command line or file as it is.
func FuzzParse(f *testing.F) {
	f.Add("elkjopcloud://join/eyJhIjoxfQ")
	f.Add("elkjopcloud://join/../%61?x#y")
	f.Add("ElkjopCloud://join/a")
	f.Fuzz(func(t *testing.T, link string) {
		l, err := Parse(link)
		if err != nil {
			if l != (Link{}) {
				t.Errorf("%q: %+v with an error", link, l)
			}
			return
		}
		if l.Token == "" || strings.ContainsFunc(l.Token, foreign) || len(link) != len(l.String()) {
			t.Errorf("%q: %+v", link, l)
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != Scheme || u.Host != string(l.Verb) || u.Path != "/"+l.Token || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q: others read %+v %v", link, u, err)
		}
	})
}

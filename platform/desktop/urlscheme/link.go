package urlscheme

import (
	"errors"
	"strings"
)

// Scheme is the scheme of our links.
const Scheme = "elkjopcloud"

// Link is what a link asks for.
type Link struct {
	Verb  Verb
	Token string // letters, digits, "-" and "_"; what it means is for whoever made it
}

// Verb is what is to be done.
type Verb string

// Join is to become a member of a shared folder; the token is the invitation.
const Join Verb = "join"

// longestToken is far more than an invitation has, and less than any system's longest command line.
const longestToken = 8 << 10

// ErrLink means that a text is not one of our links. It says nothing of the text: that comes from anywhere.
var ErrLink = errors.New("this is not a link of Elkjøp Cloud")

// Parse reads a link: elkjopcloud://join/TOKEN and nothing else. There is nothing in it to decode, so that everybody who looks at it sees
// the same.
func Parse(link string) (Link, error) {
	scheme, rest, ok := strings.Cut(link, "://")
	if !ok || !strings.EqualFold(scheme, Scheme) { // the one part that systems write as they like
		return Link{}, ErrLink
	}
	verb, token, ok := strings.Cut(rest, "/")
	if !ok || Verb(verb) != Join || token == "" || len(token) > longestToken || strings.ContainsFunc(token, foreign) {
		return Link{}, ErrLink
	}
	return Link{Verb: Join, Token: token}, nil
}

// String is the link as it is sent.
func (l Link) String() string { return Scheme + "://" + string(l.Verb) + "/" + l.Token }

func foreign(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// Package text is the window's words: sentences, plurals, numbers, sizes and dates in each language. It is pure: what it says depends only
// on what it is given.
//
// Sentences stand in words/<language>.json, by key; English has every key. A sentence with a number has a form for one and one for more.
//
// Reading order: text.go (sentences), number.go (numbers, sizes, durations), moment.go (dates and times).
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed words/*.json
var files embed.FS

// English is the language that has every key, and the one of last resort.
const English = "en"

// Language is one that the window speaks.
type Language struct {
	Tag  string // "nb"
	Name string // as its speakers write it
}

// Languages lists the languages, each by its own name.
func Languages() []Language {
	return []Language{
		{"da", "Dansk"}, {"en", "English"}, {"fi", "Suomi"}, {"is", "Íslenska"}, {"nb", "Norsk bokmål"}, {"sv", "Svenska"},
	}
}

// Match returns the tag of the language for a system's locale, such as "nn-NO" or "sv_FI.UTF-8"; English when there is none.
func Match(locale string) string {
	tag := strings.ToLower(locale)
	if i := strings.IndexAny(tag, "-_.@"); i >= 0 {
		tag = tag[:i]
	}
	if tag == "no" || tag == "nn" {
		tag = "nb"
	}
	if slices.ContainsFunc(Languages(), func(l Language) bool { return l.Tag == tag }) {
		return tag
	}
	return English
}

// Words says things in one language. It is a value that nobody changes.
type Words struct {
	tag string
	say map[string]message
}

// message is one sentence. One is only there in sentences that are said of a number.
type message struct{ one, other string }

// UnmarshalJSON reads a sentence, or one with its plural forms.
func (m *message) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &m.other) == nil {
		return nil
	}
	var forms struct{ One, Other string }
	err := json.Unmarshal(b, &forms)
	m.one, m.other = forms.One, forms.Other
	return err
}

// For returns the words of a language, by its tag; English when it is unknown.
func For(tag string) *Words {
	if !slices.ContainsFunc(Languages(), func(l Language) bool { return l.Tag == tag }) {
		tag = English
	}
	say, err := load(tag)
	if err != nil {
		say = map[string]message{} // the tests read every file: it cannot happen in a program that was built from them
	}
	return &Words{tag: tag, say: say}
}

func load(tag string) (map[string]message, error) {
	b, err := files.ReadFile("words/" + tag + ".json")
	if err != nil {
		return nil, err
	}
	var say map[string]message
	if err := json.Unmarshal(b, &say); err != nil {
		return nil, fmt.Errorf("read the words of %s: %w", tag, err)
	}
	return say, nil
}

// Tag is the language's tag.
func (w *Words) Tag() string { return w.tag }

// Has tells whether there is a sentence for a key.
func (w *Words) Has(key string) bool {
	_, ok := w.say[key]
	return ok
}

// T says the sentence of a key. fill are pairs: the name that stands in braces in the sentence, and what to put there. Whole numbers are
// written as the language writes them. A key without a sentence says itself, so that its absence is seen.
func (w *Words) T(key string, fill ...any) string {
	m, ok := w.say[key]
	if !ok {
		return key
	}
	return w.fill(m.other, fill)
}

// N says the sentence of a key in the form that fits n, which stands for {n}.
func (w *Words) N(key string, n int, fill ...any) string {
	m, ok := w.say[key]
	if !ok {
		return key
	}
	form := m.other
	if m.one != "" && w.one(n) {
		form = m.one
	}
	return w.fill(form, append([]any{"n", n}, fill...))
}

// one tells whether a number takes the form for one: in Icelandic also 21, 31 and so on.
func (w *Words) one(n int) bool {
	if w.tag == "is" {
		return n%10 == 1 && n%100 != 11
	}
	return n == 1
}

func (w *Words) fill(form string, fill []any) string {
	var pairs []string
	for i := 0; i+1 < len(fill); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(fill[i])+"}", w.value(fill[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(form)
}

func (w *Words) value(v any) string {
	if n, ok := v.(int); ok {
		return w.Number(n)
	}
	return fmt.Sprint(v)
}

// List joins things as the language does: "a, b and c". Of more than most, the rest is counted.
func (w *Words) List(things []string, most int) string {
	if n := len(things) - most; n > 0 {
		things = append(slices.Clone(things[:most]), w.N("list.more", n))
	}
	if len(things) < 2 {
		return strings.Join(things, "")
	}
	last := len(things) - 1
	return w.T("list.and", "first", strings.Join(things[:last], ", "), "last", things[last])
}

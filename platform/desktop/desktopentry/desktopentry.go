// Package desktopentry writes the files by which the desktops of Linux know programs (freedesktop.org, Desktop Entry Specification).
package desktopentry

import (
	"fmt"
	"strings"
	"unicode"
)

// Field is one line of an entry.
type Field struct{ Key, Value string }

// File returns an entry with these fields. A value with a control character is an error: it could begin another line.
func File(fields ...Field) ([]byte, error) {
	var b strings.Builder
	b.WriteString("[Desktop Entry]\n")
	for _, f := range fields {
		if strings.ContainsFunc(f.Value, unicode.IsControl) {
			return nil, fmt.Errorf("write a desktop entry: %s %q cannot stand in one", f.Key, f.Value)
		}
		b.WriteString(f.Key + "=" + f.Value + "\n")
	}
	return []byte(b.String()), nil
}

// Value reads one field of the entry in a file; "" when it is not there.
func Value(file []byte, key string) string {
	inEntry := false
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inEntry = line == "[Desktop Entry]"
		}
		name, value, ok := strings.Cut(line, "=")
		if inEntry && ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Exec is the value of an Exec field that starts a program with arguments, taken literally.
func Exec(program string, args ...string) string {
	words := make([]string, 0, 1+len(args))
	for _, word := range append([]string{program}, args...) {
		words = append(words, quote(word))
	}
	return strings.Join(words, " ")
}

// quote applies the rule for arguments (quotes, with a backslash before what is special inside them), then the rule for values (a
// backslash is written twice), and lets a percent sign be one.
func quote(word string) string {
	if !Plain(word) {
		word = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`).Replace(word) + `"`
	}
	return strings.NewReplacer(`\`, `\\`, `%`, `%%`).Replace(word)
}

// Plain tells whether a word means itself without quotes, for every program that reads entries.
func Plain(word string) bool {
	return word != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\"'\\><~|&;$*?#()`%=", r)
	})
}

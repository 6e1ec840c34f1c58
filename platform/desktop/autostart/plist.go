package autostart

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// agent is the file by which macOS starts a program for its user at sign-in.
func agent(p Program) []byte {
	var b strings.Builder
	b.WriteString(xml.Header)
	b.WriteString(`<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n")
	b.WriteString("<plist version=\"1.0\">\n<dict>\n\t<key>Label</key>\n\t<string>" + escaped(p.ID) + "</string>\n\t<key>ProgramArguments</key>\n\t<array>\n")
	for _, word := range p.command() {
		b.WriteString("\t\t<string>" + escaped(word) + "</string>\n")
	}
	b.WriteString("\t</array>\n\t<key>RunAtLoad</key>\n\t<true/>\n\t<key>ProcessType</key>\n\t<string>Background</string>\n</dict>\n</plist>\n")
	return []byte(b.String())
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// disabledIn reads what "launchctl print-disabled" says: a line for each label, `"label" => disabled`, in older systems "true".
func disabledIn(listing []byte, label string) bool {
	for line := range bytes.Lines(listing) {
		name, answer, ok := strings.Cut(strings.TrimSpace(string(line)), " => ")
		if ok && name == `"`+label+`"` {
			return answer == "disabled" || answer == "true"
		}
	}
	return false
}

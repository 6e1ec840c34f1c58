package sidebar

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"elkjopcloud/platform/desktop/fileuri"
)

// The places of KDE are an XML file. It is read with a parser and changed as text, so that what others wrote stays byte for byte.

// emptyPlaces is the file when there is none. KDE adds its own places by itself.
const emptyPlaces = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xbel>
<xbel>
</xbel>
`

var errStrange = errors.New("the file of places is not as KDE writes it")

// kdePlace is one bookmark, [start, end) in the file.
type kdePlace struct {
	start, end         int
	hrefStart, hrefEnd int // between its quotes
	path               string
	title              string
	hidden             bool
}

// kdePlaces is a file that was read.
type kdePlaces struct {
	file   []byte
	places []kdePlace
	tail   int // where "</xbel>" begins
}

func parsePlaces(file []byte) (kdePlaces, error) {
	p := kdePlaces{file: file, tail: -1}
	in := xml.NewDecoder(bytes.NewReader(file))
	var open []string // names of the elements that we are in
	for {
		start := int(in.InputOffset())
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, fmt.Errorf("%w: %w", errStrange, err)
		}
		end := int(in.InputOffset())
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
			if t.Name.Local == "bookmark" && len(open) == 2 {
				if err := p.begin(t, start, end); err != nil {
					return p, err
				}
			}
		case xml.EndElement:
			p.close(open, start, end)
			open = open[:len(open)-1]
		case xml.CharData:
			p.text(open, string(t))
		}
	}
	if p.tail < 0 || !bytes.HasPrefix(file[p.tail:], []byte("</xbel")) {
		return p, errStrange
	}
	return p, nil
}

// href finds the address as it is written; the parser has it only as it is meant.
var href = regexp.MustCompile(`\shref\s*=\s*(?:"([^"]*)"|'([^']*)')`)

func (p *kdePlaces) begin(t xml.StartElement, start, end int) error {
	place := kdePlace{start: start}
	for _, a := range t.Attr {
		if a.Name.Local != "href" || a.Name.Space != "" {
			continue
		}
		place.path, _ = fileuri.Path(a.Value)
		at := href.FindSubmatchIndex(p.file[start:end])
		if at == nil {
			return errStrange
		}
		from, to := at[2], at[3]
		if from < 0 {
			from, to = at[4], at[5]
		}
		place.hrefStart, place.hrefEnd = start+from, start+to
		if written := string(p.file[place.hrefStart:place.hrefEnd]); !strings.Contains(written, "&") && written != a.Value {
			return errStrange // something else looks like the address
		}
	}
	p.places = append(p.places, place)
	return nil
}

func (p *kdePlaces) close(open []string, start, end int) {
	switch {
	case len(open) == 1 && open[0] == "xbel":
		p.tail = start
	case len(open) == 2 && open[1] == "bookmark":
		p.places[len(p.places)-1].end = end
	}
}

func (p *kdePlaces) text(open []string, text string) {
	if len(open) < 3 || open[1] != "bookmark" {
		return
	}
	last := &p.places[len(p.places)-1]
	switch {
	case len(open) == 3 && open[2] == "title":
		last.title += text
	case open[len(open)-1] == "IsHidden":
		last.hidden = strings.TrimSpace(text) == "true"
	}
}

func (p *kdePlaces) find(path string) (kdePlace, bool) {
	for _, place := range p.places {
		if place.path == path && place.path != "" {
			return place, true
		}
	}
	return kdePlace{}, false
}

// add returns the file with one more place at its end.
func (p *kdePlaces) add(e Entry) []byte {
	before := ""
	if p.tail > 0 && p.file[p.tail-1] != '\n' {
		before = "\n"
	}
	return splice(p.file, p.tail, p.tail, before+` <bookmark href="`+escaped(fileuri.Of(e.Path))+`">
  <title>`+escaped(e.Name)+`</title>
  <info>
   <metadata owner="http://freedesktop.org">
    <bookmark:icon xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks" name="folder-cloud"/>
   </metadata>
  </info>
 </bookmark>
`)
}

func (p *kdePlaces) move(from string, to Entry) []byte {
	place, ok := p.find(from)
	if !ok {
		return p.file
	}
	return splice(p.file, place.hrefStart, place.hrefEnd, escaped(fileuri.Of(to.Path)))
}

// remove takes a place out, with the blanks before it and the line end behind it.
func (p *kdePlaces) remove(path string) []byte {
	place, ok := p.find(path)
	if !ok {
		return p.file
	}
	start, end := place.start, place.end
	for start > 0 && (p.file[start-1] == ' ' || p.file[start-1] == '\t') {
		start--
	}
	if alone := start == 0 || p.file[start-1] == '\n'; !alone {
		start = place.start
	} else if end < len(p.file) && p.file[end] == '\n' {
		end++
	}
	return splice(p.file, start, end, "")
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

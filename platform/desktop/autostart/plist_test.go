package autostart

import (
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAgent(t *testing.T) {
	p := Program{ID: "elkjop-cloud", Path: "/Applications/A&B <x>.app/elkjop", Args: []string{"run", "--hidden"}}
	var strs []string
	in := xml.NewDecoder(strings.NewReader(string(agent(p))))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			strs = append(strs, string(text))
		}
	}
	want := []string{"Label", "elkjop-cloud", "ProgramArguments", "/Applications/A&B <x>.app/elkjop", "run", "--hidden", "RunAtLoad", "ProcessType", "Background"}
	if !slices.Equal(strs, want) {
		t.Errorf("%q", strs)
	}
}

func TestDisabledIn(t *testing.T) {
	const listing = "disabled services = {\n\t\"a\" => enabled\n\t\"elkjop\" => disabled\n\t\"old\" => true\n\t\"b\" => false\n}\n"
	for label, want := range map[string]bool{"a": false, "elkjop": true, "old": true, "b": false, "none": false, "elk": false} {
		if disabledIn([]byte(listing), label) != want {
			t.Errorf("%s", label)
		}
	}
}

func TestWhatIsNoProgram(t *testing.T) {
	abs, err := filepath.Abs("elkjop")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Program{{}, {ID: "a/b", Path: abs}, {ID: `..\a`, Path: abs}, {ID: ".hidden", Path: abs}, {ID: "a", Path: "elkjop"}} {
		_, err := Look(t.Context(), p)
		if err == nil || Enable(t.Context(), p) == nil || Disable(t.Context(), p) == nil {
			t.Errorf("%+v was accepted", p)
		}
	}
}

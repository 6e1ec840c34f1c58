package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/app/wiring"
	"elkjopcloud/platform/desktop/urlscheme"
	"elkjopcloud/ui"
)

func TestBegun(t *testing.T) {
	const link = "elkjopcloud://join/eyJhIjoxfQ"
	for _, tt := range []struct {
		name string
		args []string
		want start
		err  error
	}{
		{"nothing", nil, start{}, nil},
		{"hidden", []string{"--hidden"}, start{hidden: true}, nil},
		{"a link", []string{link}, start{link: link}, nil},
		{"a link as a browser writes it", []string{"ELKJOPCLOUD://join/eyJhIjoxfQ"}, start{link: link}, nil},
		{"a link that is none of ours", []string{"elkjopcloud://delete/everything"}, start{}, urlscheme.ErrLink},
		{"a file", []string{"/etc/passwd"}, start{}, urlscheme.ErrLink},
		{"what a link with a quote becomes", []string{link, "--hidden"}, start{}, urlscheme.ErrLink},
		{"two links", []string{link, link}, start{}, urlscheme.ErrLink},
		{"an empty one", []string{""}, start{}, urlscheme.ErrLink},
		{"what is no option", []string{"--home=/tmp"}, start{}, errUse},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := begun(tt.args)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%+v, %v", got, err)
			}
			if err != nil && len(tt.args) > 0 && tt.args[0] != "" && strings.Contains(err.Error(), tt.args[0]) {
				t.Errorf("the link is repeated: %v", err)
			}
		})
	}
	var p *app.Problem
	if err := unread(urlscheme.ErrLink); !errors.As(err, &p) || p.Code != app.CodeLink || p.Action == "" {
		t.Errorf("%v", err)
	}
}

// TestHandOver: a later start reaches the one that has the home, and nobody when there is no window.
func TestHandOver(t *testing.T) {
	home, log := t.TempDir(), slog.New(slog.DiscardHandler)
	asked := make(calls, 1)
	c, err := wiring.Open(t.Context(), home, wiring.Options{Program: brand.Default().Name, Asked: asked.add})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		link string
		want ui.Call
	}{{"", ui.Call{}}, {"elkjopcloud://join/a-b_9", ui.Call{Invited: true}}} {
		if err := handOver(t.Context(), home, start{link: tt.link}, log); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-asked:
			if got != tt.want {
				t.Errorf("%q: %+v", tt.link, got)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%q did not arrive", tt.link)
		}
	}
	for range 5 { // more than anybody waits for
		asked.add("")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := handOver(ctx, home, start{link: "elkjopcloud://join/../x"}, log); err == nil {
		t.Error("a link that is none was handed over")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := handOver(ctx, home, start{}, log); err == nil {
		t.Error("nobody was there, and it was asked")
	}
}

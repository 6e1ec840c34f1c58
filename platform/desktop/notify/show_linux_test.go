package notify

import (
	"errors"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/desktop/bustest"
)

// desktop is org.freedesktop.Notifications.
type desktop struct {
	can []string

	mu    sync.Mutex
	shown []string
}

func (d *desktop) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

func (d *desktop) Notify(program string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shown = append(d.shown, program, title, text)
	return 1, nil
}

func TestShownByTheDesktop(t *testing.T) {
	for _, tt := range []struct {
		name string
		can  []string
		text string
	}{
		{"reads markup", []string{"actions", "body-markup"}, "&lt;b&gt;$(x)&lt;/b&gt; &amp; &#34;y&#34;"},
		{"reads none", []string{"body"}, `<b>$(x)</b> & "y"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &desktop{can: tt.can}
			bustest.Serve(t, bustest.Start(t), service, object, service, d)
			if err := System("Elkjøp Cloud")(t.Context(), Message{Title: "Needs <you>", Text: `<b>$(x)</b> & "y"`}); err != nil {
				t.Fatal(err)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if diff := cmp.Diff([]string{"Elkjøp Cloud", "Needs <you>", tt.text}, d.shown); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNobodyShows(t *testing.T) {
	for name, begin := range map[string]func(*testing.T){"no bus": bustest.None, "no service": func(t *testing.T) { bustest.Start(t) }} {
		t.Run(name, func(t *testing.T) {
			begin(t)
			if err := System("x")(t.Context(), Message{Title: "x"}); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("show = %v", err)
			}
		})
	}
}

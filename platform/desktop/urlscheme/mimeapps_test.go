package urlscheme

import "testing"

func TestWithoutHandler(t *testing.T) {
	const kind, ours = "x-scheme-handler/elkjopcloud", "elkjop-cloud.desktop"
	for _, tt := range []struct{ name, list, want string }{
		{"empty", "", ""},
		{"only ours", "[Default Applications]\nx-scheme-handler/elkjopcloud=elkjop-cloud.desktop\ntext/html=a.desktop", "[Default Applications]\ntext/html=a.desktop"},
		{"ours among others", kind + "=a.desktop;elkjop-cloud.desktop;b.desktop;\r\n", kind + "=a.desktop;b.desktop;\n"},
		{"not ours", kind + " = my-elkjop-cloud.desktop; \nx=elkjop-cloud.desktop;\n", kind + " = my-elkjop-cloud.desktop; \nx=elkjop-cloud.desktop;\n"},
	} {
		if got := string(withoutHandler([]byte(tt.list), kind, ours)); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

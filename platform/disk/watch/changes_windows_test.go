package watch

import "testing"

func TestLongName(t *testing.T) {
	for in, want := range map[string]string{
		"docs/report.txt": "docs/report.txt", "PROGRA~1/x/y": "", "a/b/LONGFI~2.TXT": "a/b", "~$open.docx": "~$open.docx",
		"a/backup~": "a/backup~",
	} {
		if got := longName(in); got != want {
			t.Errorf("longName(%q) = %q, want %q", in, got, want)
		}
	}
}

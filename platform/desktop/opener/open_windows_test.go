package opener

import "testing"

func TestExplorerLine(t *testing.T) {
	if got, want := explorerLine(`C:\a b\c & d,e.txt`), `explorer.exe /select,"C:\a b\c & d,e.txt"`; got != want {
		t.Errorf("%s", got)
	}
	if err := reveal(t.Context(), `C:\a" /root,"x`); err == nil {
		t.Error("a quote was accepted")
	}
}

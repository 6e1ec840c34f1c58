package desktopentry

import "testing"

func TestExec(t *testing.T) {
	for want, words := range map[string][]string{
		`/usr/bin/elkjop run --hidden`:                           {"/usr/bin/elkjop", "run", "--hidden"},
		`"/opt/Elkjøp Cloud/elkjop" run`:                         {"/opt/Elkjøp Cloud/elkjop", "run"},
		`/a "100 %%" "b\\\\c" "\\$HOME \\"x\\" \\` + "`y\\\\`\"": {"/a", "100 %", `b\c`, "$HOME \"x\" `y`"},
		`/a ""`: {"/a", ""},
	} {
		if got := Exec(words[0], words[1:]...); got != want {
			t.Errorf("Exec(%q) = %s, want %s", words, got, want)
		}
	}
}

func TestFileAndValue(t *testing.T) {
	file, err := File(Field{"Type", "Application"}, Field{"Name", "Elkjøp Cloud"})
	if err != nil || string(file) != "[Desktop Entry]\nType=Application\nName=Elkjøp Cloud\n" {
		t.Errorf("%q %v", file, err)
	}
	if _, err := File(Field{"Name", "x\nExec=rm"}); err == nil {
		t.Error("a line end was accepted")
	}
	edited := "# Exec=no\n[Other]\nExec=other\n[Desktop Entry]\r\nName[nb]=x\r\n Exec = a b=c \r\nExec=second\n"
	if got := Value([]byte(edited), "Exec"); got != "a b=c" {
		t.Errorf("Value = %q", got)
	}
	if got := Value([]byte(edited), "Hidden"); got != "" {
		t.Errorf("Value = %q", got)
	}
}

package app_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// The guard is guarded: for every rule, imports that keep it and imports that break it.
func TestForbiddenImports(t *testing.T) {
	const inTest, inCode = true, false
	tests := []struct {
		dir  string
		test bool
		imp  string
		want string // a part of the reason, "" for allowed
	}{
		// floors
		{"platform/disk", inCode, "elkjopcloud/platform/statedb", ""},
		{"platform/disk", inCode, "elkjopcloud/sync/tree", "goes up"},
		{"platform/disk", inTest, "elkjopcloud/sync/tree", "goes up"},
		{"sync/engine", inCode, "elkjopcloud/platform/disk", ""},
		{"sync/engine", inCode, "elkjopcloud/backup", "goes up"},
		{"sync/engine", inCode, "elkjopcloud/archive", "goes up"},
		{"sync/engine", inCode, "elkjopcloud/app", "goes up"},
		{"backup", inCode, "elkjopcloud/sync/engine", ""},
		{"backup", inCode, "elkjopcloud/backup/schedule", ""},
		{"backup", inCode, "elkjopcloud/archive", "one floor"},
		{"backup/schedule", inTest, "elkjopcloud/archive/find", "one floor"},
		{"archive", inCode, "elkjopcloud/backup", "one floor"},
		{"app", inCode, "elkjopcloud/backup", ""},
		{"app", inCode, "elkjopcloud/app/config", ""},
		{"app", inCode, "elkjopcloud/app/wiring", "goes up"},
		{"app", inCode, "elkjopcloud/ui", "goes up"},
		{"app/wiring", inCode, "elkjopcloud/app", ""},
		{"app/wiring", inCode, "elkjopcloud/platform/disk", ""},
		{"app/wiring", inCode, "elkjopcloud/ui", "one floor"},
		{"ui", inCode, "elkjopcloud/app", ""},
		{"ui", inCode, "elkjopcloud/app/wiring", "one floor"},
		{"ui/home", inCode, "elkjopcloud/ui/widgets", ""},
		{"ui/home", inCode, "elkjopcloud/sync/tree", ""},
		{"app/desktop", inCode, "elkjopcloud/ui", ""},
		{"app/desktop", inCode, "elkjopcloud/app/wiring", ""},
		{"app/desktop", inCode, "elkjopcloud/app/headless", "a program"},
		{"app/headless", inTest, "elkjopcloud/app/headless", ""},
		{"app/headless", inCode, "elkjopcloud/platform/disk", ""},
		{"app/desktop", inCode, "elkjopcloud", ""},
		{".", inCode, "elkjopcloud/app", "goes up"},
		{"packaging/build", inCode, "elkjopcloud/app/brand", ""},
		{"packaging/build", inCode, "elkjopcloud/platform/disk", "only app/brand"},
		{"app", inCode, "elkjopcloud/packaging/build", "not a part"},

		// face
		{"ui/home", inCode, "fyne.io/fyne/v2/widget", ""},
		{"app/desktop", inCode, "fyne.io/fyne/v2/app", ""},
		{"ui/widgets", inCode, "github.com/dweymouth/fyne-tooltip", ""},
		{"app", inCode, "fyne.io/fyne/v2", "Fyne is only"},
		{"app/headless", inTest, "fyne.io/fyne/v2/test", "Fyne is only"},
		{"sync/engine", inCode, "github.com/dweymouth/fyne-tooltip", "Fyne is only"},
		{"ui", inCode, "elkjopcloud/platform/disk", "never imports platform"},
		{"ui/home", inTest, "elkjopcloud/platform/desktop/opener", "never imports platform"},
		{"app/headless", inCode, "elkjopcloud/ui/text", ""},
		{"app/headless", inCode, "elkjopcloud/ui/widgets", "only ui/text"},

		// system calls
		{"platform/disk/volume", inCode, "syscall", ""},
		{"platform/desktop/trashcan", inCode, "github.com/ebitengine/purego/objc", ""},
		{"platform/desktop/notify", inCode, "github.com/godbus/dbus/v5", ""},
		{"platform/disk/watch", inCode, "C", ""},
		{"sync/local", inCode, "syscall", "only for platform"},
		{"sync/local", inTest, "golang.org/x/sys/unix", "only for platform"},
		{"app/headless", inCode, "golang.org/x/sys/windows/registry", "only for platform"},
		{"app/desktop", inCode, "C", "only for platform"},
		{"ui", inCode, "github.com/godbus/dbus/v5", "only for platform"},
		{"backup", inCode, "os/signal", ""},

		// stores
		{"platform/objstore/s3store", inCode, "github.com/minio/minio-go/v7", ""},
		{"platform/transfer", inCode, "github.com/minio/minio-go/v7", "s3store"},
		{"app/headless", inTest, "github.com/minio/minio-go/v7/pkg/credentials", "s3store"},
		{"platform/statedb", inCode, "modernc.org/sqlite", ""},
		{"sync/treedb", inCode, "modernc.org/sqlite", "statedb"},
		{"sync/treedb", inTest, "modernc.org/sqlite/lib", "statedb"},

		// SQL
		{"platform/statedb", inCode, "database/sql", ""},
		{"sync/treedb", inCode, "database/sql", ""},
		{"archive", inCode, "database/sql", ""},
		{"sync/engine", inCode, "database/sql", "keep a table"},
		{"ui/activity", inCode, "database/sql", "keep a table"},

		// purity
		{"sync/plan", inCode, "elkjopcloud/sync/tree", ""},
		{"sync/plan", inCode, "strings", ""},
		{"sync/plan", inCode, "crypto/sha256", ""},
		{"sync/layout", inCode, "golang.org/x/text/unicode/norm", ""},
		{"sync/plan", inTest, "os", ""},
		{"sync/plan", inTest, "pgregory.net/rapid", ""},
		{"sync/plan", inCode, "elkjopcloud/sync/treedb", "only pure packages"},
		{"sync/plan", inCode, "elkjopcloud/platform/disk", "only pure packages"},
		{"ui/text", inCode, "fyne.io/fyne/v2", "no other module"},
		{"sync/merge", inCode, "github.com/oklog/ulid/v2", "no other module"},
		{"sync/merge", inCode, "time", "world outside"},
		{"sync/merge", inCode, "context", "world outside"},
		{"sync/tree", inCode, "os", "world outside"},
		{"sync/tree", inCode, "os/exec", "world outside"},
		{"sync/tree", inCode, "net/url", "world outside"},
		{"sync/tree", inCode, "log/slog", "world outside"},
		{"sync/tree", inCode, "math/rand/v2", "world outside"},
		{"sync/tree", inCode, "math/bits", ""},
		{"sync/treedb", inCode, "time", ""},

		// test packages and tools
		{"sync/engine", inTest, "elkjopcloud/platform/disk/disktest", ""},
		{"sync/engine", inCode, "elkjopcloud/platform/disk/disktest", "only for tests"},
		{"sync/simtest", inCode, "elkjopcloud/platform/disk/disktest", ""},
		{"sync/simtest", inCode, "elkjopcloud/platform/objstore/faultstore", ""},
		{"platform/objstore/storetest", inCode, "elkjopcloud/platform/objstore/memstore", ""},
		{"app/wiring", inCode, "elkjopcloud/platform/objstore/memstore", "only for tests"},
		{"app/wiring", inCode, "elkjopcloud/platform/objstore/faultstore", "only for tests"},
		{"app/headless", inCode, "elkjopcloud/sync/simtest", "only for tests"},
		{"app/headless", inTest, "elkjopcloud/sync/simtest", ""},
		{"platform/objstore/storetest", inCode, "testing", ""},
		{"platform/objstore", inCode, "testing", "only for tests"},
		{"platform/objstore", inTest, "testing/synctest", ""},
		{"app/headless", inCode, "github.com/google/go-cmp/cmp", "only for tests"},
	}
	for _, tt := range tests {
		got := forbidden(tt.dir, tt.test, tt.imp)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s (test %v) imports %s: %q, want %q", tt.dir, tt.test, tt.imp, got, tt.want)
		}
	}
}

// Whole small houses, so that reading files is tested too: build tags, cgo, comments, lengths, the root.
func TestProblemsOfAHouse(t *testing.T) {
	const documented = "// Package x is for tests.\n"
	long := strings.Repeat("\n", maxFile)
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"clean", map[string]string{
			"README.md": "", "go.mod": "", ".gitignore": "", "app/a.go": documented + "package app",
		}, nil},
		{"build tags hide nothing", map[string]string{
			"sync/local/x_plan9.go": "//go:build never\n\n" + documented + "package local\nimport _ \"syscall\"",
		}, []string{"sync/local/x_plan9.go imports syscall: system calls, D-Bus and cgo are only for platform"}},
		{"cgo", map[string]string{
			"backup/x.go": documented + "package backup\n// int x;\nimport \"C\"",
		}, []string{"backup/x.go imports C: system calls, D-Bus and cgo are only for platform"}},
		{"renamed and blank imports", map[string]string{
			"archive/x.go": documented + "package archive\nimport (\n. \"elkjopcloud/backup\"\n_ \"modernc.org/sqlite\"\n)",
		}, []string{
			"archive/x.go imports elkjopcloud/backup: packages of one floor do not know each other",
			"archive/x.go imports modernc.org/sqlite: the SQLite driver is only for platform/statedb",
		}},
		{"no package comment", map[string]string{
			"backup/a.go": "package backup", "backup/b.go": "//go:build linux\n\npackage backup", "archive/a.go": documented + "package archive",
		}, []string{"backup has no package comment"}},
		{"comment only in a test", map[string]string{
			"backup/a.go": "package backup", "backup/a_test.go": documented + "package backup",
		}, []string{"backup has no package comment"}},
		{"strangers at the root", map[string]string{"util/x.txt": "", "notes.txt": "", "cmd/main.go": documented + "package main"},
			[]string{"cmd does not belong at the root of the module", "notes.txt does not belong at the root of the module",
				"util does not belong at the root of the module"}},
		{"files in the folders of folders", map[string]string{"sync/x.go": documented + "package sync"},
			[]string{"sync/x.go: no Go files directly in sync"}},
		{"long file", map[string]string{"backup/x.go": documented + "package backup" + long, "backup/x_test.go": "package backup" + long},
			[]string{"backup/x.go has 501 lines, 500 is too many"}},
		{"generated file", map[string]string{"backup/x.go": "// Code generated by hand. DO NOT EDIT.\n\n" + documented + "package backup" + long}, nil},
		{"long function", map[string]string{"backup/x.go": documented + "package backup\nfunc f() {" + long[:98] + "}\nfunc g() {" + long[:99] + "}"},
			[]string{"backup/x.go: g has 100 lines, 100 is too many"}},
		{"fyne.Do in two files", map[string]string{
			"ui/a.go":      documented + "package ui\nimport \"fyne.io/fyne/v2\"\nvar _ = fyne.Do",
			"ui/b.go":      "package ui\nimport f \"fyne.io/fyne/v2\"\nvar _ = f.DoAndWait",
			"ui/c.go":      "package ui\nimport \"fyne.io/fyne/v2\"\nvar _ fyne.App",
			"ui/a_test.go": "package ui\nimport \"fyne.io/fyne/v2\"\nvar _ = fyne.Do",
		}, []string{"fyne.Do is called in more than one file: ui/a.go, ui/b.go"}},
		{"what the go command skips", map[string]string{
			"backup/testdata/x.go": "package x\nimport _ \"syscall\"", "backup/_x/x.go": "package x", ".git/x.go": "package x",
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for name, content := range tt.files {
				fsys[name] = &fstest.MapFile{Data: []byte(content)}
			}
			h, err := readHouse(fsys)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, h.problems()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnreadableSourceIsAnError(t *testing.T) {
	fsys := fstest.MapFS{"backup/x.go": &fstest.MapFile{Data: []byte("pakage backup")}}
	if _, err := readHouse(fsys); err == nil {
		t.Error("a file that does not parse was passed over")
	}
}

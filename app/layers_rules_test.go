package app_test

import (
	"path"
	"slices"
	"strings"
)

// forbidden tells why files in dir may not import a package, or "" when they may. It is the rules of the house, one function each;
// dir is below the module's root ("sync/plan"), test says that the importing file is a _test.go file.
func forbidden(dir string, test bool, imported string) string {
	rules := []func(dir string, test bool, imported string) string{
		floors, face, systemCalls, stores, sqlText, purity, testPackages, testTools,
	}
	for _, rule := range rules {
		if why := rule(dir, test, imported); why != "" {
			return why
		}
	}
	return ""
}

// floor numbers the floors from the ground up; 0 is the root package, which holds only embedded files. Packages of one floor know each
// other only inside one top folder.
func floor(dir string) int {
	switch dir {
	case "app/desktop", "app/headless":
		return 6
	case "app/wiring":
		return 5
	}
	switch top(dir) {
	case "ui":
		return 5
	case "app":
		return 4
	case "backup", "archive":
		return 3
	case "sync":
		return 2
	case "platform":
		return 1
	}
	return 0
}

// floors: imports go to a lower floor or stay inside one top folder (and there on one floor); nobody imports a program or packaging,
// and packaging uses only the name and colours of the brand.
func floors(dir string, _ bool, imported string) string {
	to, ours := inside(imported)
	switch {
	case !ours || to == dir:
		return ""
	case top(to) == "packaging" && top(dir) != "packaging":
		return "packaging is not a part of the client"
	case top(dir) == "packaging":
		return unless(top(to) == "packaging" || within(to, "app/brand"), "packaging may know only app/brand")
	case floor(to) == 6:
		return "nobody imports a program"
	case floor(to) > floor(dir):
		return "imports go down, this one goes up"
	case floor(to) == floor(dir) && top(to) != top(dir):
		return "packages of one floor do not know each other"
	}
	return ""
}

// face: Fyne is for the window alone; the window knows the client, not the ground; the command line stays free of both Fyne and cgo,
// also by way of a ui package.
func face(dir string, _ bool, imported string) string {
	if strings.HasPrefix(imported, "fyne.io/") || strings.Contains(imported, "/fyne") {
		return unless(within(dir, "ui") || within(dir, "app/desktop"), "Fyne is only for ui and app/desktop")
	}
	to, ours := inside(imported)
	if !ours {
		return ""
	}
	if top(dir) == "ui" && top(to) == "platform" {
		return "ui never imports platform"
	}
	return unless(!within(dir, "app/headless") || top(to) != "ui" || to == "ui/text", "of ui, the command line may use only ui/text")
}

// systemCalls: what differs between the three systems stays on the ground.
func systemCalls(dir string, _ bool, imported string) string {
	only := []string{
		"C", "syscall", "golang.org/x/sys", "github.com/ebitengine/purego", "github.com/godbus/dbus", "github.com/go-ole/go-ole",
	}
	calls := slices.ContainsFunc(only, func(name string) bool { return within(imported, name) })
	return unless(!calls || within(dir, "platform"), "system calls, D-Bus and cgo are only for platform")
}

// stores: one package knows the S3 library, one knows the database's driver.
func stores(dir string, _ bool, imported string) string {
	switch {
	case within(imported, "github.com/minio"):
		return unless(within(dir, "platform/objstore/s3store"), "minio-go is only for platform/objstore/s3store")
	case within(imported, "modernc.org/sqlite"), within(imported, "github.com/mattn/go-sqlite3"):
		return unless(within(dir, "platform/statedb"), "the SQLite driver is only for platform/statedb")
	}
	return ""
}

// sqlText: SQL stands where tables are kept.
func sqlText(dir string, _ bool, imported string) string {
	keepers := []string{"platform/statedb", "sync/treedb", "backup", "archive"}
	keeps := slices.ContainsFunc(keepers, func(name string) bool { return within(dir, name) })
	return unless(!within(imported, "database/sql") || keeps, "SQL is only for packages that keep a table: "+strings.Join(keepers, ", "))
}

// purity: the packages that decide are functions of values. They import each other, the standard library without anything that looks
// at the world outside, and golang.org/x/text, which is pure tables (Unicode forms, case folding, plural rules) that the standard
// library does not have.
func purity(dir string, test bool, imported string) string {
	if test || !pure(dir) {
		return ""
	}
	if to, ours := inside(imported); ours {
		return unless(pure(to), "a pure package imports only pure packages")
	}
	if outside := strings.Contains(top(imported), "."); outside {
		return unless(within(imported, "golang.org/x/text"), "a pure package needs no other module but golang.org/x/text")
	}
	world := []string{"os", "net", "time", "context", "log", "math/rand", "crypto/rand", "io/ioutil", "path/filepath", "syscall", "C"}
	looks := slices.ContainsFunc(world, func(name string) bool { return within(imported, name) })
	return unless(!looks, "a pure package does not look at the world outside")
}

func pure(dir string) bool {
	return slices.Contains([]string{"sync/tree", "sync/rows", "sync/merge", "sync/plan", "sync/layout", "ui/text"}, dir)
}

// testPackages: fakes, conformance suites and the simulator are never part of the product.
func testPackages(dir string, test bool, imported string) string {
	to, ours := inside(imported)
	if !ours || !forTests(to) || test || forTests(dir) {
		return ""
	}
	return "it is only for tests"
}

func forTests(dir string) bool {
	name := path.Base(dir)
	return strings.HasSuffix(name, "test") || name == "memstore" || name == "faultstore"
}

// testTools: the product does not carry the tools it is tested with.
func testTools(dir string, test bool, imported string) string {
	tools := []string{
		"testing", "github.com/google/go-cmp", "pgregory.net/rapid", "go.uber.org/goleak", "github.com/rogpeppe/go-internal/testscript",
	}
	isTool := slices.ContainsFunc(tools, func(name string) bool { return within(imported, name) })
	return unless(!isTool || test || forTests(dir), "it is only for tests")
}

// inside returns an import's folder in this module.
func inside(imported string) (dir string, ours bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

func top(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// within tells whether dir is parent or lies below it.
func within(dir, parent string) bool {
	return dir == parent || strings.HasPrefix(dir, parent+"/")
}

func unless(fine bool, why string) string {
	if fine {
		return ""
	}
	return why
}

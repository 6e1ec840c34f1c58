package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLayers keeps the rules of the house. It parses every Go file of the module whatever its build tags, so that neither the system
// it runs on nor a cached build can hide an import. layers_guard_test.go shows each rule a small house that breaks it.
func TestLayers(t *testing.T) {
	h, err := readHouse(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"app/doc.go", "app/layers_test.go", "platform/disk/disk.go"} {
		if !slices.ContainsFunc(h.files, func(f file) bool { return f.path == must }) {
			t.Errorf("%s was not looked at: the test sees the wrong folder", must)
		}
	}
	for _, problem := range h.problems() {
		t.Error(problem)
	}
}

const module = "elkjopcloud"

// house is the module as the rules see it.
type house struct {
	root  []string // names at the root of the module
	files []file
}

// file is one parsed Go file.
type file struct {
	path  string // below the module's root, '/'-separated
	dir   string // "." for the root
	test  bool
	lines int
	ast   *ast.File
	set   *token.FileSet
}

// problems lists what breaks a rule, in the order of the files.
func (h house) problems() []string {
	found := rootNames(h.root)
	for _, f := range h.files {
		found = append(found, misplaced(f)...)
		found = append(found, tooLong(f)...)
		for _, imported := range f.imports() {
			if why := forbidden(f.dir, f.test, imported); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", f.path, imported, why))
			}
		}
	}
	found = append(found, h.undocumented()...)
	return append(found, h.doers()...)
}

func readHouse(fsys fs.FS) (house, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return house{}, err
	}
	var h house
	for _, entry := range entries {
		h.root = append(h.root, entry.Name())
	}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && skipped(entry.Name()) {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		f, err := readFile(fsys, name)
		h.files = append(h.files, f)
		return err
	})
	return h, err
}

// skipped names the folders that the go command does not look into either.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"
}

func readFile(fsys fs.FS, name string) (file, error) {
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, err
	}
	return file{
		path:  name,
		dir:   path.Dir(name),
		test:  strings.HasSuffix(name, "_test.go"),
		lines: strings.Count(string(content), "\n"),
		ast:   parsed,
		set:   set,
	}, nil
}

func (f file) imports() []string {
	var all []string
	for _, spec := range f.ast.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			all = append(all, name)
		}
	}
	return all
}

// rootNames: seven folders, what the Go and Fyne tools insist on, a licence and dotfiles; and what a build may leave there, which
// .gitignore keeps out of the repository.
func rootNames(names []string) []string {
	allowed := []string{
		"app", "ui", "sync", "backup", "archive", "platform", "packaging",
		"go.mod", "go.sum", "README.md", "LICENSE", "FyneApp.toml", "Icon.png", "meta.go",
		"dist", "elkjop", "elkjop.exe",
	}
	var found []string
	for _, name := range names {
		if !slices.Contains(allowed, name) && !strings.HasPrefix(name, ".") {
			found = append(found, name+" does not belong at the root of the module")
		}
	}
	return found
}

// misplaced: a package "sync" would collide with the standard library's; platform and packaging are only names for what is in them.
func misplaced(f file) []string {
	if f.dir == "sync" || f.dir == "platform" || f.dir == "packaging" {
		return []string{f.path + ": no Go files directly in " + f.dir}
	}
	return nil
}

const (
	maxFile     = 500
	maxFunction = 100
)

// tooLong: tests may be longer, and nobody reads what a program wrote.
func tooLong(f file) []string {
	if f.test || ast.IsGenerated(f.ast) {
		return nil
	}
	var found []string
	if f.lines >= maxFile {
		found = append(found, fmt.Sprintf("%s has %d lines, %d is too many", f.path, f.lines, maxFile))
	}
	for _, declared := range f.ast.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := f.line(function.End()) - f.line(function.Pos()) + 1; lines >= maxFunction {
			found = append(found, fmt.Sprintf("%s: %s has %d lines, %d is too many", f.path, function.Name.Name, lines, maxFunction))
		}
	}
	return found
}

func (f file) line(pos token.Pos) int { return f.set.Position(pos).Line }

// undocumented lists the packages of which no file says what they are.
func (h house) undocumented() []string {
	documented := map[string]bool{}
	for _, f := range h.files {
		if !f.test {
			documented[f.dir] = documented[f.dir] || strings.TrimSpace(f.ast.Doc.Text()) != ""
		}
	}
	var found []string
	for dir, ok := range documented {
		if !ok {
			found = append(found, dir+" has no package comment")
		}
	}
	slices.Sort(found)
	return found
}

// doers: fyne.Do is called in one file, the bridge, or pages begin to start goroutines.
func (h house) doers() []string {
	var callers []string
	for _, f := range h.files {
		if !f.test && f.callsFyneDo() {
			callers = append(callers, f.path)
		}
	}
	if len(callers) < 2 {
		return nil
	}
	return []string{"fyne.Do is called in more than one file: " + strings.Join(callers, ", ")}
}

func (f file) callsFyneDo() bool {
	const fyne = "fyne.io/fyne/v2"
	if !slices.Contains(f.imports(), fyne) {
		return false
	}
	name := "fyne"
	for _, spec := range f.ast.Imports {
		if spec.Path.Value == strconv.Quote(fyne) && spec.Name != nil {
			name = spec.Name.Name
		}
	}
	found := false
	ast.Inspect(f.ast, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		on, ok := selector.X.(*ast.Ident)
		found = found || ok && on.Name == name && (selector.Sel.Name == "Do" || selector.Sel.Name == "DoAndWait")
		return true
	})
	return found
}

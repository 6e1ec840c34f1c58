package app

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// TestWords reads the codes from the source, so that a new one without words fails here.
func TestWords(t *testing.T) {
	files, err := filepath.Glob("../sync/engine/*.go")
	must(t, err)
	own, err := filepath.Glob("*.go")
	must(t, err)
	found := 0
	for _, file := range append(files, own...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, code := range codesIn(t, parsed) {
			found++
			if w := words[code]; w.message == "" || w.action == "" {
				t.Errorf("%s: the code %q has no words, or nothing to do", file, code)
			}
		}
	}
	if found < 30 || len(words) > found {
		t.Errorf("%d codes found, %d have words", found, len(words))
	}
}

// codesIn returns the values of constants whose names begin with Code.
func codesIn(t *testing.T, f *ast.File) (out []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range v.Names {
			if !strings.HasPrefix(name.Name, "Code") || i >= len(v.Values) {
				continue
			}
			lit, ok := v.Values[i].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s is no literal", name.Name)
				continue
			}
			s, err := strconv.Unquote(lit.Value)
			must(t, err)
			out = append(out, s)
		}
		return true
	})
	return out
}

func TestProblemOf(t *testing.T) {
	p := wrongUse("do", "what")
	for _, c := range []struct {
		err  error
		want string
	}{
		{objstore.Errorf(objstore.KeyRefused, "get", "k", "no"), engine.CodeKeyRefused},
		{objstore.Errorf(objstore.Unreachable, "get", "k", "no"), engine.CodeOffline},
		{objstore.Errorf(objstore.Invalid, "get", "k", "no"), CodeWrongUse},
		{fmt.Errorf("open: %w", space.ErrNewer), engine.CodeNewerFormat},
		{fmt.Errorf("open: %w", statedb.ErrNewer), engine.CodeNewerFormat},
		{fmt.Errorf("read: %w", fs.ErrPermission), engine.CodeUnreadable},
		{fmt.Errorf("bring: %w", disk.ErrFull), engine.CodeDiskFull},
		{fmt.Errorf("bring: %w", disk.ErrReadOnly), engine.CodeReadOnly},
		{errors.New("what is this"), engine.CodeOther},
		{fmt.Errorf("wrapped: %w", p), CodeWrongUse},
	} {
		if got := problemOf(c.err, "path"); got.Code != c.want || got.Message == "" || got.Action == "" {
			t.Errorf("%v became %+v, want %s", c.err, got, c.want)
		}
	}
	if fail(nil) != nil {
		t.Error("no error became one")
	}
}

// TestRefusalsHaveACase: a refusal that a window can meet says which case it is, by which the window finds words. The rest only answers what is typed as a command.
func TestRefusalsHaveACase(t *testing.T) {
	typed := []string{
		"A limit of %d bytes a second is too low.", "%q is no pace.", "This is no week.", "A pause cannot be shorter than nothing.", "%q is not an answer.", "%q cannot be kept.",
		"%q is not an area.", "The cloud has no file %q.", "%q is in no folder that is looked after.", "This is another computer's backup.",
		"A name and a password are only for a proxy with an address.", "This backup held no %q at that time.", "There is no %q in this backup.",
		"%s has no skip rule %q.", "%q cannot be a name: %v.", "%q is the name of another folder.", "%q cannot be the name of a backup.", "%q is a part of a backup. Only a whole one can be continued.",
		"%q is too large to be shown here.", "%q is no place for an access key.", "%q is not how often a backup can be made.",
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	var found []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			must(t, err)
			found = append(found, bareRefusals(parsed)...)
		}
	}
	for _, words := range found {
		if !slices.Contains(typed, words) {
			t.Errorf("%q has no case, so every window says it in English", words)
		}
	}
	for _, words := range typed {
		if !slices.Contains(found, words) {
			t.Errorf("nothing is refused with %q any more", words)
		}
	}
}

// bareRefusals are the words of wrongUse where no because follows.
func bareRefusals(f *ast.File) (out []string) {
	cased := map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "because" {
			cased[s.X] = true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || cased[call] {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "wrongUse" {
			words, err := strconv.Unquote(call.Args[1].(*ast.BasicLit).Value)
			if err != nil {
				words = "no literal"
			}
			out = append(out, words)
		}
		return true
	})
	return out
}

// TestCaseIsKept: whoever gives a problem a path, or wraps it, leaves it its words in every language.
func TestCaseIsKept(t *testing.T) {
	p := wrongUse("do", "what").because("whole-drive", "/media/kari")
	if got := NewProblem(CodeWrongUse, "path", fmt.Errorf("move: %w", p)); got.Why != "whole-drive" || got.Name != "/media/kari" || got.Path != "path" {
		t.Errorf("%+v", got)
	}
	if got := problemOf(objstore.Errorf(objstore.Invalid, "get", "k", "no"), ""); got.Why != "not-taken" || !strings.Contains(got.Name, "no") {
		t.Errorf("%+v", got)
	}
}

// TestUnwritten: what cannot be written where a person wanted it is no matter of reading, and is not tried again by itself.
func TestUnwritten(t *testing.T) {
	p := Unwritten(fmt.Errorf("make: %w", fs.ErrPermission), "there")
	if p.Code != engine.CodeReadOnly || p.Path != "there" {
		t.Errorf("%+v", p)
	}
	p = Unwritten(disk.ErrFull, "there")
	if p.Code != engine.CodeDiskFull || p.Path != "there" || strings.Contains(p.Action, "by ourselves") {
		t.Errorf("%+v", p)
	}
	if Unwritten(nil, "there") != nil {
		t.Error("no error became one")
	}
}

// TestSystemsOwnError: an error that did not come through package disk is understood too.
func TestSystemsOwnError(t *testing.T) {
	err := os.WriteFile("/dev/full", []byte("x"), 0)
	if errors.Is(err, fs.ErrNotExist) || err == nil {
		t.Skip("this system has no device that is always full")
	}
	if p := Unwritten(fmt.Errorf("write: %w", err), "there"); p.Code != engine.CodeDiskFull {
		t.Errorf("%+v", p)
	}
}

// TestOneLine: errors of several lines are one line in words.
func TestOneLine(t *testing.T) {
	if p := NewProblem(engine.CodeOther, "", errors.Join(errors.New("a"), errors.New("b"))); strings.Contains(p.Message, "\n") {
		t.Errorf("%q", p.Message)
	}
}

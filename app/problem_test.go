package app

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

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

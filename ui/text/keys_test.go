package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestKeysAndCode: every key that the code says is there, and every key that is there is said by the code.
func TestKeysAndCode(t *testing.T) {
	english, err := load(English)
	if err != nil {
		t.Fatal(err)
	}
	s := readSources(t)
	for key, how := range s.said {
		m, ok := english[key]
		switch {
		case !ok:
			t.Errorf("the code says %q, which is no key", key)
		case how == "T" && m.one != "":
			t.Errorf("%q is said without its number", key)
		}
	}
	for key := range english {
		if !s.says(key) {
			t.Errorf("nothing says %q", key)
		}
	}
	if len(s.said) < 100 || len(s.made) < 10 {
		t.Errorf("found only %d sentences and %d that are put together: is this still how the code says things?", len(s.said), len(s.made))
	}
}

// TestSources: the test above would be worth nothing if it took everything for said.
func TestSources(t *testing.T) {
	s := &sources{literals: map[string]bool{}, said: map[string]string{}}
	s.file(t, "x.go", `package x
	func f(w words, p problem, n int) {
		w.T("plain"); w.N("number", 3)
		w.T("problem." + p.Code + ".help"); w.T("place."+id)
		w.T(fmt.Sprintf("month.%d", n))
		for _, x := range []string{"point", "denied"} { w.T(x + ".more") }
	}`)
	for key, want := range map[string]bool{
		"plain": true, "number": true, "problem.denied.help": true, "problem.other.help": false, "problem.denied": false, "place.point": true, "place.home": false,
		"month.11": true, "month.May": false, "point.more": true, "other.more": false, "unsaid": false,
	} {
		if got := s.says(key); got != want {
			t.Errorf("%q is said: %v", key, got)
		}
	}
}

// sources is what the code says.
type sources struct {
	literals map[string]bool   // all strings in the code
	said     map[string]string // keys that are said as they are: "T" or "N"
	made     []made
}

// made is a key that is put together: its fixed parts, between which something else stands.
type made struct {
	parts   []string
	numbers bool // what stands between are numbers
}

// readSources reads the window's code for what is said, and all other code for what may stand in it, such as the codes of problems.
func readSources(t *testing.T) *sources {
	t.Helper()
	s := &sources{literals: map[string]bool{}, said: map[string]string{}}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == ".git" || strings.HasSuffix(d.Name(), "test") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		s.file(t, path, nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sources) file(t *testing.T, path string, source any) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	window := source != nil || strings.HasPrefix(filepath.ToSlash(path), "../../ui/")
	inside := map[*ast.BinaryExpr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if v, ok := literal(x); ok {
				s.literals[v] = true
			}
		case *ast.CallExpr:
			if window {
				s.call(x)
			}
		case *ast.BinaryExpr:
			if inner, ok := x.X.(*ast.BinaryExpr); ok {
				inside[inner] = true // a+b+c is (a+b)+c
			}
			if parts := joined(x); window && !inside[x] && len(parts) > 1 {
				s.made = append(s.made, made{parts: parts})
			}
		}
		return true
	})
}

// call looks at w.T("key"), w.N("key", n) and fmt.Sprintf("key.%d", n).
func (s *sources) call(c *ast.CallExpr) {
	f, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || len(c.Args) == 0 {
		return
	}
	key, ok := literal(c.Args[0])
	switch {
	case !ok:
	case f.Sel.Name == "T" || f.Sel.Name == "N":
		s.said[key] = f.Sel.Name
	case f.Sel.Name == "Sprintf" && strings.Contains(key, "%d"):
		s.made = append(s.made, made{strings.Split(key, "%d"), true})
	}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	v, err := strconv.Unquote(l.Value)
	return v, err == nil
}

// joined are the fixed parts of strings that are added, with "" at an end that is not fixed.
func joined(e ast.Expr) []string {
	var all []ast.Expr
	var flatten func(e ast.Expr)
	flatten = func(e ast.Expr) {
		if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.ADD {
			flatten(b.X)
			flatten(b.Y)
			return
		}
		all = append(all, e)
	}
	flatten(e)
	parts, open := []string{""}, true
	for _, x := range all {
		v, ok := literal(x)
		switch {
		case ok:
			parts[len(parts)-1] += v
			open = false
		case open && len(parts) > 1:
			return nil // two things in a row that are not fixed
		default:
			parts, open = append(parts, ""), true
		}
	}
	if strings.Join(parts, "") == "" {
		return nil
	}
	return parts
}

// says tells whether the code says a key.
func (s *sources) says(key string) bool {
	if s.said[key] != "" || s.literals[key] {
		return true
	}
	return slices.ContainsFunc(s.made, func(m made) bool { return s.makes(m, key) })
}

// makes tells whether a key can be put together so: what stands between the parts must be a string in the code, or a number.
func (s *sources) makes(m made, key string) bool {
	quoted := make([]string, len(m.parts))
	for i, p := range m.parts {
		quoted[i] = regexp.QuoteMeta(p)
	}
	between := "(.+)"
	if m.numbers {
		between = `(\d+)`
	}
	found := regexp.MustCompile("^" + strings.Join(quoted, between) + "$").FindStringSubmatch(key)
	if found == nil {
		return false
	}
	return m.numbers || !slices.ContainsFunc(found[1:], func(x string) bool { return !s.literals[x] })
}

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want counts
		out  []string
	}{
		{"a package with a subtest and a skip", []string{
			`{"Action":"run","Package":"m/p","Test":"TestA"}`,
			`{"Action":"output","Package":"m/p","Test":"TestA","Output":"=== RUN   TestA\n"}`,
			`{"Action":"pass","Package":"m/p","Test":"TestA/sub"}`,
			`{"Action":"pass","Package":"m/p","Test":"TestA"}`,
			`{"Action":"output","Package":"m/p","Test":"TestB","Output":"=== RUN   TestB\n"}`,
			`{"Action":"output","Package":"m/p","Test":"TestB","Output":"    b_test.go:1: needs root\n"}`,
			`{"Action":"output","Package":"m/p","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}`,
			`{"Action":"skip","Package":"m/p","Test":"TestB"}`,
			`{"Action":"output","Package":"m/p","Output":"ok  \tm/p\n"}`,
			`{"Action":"pass","Package":"m/p","Elapsed":1.5}`,
		}, counts{2, 0, 1}, []string{
			"skipped m/p TestB: b_test.go:1: needs root",
			"ok    m/p                                               2 tests     1.5 s",
		}},
		{"a failed test shows what it said, a passed one does not", []string{
			`{"Action":"output","Package":"m/p","Test":"TestA","Output":"quiet\n"}`,
			`{"Action":"pass","Package":"m/p","Test":"TestA"}`,
			`{"Action":"output","Package":"m/p","Test":"TestB","Output":"loud {\"Action\":\"pass\"}\n"}`,
			`{"Action":"fail","Package":"m/p","Test":"TestB"}`,
			`{"Action":"fail","Package":"m/p","Elapsed":0.1}`,
		}, counts{1, 1, 0}, []string{
			`loud {"Action":"pass"}`,
			"FAIL  m/p                                               2 tests     0.1 s",
		}},
		{"a package that does not build", []string{
			`{"ImportPath":"m/q","Action":"build-output","Output":"q.go:1:1: syntax error\n"}`,
			`{"ImportPath":"m/q","Action":"build-fail"}`,
			`{"Action":"fail","Package":"m/q","Elapsed":0,"FailedBuild":"m/q"}`,
		}, counts{0, 1, 0}, []string{
			"q.go:1:1: syntax error",
			"FAIL  m/q                                               1 tests     0.0 s",
		}},
		{"a package that died in a test", []string{
			`{"Action":"output","Package":"m/p","Test":"TestA","Output":"panic: oh\n"}`,
			`{"Action":"fail","Package":"m/p","Elapsed":0}`,
		}, counts{0, 1, 0}, []string{
			"--- not finished: m/p TestA", "panic: oh",
			"FAIL  m/p                                               1 tests     0.0 s",
		}},
		{"plain lines", []string{"go: no such module"}, counts{}, []string{"go: no such module"}},
		{"no tests", []string{`{"Action":"skip","Package":"m/p","Elapsed":0}`}, counts{}, []string{
			"none  m/p                                               0 tests     0.0 s",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			r, err := read(strings.NewReader(strings.Join(tt.in, "\n")+"\n"), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got := (counts{r.passed, r.failed, r.skipped}); got != tt.want {
				t.Errorf("counts %+v, want %+v", got, tt.want)
			}
			if diff := cmp.Diff(tt.out, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"elkjopcloud/platform/objstore/s3store"
	"elkjopcloud/platform/objstore/s3test"
)

// The scripts run the command itself: this test binary is it. Besides what testscript has, they may say:
//
//	a ARGS, b ARGS             the command with the home of computer A or B
//	exits CODE a|b|elkjop ARGS the command ends with this exit code
//	keep VAR PATTERN           the variable is what the pattern's first group matches in the standard output
//	many DIR N TEXT            N files; fewer DIR N removes the first N of them
//	badname DIR                a file whose name is not valid UTF-8
//	await exists|missing FILE, await text FILE TEXT, await out PATTERN a|b ARGS
//	                           wait until it is so, at most patience
//	alike DIR DIR              both hold the same files with the same bytes
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"elkjop": func() { os.Exit(run(os.Args[1:])) }})
}

// patience is long: the tests of all packages share a machine.
const patience = 2 * time.Minute

func TestOnAFolder(t *testing.T) {
	testscript.Run(t, params("testdata/folder", func(*testscript.Env) error { return nil }))
}

// TestOnS3 runs against a real server, with a bucket of its own for each script.
func TestOnS3(t *testing.T) {
	server := s3test.VersityGW(t)
	testscript.Run(t, params("testdata/s3", func(env *testscript.Env) error {
		bucket := ""
		server.NewBucketWith(t, func(o *s3store.Options) { bucket = o.Bucket })
		closed, err := closedPort()
		moody, secure, err2 := between(t, server.Endpoint, env.WorkDir)
		env.Vars = append(env.Vars, "ENDPOINT="+server.Endpoint, "BUCKET="+bucket, "CLOSED="+closed, "MOODY="+moody, "SECURE="+secure,
			"AWS_ACCESS_KEY_ID="+server.AccessKey, "AWS_SECRET_ACCESS_KEY="+server.SecretKey)
		return errors.Join(err, err2)
	}))
}

// closedPort returns an address where nobody listens.
func closedPort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return "http://" + l.Addr().String(), l.Close()
}

func params(dir string, setup func(*testscript.Env) error) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "user")
			env.Vars = append(env.Vars, "HOME="+home, "USERPROFILE="+home, "XDG_DATA_HOME=", "XDG_CONFIG_HOME=", "XDG_RUNTIME_DIR=", "ELKJOP_HOME=",
				"XDG_CURRENT_DESKTOP=", "DISPLAY=", "WAYLAND_DISPLAY=", // no desktop
				"DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent") // so that this computer's battery decides nothing
			return errors.Join(os.MkdirAll(home, 0o700), setup(env))
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"a": home("A"), "b": home("B"), "c": home("C"), "exits": exits, "keep": keep, "many": many, "fewer": fewer,
			"badname": badName, "await": await, "alike": alike,
			"damage": damage, "lose": lose, "mend": mend, "answer": answer, "stops": stops,
		},
	}
}

// expand is the command line of a computer.
func expand(ts *testscript.TestScript, args []string) []string {
	switch args[0] {
	case "a":
		return append([]string{"elkjop", "--home", ts.MkAbs(ts.Getenv("WORK") + "/A")}, args[1:]...)
	case "b":
		return append([]string{"elkjop", "--home", ts.MkAbs(ts.Getenv("WORK") + "/B")}, args[1:]...)
	case "c":
		return append([]string{"elkjop", "--home", ts.MkAbs(ts.Getenv("WORK") + "/C")}, args[1:]...)
	}
	return args
}

func home(name string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		full := expand(ts, append([]string{strings.ToLower(name)}, args...))
		if err := ts.Exec(full[0], full[1:]...); (err != nil) != neg {
			ts.Fatalf("%s: %v", strings.Join(full, " "), err)
		}
	}
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	full := expand(ts, args[1:])
	got := 0
	if err := ts.Exec(full[0], full[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", strings.Join(full, " "), err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d instead of %d", got, want)
	}
}

func keep(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("%s is not in the output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func many(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	for i := range n {
		ts.Check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("file-%04d.txt", i)), fmt.Appendf(nil, "%s %d\n", args[2], i), 0o600))
	}
}

func fewer(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	for i := range n {
		ts.Check(os.Remove(filepath.Join(ts.MkAbs(args[0]), fmt.Sprintf("file-%04d.txt", i))))
	}
}

func badName(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), "bad\xffname.txt"), []byte("not Unicode\n"), 0o600))
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	check := condition(ts, args)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !check() {
		select {
		case <-again.C:
		case <-ctx.Done():
			ts.Fatalf("it did not come about: %s", strings.Join(args, " "))
		}
	}
}

func condition(ts *testscript.TestScript, args []string) func() bool {
	switch args[0] {
	case "exists", "missing":
		return func() bool {
			_, err := os.Lstat(ts.MkAbs(args[1]))
			return errors.Is(err, fs.ErrNotExist) == (args[0] == "missing")
		}
	case "text":
		return func() bool {
			content, err := os.ReadFile(ts.MkAbs(args[1]))
			return err == nil && strings.Contains(string(content), args[2])
		}
	case "out":
		pattern := regexp.MustCompile("(?m)" + args[1])
		full := expand(ts, args[2:])
		return func() bool { return ts.Exec(full[0], full[1:]...) == nil && pattern.MatchString(ts.ReadFile("stdout")) }
	}
	ts.Fatalf("unknown condition %s", args[0])
	return nil
}

func alike(ts *testscript.TestScript, neg bool, args []string) {
	a, b := tree(ts, args[0]), tree(ts, args[1])
	for name, x := range a {
		if b[name] != x {
			ts.Fatalf("%s differs", name)
		}
	}
	if len(a) != len(b) || len(a) == 0 {
		ts.Fatalf("%d files and %d files", len(a), len(b))
	}
}

// tree reads a folder; folders end with a slash, our own markers are left out.
func tree(ts *testscript.TestScript, dir string) map[string]string {
	all := map[string]string{}
	root := ts.MkAbs(dir)
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, root))
		if strings.HasPrefix(d.Name(), ".elkjop") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			all[rel+"/"] = ""
			return nil
		}
		content, err := os.ReadFile(path)
		all[rel] = string(content)
		return err
	}))
	return all
}

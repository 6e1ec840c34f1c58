package disk

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// refusal names the environment variable that says with which error a test process refuses itself openat2.
const refusal = "DISK_TEST_REFUSE_OPENAT2"

// cannotRefuse is what a test process ends with where it cannot do so.
const cannotRefuse = 3

func TestMain(m *testing.M) {
	if errno, err := strconv.Atoi(os.Getenv(refusal)); err == nil && !refuseOpenat2(unix.Errno(errno)) {
		os.Exit(cannotRefuse)
	}
	os.Exit(m.Run())
}

// refuseOpenat2 makes the kernel answer openat2 with an error from now on, in all threads, as an old one or a sandbox does.
func refuseOpenat2(with unix.Errno) bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_OPENAT2, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(with)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != nil {
		return false
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	_, err := unix.Openat2(unix.AT_FDCWD, "/", &unix.OpenHow{Flags: unix.O_PATH})
	return errno == 0 && err == with
}

// Kernels before 5.6 and some sandboxes lack openat2: all must be as it is with it.
func TestWithoutOpenat2(t *testing.T) {
	if os.Getenv(refusal) != "" {
		t.Skip("this is the process without it")
	}
	for _, errno := range []unix.Errno{unix.ENOSYS, unix.EPERM} {
		cmd := exec.Command(os.Args[0], "-test.count=1", "-test.run=^Test(Conformance|LinksAreNeverFollowed|SwappedLinks|FolderBecomesALink|ClosedReader|PipesDoNotBlock|MountInside|OpenBothWays)$")
		cmd.Env = append(os.Environ(), refusal+"="+strconv.Itoa(int(errno)))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == cannotRefuse {
			t.Skip("this process cannot refuse itself a call")
		}
		if err != nil {
			t.Errorf("%v: %v\n%s", errno, err, out)
		}
	}
}

// What is opened at once is what looking first finds, and only that way refuses.
func TestOpenBothWays(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/f", "top")
	put(t, dir+"/a/b/f", "deep")
	for link, target := range map[string]string{"/up": "..", "/a/in": "b", "/a/b/link": "f"} {
		if err := os.Symlink(target, dir+link); err != nil {
			t.Fatal(err)
		}
	}
	if err := unix.Mkfifo(dir+"/a/pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	fsys, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := fsys.(*root)
	for path, want := range map[string]error{
		"f": nil, "a/b/f": nil, "a": ErrNotRegular, "a/pipe": ErrNotRegular, "a/b/link": ErrNotRegular, "a/in/f": ErrNotInside, "up/f": ErrNotInside,
		"a/x": fs.ErrNotExist, "x/f": fs.ErrNotExist, "f/g": fs.ErrNotExist, "../f": ErrNotInside, "/f": ErrNotInside, "": ErrNotInside,
	} {
		fd, looked, err := r.openLooking("open", path, unix.O_RDONLY)
		if !errors.Is(err, want) {
			t.Errorf("looking at %q first: %v, want %v", path, err, want)
		}
		atOnce, info, done := r.openAtOnce(path)
		if done != (want == nil && os.Getenv(refusal) == "") || done && info != looked {
			t.Errorf("%q at once: %v, %+v, looking first gives %+v", path, done, info, looked)
		}
		if err == nil {
			unix.Close(fd)
		}
		if done {
			unix.Close(atOnce)
		}
	}
}

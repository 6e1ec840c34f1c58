# Shared set-up of packaging/try and packaging/test: finds or installs what they need, on Debian, Ubuntu and their relatives. Sourced,
# not run. It sets root (the module's folder) and cache (what it may build once and keep), and puts the right Go first on PATH.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ELKJOP_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/elkjop-cloud-build}
export DEBIAN_FRONTEND=noninteractive PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
mkdir -p "$cache/bin"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# retry COMMAND...: tries four times, for networks that stumble.
retry() {
	local pause
	for pause in 2 5 15 0; do
		"$@" && return 0
		[ "$pause" = 0 ] || { say "failed, trying again in $pause s: $*"; sleep "$pause"; }
	done
	return 1
}

# as_root COMMAND...: never waits for a password where nobody can type one.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif has sudo && [ -t 0 ]; then
		sudo --preserve-env=DEBIAN_FRONTEND "$@"
	elif has sudo; then
		sudo -n --preserve-env=DEBIAN_FRONTEND "$@"
	else
		say "this needs root or sudo: $*"
		return 1
	fi
}

# install_packages PACKAGE...: Debian packages without what they only recommend.
install_packages() {
	has apt-get || die "please install what these Debian packages hold, then start again: $*"
	say "installing $*"
	retry as_root apt-get -qq -o Acquire::Retries=3 update >&2 || die "cannot read the package lists"
	retry as_root apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@" >"$cache/apt.log" 2>&1 ||
		{ tail -n 20 "$cache/apt.log" >&2; die "cannot install $*"; }
}

# need FILE-OR-COMMAND=PACKAGE...: installs the packages of what is missing. A name with a slash is a file, others are commands.
need() {
	local pair what missing=()
	for pair in "$@"; do
		what=${pair%%=*}
		case $what in
		*/*) [ -e "$what" ] || missing+=("${pair#*=}") ;;
		*) has "$what" || missing+=("${pair#*=}") ;;
		esac
	done
	[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

# wanted_go prints the exact toolchain that go.mod names, such as go1.26.8.
wanted_go() { awk '$1 == "toolchain" { print $2 }' "$root/go.mod"; }

# go_is VERSION: the go on PATH is that version, or can become it by itself (since Go 1.21 it fetches the toolchain it is told to use).
go_is() { has go && [ "$(cd / && GOTOOLCHAIN=$1 go env GOVERSION 2>/dev/null)" = "$1" ]; }

# unpacked_go VERSION prints where the Go client unpacks that toolchain when it is fetched as a module.
unpacked_go() {
	local modules arch
	modules=${GOMODCACHE:-${GOPATH:-$HOME/go}/pkg/mod}
	case $(uname -m) in
	x86_64) arch=amd64 ;;
	aarch64) arch=arm64 ;;
	*) die "no Go toolchain is known for this machine's processor, $(uname -m)" ;;
	esac
	printf '%s\n' "$modules/golang.org/toolchain@v0.0.1-$1.linux-$arch"
}

# need_go makes "go" the version that go.mod names. Where there is none, Debian's own Go, of whatever age, downloads it as the module
# golang.org/toolchain, from the module proxy and with the checksum database's blessing like any other module.
need_go() {
	local want home
	want=$(wanted_go)
	if ! go_is "$want"; then
		home=$(unpacked_go "$want")
		if [ ! -x "$home/bin/go" ]; then
			need go=golang-go /etc/ssl/certs/ca-certificates.crt=ca-certificates
			go_is "$want" || fetch_go "$want" "$home"
		fi
		[ ! -x "$home/bin/go" ] || PATH=$home/bin:$PATH
	fi
	go_is "$want" || die "Go $want is needed, and only $(go version) is there"
	export PATH GOTOOLCHAIN=$want
	hash -r
}

# fetch_go VERSION HOME: a module's files come without the execute bit.
fetch_go() {
	say "fetching Go toolchain $1"
	(cd / && retry env GOTOOLCHAIN=local GOFLAGS="" go mod download "golang.org/toolchain@${2##*@}") ||
		die "cannot fetch the Go toolchain $1 from the module proxy"
	chmod +x "$2"/bin/* && find "$2/pkg/tool" -type f -exec chmod +x {} +
}

# tool NAME PACKAGE VERSION: prints the path of a Go program of exactly that version; builds it into the cache when it is not there
# or on PATH.
tool() {
	local at
	for at in "$cache/bin/$1" "$(command -v "$1" || true)"; do
		if [ -x "$at" ] && go version -m "$at" 2>/dev/null | awk -v v="$3" '$1 == "mod" && $3 == v { ok = 1 } END { exit !ok }'; then
			printf '%s\n' "$at"
			return
		fi
	done
	say "building $1 $3 (once)"
	(cd / && GOBIN="$cache/bin" GOFLAGS="" retry go install "$2@$3") >&2 || return 1
	printf '%s\n' "$cache/bin/$1"
}

# The S3 servers that the product is tested and shown with, in these versions: each prints the path of its program.
versitygw_program() { tool versitygw github.com/versity/versitygw/cmd/versitygw v1.8.0; }
minio_program() { tool minio github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c; }
need_ceph() { need ceph-mon=ceph-mon ceph-osd=ceph-osd ceph-mgr=ceph-mgr radosgw=radosgw ceph=ceph-common; }

# window_packages names what the window is built with, as need takes it.
window_packages="gcc=gcc /usr/include/stdlib.h=libc6-dev pkg-config=pkg-config /usr/include/GL/gl.h=libgl-dev /usr/include/EGL/egl.h=libegl-dev
	/usr/include/X11/Xlib.h=libx11-dev /usr/include/X11/Xcursor/Xcursor.h=libxcursor-dev /usr/include/X11/extensions/Xrandr.h=libxrandr-dev
	/usr/include/X11/extensions/Xinerama.h=libxinerama-dev /usr/include/X11/extensions/XInput2.h=libxi-dev
	/usr/include/X11/extensions/xf86vmode.h=libxxf86vm-dev /usr/include/wayland-client.h=libwayland-dev /usr/include/xkbcommon/xkbcommon.h=libxkbcommon-dev"

# build_window FILE: builds the window, always with the same flags, so that Fyne's C is compiled once (minutes).
build_window() {
	CGO_ENABLED=1 CGO_CFLAGS="-O2 -g -DNDEBUG" GOFLAGS=-buildvcs=false go build -tags migrated_fynedo -trimpath -o "$1" ./app/desktop
}

# modules downloads what the build needs while a stumbling network can still be retried.
modules() { (cd "$root" && retry go mod download) >&2; }

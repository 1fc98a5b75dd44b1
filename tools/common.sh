# SPDX-License-Identifier: MIT
# What the scripts of tools/ share: finding the tree, installing what is missing, talking.
# Sourced, never run. It installs nothing that is there already and asks nothing.

wick_root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# as_root COMMAND...: the rights to install, from whoever has them
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        # sudo clears the environment, and with it a proxy
        sudo env ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
    fi
}

# need PACKAGE TEST...: notes the package when the test command fails
missing_packages=()
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || [[ " ${missing_packages[*]} " == *" $package "* ]] || missing_packages+=("$package")
}
has_header() { echo "#include <$1>" | cc -E -x c - ; }

# Packages must not start their services (redis-server): the tests start their own. A policy of the machine's own stays.
policy=/usr/sbin/policy-rc.d
own_policy=no
keep_services_off() {
    [ ! -e $policy ] && [ -d ${policy%/*} ] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null && as_root chmod 755 $policy && own_policy=yes
    trap 'let_services_start; exit 130' INT TERM
}
let_services_start() {
    [ $own_policy = no ] || as_root rm -f $policy
    own_policy=no
    trap - INT TERM
}

# apt COMMAND...: apt-get; while another program holds its lock, as a fresh cloud machine's own updates do, it waits and says so.
apt_wait_s=900
apt() {
    local waited=0
    until as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq "$@" >"$apt_log" 2>&1 </dev/null; do
        grep -qE '^E: (Could not get lock|Unable to (acquire|lock))' "$apt_log" && [ $waited -lt $apt_wait_s ] || return 1
        [ $waited -gt 0 ] || echo "another program holds apt's lock: waiting for it, up to $((apt_wait_s / 60)) minutes"
        sleep 3
        waited=$((waited + 3))
    done
}

# Installs what `need` noted. Fails with one line that says what to install by hand.
install_missing() {
    [ ${#missing_packages[@]} -eq 0 ] && return 0
    say "installing ${missing_packages[*]}"
    command -v apt-get >/dev/null ||
        die "these are missing, and there is no apt-get to install them: ${missing_packages[*]} (names of Debian)"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        die "run as root, or install by hand: apt-get install ${missing_packages[*]}"
    apt_log=$(mktemp "${TMPDIR:-/tmp}/wick-apt.XXXXXX") || die "cannot write to ${TMPDIR:-/tmp}"
    keep_services_off
    if ! { apt update && apt install -y --no-install-recommends "${missing_packages[@]}"; }; then
        let_services_start
        tail -5 "$apt_log" >&2
        die "could not install ${missing_packages[*]}: see $apt_log, or install them by hand"
    fi
    rm -f "$apt_log"
    let_services_start
    missing_packages=()
    hash -r
}

need_to_build() {
    need gcc command -v gcc
    need g++ command -v g++
    need libc6-dev test -e /usr/include/stdio.h
    need make command -v make
    need cmake command -v cmake
    need pkg-config command -v pkg-config
    need zlib1g-dev test -e /usr/include/zlib.h
    need libzstd-dev test -e /usr/include/zstd.h
    need libmicrohttpd-dev test -e /usr/include/microhttpd.h
    need libhiredis-dev test -e /usr/include/hiredis/hiredis.h
    need librabbitmq-dev test -e /usr/include/amqp.h
}

need_for_page() {
    need clang command -v clang # its engine is WebAssembly
    need lld command -v ld.lld
}

# The directory that holds all builds of the scripts; another place by WICK_BUILD_DIR.
build_root() {
    local dir=${WICK_BUILD_DIR:-$wick_root}
    mkdir -p "$dir" 2>/dev/null && [ -w "$dir" ] ||
        die "cannot write to $dir: set WICK_BUILD_DIR to a directory of yours"
    echo "$dir"
}

# Two at once would build in one directory: the second waits, and says so.
take_turns() {
    exec 9>"$1/.wick-$2.lock" || die "cannot write to $1"
    flock -n 9 && return 0
    echo "another tools/$2 is at work in $1: waiting for it"
    flock 9
}

# SPDX-License-Identifier: MIT
# What the tests of automatic instrumentation share. Sourced, with the tool in $1 and the companion in $2.
# Invariant: a compiler that is not there is named, and a test without any is skipped (77).
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tool/support.sh"
companion=$2
compilers=
for compiler in gcc clang; do
    if command -v $compiler > /dev/null; then
        compilers="$compilers $compiler"
    else
        echo "not tested: $compiler is missing"
    fi
done
[ -n "$compilers" ] || exit 77

# build COMPILER FLAGS: ./calls and ./libcalls_plugin.so
build() {
    # shellcheck disable=SC2086
    "$1" $2 -fPIC -shared -Wl,--build-id -finstrument-functions "$here/calls_plugin.c" -o libcalls_plugin.so &&
        "$1" $2 -Wl,--build-id -finstrument-functions -D_GNU_SOURCE "$here/calls.c" -o calls -L. -lcalls_plugin \
            -Wl,-rpath,"$work" -pthread -ldl
}

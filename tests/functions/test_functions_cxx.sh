#!/bin/sh
# SPDX-License-Identifier: MIT
# C++: the log has addresses, the tool's names are those of the source. Libraries of the system without symbols: one line at most.
# shellcheck source=tests/functions/support_functions.sh
. "$(dirname "$0")/support_functions.sh"

for compiler in g++ clang++; do
    command -v $compiler > /dev/null || continue
    $compiler -O1 -std=c++11 -Wl,--build-id -finstrument-functions "$here/calls.cpp" -o cxx || failed=1
    env WICK_LOG="$work/cxx.ctxt" LD_PRELOAD="$companion" ./cxx > /dev/null
    same "$compiler: the recorder demangles nothing" 0 "$(grep -c 'Mesh' cxx.ctxt)"
    code "$compiler: tree" 0 "$wick" tree --no-times cxx.ctxt
    same "$compiler: names" "main
  main
    grid::Mesh::update(int)
    grid::Mesh::update(char const*)
    grid::List<int>::update(int)
    main::" "$(echo "$out" | sed 's/main::.*operator()(int) const/main::/')"
done

libraries=
for library in libstdc++.so.6 libgcc_s.so.1; do
    file=$(realpath "$(gcc -print-file-name=$library)")
    id=$(readelf -n "$file" | sed -n 's/.*Build ID: //p')
    case $file in /lib/* | /usr/lib/*) libraries="$libraries $library $file#$id" ;; esac
done
# shellcheck disable=SC2086
set -- $libraries
{
    echo '1796069565.000000000 vm 1 main run - program x'
    at=1
    while [ $# -gt 0 ]; do
        echo "1796069565.00000000$at vm 1 main site $1+0x1 scope 0 - - $2 $1+0x1"
        echo "1796069565.00000000$at vm 1 main START $1+0x1 $1+0x1"
        echo "1796069565.00000000$at vm 1 main ENDOK $1+0x1 "
        at=$((at + 1))
        shift 2
    done
} > system.ctxt
code 'libraries of the system' 0 "$wick" tree --no-times system.ctxt
same 'libraries of the system: one line' 1 "$(echo "$err" | grep -c 'is stripped')"
has 'libraries of the system: the remedy' 'install their debug packages' "$err"
same 'libraries of the system: nothing else' "$(echo "$err" | grep 'is stripped')" "$err"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# Calls that exceptions leave; objects that are unloaded and others loaded at their place; calls deeper than any.
. "$(dirname "$0")/support_functions.sh"

# Without the counts of what was left: gcc returns from such calls, clang does not.
shape() { "$wick" tree --no-times run.ctxt 2>&1 | sed 's/  [0-9]* unfinished//'; }

for compiler in $compilers; do
    case $compiler in gcc) cxx=g++ ;; *) cxx=clang++ ;; esac
    for flags in -O0 -O2; do
        $cxx $flags -Wl,--build-id -finstrument-functions "$here/throws.cpp" -o throws || { failed=1; continue; }
        code "$cxx $flags" 0 "$wick" run --functions --log "$work/run.ctxt" ./throws
        same "$cxx $flags" 'main
  main
    middle  x3
      leaf  x3
    after  x3
    leaf' "$(shape)"
    done
    for name in one two; do
        printf '__attribute__((noinline)) static int in_%s(int n) { __asm__ volatile(""); return n; }\nint entry(int n) { return in_%s(n) + 1; }\n' \
            $name $name > $name.c
        $compiler -O1 -fPIC -shared -Wl,--build-id -finstrument-functions $name.c -o $name.so || failed=1
    done
    $compiler -O1 -Wl,--build-id -finstrument-functions -D_GNU_SOURCE "$here/unloads.c" -o unloads -ldl || failed=1
    code "$compiler: unloads" 0 "$wick" run --functions --log "$work/run.ctxt" ./unloads ./one.so ./two.so ./one.so
    same "$compiler: unloads" 'main
  main
    entry  x2
      in_one  x2
    entry
      in_two' "$(shape)"
done
exit $failed

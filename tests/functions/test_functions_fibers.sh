#!/bin/sh
# SPDX-License-Identifier: MIT
# Functions and fibers: a return ends its call in the fiber to which it belongs, whoever has run meanwhile.
# shellcheck source=tests/functions/support_functions.sh
. "$(dirname "$0")/support_functions.sh"

libraries=$(dirname "$companion")/..
for compiler in $compilers; do
    for level in -O0 -O2; do
        $compiler $level -fno-inline -Wl,--build-id -finstrument-functions -I"$here/../../include" "$here/fibers_take_turns.c" -o fibers \
            -L"$libraries" -lwick -Wl,-rpath,"$libraries" || { failed=1; continue; }
        code "$compiler $level" 0 env LD_PRELOAD="$companion" WICK_LOG="$work/run.ctxt" ./fibers
        same "$compiler $level" 'fiber-a
  body  1 unfinished
    yields  x3
    works  x3
fiber-b
  body  1 unfinished
    yields  x3
    works  x3
fiber-c
  body  1 unfinished
    yields  x3
    works  x3' "$("$wick" tree --no-times run.ctxt 2>&1 | sed -n '/^fiber-a/,/^main/p' | grep -v '^main')"
    done
done
exit $failed

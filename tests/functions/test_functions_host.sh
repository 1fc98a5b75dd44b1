#!/bin/sh
# SPDX-License-Identifier: MIT
# The program is what it is without wick: output, exit code, and what --functions says when it cannot help.
. "$(dirname "$0")/support_functions.sh"

for compiler in $compilers; do
    build "$compiler" '-O2' || failed=1
    code "$compiler: alone" 3 ./calls
    alone=$out
    code "$compiler: recorded" 3 env LD_PRELOAD="$companion" WICK_LOG="$work/run.ctxt" ./calls
    same "$compiler: output" "$alone" "$out"
    same "$compiler: standard error" '' "$err"
    code "$compiler: preloaded, no log" 3 env LD_PRELOAD="$companion" ./calls
    same "$compiler: preloaded, no log" "$alone" "$out$err"
    code "$compiler: off" 3 env LD_PRELOAD="$companion" WICK=off WICK_LOG="$work/off.ctxt" ./calls
    same "$compiler: off" "$alone" "$out$err"
    [ ! -e off.ctxt ] || { echo "FAILED: $compiler: WICK=off, and yet there is a log"; failed=1; }
done
# wick_set_profile: on and off while the program runs; scopes of macros nest with calls.
include=$here/../../include
libraries=$(dirname "$companion")/..
for compiler in $compilers; do
    $compiler -O2 -Wl,--build-id -finstrument-functions -I"$include" "$here/switches.c" -o switches \
        -L"$libraries" -lwick -Wl,-rpath,"$libraries" || { failed=1; continue; }
    code "$compiler: wick_set_profile" 0 "$wick" run --functions --log "$work/run.ctxt" ./switches
    same "$compiler: wick_set_profile" 'main
  main
    scope
      leaf  x3
      macros are recorded' "$("$wick" tree --no-times run.ctxt 2>&1)"
    code "$compiler: wick_set_profile without the companion" 1 env WICK_LOG="$work/run.ctxt" ./switches
done
# _exit keeps the end of the log.
printf '#include <unistd.h>\nstatic void last(void) {}\nint main(void)\n{\n    last();\n    _exit(6);\n}\n' > ends.c
for compiler in $compilers; do
    $compiler -O0 -Wl,--build-id -finstrument-functions ends.c -o ends || { failed=1; continue; }
    code "$compiler: _exit" 6 env LD_PRELOAD="$companion" WICK_LOG="$work/ends.ctxt" ./ends
    same "$compiler: _exit" 'main
  main  1 unfinished
    last' "$("$wick" tree --no-times ends.ctxt 2>&1)"
done
code 'not instrumented' 0 "$wick" run --functions true
has 'not instrumented' 'it was not compiled with -finstrument-functions' "$err"
exit $failed

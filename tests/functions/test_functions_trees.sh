#!/bin/sh
# SPDX-License-Identifier: MIT
# Every function is a scope: the same tree from every compiler, optimised or not, PIE or not.
. "$(dirname "$0")/support_functions.sh"

for compiler in $compilers; do
    for flags in '-O0' '-O2' '-O0 -no-pie -fno-pie' '-O2 -no-pie -fno-pie' '-O2 -pie -fPIE' \
        '-O1 -D_FORTIFY_SOURCE=2' '-O2 -fno-omit-frame-pointer' '-Os'; do
        build "$compiler" "$flags" || { failed=1; continue; }
        code "$compiler $flags" 3 "$wick" run --functions --no-times --log "$work/run.ctxt" ./calls
        if [ -n "${WICK_TEST_UPDATE:-}" ]; then
            "$wick" tree --no-times run.ctxt > "$here/calls.tree"
        fi
        same "$compiler $flags" "$(cat "$here/calls.tree")" "$("$wick" tree --no-times run.ctxt 2>&1)"
        code "$compiler $flags: the log" 0 "$wick" check run.ctxt
    done
done

# Linked instead of preloaded: nothing to set but WICK_LOG.
directory=$(dirname "$companion")
for compiler in $compilers; do
    build "$compiler" '-O2' || failed=1
    $compiler -O2 -finstrument-functions -D_GNU_SOURCE "$here/calls.c" -o linked -L. -lcalls_plugin "$companion" \
        -Wl,-rpath,"$work:$directory" -Wl,-rpath-link,"$directory/.." -pthread -ldl || failed=1
    code "$compiler linked" 3 env WICK_LOG="$work/linked.ctxt" ./linked
    same "$compiler linked" "$(cat "$here/calls.tree")" "$("$wick" tree --no-times linked.ctxt 2>&1)"
    code "$compiler linked and preloaded" 3 "$wick" run --functions --log "$work/both.ctxt" ./linked
    same "$compiler linked and preloaded" "$(cat "$here/calls.tree")" "$("$wick" tree --no-times both.ctxt 2>&1)"
done
exit $failed

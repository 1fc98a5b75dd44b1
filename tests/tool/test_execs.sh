#!/bin/sh
# SPDX-License-Identifier: MIT
# Children that execute another program while their log is being opened leave neither a message nor an empty file.
# usage: test_execs.sh TOOL PROGRAM
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

for log in run.ctxt run.wick %p.ctxt; do
    mkdir logs && (cd logs && WICK_FORK=follow WICK_LOG=$log "$2" 2> ../messages) || failed=1
    same "$log: no message" '' "$(cat messages)"
    same "$log: no empty file" '' "$(find logs -type f -size 0)"
    same "$log: some children were recorded" 1 "$([ "$(find logs -type f | wc -l)" -gt 3 ] && echo 1)"
    rm -r logs
done
exit $failed

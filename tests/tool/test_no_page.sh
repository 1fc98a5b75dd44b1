#!/bin/sh
# SPDX-License-Identifier: MIT
# A tool that was built without the page: each command that needs it says so, and what that takes. $2: it can serve.
. "$(dirname "$0")/support.sh"

needs='which needs clang and lld'
code 'a report' 2 "$wick" flame sample.ctxt -o report.html
has 'says what is missing' "$needs" "$err"
same 'nothing is left behind' '' "$(ls report.html 2>/dev/null)"
if [ "${2:-}" = serves ]; then
    "$wick" view --no-browser sample.ctxt 2>said &
    pid=$!
    tries=0
    while ! grep -q "$needs" said && [ $tries -lt 600 ] && kill -0 $pid 2>/dev/null; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -INT $pid
    wait $pid
    has 'the link is given all the same' 'live page: http://' "$(cat said)"
    has 'what it serves' "the link has the data alone: this wick was built without the page, $needs" "$(cat said)"
fi
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# Relative paths are from where the first event was. usage: test_directory.sh TOOL PROGRAM [served]
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

WICK_LOG=run.ctxt WICK_LOG_ROTATE=64K WICK_TREE=run.tree "$2" || failed=1
same 'nothing is elsewhere' '' "$(ls elsewhere)"
same 'the tree' 1 "$(grep -c after run.tree)"
has 'all files of the log' '3,000' "$("$wick" tree run*.ctxt)"
rmdir elsewhere
if [ "${3:-}" = served ]; then
    WICK_SERVE=127.0.0.1:0 WICK_SERVE_LINK=link "$2" 2> messages || failed=1
    same 'the link came and went' '' "$(ls elsewhere; ls link 2> /dev/null; grep 'cannot be written' messages)"
fi
exit $failed

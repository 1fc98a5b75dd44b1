#!/bin/sh
# SPDX-License-Identifier: MIT
# WICK_FUNCTIONS: which functions are recorded, by name and by module.
. "$(dirname "$0")/support_functions.sh"

# recorded PATTERNS: the names, each once
recorded() {
    rm -f run.ctxt
    env WICK_FUNCTIONS="$1" "$wick" run --functions --no-times --log "$work/run.ctxt" ./calls > .o 2> .e
    "$wick" tree --no-times run.ctxt 2>&1 | awk '/^ / { print $1 }' | sort -u | tr '\n' ' '
}

for compiler in $compilers; do
    build "$compiler" '-O1' || failed=1
    same "$compiler: all" 'again alternating catcher jump leaf main other plugin_work recurse small thread ' "$(recorded '')"
    same "$compiler: without" 'again alternating catcher jump main other plugin_work recurse small thread ' "$(recorded '-leaf')"
    same "$compiler: only" 'recurse ' "$(recorded '+recurse')"
    same "$compiler: without a sign it is refused" 'again alternating catcher jump leaf main other plugin_work recurse small thread ' \
        "$(recorded '-leaf,recurse')"
    has "$compiler: without a sign it is refused" 'wick: WICK_FUNCTIONS: each entry begins with - ' "$(cat .e)"
    same "$compiler: the last one decides" 'again alternating ' "$(recorded '+a*,+m*,-main')"
    same "$compiler: a module" 'again alternating catcher jump leaf main other recurse small thread ' \
        "$(recorded '-libcalls_plugin.so*')"
    same "$compiler: one module alone" 'leaf plugin_work ' "$(recorded '+libcalls_plugin.so*')"
    "$wick" run --functions=a*,+m*,-main --log "$work/run.ctxt" ./calls > /dev/null 2>&1
    same "$compiler: of the option" 'again alternating ' "$("$wick" tree --no-times run.ctxt | awk '/^ / { print $1 }' | sort -u | tr '\n' ' ')"
    WICK_FILTER=-leaf,-recu* "$wick" run --functions --log "$work/run.ctxt" ./calls > /dev/null 2> .e
    same "$compiler: of WICK_FILTER" 'again alternating catcher jump main other plugin_work small thread ' \
        "$("$wick" tree --no-times run.ctxt | awk '/^ / { print $1 }' | sort -u | tr '\n' ' ')"
    same "$compiler: of WICK_FILTER: no message" '' "$(grep 'no scope matches' .e)"
    same "$compiler: nothing matches" '' "$(recorded '+nothing*')"
    has "$compiler: nothing matches" 'WICK_FUNCTIONS leaves everything out' "$(cat .e)"
done
exit $failed

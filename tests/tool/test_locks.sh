#!/bin/sh
# SPDX-License-Identifier: MIT
# Locks of every kind: what the calls return, and what `wick locks` says of them. usage: test_locks.sh TOOL PROGRAM [PROGRAM_OF_CXX]
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

# LOG: name, waits, holds, shared ones, holders at once, uncertain ones
counts() { "$wick" locks --format csv --sort lock "$1" | awk -F, 'NR > 1 { print $1, $3, $6, $9, $10, $11 }' | sort; }

WICK_LOG=kinds.ctxt "$2" > results || failed=1
same 'results' '' "$(grep -v ': 1$' results)"
same 'all of them' 10 "$(grep -c ': 1$' results)"
same 'kinds' 'leaked 2 1 0 1 1
mutex 2 1 0 1 0
queue 2 QUEUE 0 1 0
spin 1 1 0 1 0
standard 2 STANDARD 0 1 0
table 5 3 2 2 0' "$(counts kinds.ctxt | sed -E 's/^(queue 2) [0-9]+/\1 QUEUE/; s/^(standard 2) [0-9]+/\1 STANDARD/')"
# A wait for a condition that is not there yet is one hold more, and a time-out is one more.
same 'conditions' '' "$(counts kinds.ctxt | awk '$1 ~ /queue|standard/ && ($3 < 3 || $3 > 6)')"
code 'what was let go by hand' 0 "$wick" locks kinds.ctxt
has 'what was let go by hand' '1 hold ended before its release was recorded: another thread took the lock meanwhile' "$out"
has 'Context has words for it' ' shared table table' "$(cat kinds.ctxt)"
code 'and it is a good log' 0 "$wick" check kinds.ctxt
WICK_LOG=kinds.wick "$2" > results || failed=1
same 'as wire' "$(counts kinds.ctxt | grep -v 'queue\|standard')" "$(counts kinds.wick | grep -v 'queue\|standard')"
WICK=off "$2" > results || failed=1
same 'switched off' 10 "$(grep -c ': 1$' results)"

if [ -n "${3:-}" ]; then
    WICK_LOG=cxx.ctxt "$3" > results || failed=1
    same 'results of C++' 5 "$(grep -c ': 1$' results)"
    same 'kinds of C++' 'again 0 1 0 1 0
queue 2 0 1 0
table 3 3 2 2 0
timed 2 1 0 1 0' "$(counts cxx.ctxt | sed -E 's/^(queue 2) [0-9]+/\1/')"
fi

# Two processes have locks of one name: that both hold one says nothing.
printf '%s\n' '1.0 h 1 a LOCKA m m' '1.1 h 2 a LOCKA m m' '1.2 h 1 a LOCKR m m' '1.3 h 2 a LOCKR m m' > two.ctxt
same 'two processes' 'm 0 1 0 1 0
m 0 1 0 1 0' "$(counts two.ctxt)"
"$wick" export --to chrome --output two.json two.ctxt
same 'in a form with one name for both' 'm 0 2 0 2 0' "$(counts two.json)"
# Readers beside each other, then a writer that shows that one of them has let go.
printf '%s\n' '1.0 h 1 a shared m m' '1.0 h 1 a LOCKA m m' '1.1 h 1 b shared m m' '1.1 h 1 b LOCKA m m' '1.2 h 1 b LOCKR m m' '1.3 h 1 c LOCKA m m' \
    '1.4 h 1 c LOCKR m m' > readers.ctxt
same 'readers' 'm 0 2 2 2 1' "$(counts readers.ctxt)"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# What recording costs: per line of `report`, what `thin` saves, what `doctor --cost` measures. usage: test_thin.sh TOOL PROGRAM
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

# Of 40 ns from step to step, recording takes 20.
awk 'function line(ns, rest) { printf "1700000000.%09d vm 1 main %s\n", ns, rest }
BEGIN {
    line(0, "run - program ./made"); line(0, "run - start 1700000000.000000000")
    line(0, "run - scope_inside_ns 10.000"); line(0, "run - scope_outside_ns 10.000")
    line(0, "site main:3 scope 3 - - made.c work"); line(0, "START main:3 work"); line(0, "site main:4 scope 4 - - made.c step")
    for (i = 0; i < 1000; i++) {
        line(i * 40, "START main:4 step"); line(i * 40 + 30, "ENDOK main:4 ")
    }
    line(40000, "ENDOK main:3 ")
}' > made.ctxt
code 'report' 0 "$wick" report --format csv made.ctxt
same 'report: what recording takes of each' 'work 1
work/step 0.333333' "$(echo "$out" | sed -n '2,$s/,.*,\([0-9.]*\),$/ \1/p')"
code 'report: a log that says no cost' 0 sh -c "echo '1.5 h 1 main START a a
2.5 h 1 main ENDOK a ' > old.ctxt; '$wick' report --format csv old.ctxt"
has 'report: a log that says no cost' ',0,0,0,,' "$(echo "$out" | tail -n 1)#"
code 'thin: a log that says no cost' 2 "$wick" thin old.ctxt
has 'thin: a log that says no cost' 'the log does not say what a scope costs' "$err"

code 'thin' 0 "$wick" thin made.ctxt
same 'thin: the filter' "WICK_FILTER='-step'" "$(echo "$out" | grep -v '^#')"
has 'thin: what it saves' '# saves at least 20.0 us of 40.0 us: leaves out 1 of 2 names, 1,000 of 1,001 calls' "$out"
filter=$(echo "$out" | sed -n "s/^WICK_FILTER='\(.*\)'/\1/p")
WICK_FILTER=$filter WICK_LOG=thin.ctxt "$2" > /dev/null
code 'thin: the filter works' 0 "$wick" tree --no-times thin.ctxt
same 'thin: the filter works' 'main
  work
    steps  x100' "$(echo "$out" | head -n 3)"
code 'thin again' 0 "$wick" thin thin.ctxt
has 'thin again' '# nothing to leave out' "$out"

code 'doctor --cost' 0 "$wick" doctor --cost
for form in .ctxt .wick .tree; do
    has "doctor --cost: $form" "cost        $(printf %-10s $form) a scope " "$out"
done
has 'doctor --cost: memory' 'bytes for a thread that records; 2 threads started' "$out"
code 'doctor --cost: off' 1 env WICK=off "$wick" doctor --cost
has 'doctor --cost: off' 'cannot be measured' "$out"
exit $failed

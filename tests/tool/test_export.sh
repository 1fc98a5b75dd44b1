#!/bin/sh
# SPDX-License-Identifier: MIT
# Exports and their way back: the same scopes, numbers and names; what a form has no place for is said.
. "$(dirname "$0")/support.sh"

# Equal times: outer holds inner, first stands beside second, second holds third.
cat > coarse.ctxt <<'LOG'
1700000000.000 h 7 main BMARK f.c:1 s
1700000000.001 h 7 main START f.c:1 outer
1700000000.001 h 7 main START f.c:1 inner
1700000000.003 h 7 main ENDOK f.c:1 
1700000000.003 h 7 main ENDOK f.c:1 
1700000000.007 h 7 main START f.c:1 first
1700000000.007 h 7 main ENDOK f.c:1 
1700000000.007 h 7 main START f.c:1 second
1700000000.007 h 7 main START f.c:1 third
1700000000.007 h 7 main ENDER f.c:1 no luck
1700000000.007 h 7 main ENDOK f.c:1 42 rows
1700000000.008 h 7 main START f.c:2 last
1700000000.008 h 7 main value - 600
1700000000.008 h 7 main gauge load 1.5
1700000000.008 h 7 main sum bytes 30
1700000000.008 h 7 main sum bytes 10
1700000000.009 h 7 main LOCKW 0x1 m
1700000000.010 h 7 main LOCKA 0x1 m
1700000000.011 h 7 main LOCKR 0x1 m
1700000000.012 h 7 main lost - 5 1700000000.011
1700000000.012 h 7 main START f.c:3 cut
1700000000.013 h 7 main BMARK f.c:1 e
LOG
code 'chrome' 0 "$wick" export --to chrome coarse.ctxt
printf '%s\n' "$out" > coarse.json
has 'a text at the end' '"end":"42 rows"' "$out"
has 'a failure' '"failed":"no luck"' "$out"
has 'a value' '"value":600' "$out"
has 'a sum' '"name":"bytes","args":{"value":40}' "$out"
has 'a lock' '"name":"hold m"' "$out"
has 'a loss' '"lost":5' "$out"
has 'a name' '"process_name"' "$out"
tree() {
    "$wick" export --to csv "$1" 2> /dev/null | cut -d, -f4-8,10 | sort
}
same 'chrome and back: nesting, times, how scopes ended' "$(tree coarse.ctxt)" "$(tree coarse.json)"
json() {
    "$wick" export --to json "$1" | sed -n 's/.*"name":"\(last\|third\)".*"failed":\([0-9]*\).*"value_sum":\([0-9.]*\).*/\1 \2 \3/p; s/.*\(.lost.:[0-9]*\).*/\1/p; s/.*"name":"bytes".*"last":40.*/bytes/p' | sort -u
}
same 'chrome and back: values, losses, counters' "$(json coarse.ctxt)" "$(json coarse.json)"
same 'chrome and back: locks' "$("$wick" locks --format csv coarse.ctxt)" "$("$wick" locks --format csv coarse.json)"
code 'chrome once more' 0 "$wick" export --to chrome coarse.json
has 'chrome once more' '"end":"42 rows"' "$out"

# A text is an argument, and only when asked for: never a name.
code 'no texts' 0 "$wick" export --to chrome sample.ctxt
has 'no texts' '"name":"fetch %s"' "$out"
case $out in *http://x*) has 'no texts' 'no http://x' "$out" ;; esac
code 'texts' 0 "$wick" export --to chrome --args sample.ctxt
has 'texts' '"text":"fetch http://x"' "$out"
has 'texts' '"name":"fetch %s"' "$out"

# Folded stacks: the same numbers, and no frame more.
printf 'main;work 5\nmain;idle 7.75\n[x];y 1e3\n' > a.folded
printf 'main;work 5\nmain;idle 7.75\n[x];y 1000\n' > same.folded
same 'folded there and back' "$(cat same.folded)" "$("$wick" export --to folded a.folded 2> /dev/null)"
"$wick" export --to folded coarse.ctxt > b.ns.folded 2> said
has 'folded: what it has no place for' 'folded has no place for: 2 marks, 3 values of counters, 1 value of a scope, 3 events of locks, 1 report of losses, 1 failed scope' "$(cat said)"
same 'ns there and back' "$(cat b.ns.folded)" "$("$wick" export --to folded b.ns.folded)"
code 'csv' 0 "$wick" export --to csv coarse.ctxt
has 'csv: what it has no place for' 'csv has no place for: 2 marks, 3 values of counters, 1 value of a scope, 3 events of locks, 1 report of losses' "$err"

# Every kind of record, and what each form says of it: nothing is left out without a word.
cat > kinds.ctxt <<'LOG'
1700000000.001 h 7 main START f:1 x
1700000000.002 h 7 main tracker - jobs.7 {"progress":0.5}
1700000000.003 h 7 main bind - jobs.7 2
1700000000.004 h 7 main gauge g 1.5
1700000000.004 h 7 main sum s 1.5
1700000000.004 h 7 main intgauge i 7
1700000000.004 h 7 main intsum j 7
1700000000.005 h 7 main amount f:2 1e3
1700000000.006 h 7 main LOCKW 0x1 lock
1700000000.006 h 7 main shared 0x1 lock
1700000000.007 h 7 main LOCKA 0x1 lock
1700000000.008 h 7 main LOCKR 0x1 lock
1700000000.009 h 7 main call f:3 12
1700000000.010 h 7 main stack - 7f00deadbeef
1700000000.011 h 7 main value - 2.5
1700000000.011 h 7 main intvalue - 3
1700000000.012 h 7 main BMARK f:4 here
1700000000.013 h 7 main lost - 5 1700000000.012
1700000000.014 h 7 other under - main 1700000000.001
1700000000.014 h 7 other START f:5 y
1700000000.015 h 7 other unfinished f:5 unwound
1700000000.015 h 7 other ENDER f:5 
1700000000.016 h 7 main pause - why
1700000000.017 h 7 main resume - 
1700000000.018 h 7 main ENDER f:1 no luck
LOG
all='1 sum of a scope'
rest='2 facts of trackers, 1 count of calls, 1 stack, 2 pauses and resumptions'
counters='4 values of counters, 2 values of scopes'
beneath='1 thread beneath a scope of another'
while IFS='|' read -r to said; do
    code "every kind: $to" 0 "$wick" export --to "$to" kinds.ctxt
    same "every kind: $to" "wick: $to has no place for: $said" "$(echo "$err" | grep 'no place')"
    "$wick" export --to wick kinds.ctxt -o kinds.wick
    same "every kind, of a .wick: $to" "wick: $to has no place for: $said" "$("$wick" export --to "$to" kinds.wick 2>&1 > /dev/null | grep 'no place')"
done <<KINDS
csv|1 mark, $counters, $all, 3 events of locks, 1 report of losses, $rest
chrome|$all, 1 lock that was taken shared, $beneath, $rest, 1 reason why a scope is unfinished
context|$counters, $all, 1 lock that was taken shared, $beneath, 1 report of losses, $rest
folded|1 mark, $counters, $all, 3 events of locks, 1 report of losses, $rest, 1 failed scope, 1 unfinished scope
json|1 lock that was taken shared, $rest
KINDS
for to in ctxt wick; do
    code "every kind: $to" 0 "$wick" export --to $to kinds.ctxt
    same "every kind: $to" '' "$err"
done

# flamegraph.pl's rule of a line, restated: stack, white space, number; a stack that has another number at its end is a differential
# one; frames are split at ;, lose _[k], _[w], _[i], _[j] at their ends, and a line that begins with # is a comment.
rule() {
    LC_ALL=C sed -E '/^#/d; s/^(.*)[[:space:]]+([0-9]+(\.[0-9]*)?)$/\1|\2/; s/^(.*)[[:space:]]+([0-9]+(\.[0-9]*)?)\|/differential \1|/
        s/_\[[kwij]\](;|\|)/ stripped\1/g' | LC_ALL=C sort
}
cat > hostile.json <<'LOG'
[{"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{"name":"#main"}},
{"ph":"X","name":"leaf 12","pid":1,"tid":1,"ts":0,"dur":1},
{"ph":"X","name":"exponent 1e3","pid":1,"tid":1,"ts":2,"dur":1},
{"ph":"X","name":"fraction\t.5","pid":1,"tid":1,"ts":4,"dur":1},
{"ph":"X","name":"12","pid":1,"tid":1,"ts":6,"dur":1},
{"ph":"X","name":"a;b","pid":1,"tid":1,"ts":8,"dur":1},
{"ph":"X","name":"kernel_[k]","pid":1,"tid":1,"ts":10,"dur":2},
{"ph":"X","name":"inner_[j]","pid":1,"tid":1,"ts":10,"dur":1},
{"ph":"X","name":"#hash","pid":1,"tid":1,"ts":14,"dur":1},
{"ph":"X","name":"two\nlines","pid":1,"tid":1,"ts":16,"dur":1},
{"ph":"X","name":"outer 7","pid":1,"tid":1,"ts":18,"dur":2},
{"ph":"X","name":" x ","pid":1,"tid":1,"ts":18,"dur":1}]
LOG
code 'hostile names' 0 "$wick" export --to folded hostile.json
same 'hostile names: by the rule of flamegraph.pl' '_main;#hash|1000
_main;12|1000
_main;a:b|1000
_main;exponent_1e3|1000
_main;fraction_.5|1000
_main;kernel-[k];inner-[j]|1000
_main;kernel-[k]|1000
_main;leaf_12|1000
_main;outer_7; x |1000
_main;outer_7|1000
_main;two lines|1000' "$(echo "$out" | rule)"
has 'hostile names: that they were changed' 'frames were changed: ; in a name' "$err"
echo "$out" > hostile.ns.folded
same 'hostile names: there and back' "$out" "$("$wick" export --to folded hostile.ns.folded)"
printf 'main;kernel_[k] 5\nmain;x 7\n' > annotated.folded
same 'annotations of a folded file stay' "$(cat annotated.folded)" "$("$wick" export --to folded annotated.folded 2> /dev/null)"
exit $failed

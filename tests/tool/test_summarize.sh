#!/bin/sh
# SPDX-License-Identifier: MIT
# wick summarize: equal logs give equal bytes, in either form; several runs; wrong files.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

code 'a log' 0 "$wick" summarize --output one.wicksum sample.ctxt
has 'the run' '"schema":"wick-summary/1","log":"sample.ctxt"' "$(head -1 one.wicksum)"
has 'its metadata' '["program","./app"]' "$(head -1 one.wicksum)"
has 'a key' '{"kind":"format","name":"fetch %s","function":"fetch","ordinal":0,"file":"app.c","line":30}' "$(cat one.wicksum)"
has 'a node' '"calls":1,"failed":1,"self_ns":100000,"total_ns":100000' "$(cat one.wicksum)"
code 'the log as wire' 0 "$wick" export --to wick --output sample.wick sample.ctxt
code 'the log as wire' 0 "$wick" summarize sample.wick
same 'either form gives the same' "$(sed 's/sample.ctxt/sample.wick/' one.wicksum)" "$out"
code 'a summary' 0 "$wick" summarize one.wicksum
same 'is itself' "$(cat one.wicksum)" "$out"

# Threads end in another order, lines are elsewhere: the nodes are in the same order.
printf '%s\n' '1.000 h 1 a.1 START f:1 f' '1.001 h 1 b START g:1 g' '1.002 h 1 a.1 ENDOK f:1 ' '1.003 h 1 b ENDOK g:1 ' > x.ctxt
printf '%s\n' '1.000 h 1 b START g:7 g' '1.000 h 1 a.9 START f:9 f' '1.002 h 1 a.9 ENDOK f:9 ' '1.002 h 1 b ENDOK g:7 ' > y.ctxt
code 'one order' 0 "$wick" summarize x.ctxt
first=$(echo "$out" | grep parent)
code 'another order' 0 "$wick" summarize y.ctxt
same 'nodes' "$first" "$(echo "$out" | grep parent)"
code 'both' 0 "$wick" summarize y.ctxt one.wicksum x.ctxt
same 'runs by time' 'x.ctxt y.ctxt sample.ctxt' "$(echo "$out" | sed -n 's/.*"log":"\([^"]*\)".*/\1/p' | tr '\n' ' ' | sed 's/ $//')"

printf '%s\n' '1.000 h 1 a START f:1 f' '1.001 h 1 a value - nan' '1.002 h 1 a value - 2' '1.003 h 1 a value - inf' '1.004 h 1 a ENDOK f:1 ' > odd.ctxt
code 'values that are no numbers' 0 "$wick" summarize odd.ctxt
has 'values that are no numbers' 'odd.ctxt: 2 values are NaN or infinite: in no sum' "$err"
has 'their number is kept' '"not_finite":2' "$out"
has 'they are counted' '"values":3,' "$out"
has 'the sum is of the others' '"value_sum":2}' "$out"

# What recording a scope costs is not the time of the one around it.
printf '%s\n' '1.000000000 h 1 a run - probe_ns 250.5' '1.000000000 h 1 a START f:1 f' '1.000001000 h 1 a START g:2 g' '1.000001400 h 1 a ENDOK g:2 ' \
    '1.000003000 h 1 a ENDOK f:1 ' > probed.ctxt
code 'a probe' 0 "$wick" summarize probed.ctxt
has 'a probe' '"self_ns":2350,"total_ns":3000' "$out"
has 'not of the inner one' '"self_ns":400,"total_ns":400' "$out"
code 'a probe as wire' 0 "$wick" export --to wick --output probed.wick probed.ctxt
has 'a probe as wire' '"self_ns":2350,"total_ns":3000' "$("$wick" summarize probed.wick)"

code 'no log' 2 "$wick" summarize
has 'no log' 'give logs' "$err"
code 'no such file' 2 "$wick" summarize nowhere.ctxt
has 'no such file' 'nowhere.ctxt: No such file or directory' "$err"
head -4 one.wicksum > cut.wicksum
code 'a summary that is cut' 2 "$wick" summarize --output out.wicksum cut.wicksum
has 'a summary that is cut' 'cut.wicksum:4: the file ends in the middle of a summary' "$err"
same 'nothing is written' '' "$(ls out.wicksum 2> /dev/null)"
sed 's/"key":1/"key":77/' one.wicksum > wrong.wicksum
code 'a summary that means nothing' 2 "$wick" summarize wrong.wicksum
has 'a summary that means nothing' 'a node whose key or parent does not come before it' "$err"
exit $failed

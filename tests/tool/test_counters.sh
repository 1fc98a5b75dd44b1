#!/bin/sh
# SPDX-License-Identifier: MIT
# Counters below tree and table; NaN and infinities in text and in wire form: shown, null in JSON, in no sum, counted.
. "$(dirname "$0")/support.sh"
cat > "$work/counters.ctxt" <<'LOG'
1700000000.000000001 h 1 main START f:1 work
1700000000.000000002 h 1 main gauge f:2 20.5
1700000000.000000003 h 1 main gauge f:2 nan
1700000000.000000004 h 1 main gauge f:2 inf
1700000000.000000005 h 1 main gauge f:2 21.5
1700000000.000000006 h 1 main sum f:3 5
1700000000.000000007 h 1 main sum f:3 -inf
1700000000.000000008 h 1 main sum f:3 7
1700000000.000000009 h 1 main gauge f:4 nan
1700000000.000000010 h 1 main value f:1 10
1700000000.000000011 h 1 main value f:1 nan
1700000000.000000012 h 1 main ENDOK f:1 
LOG
"$wick" export --to wick -o "$work/counters.wick" "$work/counters.ctxt"
for log in "$work/counters.ctxt" "$work/counters.wick"; do
    for command in tree report; do
        "$wick" $command "$log" > .o
        has "$command: a gauge" 'counter f:2  21.5 (20.5 .. 21.5)  x4, not in it 2 NaN or infinite' "$(cat .o)"
        has "$command: a sum" 'counter f:3  12 (5 .. 7)  x3, not in it 1 NaN or infinite' "$(cat .o)"
        has "$command: nothing else" 'counter f:4  x1, not in it 1 NaN or infinite' "$(cat .o)"
    done
    has "a value" 'sum 10, not in it 1 NaN or infinite' "$("$wick" tree "$log")"
    same "no counters of a selection" '' "$("$wick" tree --path work "$log" | grep counter)"
    has "fine" 'fine' "$("$wick" check "$log")"
    "$wick" export --to json "$log" > .o
    has "json: a gauge" '"count":4,"last":21.5,"least":20.5,"most":21.5,"sum":21.5,"not_finite":2' "$(cat .o)"
    has "json: nothing else" '"count":1,"last":null,"least":null,"most":null,"sum":0,"not_finite":1' "$(cat .o)"
    has "json: a value" '"values":2,"value_sum":10,"values_not_finite":1' "$(cat .o)"
    "$wick" export --to chrome "$log" > .o
    has "chrome: null" '"name":"f:2","args":{"value":null}' "$(cat .o)"
    has "chrome: the sum goes on" '"name":"f:3","args":{"value":12}' "$(cat .o)"
    same "ctxt again" "$(grep -c ' nan$\| -*inf$' "$work/counters.ctxt")" "$("$wick" export --to ctxt "$log" | grep -c ' nan$\| -*inf$')"
done
exit $failed

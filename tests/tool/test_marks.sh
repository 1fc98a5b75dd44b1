#!/bin/sh
# SPDX-License-Identifier: MIT
# wick marks: the latest of each name, all of them, of text and wire form, of logs of others, with selections.
. "$(dirname "$0")/support.sh"
cat > marks.ctxt <<'LOG'
1700000000.000000000 h 1 main START f:1 work
1700000000.000000000 h 1 main site f:2 mark 2 - - f.c begin
1700000000.000000000 h 1 main site f:3 format 3 - - f.c row %d of %d
1700000000.000000001 h 1 main BMARK f:2 begin
1700000000.000000002 h 1 main BMARK f:3 row 1 of 9
1700000000.000000005 h 1 other BMARK f:3 row 3 of 9
1700000000.000000004 h 1 main BMARK f:3 row 2 of 9
1700000000.000000006 h 1 main ENDOK f:1 
1700000000.000000007 h 1 main BMARK - the end
LOG
"$wick" export --to wick -o marks.wick marks.ctxt
for log in marks.ctxt marks.wick; do
    code "$log" 0 "$wick" marks --format csv $log
    same "$log" 'mark,count,time_ns,thread,details
'"'"'-,1,7,main,the end
row %d of %d,3,5,other,row 3 of 9
begin,1,1,main,' "$out"
    code "$log: all" 0 "$wick" marks --all --format csv $log
    same "$log: all" '5 row 2 of 9' "$(echo "$out" | tail -n +2 | wc -l | tr -d ' ') $(echo "$out" | grep ',4,' | sed 's/.*,//')"
    code "$log: in a scope" 0 "$wick" marks --path work --format csv $log
    same "$log: in a scope" 0 "$(echo "$out" | grep -c 'the end')"
    code "$log: of a thread" 0 "$wick" marks --thread other --format csv $log
    same "$log: of a thread" 'row %d of %d,1,5,other,row 3 of 9' "$(echo "$out" | tail -n +2)"
done
has 'text' 'row %d of %d      3  0.000000  other   row 3 of 9' "$("$wick" marks --width 90 marks.ctxt)"
has 'json' '{"mark":"row %d of %d","count":3,"time_ns":5,"thread":"other","details":"row 3 of 9"}' "$("$wick" marks --format json marks.ctxt)"
echo '1.5 h 1 main START f:1 a' > none.ctxt
code 'none' 1 "$wick" marks none.ctxt
has 'none' 'no mark in it' "$err"
exit $failed

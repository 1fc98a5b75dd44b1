#!/bin/sh
# SPDX-License-Identifier: MIT
# The commands with tables: report, hist, slow, locks; their filters, orders and forms.
. "$(dirname "$0")/support.sh"

# Two threads, two locks, three scopes of known lengths.
cat > known.ctxt <<'LOG'
100.0 h 1 main BMARK - begin
100.0 h 1 main START a outer
101.0 h 1 main START b inner
102.0 h 1 main ENDOK b 
102.0 h 1 main START b inner
105.0 h 1 main ENDER b broke
110.0 h 1 main ENDOK a 
100.0 h 1 worker-1 START c other
101.0 h 1 main LOCKA 0x1 door
101.5 h 1 worker-1 LOCKW 0x1 door
103.0 h 1 main LOCKR 0x1 door
103.0 h 1 worker-1 LOCKA 0x1 door
104.0 h 1 worker-1 LOCKR 0x1 door
108.0 h 1 worker-1 ENDOK c 
110.0 h 1 main BMARK - end
LOG

code 'report' 0 "$wick" report --format csv known.ctxt
same 'report as CSV' 'key,count,total_ns,self_ns,share,mean_ns,min_ns,p50_ns,p90_ns,p99_ns,max_ns,failed,unfinished,open,cpu_ns,values,value_sum,values_not_finite,probes,sums
outer,1,10000000000,6000000000,0.555556,10000000000,10000000000,10000000000,10000000000,10000000000,10000000000,0,0,0,,0,0,0,,
other,1,8000000000,8000000000,0.444444,8000000000,8000000000,8000000000,8000000000,8000000000,8000000000,0,0,0,,0,0,0,,
outer/inner,2,4000000000,4000000000,0.222222,2000000000,1000000000,1000000000,3000000000,3000000000,3000000000,1,0,0,,0,0,0,,' "$out"
code 'report as text' 0 "$wick" report --width 90 known.ctxt
has 'report as text' 'outer/inner      2  4.00 s' "$out"
code 'report by thread' 0 "$wick" report --by thread --format csv known.ctxt
has 'report by thread' 'worker-1,1,8000000000' "$out"
code 'report by name counts recursion once' 0 "$wick" report --by name --format csv known.ctxt
has 'report by name' 'inner,2,4000000000' "$out"
code 'sort and limit' 0 "$wick" report --sort +count --limit 1 --format csv known.ctxt
same 'sort and limit' 'other' "$(echo "$out" | sed -n '2s/,.*//p')"
code 'where' 0 "$wick" report --where 'total gt 5s and key lke out*' --format csv known.ctxt
same 'where' 'outer' "$(echo "$out" | sed -n '2,$s/,.*//p')"
code 'where in' 0 "$wick" report --where 'key in other,outer/inner' --format csv known.ctxt
same 'where in' 'other
outer/inner' "$(echo "$out" | sed -n '2,$s/,.*//p')"
code 'where: column' 2 "$wick" report --where 'nothing gt 5' known.ctxt
has 'where: column' "there is no column 'nothing'; there are: key, count" "$err"
code 'where: code' 2 "$wick" report --where 'count above 5' known.ctxt
has 'where: code' "'above' is none of: eq lt gt lte gte not lke in" "$err"
code 'where: number' 2 "$wick" report --where 'count gt many' known.ctxt
has 'where: number' "count is compared with a number, not 'many'" "$err"
code 'thread' 0 "$wick" report --thread 'work*' --format csv known.ctxt
same 'thread' 'other' "$(echo "$out" | sed -n '2,$s/,.*//p')"
code 'path' 0 "$wick" report --path 'outer/*' --format csv known.ctxt
same 'path' 'outer/inner' "$(echo "$out" | sed -n '2,$s/,.*//p')"
same 'path: across names' 'other
outer
outer/inner' "$("$wick" report --path '**/*er' --format csv known.ctxt | sed -n '2,$s/,.*//p' | sort)"
same 'path: one character, one of some' 'outer/inner' "$("$wick" report --path 'i?n[a-f]r' --format csv known.ctxt | sed -n '2,$s/,.*//p')"
for command in 'report' 'tree' 'timeline' 'export --to folded'; do
    code "$command: nothing matches" 0 "$wick" $command --path 'out/*' known.ctxt
    has "$command: nothing matches" "no scope matches --path 'out/*'" "$err"
    code "$command: no thread matches" 0 "$wick" $command --thread 'wurk*' known.ctxt
    has "$command: no thread matches" "no thread matches --thread 'wurk*'" "$err"
done
code 'where: nothing' 0 "$wick" report --where 'key lke out/*/*' known.ctxt
has 'where: nothing' "no row fulfils --where 'key lke out/*/*'" "$err"
code 'from, until' 0 "$wick" report --from 1.5 --until 4 --format csv known.ctxt
same 'a scope is kept as a whole' 'inner,1,3000000000' "$(echo "$out" | sed -n '2,$p' | cut -d, -f1-3)"
code 'from: not a time' 2 "$wick" report --from soon known.ctxt
has 'from: not a time' "--from wants a time" "$err"
code 'tree --path' 0 "$wick" tree --no-times --path inner known.ctxt
same 'tree --path keeps what is above' 'main
  outer
    inner  x2  1 failed: broke' "$out"

# `open` counts apart: only ended calls have a mean and quantiles.
cat > open.ctxt <<'LOG'
100.0 h 1 main START a a
100.001 h 1 main ENDOK a 
100.002 h 1 main START a a
100.004 h 1 main START b b
100.010 h 1 main BMARK - now
LOG
code 'open scopes' 0 "$wick" report --format csv open.ctxt
same 'open scopes' 'a,1,9000000,3000000,1,1000000,1000000,1000000,1000000,1000000,8000000,0,0,1,,0,0,0,,
a/b,0,6000000,6000000,0.666667,,,,,,6000000,0,0,1,,0,0,0,,' "$(echo "$out" | sed 1d)"
code 'open scopes as text' 0 "$wick" report --width 120 open.ctxt
has 'open scopes as text' '1 open' "$out"
code 'where: unknown' 0 "$wick" report --where 'p50 lt 1s' --format csv open.ctxt
same 'where: unknown' 'a' "$(echo "$out" | sed -n '2,$s/,.*//p')"
code 'hist' 0 "$wick" hist --path inner known.ctxt
has 'hist' '2 calls of 1 scope outer/inner' "$out"
has 'hist' '50.0 %' "$out"
code 'hist of nothing' 1 "$wick" hist --path nothing known.ctxt
has 'hist of nothing' "no ended scope matches --path 'nothing'" "$err"

code 'slow' 0 "$wick" slow --limit 1 known.ctxt
same 'slow' ' 1. 8.00 s    other
    at 0.000000 s in worker-1: other
    meanwhile main: 4.00 s    outer
    meanwhile main: 4.00 s    outer/inner' "$out"
code 'slow: what is in it' 0 "$wick" slow --path outer --limit 1 known.ctxt
same 'slow: what is in it' ' 1. 6.00 s    outer
    at 0.000000 s in main: outer
    of 10.0 s in all
    inside 4.00 s    inner  2 calls
    meanwhile worker-1: 8.00 s    other' "$out"
sed 's/^\(.*\)ENDER b broke/\1unfinished b exit\n&/' known.ctxt > unended.ctxt
code 'slow: what did not end by itself' 0 "$wick" slow --path inner --format csv unended.ctxt
same 'slow: what did not end by itself' '1000000000' "$(echo "$out" | tail -n +2 | cut -d, -f1)"
code 'slow as CSV' 0 "$wick" slow --path inner --format csv known.ctxt
same 'slow as CSV' 'start_ns,self_ns,duration_ns,thread,status,text,path,message
2000000000,3000000000,3000000000,main,failed,,outer/inner,broke
1000000000,1000000000,1000000000,main,ok,,outer/inner,' "$out"
same 'slow reads standard input twice' "$("$wick" slow known.ctxt)" "$("$wick" slow - < known.ctxt)"

code 'locks' 0 "$wick" locks --width 100 known.ctxt
has 'locks' 'door  0x1      1  1.50 s   1.50 s      2  3.00 s   2.00 s' "$out"
has 'locks: who held' 'door  main     worker-1          1  1.50 s' "$out"
code 'locks: all are inside' 0 "$wick" locks --width 100 --path '*' known.ctxt
has 'locks: all are inside' 'door  0x1' "$out"
code 'locks: none is inside' 1 "$wick" locks --path 'no such scope' known.ctxt
code 'no locks' 1 "$wick" locks sample.ctxt
has 'no locks' 'no lock in it' "$err"

if command -v python3 > /dev/null; then
    for command in report hist slow locks; do
        "$wick" $command --format json known.ctxt | python3 -c 'import json,sys; assert json.load(sys.stdin)' ||
            { echo "FAILED: $command --format json is not JSON"; failed=1; }
    done
fi
# The start of a log is its earliest time, not that of its first line.
echo '[{"name":"a","ph":"X","ts":1000,"dur":500,"pid":1,"tid":1},{"name":"b","ph":"X","ts":0,"dur":3000,"pid":1,"tid":2}]' > late.json
printf '%s\n' '1.001 h 1 1 START a a' '1.0015 h 1 1 ENDOK a ' '1.000 h 1 2 START b b' '1.003 h 1 2 ENDOK b ' > late.ctxt
for log in late.json late.ctxt; do
    has "start of $log: slow" 'at 0.001000 s in 1: a' "$("$wick" slow $log)"
    has "start of $log: slow of a thread" 'at 0.001000 s in 1: a' "$("$wick" slow --thread 1 $log)"
    has "start of $log: slow from standard input" 'at 0.001000 s in 1: a' "$("$wick" slow - < $log)"
    has "start of $log: chrome" '"tid":0,"ts":1000.000,' "$("$wick" export --to chrome $log)"
    has "start of $log: csv" ',1,1000000,500000,ok' "$("$wick" export --to csv $log)"
    has "start of $log: csv from standard input" ',1,1000000,500000,ok' "$("$wick" export --to csv - < $log)"
    same "start of $log: --from" 'a' "$("$wick" report --from 0.5ms --format csv $log | tail -n +2 | cut -d, -f1)"
    has "start of $log: timeline" '1.00 ms ' "$("$wick" timeline --thread 1 $log | head -n 1)"
    same "start of $log: postmortem" '0.001000 s' "$("$wick" postmortem --all $log | grep -o '0.001000 s' | head -n 1)"
done
# Threads and locks of one name can be told apart; names are cut in the middle. A report says what was lost.
cat > twins.ctxt <<'LOG'
100.0 h 1 main BMARK - begin
100.0 h 1 worker START a work
100.0 h 1 worker thread - worker
100.0 h 1 thread-2 thread - worker
100.0 h 1 thread-2 START a work
101.0 h 1 worker ENDOK a 
101.0 h 1 worker LOCKA connections[i].lock_of_a_connection a
101.1 h 1 worker LOCKR connections[i].lock_of_a_connection a
101.2 h 1 worker LOCKA connections[i].lock_of_a_connection.2 a
101.3 h 1 worker LOCKR connections[i].lock_of_a_connection.2 a
101.5 h 1 worker lost - 7 101.4
102.0 h 1 thread-2 ENDOK a 
LOG
for pid in 1 2; do
    cat > waits$pid.ctxt <<LOG
200.0 h $pid worker LOCKW 0x1 m
200.0 h $pid other LOCKA 0x1 m
201.0 h $pid other LOCKR 0x1 m
201.0 h $pid worker LOCKA 0x1 m
202.0 h $pid worker LOCKR 0x1 m
LOG
done
same 'threads of one name: report' 'worker
worker (thread-2)' "$("$wick" report --by thread --format csv twins.ctxt | tail -n +2 | cut -d, -f1 | sort)"
for command in 'tree --no-times' slow 'slow --format csv' timeline; do
    has "threads of one name: $command" '2)' "$("$wick" $command twins.ctxt)"
done
for to in csv chrome; do
    same "threads of one name: $to" 'worker
worker (thread-2)' "$("$wick" export --to $to twins.ctxt | grep -o 'worker ([^)"]*)\|,worker,\|"worker"' | tr -d ',"' | sort -u)"
done
sed 's/ h 1 / h 2 /' twins.ctxt > other.ctxt
same 'threads of two processes: report' 'worker (thread-2) of h:1
worker (thread-2) of h:2
worker of h:1
worker of h:2' "$("$wick" report --by thread --format csv twins.ctxt other.ctxt | tail -n +2 | cut -d, -f1 | sort)"
for command in slow 'slow --format csv' locks; do
    has "threads of two processes: $command" 'worker of h:2' "$("$wick" $command waits1.ctxt waits2.ctxt twins.ctxt other.ctxt)"
done
out=$("$wick" locks --width 80 twins.ctxt | grep connect | sed 's/.*\(connect[^ ]*\) .*/\1/')
same 'locks of one name' 2 "$(echo "$out" | sort -u | wc -l)"
# Names that differ in their middle alone stay different, in columns as narrow as there are.
for i in 1 2 3; do
    echo "300.0 h 1 connection-handler-$i-of-the-server START a work"
    echo "300.0 h 1 connection-handler-$i-of-the-server LOCKA connections[$i].lock_of_a_connection m"
    echo "301.0 h 1 connection-handler-$i-of-the-server LOCKR connections[$i].lock_of_a_connection m"
    echo "302.0 h 1 connection-handler-$i-of-the-server ENDOK a "
done > middles.ctxt
for command in tree timeline 'report --by thread' 'locks'; do
    same "names that differ in the middle: $command" 3 \
        "$("$wick" $command --width 50 middles.ctxt | grep -o 'connect[^ ]*' | sort -u | wc -l)"
done
has 'names that differ in the middle: timeline' 'connect…server~3 ' "$("$wick" timeline --width 50 middles.ctxt)"
has 'report: what was lost' '7 events lost' "$("$wick" report twins.ctxt)"
exit $failed

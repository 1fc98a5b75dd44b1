#!/bin/sh
# SPDX-License-Identifier: MIT
# wick status: the trackers of a log, in every form; --follow and --wait. $2: a program that writes trackers.
. "$(dirname "$0")/support.sh"

# At 110 s: load has run for 10 of 20 s, with one part of two done.
cat > known.ctxt <<'LOG'
100.000000000 h 1 main BMARK - begin
100.000000000 h 1 main tracker - job {"status":[1,"running"],"start":100000000000,"name":"the job"}
100.000000000 h 1 main tracker - job.load {"@v":100000000000,"status":[1,"running"],"start":100000000000,"weight":3,"estimate":20}
101.000000000 h 1 main tracker - job.load.a {"status":[1,"finished"],"start":100000000000,"finish":101000000000,"progress":1,"estimate":5}
102.000000000 h 1 main tracker - job.load.b {"status":[2,"running"],"start":102000000000,"progress":0.5,"estimate":20,"msg":"line 1\nline 2"}
103.000000000 h 1 main tracker - job.gone {"progress":1}
104.000000000 h 1 main tracker - job.gone null
105.000000000 h 1 main tracker - other {"status":[1,"sorting"]}
105.000000000 h 1 main tracker - not/a/key {"status":[1,"sorting"]}
105.000000000 h 1 main tracker - job {not JSON}
110.000000000 h 1 main BMARK - end
LOG

code 'status' 0 "$wick" status known.ctxt
same 'status' 'the job  [###############-----]  running  done 1/3 33 %  weighted 75.0 %  10.0 s  12.0 s left
  load   [###############-----]  running  done 1/2 50 %  weighted 75.0 %  10.0 s  12.0 s left
    a    [####################]  finished  weighted 100.0 %  1.00 s
    b    [##########----------]  running  weighted 50.0 %  8.00 s  12.0 s left  attempt 2  line 1 line 2
other    [--------------------]  sorting' "$out"
has 'status: what was not used' '2 tracker lines are not used' "$err"
code 'status: indented' 0 "$wick" status --format text known.ctxt job
same 'status: indented' 'the job running 1/3
  load running 1/2
    a finished 0/0
    b running 0/0' "$out"
code 'status: depth' 0 "$wick" status --format text --depth 2 known.ctxt job
same 'status: depth' 'the job running 1/3
  load running 1/2' "$out"
code 'status: csv' 0 "$wick" status --format csv known.ctxt job.load
same 'status: csv' 'key,name,status,attempt,all,done,in_progress,done_pct,progress,weight,start_ns,finish_ns,elapsed_ns,estimate_ns,remaining_ns,left_ns,message
job.load,load,running,1,2,1,1,0.5,0.75,3,100000000000,,10000000000,25000000000,15000000000,12000000000,
job.load.a,a,finished,1,0,0,0,0,1,1,100000000000,101000000000,1000000000,5000000000,4000000000,0,
job.load.b,b,running,2,0,0,0,0,0.5,1,102000000000,,8000000000,20000000000,12000000000,12000000000,"line 1
line 2"' "$out"
code 'status: where' 0 "$wick" status --format csv --where 'progress lt 0.6 and status in running' known.ctxt
same 'status: where' 'job.load.b' "$(echo "$out" | sed -n '2s/,.*//p')"
code 'status: json' 0 "$wick" status --format json known.ctxt other
has 'status: json' '"status":"sorting","attempt":1,"all":0,"done":0,"in_progress":0,"done_pct":0,"progress":null,"weight":1,"start_ns":null' "$out"
code 'status: no such key' 1 "$wick" status known.ctxt job.none
has 'status: no such key' "no tracker has the key 'job.none'" "$err"
code 'status: no tracker' 1 "$wick" status sample.ctxt
has 'status: no tracker' 'no tracker in it' "$err"
code 'status: no log' 2 "$wick" status
code 'status: no such log' 2 "$wick" status known.ctxt gone/run.ctxt job
echo '106.0 h 1 main tracker - job.load.b {"status":[2,"finished"]}' > more.ctxt
code 'status: several logs' 0 "$wick" status --format text known.ctxt more.ctxt job.load
same 'status: several logs' 'load running 2/2
  a finished 0/0
  b finished 0/0' "$out"

# Both forms, parts of a log, repair and merge: the same trackers.
"$wick" export --to wick -o known.wick known.ctxt 2> err
"$wick" merge -o merged.ctxt known.ctxt sample.ctxt 2> err
"$wick" merge -o merged.wick known.wick sample.ctxt 2> err
"$wick" repair -o repaired.ctxt known.ctxt > out 2> err
for log in known.wick merged.ctxt merged.wick repaired.ctxt; do
    same "$log" "$("$wick" status --format text known.ctxt 2> err)" "$("$wick" status --format text $log 2> err)"
done

# --wait: how it ended is the exit code.
code 'wait: too long' 3 "$wick" status --wait --timeout 100ms known.ctxt job
code 'wait: done' 0 "$wick" status --wait known.ctxt job.load.a
sed 's/"finished"/"timed-out"/' known.ctxt > late.ctxt
code 'wait: failed' 1 "$wick" status --wait late.ctxt job.load.a
echo '111.0 h 1 main BMARK - wick end' | cat known.ctxt - > ended.ctxt
code 'wait: never done' 1 "$wick" status --wait ended.ctxt job
has 'wait: never done' 'the log has ended, and the tracker is not done' "$err"
(sleep 0.3; cp known.ctxt grows.ctxt; sleep 0.3
echo '120.0 h 1 main tracker - job {"status":[1,"canceled"],"finish":120000000000}' >> grows.ctxt) &
code 'wait: a log that grows' 1 "$wick" status --wait --timeout 20s grows.ctxt job
has 'wait: a log that grows' 'canceled' "$out"
wait
code 'wait: several logs' 0 "$wick" status --wait --timeout 5s more.ctxt known.ctxt job.load.b
code 'follow' 0 "$wick" status --follow --format text ended.ctxt
has 'follow' '    b running 0/0' "$out"

# A program's own trackers.
for log in own.ctxt own.wick; do
    code "$log" 0 env WICK_LOG=$log "$2"
    code "$log: status" 0 "$wick" status --format text $log
    same "$log: status" 'job finished 3/3
  part 1 finished 0/0
  part 2 failed 0/0
  part 3 finished 0/0' "$out"
    code "$log: check" 0 "$wick" check $log
    code "$log: wait" 0 "$wick" status --wait --timeout 5s $log job
done
"$wick" export --to wick -o there.wick own.ctxt
"$wick" export --to ctxt -o back.ctxt there.wick
code 'there and back' 0 cmp own.ctxt back.ctxt
# A log that is rotated: each file has all trackers, and no removed one.
for suffix in .ctxt .wick; do
    WICK_LOG=rotated$suffix WICK_LOG_ROTATE=64K "$2" 'the end' || failed=1
    [ -f rotated.1$suffix ] || { echo "FAILED: rotated$suffix was not rotated"; failed=1; }
    for part in rotated*$suffix; do
        status=running
        message=begun
        code "status: a file of a rotated log" 0 "$wick" status --format text $part
        [ $part = rotated$suffix ] && status=finished && message='the end'
        # The end may have made the file before the last one full.
        [ $part = "$(ls -v rotated.*$suffix | tail -1)" ] && [ "${out#job finished}" != "$out" ] && status=finished
        same "status: $part" "job $status 3/3
  part 1 finished 0/0
  part 2 failed 0/0
  part 3 finished 0/0" "$out"
        [ $part = rotated$suffix ] && same "status: $part" "$message" "$("$wick" status --format csv $part job 2> err | sed -n '2s/.*,//p')"
    done
    code "check of a rotated log with trackers" 0 "$wick" check rotated*$suffix
done
# More trackers than a file has room for are told once, or the log would never end.
code 'a board larger than a file' 0 env WICK_LOG=large.ctxt WICK_LOG_ROTATE=64K "$2" 'the end' more
has 'a board larger than a file' 'larger than half a file of the log' "$err"
code 'a board larger than a file: check' 0 "$wick" check large*.ctxt
same 'a board larger than a file: told again' few "$([ "$(cat large*.ctxt | grep -c ' job.one-of-many .*"name"')" -le 3 ] && echo few)"

# On a terminal: what runs, what failed, and how many are done or wait; where there is no room the youngest are left out.
if command -v script > .out; then
    cat > now.ctxt <<'LOG'
100.0 h 1 main tracker - job {"status":[1,"running"],"start":100000000000,"name":"the job"}
100.0 h 1 main tracker - job.a {"status":[1,"finished"],"start":100000000000,"finish":101000000000}
100.0 h 1 main tracker - job.b {"status":[1,"running"],"start":101000000000}
100.0 h 1 main tracker - job.c {"status":[1,"running"],"start":103000000000}
100.0 h 1 main tracker - job.d {"status":[1,"running"],"start":102000000000}
100.0 h 1 main tracker - job.e {"status":[1,"failed"],"start":102000000000,"finish":103000000000,"msg":"no route"}
100.0 h 1 main tracker - job.f {"status":[1,"waiting"]}
LOG
    # now ROWS: the names and words of the first picture on a terminal of so many rows
    now() {
        script -qec "stty rows $1 cols 90; '$wick' status --follow --wait --timeout 2s now.ctxt" /dev/null < /dev/null | tr -d '\033\r' |
            sed 's/\[H\[J/@/' | awk '/^@/ { n++ } n == 1' | sed 's/^@//; s/ *\[[#-]*\] */ /; s/\([a-z]\)  [0-9].*/\1/; s/ done [0-9]*\/.*//; s/ *$//'
    }
    same 'what runs' 'the job running
  b running
  c running
  d running
  e failed
  1 done, 1 waiting' "$(now 20)"
    same 'what runs, without room' 'the job running
  b running
  e failed
  1 done, 1 waiting
2 more running' "$(now 6)"
fi
exit $failed

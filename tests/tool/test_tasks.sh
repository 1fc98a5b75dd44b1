#!/bin/sh
# SPDX-License-Identifier: MIT
# wick tasks, profile, info, history: the layout to the byte, every form, attempts, what is not there.
. "$(dirname "$0")/support.sh"
TZ=UTC
export TZ
unset WICK_FORMAT

# A workflow with two tasks that ran, and with tasks that wait, run, failed once, timed out, and end without having begun.
cat > flow.ctxt <<'LOG'
1438729440.000000000 h 42 main tracker - wf {"name":"workflow","created":1438729440800000000,"start":1438729440800000000,"status":[1,"running"]}
1438729441.000000000 h 42 main tracker - wf.increment {"name":"increment","created":1438729441000000000,"status":[1,"waiting"]}
1438729543.200000000 h 42 main tracker - wf.increment {"start":1438729543200000000,"status":[1,"running"]}
1438729543.990000000 h 42 main tracker - wf.increment {"finish":1438729543990000000,"status":[1,"finished"]}
1438729544.890000000 h 42 main tracker - wf.double {"name":"double","created":1438729544890000000,"status":[1,"waiting"]}
1438729544.960000000 h 42 main tracker - wf.double {"start":1438729544960000000,"status":[1,"running"]}
1438729546.350000000 h 42 main tracker - wf.double {"finish":1438729546350000000,"status":[1,"finished"]}
1438729561.700000000 h 42 main tracker - wf {"finish":1438729561700000000,"status":[1,"finished"]}
LOG

table='Task         Last State    Scheduled           Time Scheduled  Start               Time Running  End                 Percentage of total time
double-1     completed     2015-08-04 23:05              0.07  2015-08-04 23:05            1.39  2015-08-04 23:05                        1.15
increment-1  completed     2015-08-04 23:04            102.20  2015-08-04 23:05            0.79  2015-08-04 23:05                        0.65'
code 'profile' 0 "$wick" profile --header flow.ctxt
same 'profile' "$table" "$out"
code 'profile: no header' 0 "$wick" profile flow.ctxt
same 'profile: no header' 'double-1     completed  2015-08-04 23:05    0.07  2015-08-04 23:05  1.39  2015-08-04 23:05  1.15
increment-1  completed  2015-08-04 23:04  102.20  2015-08-04 23:05  0.79  2015-08-04 23:05  0.65' "$out"
code 'profile: elsewhere' 0 env TZ=UTC-2 "$wick" profile -n 1 flow.ctxt
same 'profile: elsewhere' 'double-1  completed  2015-08-05 01:05  0.07  2015-08-05 01:05  1.39  2015-08-05 01:05  1.15' "$out"
"$wick" export --to wick -o flow.wick flow.ctxt 2> err
code 'profile: of a wire' 0 "$wick" profile --header flow.wick
same 'profile: of a wire' "$table" "$out"

code 'csv' 0 "$wick" profile --header --format csv -n 1 flow.ctxt
same 'csv' 'Task,Last State,Scheduled,Time Scheduled,Start,Time Running,End,Percentage of total time
double-1,completed,2015-08-04 23:05,0.07,2015-08-04 23:05,1.39,2015-08-04 23:05,1.15' "$out"
code 'tsv' 0 "$wick" profile --format tsv -n 1 flow.ctxt
same 'tsv' "$(printf 'double-1\tcompleted\t2015-08-04 23:05\t0.07\t2015-08-04 23:05\t1.39\t2015-08-04 23:05\t1.15')" "$out"
code 'human' 0 "$wick" profile --format human -n 1 flow.ctxt
same 'human' 'Task double-1
Last State completed
Scheduled 2015-08-04 23:05
Time Scheduled 0.07
Start 2015-08-04 23:05
Time Running 1.39
End 2015-08-04 23:05
Percentage of total time 1.15' "$out"
code 'json' 0 env WICK_FORMAT=json "$wick" profile -n 1 flow.ctxt
same 'json' '[
["double-1","completed","2015-08-04 23:05",0.07,"2015-08-04 23:05",1.39,"2015-08-04 23:05",1.15]
]' "$out"
code 'json: objects' 0 env WICK_FORMAT=csv "$wick" tasks --header --format json -n 1 flow.ctxt
same 'json: objects' '[
{"Tasks":"double-1","Last State":"completed","Last State Time":"2015-08-04 23:05:46.350000","Scheduled Time":"2015-08-04 23:05:44.890000"}
]' "$out"
code 'prettyjson' 0 "$wick" tasks --format prettyjson -n 1 flow.ctxt
same 'prettyjson' '[
    [
        "double-1",
        "completed",
        "2015-08-04 23:05:46.350000",
        "2015-08-04 23:05:44.890000"
    ]
]' "$out"
code 'an unknown form' 2 env WICK_FORMAT=xml "$wick" tasks flow.ctxt
has 'an unknown form' "WICK_FORMAT is one of: csv tsv tabular human json prettyjson; not 'xml'" "$err"

cat > more.ctxt <<'LOG'
1438729550.000000000 h 42 main tracker - wf.double~2 {"name":"double","created":1438729550000000000,"status":[1,"waiting"]}
1438729551.000000000 h 42 main tracker - wf.fetch {"name":"fetch, [\"a\\b\"]\u001b[2J","created":1438729551000000000,"status":[1,"waiting"]}
1438729552.000000000 h 42 main tracker - wf.fetch {"start":1438729552000000000,"status":[1,"running"]}
1438729553.500000000 h 42 main tracker - wf.fetch {"finish":1438729553500000000,"status":[1,"failed"],"msg":"no route"}
1438729554.000000000 h 42 main tracker - wf.fetch {"start":null,"finish":null,"status":[2,"waiting"]}
1438729555.000000000 h 42 main tracker - wf.fetch {"start":1438729555000000000,"status":[2,"running"],"msg":null}
1438729556.000000000 h 42 main tracker - wf.late {"created":1438729551000000000,"start":1438729551500000000,"finish":1438729556000000000,"status":[1,"timed-out"]}
1438729556.500000000 h 42 main tracker - wf.never {"created":1438729551500000000,"finish":1438729556500000000,"status":[1,"canceled"]}
1438729556.700000000 h 42 main tracker - wf.odd {"status":[1,"sorting"]}
LOG
code 'all tasks' 0 "$wick" profile --header --all flow.ctxt more.ctxt
same 'all tasks' 'Task                     Last State    Scheduled           Time Scheduled  Start               Time Running  End                 Percentage of total time
late-1                   timed out     2015-08-04 23:05              0.50  2015-08-04 23:05            4.50  2015-08-04 23:05                        3.72
double-1                 completed     2015-08-04 23:05              0.07  2015-08-04 23:05            1.39  2015-08-04 23:05                        1.15
increment-1              completed     2015-08-04 23:04            102.20  2015-08-04 23:05            0.79  2015-08-04 23:05                        0.65
odd-1                    sorting
double-2                 scheduled     2015-08-04 23:05
fetch, ["a\b"]\x1b[2J-1  started       2015-08-04 23:05              4.00  2015-08-04 23:05
never-1                  canceled      2015-08-04 23:05                                                      2015-08-04 23:05' "$out"
code 'tasks that ran' 0 "$wick" profile --format csv flow.ctxt more.ctxt
same 'tasks that ran' 'late-1 double-1 increment-1' "$(echo "$out" | sed 's/,.*//' | tr '\n' ' ' | sed 's/ $//')"
code 'states' 0 "$wick" tasks --format csv flow.ctxt more.ctxt
same 'states' 'odd-1,sorting,2015-08-04 23:05:56.700000,
never-1,canceled,2015-08-04 23:05:56.500000,2015-08-04 23:05:51.500000
late-1,timed out,2015-08-04 23:05:56.000000,2015-08-04 23:05:51.000000
"fetch, [""a\b""]\x1b[2J-1",started,2015-08-04 23:05:55.000000,2015-08-04 23:05:51.000000
double-2,scheduled,2015-08-04 23:05:50.000000,2015-08-04 23:05:50.000000
double-1,completed,2015-08-04 23:05:46.350000,2015-08-04 23:05:44.890000
increment-1,completed,2015-08-04 23:05:43.990000,2015-08-04 23:04:01.000000' "$out"
code 'below a key' 0 "$wick" tasks flow.ctxt more.ctxt wf.double~2
same 'below a key' 'double-2  scheduled  2015-08-04 23:05:50.000000  2015-08-04 23:05:50.000000' "$out"
code 'no such key' 1 "$wick" tasks flow.ctxt wf.x
has 'no such key' "no tracker has the key 'wf.x'" "$err"
code 'no trackers' 1 "$wick" profile sample.ctxt
has 'no trackers' 'no tracker in it' "$err"

code 'info of a run' 0 "$wick" info --header flow.ctxt more.ctxt
same 'info of a run' 'KEY              VALUE
tasks            7
scheduled        1
started          1
completed        2
canceled         1
timed out        1
of other states  1
first event      2015-08-04 23:04:00.800000
last event       2015-08-04 23:06:01.700000
seconds          120.90' "$out"
code 'info of a program' 0 "$wick" info sample.ctxt
has 'info of a program' 'program  ./app' "$out"
code 'info of a task' 0 "$wick" info flow.ctxt more.ctxt 'double-2'
has 'info of a task' 'key        wf.double~2' "$out"
code 'attempts' 0 "$wick" info flow.ctxt more.ctxt wf.fetch
has 'attempts' 'attempts        2
attempt 1       failed, began 2015-08-04 23:05:52.000000, ran 1.50 s: no route
attempt 2       started, began 2015-08-04 23:05:55.000000' "$out"
code 'info of nothing' 1 "$wick" info flow.ctxt double-3
has 'info of nothing' "no task 'double-3' in it; \`wick tasks\` lists them" "$err"

code 'history' 0 "$wick" history flow.ctxt more.ctxt wf.double
same 'history' '[
{"time":"2015-08-04 23:05:44.890000","time_ns":"1438729544890000000","key":"wf.double","facts":{"name":"double","created":1438729544890000000,"status":[1,"waiting"]}},
{"time":"2015-08-04 23:05:44.960000","time_ns":"1438729544960000000","key":"wf.double","facts":{"start":1438729544960000000,"status":[1,"running"]}},
{"time":"2015-08-04 23:05:46.350000","time_ns":"1438729546350000000","key":"wf.double","facts":{"finish":1438729546350000000,"status":[1,"finished"]}}
]' "$out"
echo '1438729560.0 h 42 main tracker - wf.double null' > gone.ctxt
code 'history: of what is gone' 0 "$wick" history flow.ctxt gone.ctxt
has 'history: of what is gone' '"key":"wf.double","facts":null}' "$out"
code 'history, indented' 0 "$wick" history --format prettyjson more.ctxt wf.fetch
has 'history, indented' '            "name": "fetch, [\"a\\b\"]\u001b[2J",
            "created": 1438729551000000000,
            "status": [
                1,
                "waiting"
            ]
        }' "$out"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# wick ab on real runs: what a run needs, what it leaves, and changes that no noise hides. usage: test_ab.sh TOOL WORKLOAD
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/../tool/support.sh"
workload=$2
TMPDIR=$work
export TMPDIR

code 'twice the calls' 1 "$wick" ab --runs 5 --seed 3 --keep logs --base "$workload" --cand "WICK_SLOW=g07/p3:calls=2 $workload"
has 'its place' '! main > workload > g07 > p3' "$out"
has 'the machine' 'the machine: a fixed loop changed by ' "$out"
has 'its change' 'calls  50 -> 100 calls of a parent' "$out"
has 'the verdict' 'wick: verdict=regression exit=1' "$(echo "$out" | tail -1)"
same 'the logs that stay' '10' "$(find logs -name '*.wick' | wc -l)"
for key in probe_ns aslr load_start load_end steal_start_ms steal_end_ms involuntary_end calibration_start_ns calibration_end_ns program_compiler; do
    same "$key of each run" 10 "$(for log in logs/*.wick; do "$wick" summarize "$log"; done | grep -c "\[\"$key\",\"")"
done
code 'the logs again' 1 "$wick" compare --base 'logs/base-*.wick' --cand 'logs/candidate-*.wick'
code 'ten times slower' 1 "$wick" ab --runs 5 --base "$workload" --cand "WICK_SLOW=g02/p1:10 $workload"
has 'its place' '! main > workload > g02 > p1' "$out"
code 'calls that fail' 1 "$wick" ab --runs 5 --format json --base "$workload" --cand "WICK_SLOW=g02/p1:fail=0.5 $workload"
has 'calls that fail' '"verdict":"regression"' "$out"
code 'two looks' 1 "$wick" ab --sequential --base "$workload" --cand "WICK_SLOW=g02/p1:calls=3 $workload"
has 'the first concludes' 'base: 7 runs, candidate: 7 runs' "$out"

code 'a program that fails' 2 "$wick" ab --base "$workload" --cand 'exit 7'
has 'a program that fails' '`exit 7` ended with exit code 7' "$err"
code 'a program that is not there' 2 "$wick" ab --base "$workload" --cand ./nowhere
code 'a program that records nothing' 2 "$wick" ab --base "$workload" --cand true
has 'a program that records nothing' '`true` wrote no log' "$err"
code 'one program' 2 "$wick" ab --base "$workload"
has 'one program' 'give two commands' "$err"
code 'too many runs' 2 "$wick" ab --runs 99 --base true --cand true
same 'nothing is left' '' "$(ls -d "$work"/wick-ab.* 2> /dev/null)"
exit $failed

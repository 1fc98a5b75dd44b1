#!/bin/sh
# SPDX-License-Identifier: MIT
# What was left out is said, in the log and below the tables: WICK_FILTER, WICK_MIN, pauses.
. "$(dirname "$0")/support.sh"
pauses=$2
for log in left.ctxt left.wick; do
    WICK_FILTER='-fetch*' WICK_MIN=1ms WICK_LOG=$log "$pauses"
    text=$("$wick" export --to ctxt $log)
    has "$log: filter" 'run - filter -fetch*' "$text"
    has "$log: min" 'run - min 1000000' "$text"
    same "$log: pauses" 'pause resume pause resume ' \
        "$(echo "$text" | awk '$5 == "pause" || $5 == "resume" { printf "%s ", $5 }')"
    WICK_FILTER='-fetch*' WICK_MIN=1ms WICK_TREE=exit.tree "$pauses"
    for command in tree report hist slow timeline locks exit; do
        [ $command = exit ] && out=$(cat exit.tree) || out=$("$wick" $command $log)
        has "$command: filter" 'left out by WICK_FILTER=-fetch*' "$out"
        has "$command: min" 'left out by WICK_MIN: scopes shorter than 1.00 ms' "$out"
        has "$command: how many" '1 scope was left out; their calls are missing' "$out"
        has "$command: pauses" 'recording was paused 2 times: what ran then is missing' "$out"
    done
done
# Several logs: what was left out of each of them, and whether they differ.
WICK_FILTER='-work' WICK_LOG=work.ctxt "$pauses"
for logs in 'left.ctxt work.ctxt' 'work.ctxt left.ctxt'; do
    out=$("$wick" report $logs)
    has "$logs: min" 'left out by WICK_MIN: scopes shorter than 1.00 ms' "$out"
    has "$logs: they differ" 'other runs in it left out others' "$out"
    has "$logs: pauses" 'recording was paused 4 times' "$out"
done
# What was lost is missing in every table.
cat > lost.ctxt <<'LOG'
100.0 h 1 main BMARK - begin
100.0 h 1 main START a:1 a
100.1 h 1 main LOCKA l m
100.2 h 1 main LOCKR l m
100.3 h 1 main ENDOK a:1 
100.5 h 1 main lost - 7 100.4
LOG
for command in report hist slow timeline locks; do
    has "$command: lost" '7 events lost: no number here has them; WICK_FULL=wait loses none' "$("$wick" $command lost.ctxt)"
done
WICK_LOG=all.ctxt "$pauses"
same 'nothing left out, nothing said' '' "$("$wick" report sample.ctxt | grep 'left out')"
same 'no filter, no line' '' "$(grep 'run - filter\|run - min' all.ctxt)"
for command in report hist slow locks; do
    same "$command: for programs, no such line" '' "$("$wick" $command --format csv left.ctxt | grep 'left out')"
done
WICK_TREE=exit.tree "$pauses"
same 'nothing left out at exit' '' "$(grep 'left out' exit.tree)"
has 'pauses at exit' 'recording was paused 2 times' "$(cat exit.tree)"
exit $failed

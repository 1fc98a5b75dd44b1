#!/bin/sh
# SPDX-License-Identifier: MIT
# The export for Context: its viewers nest every scope right, its compilers take every line. $2: nested_scopes.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/support.sh"
command -v python3 > /dev/null || exit 77
program=$2
TSAN_OPTIONS="${TSAN_OPTIONS:-} detect_deadlocks=0" # the program crosses its locks, in one thread
export TSAN_OPTIONS

# drawn NAME LOG SCOPES: the export of a log has so many scopes, all at their depths
drawn() {
    code "$1: export" 0 "$wick" export --to context "$2" --output drawn.ctxt
    same "$1" "$3 scopes, 0 at a wrong depth" "$(python3 "$here/context_depths.py" drawn.ctxt 2>&1)"
    said=$err
}
tree() {
    "$wick" report --by name --all --format csv "$1" 2> /dev/null | cut -d, -f1,2 | sort
}

# 5 x (5 nested, 1 holding, 2 waits and 2 holds of locks beside Context's one), 100,000 of a tight loop, 2
env WICK_LOG=nested.ctxt WICK_FULL=wait "$program" || failed=1
drawn 'nested, a tight loop, locks' nested.ctxt 100052
same 'nested: no word but those of Context' '' "$(cut -d' ' -f5 drawn.ctxt | grep -v '^[A-Z]*$')"
same 'nested: texts of formatted scopes' 5 "$(grep -c 'START nest:[0-9.]* E 5$' drawn.ctxt)"
env WICK_LOG=nested.wick WICK_FULL=wait "$program" || failed=1
drawn 'nested, as wire' nested.wick 100052
env WICK_LOG=named.ctxt "$program" "$(printf 'a b\302\240c\302\205d')" || failed=1
drawn 'hostile names' named.ctxt 52
# Closer than float64 tells apart.
cat > close.ctxt <<'LOG'
1700000000.000000000 h 1 m BMARK - s
1700000000.500000000 h 1 m START f outer
1700000000.500000001 h 1 m START f inner
1700000000.750000000 h 1 m ENDOK f 
1700000000.750000001 h 1 m ENDOK f 
1700000000.900000000 h 1 m BMARK - e
LOG
same 'as it is recorded' '2 scopes, 2 at a wrong depth' "$(python3 "$here/context_depths.py" close.ctxt)"
code 'check says so' 0 "$wick" check close.ctxt
has 'check says so' "Context's viewers draw them inside out" "$out"
drawn 'close' close.ctxt 2
has 'close: the drift is said' 'moved apart, by up to ' "$said"
same 'check of the export says nothing' 0 "$("$wick" check drawn.ctxt | grep -c 'inside out')"

# Context's own API: location and text as given; the text of a good end is shown.
has 'log_msg' ' ENDOK query:9 42 rows' "$(cat nested.ctxt)"
for log in nested.ctxt nested.wick; do
    for command in tree slow 'export --to json' 'export --to csv' 'export --to chrome' 'export --to context'; do
        case $command in slow) limit='--limit 200000' ;; *) limit= ;; esac
        # shellcheck disable=SC2086
        has "the text of a good end: $command $log" '42 rows' "$("$wick" $command $limit $log 2> /dev/null | grep 'select\|query')"
    done
done
same 'the same in parts' "$("$wick" tree --no-times nested.ctxt)" \
    "$(env WICK_TEST_PART_BYTES=20000 WICK_TEST_THREADS=2 "$wick" tree --no-times nested.ctxt)"
printf 'SQLite format 3\000 and so on' > run.cbin
for command in tree check merge repair view 'export --to ctxt' 'export --to context'; do
    # shellcheck disable=SC2086
    code "a .cbin: $command" 2 "$wick" $command run.cbin
    has "a .cbin: $command" "run.cbin: a .cbin, Context's compiled log" "$err"
done

# Fractions without their zeros are padded to the widest, if that leaves no thread with a step back.
printf '1700000000.1 h 1 m BMARK - s\n1700000000.998 h 1 m START f a\n1700000001.7 h 1 m START g b\n1700000001.12 h 1 m ENDOK g \n1700000001.500 h 1 m ENDOK f \n' > milli.ctxt
printf '1700000000.1 h 1 m BMARK - s\n1700000000.998000 h 1 m START f a\n1700000001.70 h 1 n START g b\n1700000001.120 h 1 n ENDOK g \n1700000001.500 h 1 m ENDOK f \n' > micro.ctxt
printf '1700000000.1 h 1 m BMARK - s\n1700000001.7 h 1 m START g b\n1700000001.12 h 1 m ENDOK g \n1700000001.500 h 1 m START f a\n1700000001.400 h 1 m ENDOK f \n' > never.ctxt
printf '1700000000.1 h 1 m BMARK - s\n1700000000.98 h 1 m START f a\n1700000001.500 h 1 m ENDOK f \n' > plain.ctxt
code 'milliseconds' 0 "$wick" export --to csv milli.ctxt
has 'milliseconds' '"m",2,1006000000,5000000,ok' "$out"
has 'milliseconds: said' 'milli.ctxt: 1 time before the last one of the thread, by fractions without their zeros: they are padded to 3 digits' "$err"
code 'microseconds' 0 "$wick" export --to csv micro.ctxt
has 'microseconds' '"n",1,1000069000,50000,ok' "$out"
has 'microseconds: said' 'padded to 6 digits' "$err"
code 'not mended' 0 "$wick" tree never.ctxt
has 'not mended: said' 'padding would not mend it, so they stay' "$err"
code 'nothing to mend' 0 "$wick" tree plain.ctxt
same 'nothing to mend' '' "$err"

# Processes that cannot be told apart by host and pid, names that are equal when they are cleaned, open ends, a clear.
cat > hard.ctxt <<'LOG'
1700000000.5 h 4294967295 m START f late
1700000000.0 h 1 1	2 START f early
1700000000.0 h 1 1-2 START f other
1700000000.2 h 1 1-2 CLEAR - 
1700000000.3 h 1 1-2 LOCKR l nobody's
1700000000.4 h 1 1-2 ENDOK f 
1700000000.4 h 1 1-2 START f ends before it starts
1700000000.3 h 1 1-2 ENDER f because
1700000000.4 h 1 1	2 ENDOK f 42 rows
LOG
drawn 'hard' hard.ctxt 4
has 'hard: a lock that nobody holds' 'context has no place for: 1 release of a lock that was not held' "$said"
has 'hard: open at the end' 'ENDER f killed' "$(cat drawn.ctxt)"
has 'hard: the text of an end' 'ENDOK f 42 rows' "$(cat drawn.ctxt)"
python3 -c 'print("1700000000.1 h 1 m site f format 1 - - f.c %s"); print("1700000000.1 h 1 m START f " + "x" * 70000); print("1700000000.2 h 1 m ENDOK f ")' > long.ctxt
drawn 'a long text' long.ctxt 1
has 'a long text: said' '1 end of a long text' "$said"
same 'a long text: cut' 1000 "$(grep -o 'x* .cut.' drawn.ctxt | cut -d' ' -f1 | tr -d '\n' | wc -c | tr -d ' ')"
printf '[{"ph":"X","name":"a","ts":0,"dur":0,"pid":"server","tid":1},{"ph":"X","name":"b","ts":0,"dur":0,"pid":7,"tid":1}]' > t.json
drawn "another tool's trace" t.json 2
code 'a path' 2 "$wick" export --to context --path 'A*' nested.ctxt
code 'a thread' 0 "$wick" export --to context --thread nobody nested.ctxt
exit $failed

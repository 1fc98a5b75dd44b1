#!/bin/sh
# SPDX-License-Identifier: MIT
# wick tree --follow on a log that grows, is rotated, truncated, deleted; wick run while the program runs.
. "$(dirname "$0")/support.sh"

grow() {
    head -n 4 sample.ctxt > "$1"
    sleep 0.3
    printf '%s' "$(sed -n 5p sample.ctxt)" >> "$1" # half a line first
    sleep 0.1
    printf '\n' >> "$1"
    sed -n '6,11p' sample.ctxt >> "$1"
    sleep 0.2
    tail -n 1 sample.ctxt >> "$1"
}
head -n 2 sample.ctxt > grows.ctxt
grow grows.ctxt &
code 'follow ends with the closing bookmark' 0 "$wick" tree --follow --no-times grows.ctxt
wait
has 'plain lines while it grows' 'scopes' "$out"
has 'the whole tree at the end' '    fetch http://x  1 failed: timed out
    @ Point in time' "$out"

head -n 6 sample.ctxt > rotated.ctxt
(
    sleep 0.3
    mv rotated.ctxt rotated.1.ctxt
    tail -n +7 sample.ctxt > rotated.ctxt
) &
code 'a rotated log goes on' 0 "$wick" tree --follow --no-times rotated.ctxt
wait
has 'a rotated log goes on' '    fetch http://x  1 failed: timed out' "$out"
has 'a rotated log goes on' 'rotated.ctxt: was replaced: going on with the new file' "$err"

head -n 6 sample.ctxt > deleted.ctxt
(sleep 0.3; rm deleted.ctxt) &
code 'a deleted log' 0 "$wick" tree --follow --no-times deleted.ctxt
wait
has 'a deleted log' 'was deleted: this is all of it' "$err"
has 'a deleted log' 'fetch http://x  1 open' "$out"

head -n 6 sample.ctxt > cut.ctxt
(sleep 0.3; : > cut.ctxt; sleep 0.2; cat sample.ctxt >> cut.ctxt) &
code 'a truncated log' 0 "$wick" tree --follow --no-times cut.ctxt
wait
has 'a truncated log' 'was truncated' "$err"

code 'no such log' 2 "$wick" tree --follow none.ctxt
has 'no such log' 'none.ctxt: No such file or directory' "$err"
code 'standard input' 2 "$wick" tree --follow -
has 'standard input' '--follow wants one log file' "$err"

# A terminal, when util-linux is there: the live line of `wick run`.
if command -v script > /dev/null; then
    cat > app <<APP
#!/bin/sh
head -n 6 '$work/sample.ctxt' > "\$WICK_LOG"
sleep 1
tail -n +7 '$work/sample.ctxt' >> "\$WICK_LOG"
APP
    chmod +x app
    out=$(script -qec "'$wick' run ./app > tree" /dev/null < /dev/null)
    has 'live line' 'main: Most of the work > fetch http://x' "$out"
    for run in 'run ./app > tree' 'run --progress ./app'; do
        out=$(script -qec "stty rows 30 cols 90; '$wick' $run" /dev/null < /dev/null | tr -d '\033')
        has 'live tree: its lines are kept from the program' '[1;20r' "$out"
        has 'live tree: a scope that is open' '    fetch http://x' "$out"
        has 'live tree: the whole screen at the end' '[r' "$out"
    done
    out=$(script -qec "stty rows 30 cols 90; '$wick' run --color never ./app" /dev/null < /dev/null)
    same 'nothing is drawn where the program writes' 0 "$(echo "$out" | grep -c "$(printf '\033')")"
    # Trackers instead of scopes, where there are some: what runs and what failed.
    cat > tasks <<APP
#!/bin/sh
{
    head -n 6 '$work/sample.ctxt'
    for line in '{"status":[1,"running"],"start":1,"name":"the job"}' '.a {"status":[1,"finished"],"start":1}' '.b {"status":[1,"running"],"start":1}' \\
        '.c {"status":[1,"failed"],"start":1,"msg":"no route, and a text that is wider than the terminal, which cuts it where its last column is"}'; do
        [ "\${line#.}" = "\$line" ] && line=" \$line"
        tail -n 1 '$work/sample.ctxt' | sed 's/ [A-Z][A-Za-z]* .*//' | tr -d '\\n'
        echo " tracker - job\$line"
    done
} > "\$WICK_LOG"
sleep 1
APP
    chmod +x tasks
    out=$(script -qec "stty rows 30 cols 90; '$wick' run ./tasks > tree" /dev/null < /dev/null | tr -d '\033\r')
    has 'trackers: the one that runs' 'the job  [--------------------]  running' "$out"
    has 'trackers: below it' '  b  [--------------------]  running' "$out"
    has 'trackers: the failed one, and why' 'no route, and a text' "$out"
    has 'trackers: done ones are a number' '  1 done' "$out"
    same 'trackers: no line is wider' '' "$(echo "$out" | grep 'its last column')"
fi
exit $failed

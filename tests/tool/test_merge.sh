#!/bin/sh
# SPDX-License-Identifier: MIT
# merge: processes of equal host and pid, sorted files, either form, text that is much larger than its input.
. "$(dirname "$0")/support.sh"

# twin FILE START: a process 1 on host vm, as in two containers; its scopes overlap those of the other
twin() {
    awk -v start="$2" 'function line(ns, rest) { printf "1700000000.%09d vm 1 main %s\n", start + ns, rest }
    BEGIN {
        line(0, "BMARK - wick 0.1.0 start"); line(0, "run - wick 0.1.0"); line(0, "run - program ./twin")
        line(0, sprintf("run - start 1700000000.%09d", start))
        line(10, "site main:3 scope 3 - - twin.c outer"); line(10, "START main:3 outer")
        line(20, "site main:4 format 4 - - twin.c inner %d")
        for (i = 0; i < 12; i++) {
            line(20 + i * 100, "START main:4 inner " i)
            line(90 + i * 100, "cpu main:4 60")
            line(90 + i * 100, "ENDOK main:4 ")
        }
        line(2000, "ENDOK main:3 "); line(2001, "stat - scopes 13"); line(2001, "stat - dropped_full 0")
        line(2002, "BMARK - wick end")
    }' > "$1.ctxt"
    "$wick" export --to wick "$1.ctxt" -o "$1.wick"
}
twin a 1000
twin b 1035
numbers() { "$wick" report --format csv --by path "$@" | tail -n +2 | cut -d, -f1-3 | tr -d '"'; }
right='outer,2,3980
outer/inner %d,24,1680'
for form in ctxt wick; do
    for input in ctxt wick; do
        code "twins: $input to $form" 0 "$wick" merge b.$input a.$input -o twins.$form
        same "twins: $input to $form" "$right" "$(numbers twins.$form)"
        code "twins: $input to $form: check" 0 "$wick" check twins.$form
        same "twins: $input to $form: processes" 2 "$("$wick" tree --no-times twins.$form | grep -c '^  main')"
    done
done
code 'twins: mixed' 0 "$wick" merge b.wick a.ctxt -o twins.ctxt
same 'twins: mixed' "$right" "$(numbers twins.ctxt)"

# A file that was sorted: at equal times START stands before its site line, ENDOK before its cpu line.
LC_ALL=C sort a.ctxt > sorted.ctxt
code 'sorted' 0 "$wick" merge sorted.ctxt -o merged.ctxt
same 'sorted: as it was' "$(sed 's/^[^ ]* //' a.ctxt | grep -E 'site|START|END|cpu')" \
    "$(sed 's/^[^ ]* //' merged.ctxt | grep -E 'site|START|END|cpu')"
same 'sorted: the same tree' "$("$wick" tree a.ctxt | sed '$d')" "$("$wick" tree merged.ctxt | sed '$d')"

# Text from wire.
awk 'BEGIN { for (i = 0; i < 20000; i++) { printf "1700000000.%09d h 1 m START f a\n1700000000.%09d h 1 m ENDOK f \n", i * 10, i * 10 + 5 } }' |
    "$wick" export --to wick - -o many.wick
code 'larger' 0 "$wick" merge many.wick -o many.ctxt
has 'larger' 'bytes of text, ' "$err"
code 'not larger' 0 "$wick" merge many.wick -o many2.wick
same 'not larger' '' "$err"

# What was posted about a log's trackers is merged with it: once, and not what was posted to an earlier run, however new its file is.
printf '%s\n' '100.0 h 1 main BMARK - begin' '101.0 h 1 main tracker - job {"status":[1,"running"]}' '109.0 h 1 main BMARK - end' > run.ctxt
echo '105.0 h 2 post tracker - job {"progress":0.25,"msg":"posted"}' > run.ctxt.posted.ctxt
for given in run.ctxt 'run.ctxt run.ctxt.posted.ctxt'; do
    code "posted: $given" 0 "$wick" merge $given -o merged.ctxt
    same "posted: $given" 1 "$(grep -c '"msg":"posted"' merged.ctxt)"
    code "posted: $given: status" 0 "$wick" status merged.ctxt
    has "posted: $given: status" 'running  weighted 25.0 %  posted' "$out"
done
echo '99.0 h 2 post tracker - job {"progress":0.25,"msg":"posted"}' > run.ctxt.posted.ctxt
code 'posted to an earlier run' 0 "$wick" merge run.ctxt -o merged.ctxt
same 'posted to an earlier run' 0 "$(grep -c '"msg":"posted"' merged.ctxt)"
code 'posted to an earlier run: status' 0 "$wick" status run.ctxt
same 'posted to an earlier run: status' '' "$(echo "$out" | grep posted)"
exit $failed

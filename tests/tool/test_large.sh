#!/bin/sh
# SPDX-License-Identifier: MIT
# Logs that are large in one way or another: `test_large.sh WICK [night]` (night: the sizes of the promise).
. "$(dirname "$0")/support.sh"
# 1999970 as 1,999,970
grouped() { echo "$1" | sed -e ':again' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/' -e 't again'; }
if [ "${2:-}" = night ]; then
    threads=1000000 nodes=2000000 sparse=10G
else
    threads=100000 nodes=200000 sparse=200M
fi

awk -v n=$threads 'BEGIN { for (i = 0; i < n; i++) printf "%d.5 h 1 t%d START f x\n%d.75 h 1 t%d ENDOK f \n", i, i, i, i }' > threads.ctxt
code 'many threads' 0 "$wick" tree threads.ctxt
has 'many threads' "... $(grouped $(($threads - 30))) more" "$out"
code 'check of many threads' 0 sh -c "'$wick' check threads.ctxt | head -n 1 | grep -q ' scopes'"
rm threads.ctxt

awk 'BEGIN { for (i = 0; i < 100000; i++) printf "1.%09d h 1 t START f x\n", i
             for (i = 0; i < 100000; i++) printf "2.%09d h 1 t ENDOK f \n", i
             print "3 h 1 t BMARK - end" }' > deep.ctxt
code '100,000 levels' 0 "$wick" tree deep.ctxt
has '100,000 levels' '100,000 scopes in 2.00 s' "$out"
for command in 'report --by name' slow timeline postmortem hist 'export --to chrome'; do
    code "$command of 100,000 levels" 0 "$wick" $command deep.ctxt
done
rm deep.ctxt

awk -v n=$nodes 'BEGIN { for (i = 0; i < n; i++) printf "1.%09d h 1 t START f name %d\n2.%09d h 1 t ENDOK f \n", i, i, i }' > nodes.ctxt
code 'many nodes' 0 "$wick" tree nodes.ctxt
has 'many nodes' "... $(grouped $(($nodes - 30))) more" "$out"
has 'many nodes' "$(grouped $nodes) scopes" "$out"
code 'report of many nodes' 0 "$wick" report --limit 1 nodes.ctxt
rm nodes.ctxt

# One line without an end, then nothing; a good log with a hole behind it.
: > hole.ctxt
truncate -s $sparse hole.ctxt
code 'nothing but zeroes' 2 "$wick" tree hole.ctxt
has 'nothing but zeroes' 'left out: longer than 4 MiB' "$err"
cp sample.ctxt hole.ctxt
truncate -s $sparse hole.ctxt
code 'a log with a hole' 0 "$wick" tree --no-times hole.ctxt
has 'a log with a hole' '    fetch http://x  1 failed: timed out' "$out"
rm hole.ctxt

# Times that go backwards, and the largest and smallest that there are.
cat > odd.ctxt <<'LOG'
9223372035.999999999 h 1 t START f late
0 h 1 t ENDOK f 
5 h 1 t START f x
4.5 h 1 t BMARK m before
4 h 1 t ENDOK f 
LOG
code 'times that go backwards' 0 "$wick" tree odd.ctxt
has 'times that go backwards' '2 ended before they began' "$out"
code 'check: times that go backwards' 1 "$wick" check odd.ctxt
for command in report slow timeline hist postmortem 'export --to csv' 'export --to chrome' 'export --to json'; do
    "$wick" $command odd.ctxt > /dev/null 2> .err
    rc=$?
    [ $rc -le 1 ] || { echo "FAILED: $command on odd times: exit code $rc: $(cat .err)"; failed=1; }
done
exit $failed

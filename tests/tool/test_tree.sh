#!/bin/sh
# SPDX-License-Identifier: MIT
# wick tree, and what all commands share: inputs, options, messages, exit codes.
. "$(dirname "$0")/support.sh"

code 'tree' 0 "$wick" tree --no-times sample.ctxt
same 'tree --no-times' 'main
  Most of the work  1 unfinished
    fetch http://x  1 failed: timed out
    @ Point in time' "$out"
code 'tree with times' 0 "$wick" tree --width 80 sample.ctxt
has 'times' '    fetch http://x          100 us   50.0 %  1 failed: timed out' "$out"
has 'marks' '@0.0002(0.0001) Point in time' "$out"
same 'nothing on standard error' '' "$err"

same 'standard input' "$out" "$("$wick" tree --width 80 - < sample.ctxt)"
if [ "${WICK_TEST_ZSTD:-1}" = 0 ]; then
    echo 'left out: compressed logs (built without zstd)'
elif command -v zstd > /dev/null && zstd -q sample.ctxt -o sample.ctxt.zst; then
    code 'zst' 0 "$wick" tree --width 80 sample.ctxt.zst
    [ $failed = 1 ] || same 'zst' '' "$err"
    head -c 200 sample.ctxt.zst > torn.ctxt.zst
    code 'torn zst' 2 "$wick" tree torn.ctxt.zst
    has 'torn zst' 'torn.ctxt.zst: ends in the middle of its compressed data' "$err"
fi
has 'wide output ends where asked' 's' "$("$wick" tree -w 60 sample.ctxt)"

head -n 6 sample.ctxt > zz.1.ctxt
tail -n +7 sample.ctxt > aa.2.ctxt
code 'segments in any order' 0 "$wick" tree --no-times aa.2.ctxt zz.1.ctxt
same 'segments in any order' "$("$wick" tree --no-times sample.ctxt)" "$out"

code 'missing file' 2 "$wick" tree nothing.ctxt
same 'missing file' 'wick tree: nothing.ctxt: No such file or directory' "$err"
code 'directory' 2 "$wick" tree .
has 'directory' '.: is a directory' "$err"
: > empty.ctxt
code 'empty' 2 "$wick" tree empty.ctxt
has 'empty' 'empty.ctxt: no events in it: the log is empty' "$err"
head -c 100000 "$wick" | tail -c +5 > binary.ctxt # behind its magic; some random bytes would begin like JSON
code 'binary' 2 "$wick" tree binary.ctxt
has 'binary' 'fewer than seven fields' "$err"
gzip -c sample.ctxt > sample.gz
if [ "$("$wick" doctor | grep -c '^zlib *yes')" = 1 ]; then
    code 'gzip' 0 "$wick" tree sample.gz
    same 'gzip' "$("$wick" tree sample.ctxt)" "$out"
fi
code 'no log' 2 "$wick" tree
has 'no log' 'give a log' "$err"
(cat sample.ctxt; echo 'torn line'; echo 'nan host 1 main BMARK - x') > bad.ctxt
code 'bad lines' 0 "$wick" tree --no-times bad.ctxt
has 'bad lines' 'bad.ctxt:13: left out: fewer than seven fields: torn line' "$err"
has 'bad lines' 'bad.ctxt:14: left out: its time is not a number of seconds' "$err"

code 'no command' 2 "$wick"
code 'unknown command' 2 "$wick" tre
has 'unknown command' "did you mean 'tree'?" "$err"
code 'unknown option' 2 "$wick" tree --no-tims sample.ctxt
has 'unknown option' "there is no option '--no-tims', did you mean 'no-times'?" "$err"
code 'value' 2 "$wick" tree --depth x sample.ctxt
has 'value' "--depth wants a whole number, not 'x'" "$err"
code 'choice' 2 "$wick" tree --color mauve sample.ctxt
has 'choice' '--color is one of: auto always never' "$err"
code 'help' 0 "$wick" tree --help
has 'help' 'usage: wick tree' "$out"
code 'colours on request' 0 "$wick" tree --color always sample.ctxt
has 'colours on request' "$(printf '\033[31m')" "$out"
same 'tree as JSON is what export writes' "$("$wick" export --to json sample.ctxt)" "$("$wick" tree --format json sample.ctxt)"
same 'tree as CSV is what report writes' "$("$wick" report --all --format csv sample.ctxt)" "$("$wick" tree --format csv sample.ctxt)"
code 'full output' 2 sh -c "'$wick' tree sample.ctxt > /dev/full"

# Several threads and small parts: the same as one thread, to the last byte.
awk 'BEGIN { for (i = 0; i < 3000; i++) { t = i % 3; printf "1700000000.%09d h 1 t%d %s f:%d text %d\n", i * 1000,
    t, (i * 7 % 5 < 2 ? "START" : i * 7 % 5 < 4 ? "ENDOK" : "ENDER"), i % 11, i % 4 } }' > many.ctxt
serial=$(WICK_TEST_THREADS=1 "$wick" tree --all many.ctxt)
for bytes in 100 1000 7777 50000; do
    same "parts of $bytes bytes" "$serial" "$(WICK_TEST_PART_BYTES=$bytes WICK_TEST_THREADS=4 "$wick" tree --all many.ctxt)"
done

# Truncated at any byte: never a crash, never a hang, exit code 0 or 2.
size=$(wc -c < sample.ctxt)
at=0
while [ $at -lt "$size" ]; do
    head -c $at sample.ctxt | "$wick" tree - > /dev/null 2>&1
    rc=$?
    [ $rc = 0 ] || [ $rc = 2 ] || { echo "FAILED: truncated at $at: exit code $rc"; failed=1; }
    at=$((at + 7))
done
exit $failed

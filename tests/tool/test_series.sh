#!/bin/sh
# SPDX-License-Identifier: MIT
# A rotated log, in either form: every command takes its files as one log, in whatever order they are given, and says which
# are missing. $2: the program that writes it; $3: one that exits in a scope.
. "$(dirname "$0")/support.sh"
program=$2

modules=$4
write() { # NAME SUFFIX
    env -u WICK_TEST_ZSTD WICK_MODULE_DIR="$modules" WICK_LOG="$1$2" WICK_LOG_ROTATE=64K "$program" || { echo "FAILED: $1$2 was not written"; exit 1; }
}

write r .wick
write t .ctxt
suffixes='.wick .ctxt'
if [ "$WICK_TEST_ZSTD" = 1 ]; then
    write r .wick.zst
    suffixes="$suffixes .wick.zst"
fi
tree='  serve
    request  x60
      step  x24,000'
for suffix in $suffixes; do
    case $suffix in .ctxt) stem=t ;; *) stem=r ;; esac
    first=$stem.1$suffix last=$stem$suffix
    middle=$(ls $stem.*[0-9]$suffix | grep -v "^$first$" | tr '\n' ' ')
    [ -f "$first" ] || { echo "FAILED: $last was not rotated"; exit 1; }
    for order in "$first $middle $last" "$last $middle $first" "$middle $last $first"; do
        code "tree of $order" 0 "$wick" tree --no-times $order
        same "tree of $order" "$tree" "$(echo "$out" | grep -v '^main')"
        same "tree of $order: nothing to complain about" '' "$err"
    done
    same "in parts: $suffix" "$tree" \
        "$(WICK_TEST_PART_BYTES=3000 WICK_TEST_THREADS=3 "$wick" tree --no-times "$last" $middle "$first" | grep -v '^main')"
    same "report: $suffix" 'serve 1
serve/request 60
serve/request/step 24000' "$("$wick" report --format csv $middle $last $first | tail -n +2 | cut -d, -f1,2 | tr -d '"' | tr , ' ')"
    code "check: $suffix" 0 "$wick" check $middle $last $first
    has "check: $suffix" 'fine: whole, balanced, in order, nothing lost' "$out"
    code "merge: $suffix" 0 "$wick" merge $last $middle $first -o merged.wick
    same "merge: $suffix" "$tree" "$("$wick" tree --no-times merged.wick | grep -v '^main')"
    code "no first file: $suffix" 0 "$wick" report $middle $last
    has "no first file: $suffix" '1 file of this log before this one is missing' "$err"
    code "no last file: $suffix" 0 "$wick" report $first $middle
    has "no last file: $suffix" 'the next file of this log is missing' "$err"
    code "check without the first: $suffix" 1 "$wick" check $middle $last
    has "check without the first: $suffix" 'broken  1 file of this log is missing before' "$out"
    code "check without the last: $suffix" 1 "$wick" check $first $middle
    has "check without the last: $suffix" 'broken  1 file of this log is missing behind' "$out"
    case $suffix in *.zst) continue ;; esac
    code "follow: $suffix" 0 timeout 50 "$wick" tree --follow --no-times $last $first $middle
    has "follow: $suffix" '      step  x24,000' "$out"
done

# A scope that is open at exit ends when exit begins, not when all is written: then comes the closing bookmark.
env -u WICK_TEST_ZSTD WICK_LOG=exits.ctxt "$3"
last=$(sed -n 's/^\([^ ]*\) .* ENDER .*$/\1/p' exits.ctxt | sort -u)
end=$(sed -n 's/^\([^ ]*\) .* BMARK - wick end$/\1/p' exits.ctxt)
[ -n "$last" ] && [ "$last" != "$end" ] || { echo "FAILED: what is open at exit ends at '$last', the log at '$end'"; failed=1; }
exit $failed

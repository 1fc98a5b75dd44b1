#!/bin/sh
# SPDX-License-Identifier: MIT
# Logs in the form of the wire: every command reads them, export turns one form into the other, damage is said.
. "$(dirname "$0")/support.sh"

code 'export to wick' 0 "$wick" export --to wick sample.ctxt -o sample.wick
code 'export to ctxt' 0 "$wick" export --to ctxt sample.wick -o back.ctxt
cmp sample.ctxt back.ctxt || { echo 'FAILED: sample.ctxt does not come back'; failed=1; }
code 'export to what it is' 0 "$wick" export --to wick sample.wick -o copy.wick
cmp sample.wick copy.wick || { echo 'FAILED: a wire is not copied as it is'; failed=1; }
code 'export from standard input' 0 sh -c "cat sample.wick | '$wick' export --to ctxt - | cmp - sample.ctxt"
code 'export onto itself' 2 "$wick" export --to ctxt sample.wick -o sample.wick
has 'export onto itself' 'never written to' "$err"
code 'export of a part' 2 "$wick" export --to ctxt --thread main sample.wick
has 'export of a part' 'converts whole logs' "$err"
code 'export does not compress' 2 "$wick" export --to wick sample.ctxt -o sample.wick.zst
has 'export does not compress' '| zstd -o sample.wick.zst' "$err"
echo '[{"ph":"X","name":"x","ts":1,"dur":1,"pid":1,"tid":1}]' > trace.json
code 'export of another trace' 2 "$wick" export --to wick trace.json
has 'export of another trace' "another tool's trace" "$err"

# Every command says of either form the same.
for command in 'tree' 'tree --format json' 'report' 'report --format csv' 'hist' 'slow' 'timeline' 'locks' 'postmortem' \
    'export --to folded' 'export --to chrome' 'export --to csv' 'export --to json'; do
    "$wick" $command sample.ctxt > text.out 2>&1
    "$wick" $command sample.wick > wire.out 2>&1
    same "$command" "$(cat text.out)" "$(cat wire.out)"
done
same 'standard input' "$("$wick" tree sample.ctxt)" "$("$wick" tree - < sample.wick)"
if [ "${WICK_TEST_ZSTD:-1}" = 1 ]; then
    zstd -q sample.wick
    same 'compressed' "$("$wick" tree sample.ctxt)" "$("$wick" tree sample.wick.zst)"
    code 'export of a compressed one' 0 sh -c "'$wick' export --to ctxt sample.wick.zst | cmp - sample.ctxt"
fi

code 'check' 0 "$wick" check sample.wick
has 'check' 'fine: whole, balanced, in order, nothing lost' "$out"
code 'merge' 0 "$wick" merge sample.wick sample.ctxt -o both.wick
code 'merge: both' 0 "$wick" report both.wick --format csv
has 'merge: both' 'fetch' "$out"
same 'merge: either form' "$("$wick" merge sample.ctxt sample.ctxt | "$wick" tree -)" "$("$wick" tree both.wick)"

# A killed program: open scopes, a torn last frame.
sed '6,$d' sample.ctxt | "$wick" export --to wick - -o killed.wick
head -c 60 sample.wick | tail -c 52 >> killed.wick
code 'killed: check' 1 "$wick" check killed.wick
has 'killed: check' 'broken  1 frame: the log ends in the middle of it; `wick repair` cuts it (first: frame' "$out"
has 'killed: check' 'broken  1 scope was open' "$out"
code 'killed: postmortem' 1 "$wick" postmortem killed.wick
has 'killed: postmortem' 'Most of the work  open for' "$out"
has 'killed: postmortem' 'killed.wick: frame' "$err"
code 'killed: repair' 0 "$wick" repair killed.wick
has 'killed: repair' 'written to killed.repaired.wick' "$err"
code 'repaired' 0 "$wick" check killed.repaired.wick
code 'repair into text' 0 "$wick" repair killed.wick -o repaired.ctxt
code 'repaired into text' 0 "$wick" check repaired.ctxt

# Damage: one byte changed, a frame left out, another version, something else.
cp sample.wick damaged.wick
size=$(wc -c < sample.wick)
printf 'Z' | dd of=damaged.wick bs=1 seek=$((size - 20)) conv=notrunc 2> dd.err
code 'damaged' 2 "$wick" tree damaged.wick
has 'damaged' 'damaged.wick: frame 2: damaged: its checksum is wrong' "$err"
has 'damaged' 'no events in it' "$err"
cat sample.wick damaged.wick > half.wick
code 'half of it is damaged' 0 "$wick" tree half.wick
has 'half of it is damaged' 'frame 4: damaged: its checksum is wrong' "$err"
code 'half of it is damaged: check' 1 "$wick" check half.wick
has 'half of it is damaged: check' 'broken  1 frame: damaged: its checksum is wrong (first: frame 4)' "$out"
(printf '\211wick\r\n\007'; tail -c +9 sample.wick) > later.wick
code 'another version' 2 "$wick" tree later.wick
same 'another version' 'wick: later.wick: frame 0: version 7, not 2: in another version of the form; the wick that wrote it can `wick export --to ctxt` it' "$err"
for command in 'check' 'repair' 'export --to ctxt' 'merge'; do
    code "another version: $command" 2 "$wick" $command later.wick
    has "another version: $command" 'version 7, not 2' "$err"
done
printf '\211PNG\r\n\032\n and so on' > picture.wick
code 'something else' 2 "$wick" tree picture.wick
has 'something else' 'is it a .ctxt or .wick log?' "$err"
head -c 30 sample.wick > begun.wick
code 'hardly begun' 2 "$wick" tree begun.wick
has 'hardly begun' 'the log ends in the middle of it' "$err"

# A disk that is full, and files that may not become larger.
ln -s /dev/full full.wick
code 'export to a full disk' 2 "$wick" export --to wick sample.ctxt -o full.wick
same 'export to a full disk' 'wick export: full.wick: cannot be written: No space left on device' "$err"
for large in large.ctxt large.wick; do
  for _ in 1 2 3 4 5 6 7 8; do cat sample.ctxt sample.ctxt sample.ctxt sample.ctxt; done >many.ctxt
  code "no room: export to $large" 2 sh -c "trap '' XFSZ; ulimit -f 1; '$wick' export --to ${large#large.} many.ctxt -o $large"
  code "no room: repair to $large" 2 sh -c "trap '' XFSZ; ulimit -f 1; '$wick' repair many.ctxt -o $large"
  same "no room: repair to $large" "wick repair: $large: cannot be written: File too large" "$err"
done
same 'nothing is left behind' '' "$(ls large.* 2>/dev/null)"

# A log that grows.
head -c 100 sample.wick > grows.wick
(sleep 0.3; tail -c +101 sample.wick >> grows.wick) &
code 'follow' 0 "$wick" tree --follow --no-times grows.wick
wait
has 'follow' 'fetch http://x  1 failed: timed out' "$out"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# Named sums of scopes: added up by name and unit from all places, per scope, with rates; in both forms, tree, report, JSON, from C and C++.
. "$(dirname "$0")/support.sh"
for program in "$2" "$3"; do
    for log in sums.ctxt sums.wick; do
        WICK_LOG=$log WICK_FULL=wait "$program"
        name="$(basename "$program") $log"
        has "$name: check" fine "$("$wick" check $log)"
        same "$name: amounts" 4017 "$("$wick" export --to ctxt $log | grep -c ' amount ')"
        out=$("$wick" tree $log)
        has "$name: outside of scopes" '+ before any scope  1  ' "$out"
        has "$name: two places are one sum" '+ read  8,193,808 bytes  ' "$out"
        has "$name: of a scope below" '+ written  2,000,000 bytes  ' "$out"
        has "$name: of the caller's scope" '+ rows  6 records  ' "$out"
        has "$name: another unit" '+ rows  1 percent, not in it 2 NaN or infinite' "$out"
        # 8,193,808 bytes in two scopes of 20 ms and more.
        echo "$out" | grep -Eq '\+ read  8,193,808 bytes  [0-9.]+ (MB|kB)/s$' || has "$name: the rate" MB/s "$out"
        out=$("$wick" report $log)
        has "$name: report" '+ read of copy  8,193,808 bytes  ' "$out"
        has "$name: report" '+ records written of copy/write  2 records  ' "$out"
        has "$name: report csv" ',read 8193808 bytes; records read 4000 records; rows 6 records; rows 1 percent' "$("$wick" report --format csv $log)"
        out=$("$wick" export --to json $log)
        has "$name: json" '"kind":"sum","name":"read"' "$out"
        has "$name: json" '"category":"bytes"' "$out"
        has "$name: json" '"values":2002,"value_sum":8193808,' "$out"
        # Through the other form and back.
        "$wick" export --to wick -o "again.wick" $log
        same "$name: again" "$("$wick" tree $log | grep '+ ')" "$("$wick" tree again.wick | grep '+ ')"
    done
done
# 1 s and 2,000,000 bytes: 2 MB/s; three digits.
cat > rates.ctxt <<'LOG'
1700000000.000000000 h 1 main START f:1 work
1700000000.000000000 h 1 main site read counter 0 - bytes - read
1700000000.000000000 h 1 main site rows counter 0 - rows - rows
1700000000.000000002 h 1 main amount read 1999600
1700000000.000000003 h 1 main amount rows 0.0123456
1700000001.000000000 h 1 main ENDOK f:1 
LOG
has 'bytes' '+ read  1,999,600 bytes  2 MB/s' "$("$wick" tree rates.ctxt)"
has 'rows' '+ rows  0.0123456 rows  0.0123 rows/s' "$("$wick" tree rates.ctxt)"
exit $failed

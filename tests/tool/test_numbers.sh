#!/bin/sh
# SPDX-License-Identifier: MIT
# Integers are exact to 64 bits, and counters have units: in the log, in the wire, in sums, tables and exports, from C and C++.
. "$(dirname "$0")/support.sh"
for program in "$2" "$3"; do
    for log in whole.ctxt whole.wick; do
        WICK_LOG=$log "$program"
        name="$(basename "$program") $log"
        text=$("$wick" export --to ctxt $log)
        for line in 'intgauge .* 9007199254740993$' 'intgauge .* 9223372036854775807$' 'intgauge .* -9223372036854775808$' \
            'intsum .* 9007199254740993$' 'sum .* 1$' 'gauge .* -3$' 'intvalue .* 9007199254740993$' 'value .* -1$' 'value .* 1e+300$' \
            'uintgauge .* 18446744073709551613$' 'uintgauge .* 18446744073709551615$' 'uintsum .* 9223372036854775808$' \
            'uintvalue .* 18446744073709551613$'; do
            echo "$text" | grep -q "$line" || has "$name: the log" "$line" "$text"
        done
        for command in tree report; do
            out=$("$wick" $command $log)
            has "$name: $command: unit" 'counter heap  9,007,199,254,740,993 bytes (9,007,199,254,740,993 ..' "$out"
            has "$name: $command: percent" 'counter heap of doubles  0.5 percent (0.5 .. 0.5)' "$out"
            has "$name: $command: limit" \
                'counter limit  -9,223,372,036,854,775,808 (-9,223,372,036,854,775,808 .. 9,223,372,036,854,775,807)' "$out"
            has "$name: $command: added" 'counter added  27,021,597,764,222,980 (1 .. 9,007,199,254,740,993)  x4' "$out"
            has "$name: $command: largest" \
                'counter largest  18,446,744,073,709,551,615 (1 .. 18,446,744,073,709,551,615)' "$out"
            has "$name: $command: total" \
                'counter total  16,140,901,064,495,857,664 (2,305,843,009,213,693,952 .. 9,223,372,036,854,775,808)' "$out"
        done
        has "$name: tree" 'sum 18,446,744,073,709,551,615' "$("$wick" tree $log)"
        has "$name: tree" 'sum 9,223,372,036,854,775,806' "$("$wick" tree $log)"
        has "$name: tree" 'sum 1e+300' "$("$wick" tree $log)"
        for format in csv json; do
            has "$name: report $format" 9223372036854775806 "$("$wick" report --format $format $log)"
            has "$name: report $format" 18446744073709551615 "$("$wick" report --format $format $log)"
            has "$name: report $format" 1e+300 "$("$wick" report --format $format $log)"
        done
        out=$("$wick" export --to json $log)
        has "$name: json" '"last":-9223372036854775808,"least":-9223372036854775808,"most":9223372036854775807' "$out"
        has "$name: json" '"sum":27021597764222980' "$out"
        has "$name: json" '"value_sum":9223372036854775806' "$out"
        has "$name: json" '"value_sum":18446744073709551615' "$out"
        has "$name: json" '"last":18446744073709551615,"least":1,"most":18446744073709551615' "$out"
        has "$name: json" '"unit":"bytes"' "$out"
        "$wick" export --to chrome -o whole.json $log
        has "$name: chrome" '"name":"heap","cat":"bytes","args":{"value":9007199254740993}' "$(cat whole.json)"
        has "$name: chrome" '"value":9223372036854775806' "$(cat whole.json)"
        has "$name: chrome" '"value":18446744073709551615' "$(cat whole.json)"
        has "$name: chrome" '"name":"largest","args":{"value":18446744073709551613}' "$(cat whole.json)"
        "$wick" summarize -o whole.wicksum $log
        has "$name: summary" '"value_sum":18446744073709551615' "$(cat whole.wicksum)"
        for form in ctxt wick json; do
            [ $form = json ] || "$wick" export --to $form -o whole2.$form $log
            [ $form = json ] && cp whole.json whole2.json
            same "$name: $form again" "$("$wick" tree $log | grep -o 'counter [hlu].*')" "$("$wick" tree whole2.$form | grep -o 'counter [hlu].*')"
            same "$name: $form again" "$("$wick" tree $log | grep -o 'sum .*')" "$("$wick" tree whole2.$form | grep -o 'sum .*')"
        done
    done
done
exit $failed

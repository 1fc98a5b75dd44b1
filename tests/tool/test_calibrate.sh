#!/bin/sh
# SPDX-License-Identifier: MIT
# wick calibrate and wick trend, on logs whose times are made up; wrong input.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"
# shellcheck source=tests/tool/made_runs.sh
. "$(dirname "$0")/made_runs.sh"
for i in 0 1 2 3 4 5 6 7 8 9; do
    run_log run$i.ctxt $i 5000
done

code 'one build' 0 "$wick" calibrate run*.ctxt
has 'what was examined' '10 runs; 11 places: 10 examined, 0 not in all runs' "$out"
has 'what is needed' 'to see a change of 5 %: 7 runs of each build are enough for 10 places of 10' "$out"
has 'a place' 'exact  main > hot' "$out"
run_log noisy.ctxt 10 9000 30
code 'a place that varies' 0 "$wick" calibrate run*.ctxt noisy.ctxt
has 'the noisiest first' 'vary  main > hot' "$(echo "$out" | sed -n 5p)"
has 'more runs' '1 place needs more than 50' "$out"
"$wick" summarize -o runs.wicksum run*.ctxt
code 'summaries' 0 "$wick" calibrate runs.wicksum
code 'json' 0 "$wick" calibrate --format json runs.wicksum
has 'json' '{"schema":"wick-calibrate/1","runs":10,' "$out"
code 'self-test' 0 "$wick" calibrate --check --output report runs.wicksum
has 'self-test' 'self-test: 0 of 100 comparisons' "$(cat report)"
# In half of the runs, another half for each place, a place is called more often: halves differ by no fault of the build.
for i in 0 1 2 3 4 5 6 7 8 9; do
    awk -v run=$i '
    function key(r, p) { return (r * r * 7 + r * (p * 13 + 5) + p * 3) % 101 + r / 100 }
    BEGIN {
        at = "17000" run "0000.0000000"
        print at "00 h 7 main BMARK - wick 0.1.0 start\n" at "00 h 7 main run - start 17000" run "0000.0"
        for (p = 1; p <= 80; p++) {
            for (less = r = 0; r < 10; r++) less += key(r, p) < key(run, p)
            for (i = 0; i < (less < 5 ? 25 : 20); i++) {
                print at "01 h 7 main START f:" p " place" p "\n" sprintf("17000%d0000.%09d", run, 100000 + 10 * p) " h 7 main ENDOK f:" p " "
            }
        }
        print "17000" run "0001.0 h 7 main stat - scopes 2000\n17000" run "0001.0 h 7 main BMARK - wick end"
    }' > modes$i.ctxt
done
code 'modes' 1 "$wick" calibrate --check modes*.ctxt
has 'modes' 'comparisons of one half of the runs with the other flagged a place' "$out"
code 'too few' 2 "$wick" calibrate run1.ctxt run2.ctxt
has 'too few' '2 of the runs can be used: 3 are the least' "$err"
code 'too few for the self-test' 2 "$wick" calibrate --check run[1-5].ctxt
code 'nothing' 2 "$wick" calibrate
has 'nothing' 'give runs of one build' "$err"
sed 's/stat - scopes/stat - dropped_full 3\n1700000400.0 h 7 main stat - scopes/' run1.ctxt > lossy.ctxt
code 'losses' 2 "$wick" calibrate lossy.ctxt run[2-5].ctxt
has 'losses' 'the runs cannot be compared: events were lost' "$err"

# Builds 0 to 4 as they were, 5 to 9 slower.
for i in 0 1 2 3 4 5 6 7 8 9; do
    run_log now.ctxt "$i" $((5000 + i / 5 * 500))
    "$wick" summarize -o build$i.wicksum now.ctxt
done
code 'a trend' 0 "$wick" trend build*.wicksum
same 'a trend' '10 builds, 10 places
from build5.wicksum on:
! main > hot' "$(echo "$out" | head -3)"
has 'its cost' ' a call, +' "$out"
has 'the last good' 'last known good: build4.wicksum' "$out"
same 'the last line' 'wick: changes=1 standing=1 last_good=5 of 10' "$(echo "$out" | tail -1)"
code 'back in time' 0 "$wick" trend build9.wicksum build8.wicksum build7.wicksum build6.wicksum build5.wicksum build[0-4].wicksum
has 'an improvement' '* main > hot' "$out"
has 'the order' 'is not that of their runs'"'"' times' "$err"
code 'as json' 0 "$wick" trend --format json build*.wicksum
has 'as json' '"last_good":"build4.wicksum"' "$out"
code 'a larger threshold' 0 "$wick" trend --threshold 20% build*.wicksum
has 'a larger threshold' 'nothing changed for good' "$out"
code 'a few builds' 2 "$wick" trend build[0-6].wicksum
has 'a few builds' '7 builds can be used: 8 are the least' "$err"
"$wick" summarize -o lossy.wicksum lossy.ctxt
code 'a build that lost something' 0 "$wick" trend build*.wicksum lossy.wicksum
has 'a build that lost something' 'lossy.wicksum: left out: events were lost' "$err"
code 'no build' 2 "$wick" trend
code 'not there' 2 "$wick" trend build*.wicksum nowhere.wicksum
exit $failed

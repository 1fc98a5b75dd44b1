#!/bin/sh
# SPDX-License-Identifier: MIT
# wick compare: verdicts, exit codes and forms, on logs whose times are made up; wrong input.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"
# shellcheck source=tests/tool/made_runs.sh
. "$(dirname "$0")/made_runs.sh"

for i in 1 2 3 4 5; do
    run_log base$i.ctxt $((2 * i)) 5000
    run_log same$i.ctxt $((2 * i + 1)) 5000
    run_log slow$i.ctxt $((2 * i + 1)) 5500
    run_log often$i.ctxt $((2 * i + 1)) 5000 25
done

code 'equal builds' 0 "$wick" compare base*.ctxt -- same*.ctxt
has 'equal builds' 'wick: verdict=pass exit=0 nodes=11 tested=10 flagged=0' "$(echo "$out" | tail -1)"
code 'a slower place' 1 "$wick" compare base*.ctxt -- slow*.ctxt
has 'its place' '! main > hot' "$out"
has 'its change' 'cost   5.01 us -> 5.51 us a call, +9.9 % (99 %: ' "$out"
has 'the last line' 'wick: verdict=regression exit=1 nodes=11 tested=10 flagged=1' "$(echo "$out" | tail -1)"
code 'the other way round' 0 "$wick" compare --base 'slow*.ctxt' --cand 'base*.ctxt'
has 'the other way round' 'verdict=improved' "$out"
code 'more calls' 1 "$wick" compare base*.ctxt -- often*.ctxt
has 'more calls' 'calls  20 -> 25 calls of a parent'\''s, +25.0 %, the same in all runs' "$out"
code 'more calls are no slower calls' 0 "$wick" compare --fail-on regression base*.ctxt -- often*.ctxt
has 'but no pass' 'verdict=changed' "$out"

# Named sums: what comes to a call of their scope. Each call of `hot` reads `$2` bytes.
reading() {
    awk -v bytes="$2" '{ print } / START .* hot$/ { if (!said++) print $1, $2, $3, $4, "site read counter 0 - bytes - read"; print $1, $2, $3, $4, "amount read", bytes }' "$1"
}
for i in 1 2 3 4 5; do
    reading base$i.ctxt 4096 > reads_base$i.ctxt
    reading same$i.ctxt 4096 > reads_same$i.ctxt
    reading same$i.ctxt 6144 > reads_more$i.ctxt
done
code 'equal sums' 0 "$wick" compare reads_base*.ctxt -- reads_same*.ctxt
has 'equal sums' 'verdict=pass exit=0' "$out"
code 'more bytes a call' 1 "$wick" compare reads_base*.ctxt -- reads_more*.ctxt
has 'more bytes a call' '! main > hot > read (bytes)' "$out"
has 'more bytes a call' 'sum    4096 -> 6144 a call, +50.0 %, the same in all runs' "$out"
code 'a sum that is new' 0 "$wick" compare base*.ctxt -- reads_same*.ctxt
has 'a sum that is new' 'verdict=pass exit=0' "$out"

# Summaries are runs, and the order of arguments is not that of the runs.
"$wick" summarize -o base.wicksum base*.ctxt
text=$("$wick" compare base*.ctxt -- slow*.ctxt)
same 'summaries' "$text" "$("$wick" compare base.wicksum -- slow3.ctxt slow1.ctxt slow5.ctxt slow4.ctxt slow2.ctxt)"

# Too few runs, one after the other, losses: never a pass.
code 'too few' 0 "$wick" compare base[1-4].ctxt -- same[1-4].ctxt
has 'too few' 'verdict=inconclusive' "$out"
code 'a conclusion is required' 3 "$wick" compare --require-conclusive base[1-4].ctxt -- same[1-4].ctxt
code 'one against one' 0 "$wick" compare base1.ctxt -- slow1.ctxt
has 'one against one' 'verdict=unverified' "$out"
for i in 1 2 3 4 5; do
    run_log later$i.ctxt $((20 + i)) 5000
done
code 'one after the other' 0 "$wick" compare base*.ctxt -- later*.ctxt
has 'one after the other' 'verdict=inconclusive' "$out"
sed 's/stat - scopes/stat - dropped_full 3\n1700000400.0 h 7 main stat - scopes/' same1.ctxt > lossy.ctxt
code 'a log with losses' 3 "$wick" compare --require-conclusive base*.ctxt -- lossy.ctxt same[2-5].ctxt
has 'a log with losses' 'verdict=not-comparable exit=3' "$out"
has 'why' 'events were lost' "$out"
sed '/stat - /d; /wick end/d' same1.ctxt > killed.ctxt
code 'a killed run is left out' 0 "$wick" compare base*.ctxt -- killed.ctxt same*.ctxt
has 'a killed run is left out' 'left out: 1 run without its end' "$out"
has 'which' 'killed.ctxt: left out' "$err"
code 'only killed runs' 2 "$wick" compare base*.ctxt -- killed.ctxt

# Rules.
code 'ignored' 0 "$wick" compare --rule 'hot: ignore' base*.ctxt -- slow*.ctxt
echo 'main/hot: threshold=20%' > .wick-compare
code 'a larger threshold, from the file' 0 "$wick" compare base*.ctxt -- slow*.ctxt
code 'the option wins' 1 "$wick" compare --rule 'hot: threshold=1%' base*.ctxt -- slow*.ctxt
rm .wick-compare
code 'a budget' 1 "$wick" compare --rule 'hot: budget=5us' base1.ctxt -- same1.ctxt
has 'a budget' 'budget 5.00 us a call' "$out"
code 'a warning' 0 "$wick" compare --rule 'hot: warn' base*.ctxt -- slow*.ctxt
has 'a warning is shown' '! main > hot' "$out"
code 'a rule for nothing' 0 "$wick" compare --rule 'nowhere: ignore' base*.ctxt -- same*.ctxt
has 'a rule for nothing' "the rule for 'nowhere' matches no place" "$err"
code 'exit zero' 0 "$wick" compare --exit-zero base*.ctxt -- slow*.ctxt
has 'exit zero' 'verdict=regression exit=0' "$out"

# Forms.
code 'json' 1 "$wick" compare --format json base*.ctxt -- slow*.ctxt
has 'json' '{"schema":"wick-compare/1","verdict":"regression","exit_code":1,' "$out"
code 'markdown' 1 "$wick" compare --format md base*.ctxt -- slow*.ctxt
has 'markdown' '| worse | main \> hot | cost ' "$out"
code 'annotations' 1 "$wick" compare --format github base*.ctxt -- slow*.ctxt
has 'annotations' '::error file=,line=1,title=slower%3A hot::main > hot: cost ' "$out"
code 'junit' 1 "$wick" compare --format junit --rule 'place2: warn' -o out.xml base*.ctxt -- slow*.ctxt
has 'junit' '<failure type="PerformanceRegression"' "$(cat out.xml)"
has 'a rule is a case' '<testcase classname="wick.compare" name="place2"></testcase>' "$(cat out.xml)"
has 'the last line' 'verdict=regression' "$out"
code 'a file for the verdict' 1 "$wick" compare --verdict-file verdict base*.ctxt -- slow*.ctxt
has 'a file for the verdict' 'wick: verdict=regression exit=1' "$(cat verdict)"

code 'several forms' 1 "$wick" compare --format github --format md --output two.md --format json -o three.json base*.ctxt -- slow*.ctxt
has 'the first has no file' '::error file=' "$(echo "$out" | head -1)"
same 'the second has' '### wick compare: regression' "$(head -1 two.md)"
has 'the third has' '"verdict":"regression"' "$(cat three.json)"
same 'the last line, once' 1 "$(echo "$out" | grep -c 'wick: verdict')"
code 'folded' 1 "$wick" compare --format folded base*.ctxt -- slow*.ctxt
same 'folded' 'main;hot 100200 110216' "$(echo "$out" | grep hot)"

# What is compared.
code 'calls alone' 0 "$wick" compare --metric count base*.ctxt -- slow*.ctxt
has 'calls alone' '; compared: count' "$out"
has 'and they are equal' 'verdict=pass' "$out"
code 'calls alone are more' 1 "$wick" compare --metric count base*.ctxt -- often*.ctxt
code 'self time alone' 0 "$wick" compare --metric self base*.ctxt -- often*.ctxt
has 'self time alone' 'flagged=0' "$out"
code 'total time' 1 "$wick" compare --metric total base*.ctxt -- slow*.ctxt
code 'tail alone' 0 "$wick" compare --metric tail base*.ctxt -- slow*.ctxt
for i in 1 2 3 4 5; do
    run_log waits$i.ctxt $((2 * i - 1)) 5010 20 1000
    run_log longer$i.ctxt $((2 * i)) 5010 20 2000
done
code 'what locks cost' 1 "$wick" compare --metric locks waits*.ctxt -- longer*.ctxt
has 'what locks cost' '! main > hot' "$out"
has 'twice the wait' 'cost   1.00 us -> 2.00 us a call, +99.9 %' "$out"
has 'nothing else waits' 'flagged=1' "$out"
same 'and needs no clock' '' "$(echo "$out" | grep 'too short')"
code 'a lock that nobody waited for' 1 "$wick" compare --metric locks base*.ctxt -- longer*.ctxt
has 'a lock that nobody waited for' '! main > hot' "$out"
code 'no locks' 0 "$wick" compare --metric locks base*.ctxt -- slow*.ctxt
has 'no locks' 'verdict=pass' "$out"
code 'no longer in the lock' 0 "$wick" compare --metric self waits*.ctxt -- longer*.ctxt
has 'no longer in the lock' 'flagged=0' "$out"
code 'a lock alone' 0 "$wick" compare waits*.ctxt -- longer*.ctxt
for i in 1 2 3 4 5; do
    sed 's/ hot$/ cold/' slow$i.ctxt > cold$i.ctxt
done
code 'renamed' 1 "$wick" compare --map hot=cold base*.ctxt -- cold*.ctxt
has 'renamed' '~ renamed   main > cold, which was hot' "$out"
has 'and slower' '! main > cold' "$out"
code 'renamed to nothing' 0 "$wick" compare --map hot=warm base*.ctxt -- same*.ctxt
has 'renamed to nothing' '--map hot=warm: there is no such pair' "$err"
code 'not renamed' 2 "$wick" compare --map hot base*.ctxt -- same*.ctxt
has 'not renamed' "--map wants OLD=NEW, not 'hot'" "$err"
grep -v ' run - \| stat - ' base1.ctxt | sed 's/hot/hot 17/' > foreign1.ctxt
sed 's/hot 17/hot 18/' foreign1.ctxt > foreign2.ctxt
code 'ids' 0 "$wick" compare --all foreign1.ctxt -- foreign2.ctxt
has 'ids' '11 places: 10 tested' "$out"
code 'ids are kept' 0 "$wick" compare --ids keep foreign1.ctxt -- foreign2.ctxt
has 'ids are kept' '~ renamed   main > hot 18, which was hot 17' "$out"
code 'ids of a summary' 0 "$wick" summarize --ids keep foreign1.ctxt
has 'ids of a summary' '"name":"hot 17"' "$out"
code 'in pairs' 0 "$wick" compare --pair index base*.ctxt -- later*.ctxt
has 'in pairs' 'verdict=pass' "$out"
code 'no pairs' 2 "$wick" compare --pair index base*.ctxt -- later[1-4].ctxt
has 'no pairs' 'there are 5 runs of the base and 4 of the candidate' "$err"
code 'any order' 0 "$wick" compare --pair none base*.ctxt -- later*.ctxt
has 'any order' 'their order is not looked at' "$out"
for i in 1 2 3 4 5; do
    run_log more$i.ctxt $((10 + i)) 5000
done
"$wick" summarize -o noise.wicksum base*.ctxt more*.ctxt
code 'one run against ten' 1 "$wick" compare --noise-model noise.wicksum -- slow3.ctxt
has 'one run against ten' '! main > hot' "$out"
code 'one equal run against ten' 0 "$wick" compare --noise-model noise.wicksum -- same3.ctxt
has 'one equal run against ten' 'verdict=pass' "$out"
code 'one run that calls more often' 1 "$wick" compare --noise-model noise.wicksum -- often3.ctxt
code 'a model of five' 2 "$wick" compare --noise-model base.wicksum -- same3.ctxt
has 'a model of five' '5 of its runs can be used: 10 are the least' "$err"
code 'two bases' 2 "$wick" compare --noise-model noise.wicksum --base base.wicksum -- same3.ctxt

# Wrong input.
code 'no base' 4 "$wick" compare nowhere.wick -- same*.ctxt
has 'no base' 'nowhere.wick: there is no base to compare with' "$err"
code 'no base of this pattern' 4 "$wick" compare --base 'nowhere*' --cand 'same*.ctxt'
code 'no candidate' 2 "$wick" compare base*.ctxt
has 'no candidate' 'give runs of both builds' "$err"
code 'no such candidate' 2 "$wick" compare base*.ctxt -- nowhere.wick
: > empty.ctxt
code 'an empty log' 2 "$wick" compare base*.ctxt -- empty.ctxt
code 'a rule that is none' 2 "$wick" compare --rule 'hot: slower' base*.ctxt -- same*.ctxt
has 'a rule that is none' "not this: 'slower'" "$err"
echo '# a comment

hot ignore' > .wick-compare
code 'a line that is none' 2 "$wick" compare base*.ctxt -- same*.ctxt
has 'a line that is none' '.wick-compare:3: a rule is GLOB' "$err"
rm .wick-compare
code 'what fails' 2 "$wick" compare --fail-on speed base*.ctxt -- same*.ctxt
has 'what fails' "not 'speed'" "$err"
code 'no share' 2 "$wick" compare --threshold 7x base*.ctxt -- same*.ctxt
has 'no share' '--threshold wants a share' "$err"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# Other tools' files: which form a file is, whatever it begins with; folded stacks and their units; what cannot be read is named.
# Must not test what the events of a trace mean (tests/unit/test_foreign.c). Invariant: see support.sh.
. "$(dirname "$0")/support.sh"

x='{"name":"a","ph":"X","ts":0,"dur":10,"pid":1,"tid":1}'
y='{"name":"b","ph":"X","ts":2,"dur":3,"pid":1,"tid":1}'
printf '[%s,%s]' "$x" "$y" > plain.json
plain=$("$wick" tree plain.json)
has 'plain' '  a                        10.0 us' "$plain"
printf '\n\t [%s,%s]' "$x" "$y" > space.json
printf '\357\273\277[%s,%s]' "$x" "$y" > bom.json
printf '[%s,%s,\n' "$x" "$y" > open.json
printf '%s\n%s\n' "$x" "$y" > lines.json
printf '{"otherData":{},"traceEvents":[%s,%s]}' "$x" "$y" > object.json
{ printf '\377\376'; printf '[%s,%s]' "$x" "$y" | sed 's/./&_/g' | tr '_' '\000'; } > utf16.json
for file in space bom open lines object utf16; do
    code "$file" 0 "$wick" tree $file.json
    same "$file" "$plain" "$out"
    same "$file: no complaint" '' "$err"
done
if [ "$("$wick" doctor | grep -c '^zlib *yes')" = 1 ]; then
    gzip -c plain.json > plain.json.gz
    for command in tree report slow timeline hist 'export --to csv'; do
        same "$command of gzip" "$("$wick" $command plain.json 2>&1)" "$("$wick" $command plain.json.gz 2>&1)"
    done
fi

# A start in the middle of the file is not the log's.
printf '[{"name":"late","ph":"X","ts":1000,"dur":500,"pid":1,"tid":1},{"name":"early","ph":"X","ts":0,"dur":3000,"pid":1,"tid":2}]' > late.json
code 'no negative times' 0 "$wick" export --to chrome late.json
has 'no negative times' '"ts":1000.000' "$out"

# Folded stacks.
printf '[unknown];main;work 5\n[unknown];main;idle 7\n' > bracket.folded
printf 'main;work 5\nmain;idle 7.75\n' > fraction.folded
printf '# comment\n\nmain;a 3\n' > comment.folded
printf '\357\273\277main;a 3\nmain;b\t4\n' > mark.folded
printf 'main;a 1e3\n' > exponent.folded
code 'bracket' 0 "$wick" tree bracket.folded
has 'bracket' '  [unknown]                12.0 us' "$out"
has 'the unit is said' 'bracket.folded: the numbers are samples: 1 us stands for one' "$err"
code 'fraction' 0 "$wick" tree fraction.folded
has 'fraction' '    idle                   7.75 us' "$out"
code 'comment' 0 "$wick" tree comment.folded
has 'comment' '  main                     3.00 us' "$out"
code 'mark' 0 "$wick" tree mark.folded
has 'mark' '  main                     7.00 us' "$out"
code 'exponent' 0 "$wick" tree exponent.folded
has 'exponent' '    a                      1.00 ms' "$out"
code 'unit' 0 "$wick" tree --unit ms fraction.folded
has 'unit' '    idle                   7.75 ms' "$out"
code 'bytes' 0 "$wick" tree --unit bytes fraction.folded
has 'bytes' 'the numbers are bytes' "$err"
cp bracket.folded name.ns.folded
code 'unit in the name' 0 "$wick" tree name.ns.folded
has 'unit in the name' '    main                     12 ns' "$out"
same 'unit in the name is enough' '' "$err"
printf 'main;a 3 5\nmain;b 4 1\n' > two.folded
code 'two numbers' 0 "$wick" tree two.folded
has 'two numbers' 'two numbers per stack, old and new: the new ones are shown' "$err"
has 'two numbers' '    a                      5.00 us' "$out"
printf 'a 0.0004\nb 1.0006\n' > fine.folded
code 'rounded' 0 "$wick" tree fine.folded
has 'rounded' '2 numbers rounded to thousandths' "$err"

# What is known, but cannot be read.
printf 'SQLite format 3\0' > a.cbin
printf '{"nodes":[{"id":1}],"startTime":1,"samples":[1]}' > a.cpuprofile
printf '{"meta":{"version":27},"libs":[],"threads":[{"samples":{}}]}' > gecko.json
printf 'PERFILE2........' > perf.data
printf '{"events":[{"eventTimestamp":1.5,"eventType":"WorkflowExecutionStarted","eventId":1}]}' > swf.json
printf '{"head":{"callFrame":{},"children":[]}}' > a.heapprofile
printf '{"snapshot":{"meta":{}},"nodes":[1]}' > a.heapsnapshot
printf '\n\004\010\001\020\002\n\004\010\003' > a.pprof
printf 'Ftrace!\000' > info
printf '# tracer: nop\n#\n' > ftrace.txt
printf '# callgrind format\nversion: 1\n' > callgrind.out
printf 'FLR\000\000\002' > a.jfr
printf '\301\037\374\301' > ctf
printf '\177ELF\002' > program
printf 'PK\003\004' > a.zip
printf '<?xml version="1.0"?>' > a.xml
printf '{"anything":[1]}' > unknown.json
printf '[{"ph":"P","ts":1,"pid":1,"tid":1}]' > samples.json
for pair in 'a.cbin|SQLite' 'a.cpuprofile|.cpuprofile of V8' 'gecko.json|Firefox' 'perf.data|perf script' 'samples.json|1 P (samples)' \
    'swf.json|Amazon SWF' 'a.heapprofile|.heapprofile' 'a.heapsnapshot|.heapsnapshot' 'a.pprof|pprof' 'info|uftrace dump --chrome' 'ftrace.txt|ftrace' \
    'callgrind.out|Callgrind' 'a.jfr|Flight Recorder' 'ctf|babeltrace2' 'program|a program or a library' 'a.zip|zip archive' 'a.xml|XML' \
    'unknown.json|neither a Chrome trace nor a speedscope profile'; do
    code "${pair%%|*}" 2 "$wick" tree "${pair%%|*}"
    has "${pair%%|*}" "${pair##*|}" "$err"
    code "${pair%%|*}: check" 2 "$wick" check "${pair%%|*}"
    has "${pair%%|*}: check" "${pair##*|}" "$err$out"
    same "${pair%%|*}: in one line" 1 "$(echo "$err" | wc -l)"
    for command in merge repair; do # and nothing is made of what else is given
        code "${pair%%|*}: $command" 2 "$wick" $command "${pair%%|*}" --output made.ctxt
        same "${pair%%|*}: $command, in one line" 1 "$(echo "$err" | wc -l)"
        same "${pair%%|*}: $command makes nothing" no "$([ -e made.ctxt ] && echo yes || echo no)"
    done
done

# What is not shown is said by check, too; the rules of Context are not for such a file, packed or not.
printf '[{"ph":"X","ts":1,"dur":5,"pid":1,"tid":1,"name":"a"},{"ph":"s","id":1,"ts":2,"pid":1,"tid":1,"name":"f"},{"ph":"P","ts":1,"pid":1,"tid":1}]' > flows.json
[ "$("$wick" doctor | grep -c '^zlib *yes')" = 0 ] || gzip -k flows.json
[ "$WICK_TEST_ZSTD" = 0 ] || ! command -v zstd > /dev/null || zstd -q flows.json
for file in flows.json*; do
    code "check $file" 0 "$wick" check "$file"
    has "check $file" 'file of another tool; not shown: 1 P (samples), 1 s/t/f (flows)' "$out"
    same "check $file: nothing else" 3 "$(echo "$out" | wc -l)"
    same "check $file: it is not whole" '' "$(echo "$out" | grep 'nothing lost')"
    has "tree $file" '100.0 %' "$("$wick" tree "$file" 2> /dev/null)"
done
code 'not beside a log either' 2 "$wick" merge sample.ctxt callgrind.out --output made.ctxt
has 'not beside a log either' 'callgrind.out: this is a profile of Callgrind' "$err"
code 'no log is made of it' 2 "$wick" export --to ctxt perf.data
has 'no log is made of it' 'perf script' "$err"
same 'no log is made of it' '' "$out"
exit $failed

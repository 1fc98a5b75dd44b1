#!/bin/sh
# SPDX-License-Identifier: MIT
# The commands that look at or write whole logs: check, postmortem, repair, merge, export, timeline, doctor.
. "$(dirname "$0")/support.sh"

sed 's/main:14 Point/- Point/' sample.ctxt | grep -v unfinished > good.ctxt
code 'check: good' 0 "$wick" check good.ctxt
has 'check: good' 'fine: whole, balanced, in order, nothing lost, readable by Context' "$out"

# A killed program: two open scopes, a torn last line, no closing bookmark.
cat > killed.ctxt <<'LOG'
1700000000.000000001 host 4242 main BMARK - wick 0.1.0 start
1700000000.000100000 host 4242 main site main:12 scope 12 - - app.c work
1700000000.000100001 host 4242 main START main:12 work
1700000000.000200001 host 4242 main site fetch:30 format 30 - - app.c fetch %s
1700000000.000200001 host 4242 main START fetch:30 fetch http://x
LOG
printf '1700000000.0003 host 4242 ma' >> killed.ctxt
code 'check: killed' 1 "$wick" check killed.ctxt
has 'check: killed' 'broken  2 scopes were open when the log ended' "$out"
has 'check: killed' 'broken  1 line: the log ends in the middle of it; `wick repair` cuts it' "$out"
code 'check as JSON' 1 "$wick" check --format json killed.ctxt
has 'check as JSON' '"severity":"broken","count":2' "$out"

code 'postmortem' 1 "$wick" postmortem killed.ctxt
has 'postmortem' 'main of host:4242
  work  open for 100 us, since 0.000100 s
    fetch http://x  open for 0 ns, since 0.000200 s' "$out"
has 'postmortem: last events' 'start      fetch %s  fetch http://x' "$out"
sed '$d' sample.ctxt > pads.ctxt
echo '1700000000.000300000 host 4242 wick pad - ....' >> pads.ctxt
tail -n 1 sample.ctxt >> pads.ctxt
code 'check: a pad line says nothing' 0 "$wick" check pads.ctxt
case $out in *jumps*) echo "FAILED: a pad line counts as a jump of the clock"; failed=1 ;; esac
code 'postmortem: a path that is open' 1 "$wick" postmortem --path 'fetch*' killed.ctxt
has 'postmortem: a path that is open' 'main of host:4242' "$out"
code 'postmortem: a path that is not open' 1 "$wick" postmortem --path 'nothing*' killed.ctxt
case $out in *'main of host:4242'*) echo "FAILED: postmortem --path shows a thread that does not match"; failed=1 ;; esac
code 'postmortem: nothing open' 0 "$wick" postmortem sample.ctxt

code 'repair' 0 "$wick" repair killed.ctxt
has 'repair' '5 lines kept, 1 left out, 2 open scopes closed, written to killed.repaired.ctxt' "$err"
code 'repaired' 0 "$wick" check killed.repaired.ctxt
same 'repaired: the last lines' '1700000000.000200001 host 4242 main unfinished fetch:30 killed
1700000000.000200001 host 4242 main ENDER fetch:30 killed
1700000000.000200001 host 4242 main unfinished main:12 killed
1700000000.000200001 host 4242 main ENDER main:12 killed
1700000000.000201001 host 4242 main BMARK - wick end' "$(tail -n 5 killed.repaired.ctxt)"
code 'repair never writes to the log' 2 "$wick" repair killed.ctxt -o killed.ctxt
has 'repair never writes to the log' 'never written to' "$err"
head -c 30000 "$wick" > noise.ctxt # some random bytes would begin like JSON
code 'repair of noise' 2 "$wick" repair noise.ctxt
has 'repair of noise' 'this is a program or a library, no log' "$err"
(head -n 3 sample.ctxt; printf '1700000000.0002 host 4242 main START b:1 '; head -c 70000 /dev/zero | tr '\0' x; echo
 printf '1700000000.0003 host 4242 main START c:1 \377\n') > hostile.ctxt
code 'check: what Context cannot read' 1 "$wick" check hostile.ctxt
has 'long line' 'longer than 65,536 bytes: Context' "$out"
has 'not UTF-8' 'not UTF-8: Context' "$out"
code 'repair: what Context cannot read' 0 "$wick" repair hostile.ctxt -o fixed.ctxt
code 'repaired: what Context cannot read' 0 "$wick" check fixed.ctxt

# Two hosts whose clocks differ by half a second.
sed 's/ host / far /; s/^1700000000/1700000001/' good.ctxt > far.ctxt
code 'merge' 0 "$wick" merge --shift far=-0.5 good.ctxt far.ctxt -o all.ctxt
code 'merged' 0 "$wick" check all.ctxt
same 'merged: in order' "$(cut -d' ' -f1 all.ctxt | sort)" "$(cut -d' ' -f1 all.ctxt)"
has 'merged: shifted' '1700000000.500100001 far 4242 main START main:12' "$(cat all.ctxt)"
code 'merge: bad shift' 2 "$wick" merge --shift far good.ctxt
has 'merge: bad shift' '--shift wants HOST=SECONDS' "$err"
code 'merge: input is output' 2 "$wick" merge good.ctxt -o good.ctxt

same 'folded' 'main;Most of the work 99999
main;Most of the work;fetch %s 100000' "$("$wick" export --to folded sample.ctxt)"
same 'csv' 'host,pid,thread,depth,start_ns,duration_ns,status,path,text,message
"host",4242,"main",2,100002,100000,failed,"Most of the work/fetch %s","fetch http://x","timed out"
"host",4242,"main",1,100000,199999,unfinished,"Most of the work","",""' "$("$wick" export --to csv sample.ctxt)"
same 'export of a path' 'main;Most of the work;fetch %s 100000' "$("$wick" export --to folded --path 'fetch*' sample.ctxt)"
code 'export: no form' 2 "$wick" export sample.ctxt
has 'export: no form' 'say what to: --to folded, chrome, csv, json, ctxt, wick or context' "$err"
if command -v python3 > /dev/null; then
    "$wick" export --to chrome hostile.ctxt > chrome.json
    python3 -c 'import json; e = json.load(open("chrome.json"))["traceEvents"]; assert e[0]["ph"] == "M", e
x = [i for i in e if i["ph"] == "X"]; assert len(x) == 2 and x[0]["ts"] > 0, x' || { echo 'FAILED: chrome'; failed=1; }
    "$wick" export --to json hostile.ctxt | python3 -c 'import json,sys; t = json.load(sys.stdin)
assert t["v"] == 1 and t["open"] == 2 and any(n["kind"] == "scope" for n in t["nodes"])' || { echo 'FAILED: json'; failed=1; }
fi

code 'timeline' 0 "$wick" timeline --width 60 sample.ctxt
has 'timeline: the outer scope' '|Most of the work' "$out"
has 'timeline: a failed scope' '!fetch' "$out"
for command in report tree slow timeline postmortem check locks hist; do
    for log in noise.ctxt sample.ctxt killed.ctxt /dev/null; do
        "$wick" $command $log > /dev/null 2>&1
        rc=$?
        [ $rc -le 2 ] || { echo "FAILED: $command $log: exit code $rc"; failed=1; }
    done
done

code 'doctor' 0 env -u WICK_TEST_ZSTD "$wick" doctor
has 'doctor' 'version     wick' "$out"
for off in off No disable; do
    code "doctor: $off" 1 env -u WICK_TEST_ZSTD WICK=$off "$wick" doctor
    has "doctor: $off" 'problem     WICK switches everything off' "$out"
done
has 'doctor: settings' 'setting     WICK_FULL          default      default' "$out"
code 'doctor: environment' 0 env -u WICK_TEST_ZSTD WICK_MIN=3us "$wick" doctor
has 'doctor: environment' 'setting     WICK_MIN           3000ns       environment' "$out"
code 'doctor: unknown setting' 1 env -u WICK_TEST_ZSTD WICK_FULLL=drop "$wick" doctor
code 'doctor: malformed setting' 1 env -u WICK_TEST_ZSTD WICK_MIN=abc "$wick" doctor
code 'doctor: unwritable' 1 env -u WICK_TEST_ZSTD WICK_LOG=/nowhere/run.ctxt "$wick" doctor
has 'doctor: unwritable' 'nothing can be written in /nowhere' "$out"
# Every setting that the sources ask for is listed (WICK_TEST_*: the tests').
code 'doctor: list' 0 env -u WICK_TEST_ZSTD "$wick" doctor
names=$(cd "$(dirname "$0")/../.." && grep -rhoE --exclude=CMakeLists.txt --exclude='*.cmake' '"WICK_[A-Z_]+"|\$\{?WICK_[A-Z_]+' lib tools viewer | tr -d '"${' | grep -vE '^WICK_(TEST_.*|)$' | sort -u)
for name in $names; do
    has 'doctor: list' "setting     $name " "$out"
done
# Files that a log names: only regular ELF files with the build id, and nothing is waited for.
mkfifo fifo
for file in "$PWD/fifo#abcdef" "fifo#" "/dev/tty#abcdef" "$wick#abcdef"; do
    cat > named.ctxt <<LOG
100.0 h 1 main BMARK - begin
100.0 h 1 main site m+0x10 scope 0 - - $file m+0x10
100.0 h 1 main START m+0x10 
101.0 h 1 main ENDOK m+0x10 
LOG
    code "a log that names $file" 0 timeout 50 "$wick" tree --no-times named.ctxt
    has "a log that names $file" 'm+0x10' "$out"
done
# A device, a FIFO or a link to one is written to, not replaced.
ln -s /dev/null null.ctxt
mkfifo out.ctxt
code 'repair into a device' 0 "$wick" repair sample.ctxt -o null.ctxt
[ -L null.ctxt ] || { echo "FAILED: the link to a device was replaced"; failed=1; }
cat out.ctxt > got.ctxt &
code 'merge into a FIFO' 0 timeout 50 "$wick" merge sample.ctxt -o out.ctxt
[ -p out.ctxt ] && wait && [ -s got.ctxt ] || { echo "FAILED: a FIFO was replaced"; failed=1; kill $! 2>/dev/null; }
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# wick run: the program's own end, its signals, its log, and what it cannot start.
. "$(dirname "$0")/support.sh"

cat > app <<APP
#!/bin/sh
cp '$work/sample.ctxt' "\$WICK_LOG"
echo "out: \$*"
exit \${1:-0}
APP
chmod +x app
unset WICK_LOG

code 'exit code' 7 "$wick" run --no-times ./app 7 --depth
same 'the program has its arguments and its output' 'out: 7 --depth' "$out"
has 'the tree is on standard error' '    fetch http://x  1 failed: timed out' "$err"
code 'with --' 0 "$wick" run -- ./app
code 'temporary log is gone' 0 env TMPDIR="$work" "$wick" run ./app
same 'temporary log is gone' '' "$(ls -d wick-run.* 2>/dev/null)"
code 'log' 0 "$wick" run --log kept.ctxt ./app
same 'log' "$(cat sample.ctxt)" "$(cat kept.ctxt)"
code 'existing WICK_LOG' 0 env WICK_LOG="$work/mine.ctxt" "$wick" run ./app
[ -s mine.ctxt ] || { echo 'FAILED: WICK_LOG was not honoured'; failed=1; }

cat > family <<'APP'
#!/bin/sh
sed 's/ 4242 / 1 /' "$0.log" > "$WICK_LOG"
sed 's/ 4242 / 2 /' "$0.log" > "${WICK_LOG%.ctxt}.4711.ctxt"
APP
chmod +x family
cp sample.ctxt family.log
code 'several processes' 0 "$wick" run --no-times ./family
has 'several processes' 'main of host:2' "$err"
echo '1 h 9 old START f x' > kept.99.ctxt
touch -d '2020-01-01' kept.99.ctxt
code 'an old log of the same name' 0 "$wick" run --no-times --log kept.ctxt ./app
case $err in *old*) echo 'FAILED: a log from before was shown'; failed=1 ;; esac

code 'killed' 143 sh -c "'$wick' run sh -c 'kill -TERM \$\$'; exit \$?"
printf '#!/bin/sh\ntrap "exit 9" TERM\nkill -TERM $PPID\nwhile :; do sleep 0.05; done\n' > waits
chmod +x waits
code 'signals are forwarded' 9 "$wick" run ./waits
code 'not found' 127 "$wick" run ./no-such-program
has 'not found' './no-such-program: cannot be started: No such file or directory' "$err"
code 'not executable' 126 "$wick" run ./sample.ctxt
has 'not executable' './sample.ctxt: cannot be started: Permission denied' "$err"
code 'nothing recorded' 0 "$wick" run true
has 'nothing recorded' 'true recorded nothing: it is not instrumented with wick' "$err"
code 'switched off' 3 env WICK=off "$wick" run sh -c 'exit 3'
has 'switched off' 'WICK switches everything off' "$err"
code 'no program' 2 "$wick" run
has 'no program' 'give a program' "$err"
code 'no temporary directory' 2 env TMPDIR="$work/none" "$wick" run true
has 'no temporary directory' 'set TMPDIR or give --log FILE' "$err"
exit $failed

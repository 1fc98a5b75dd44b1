#!/bin/sh
# SPDX-License-Identifier: MIT
# wick flame: what is in a report, what is left out, and what is said when there can be none. What a report
# looks like is tested in tests/page.
. "$(dirname "$0")/support.sh"

data() { sed -n 's/.*id="wick-data"[^>]*>\([^<]*\)<.*/\1/p' "$1" | base64 -d; }
plain() { data "$1" | gzip -dc 2>/dev/null || data "$1"; }

code 'report' 0 "$wick" flame sample.ctxt -o report.html
has 'the data is in the page, under its name' 'data-name="sample.ctxt"' "$(grep -ao 'data-name="[^"]*"' report.html)"
plain report.html >report.wick
code 'the data is a log' 0 "$wick" tree --no-times report.wick
tree=$out
code 'the log itself' 0 "$wick" tree --no-times sample.ctxt
same 'the same tree' "$out" "$tree"

# Nothing that is loaded from elsewhere, and no name as it stands.
printf '1.0 h 1 </script><script>alert(1) START f </script><script>alert(2)\n2.0 h 1 </script><script>alert(1) ENDOK f \n' >'a"<b.ctxt'
code 'hostile names' 0 "$wick" flame 'a"<b.ctxt' -o hostile.html
same 'no name in the page' '' "$(grep -ao 'alert([0-9])' hostile.html)"
same 'as many scripts' "$(grep -ac '</script>' report.html)" "$(grep -ac '</script>' hostile.html)"

printf '1.0 h 1 main START f one\n2.0 h 1 main ENDOK f \n1.0 h 1 other START g two\n2.0 h 1 other ENDOK g \n' >two.ctxt
code 'a selection' 0 "$wick" flame --thread other two.ctxt -o part.html
plain part.html >part.wick
code 'its tree' 0 "$wick" tree --no-times part.wick
same 'only what was asked for' 'other
  two' "$out"

printf '[{"ph":"M","pid":1,"tid":7,"name":"thread_name","args":{"name":"worker"}},{"ph":"X","pid":1,"tid":7,"name":"f","ts":1,"dur":2}]' >t.json
code "another tool's trace" 0 "$wick" flame t.json -o t.html
plain t.html >t.wick
code 'its tree' 0 "$wick" tree --no-times t.wick
same 'the thread has its name' 'worker
  f' "$out"

code 'to standard output' 0 sh -c '"$0" flame - -o - <sample.ctxt | tail -c 8' "$wick"
same 'a whole page' '</html>' "$out"

code 'no log' 2 "$wick" flame
has 'says what to write' 'wick flame LOG -o report.html' "$err"
code 'a log that is none' 2 "$wick" flame support.txt -o none.html
echo garbage >garbage.txt
code 'nothing in it' 2 "$wick" flame garbage.txt -o none.html
has 'names the file' 'garbage.txt' "$err"
same 'nothing is left behind' '' "$(ls none.html 2>/dev/null)"
code 'a place that cannot be written' 2 "$wick" flame sample.ctxt -o /nowhere/report.html
has 'names the place' '/nowhere/report.html' "$err"

# A disk that is full, and a file that may not become larger.
ln -s /dev/full full.html
code 'a full disk' 2 "$wick" flame sample.ctxt -o full.html
same 'one line that says it' 'wick flame: full.html: cannot be written: No space left on device' "$err"
same 'a device is not removed' 'full.html' "$(ls full.html)"
code 'a file that is too large' 2 sh -c "trap '' XFSZ; ulimit -f 10; '$wick' flame sample.ctxt -o large.html"
same 'half a report is removed' '' "$(ls large.html 2>/dev/null)"
exit $failed

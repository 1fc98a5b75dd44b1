#!/bin/sh
# SPDX-License-Identifier: MIT
# Names and texts that are controls for a terminal or formulas for a spreadsheet, in every view, in a pipe and on a terminal.
. "$(dirname "$0")/support.sh"
command -v python3 > /dev/null || exit 77

python3 - <<'PY'
bad = "n\x1b]0;pwn\x07\u009b2J\u202ertl\u2066x"
import json
event = lambda name, at, **more: dict({"name": name, "ph": "X", "ts": at, "dur": 100, "pid": 1, "tid": 7}, **more)
json.dump({"traceEvents": [
    {"name": "thread_name", "ph": "M", "pid": 1, "tid": 7, "args": {"name": "thr\x1b[31m\u009b31m"}},
    event(bad, 1, cat="c\x1b[5m", args={"k\x1b[1m": "v\x1b[2m"}), event('=HYPERLINK("x")', 200), event("+a", 400), event("-b", 600),
    event("@c", 800), {"name": "i" + bad, "ph": "i", "ts": 900, "pid": 1, "tid": 7, "s": "t"},
    {"name": "open" + bad, "ph": "B", "ts": 950, "pid": 1, "tid": 7}]}, open("esc.json", "w"))
line = lambda at, rest: b"1700000000.%09d ho\x1b[31mst 7 thr\x1b[32m %s\n" % (at, rest)
open("esc_raw.ctxt", "wb").write(
    line(1, b"BMARK l\x1b[33moc te\x1b[34mxt") + line(2, b"START l\x1b[33moc n\x1b]0;p\x07am\x9be") + line(3, b"LOCKW 0x1 d\x1b[1moor") +
    line(4, b"LOCKA 0x1 d\x1b[1moor") + line(5, b"LOCKR 0x1 d\x1b[1moor") + line(6, b"ENDER l\x1b[33moc err\x1b[2J") +
    line(7, b"bad\x1b[3m loc x") + line(8, b"run - program /bin/\x1b[31mx") + line(9, b"START l\x1b[33moc open\x1b[2J") +
    b"x\x1b[2Jgarbage\n")
PY
cat > clean.py <<'PY'
import re, sys
for name in sys.argv[1:]:
    text = open(name, "rb").read().replace(b"\r\n", b"\n").decode("utf-8", "replace")
    found = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    if found or not text:
        sys.exit("FAILED: %s: %d controls: %r" % (name, len(found), sorted(set(found))))
PY
set -f
for log in esc.json esc_raw.ctxt; do
    for view in tree 'tree --no-times' report 'report --by thread' slow hist timeline postmortem locks check 'report --format csv' \
            'slow --format csv' 'export --to csv' 'hist --path *pen*'; do
        "$wick" $view $log > "view.$view.$log" 2>&1
        if command -v script > /dev/null; then
            script -qec "'$wick' $view --color never $log" /dev/null < /dev/null > "terminal.$view.$log" 2>&1
        fi
    done
done
set +f
"$wick" tree "$(printf 'no\033[2Jfile')" > view.message 2>&1
python3 clean.py view.* terminal.* || failed=1

code 'shown as an escape' 0 "$wick" tree --no-times esc.json
has 'shown as an escape' 'n\x1b]0;pwn\x07\u009b2J\u202ertl\u2066x' "$out"

code 'formulas' 0 "$wick" report --format csv esc.json
for cell in "\"'=HYPERLINK(\"\"x\"\")\"" "'+a" "'-b" "'@c"; do
    has 'formulas of report' "$cell," "$out"
done
code 'formulas' 0 "$wick" export --to csv esc.json
for cell in "\"'=HYPERLINK(\"\"x\"\")\"" "\"'+a\"" "\"'-b\"" "\"'@c\""; do
    has 'formulas of export' "$cell," "$out"
done
code 'exact' 0 "$wick" export --to chrome esc.json
has 'a JSON export is exact' '\u001b]0;pwn' "$out"
exit $failed

# SPDX-License-Identifier: MIT
# Logs whose times are made up, for the commands that compare runs. Sourced.

# run_log FILE NUMBER COST [CALLS [WAIT]]: a run of ten places; `hot` takes COST ns a call, give or take what the number says, of
# which it waits WAIT for a lock.
run_log() {
    awk -v number="$2" -v cost="$3" -v calls="${4:-20}" -v wait="${5:-0}" '
    function at() { return sprintf("17%08d.%09d h 7 main", number * 100 + int(now / 1e9), now % 1e9) }
    function pass(ns, line) { now += int(ns * (1 + (number * 7 + line * 3) % 5 / 1000) + 0.5) }
    function scope(name, line, ns, waits) {
        print at() " START f:" line " " name
        if (waits) {
            print at() " LOCKW f:20 the.lock"
            pass(waits, line)
            print at() " LOCKA f:20 the.lock\n" at() " LOCKR f:21 the.lock"
        }
        pass(ns - waits, line)
        print at() " ENDOK f:" line " "
    }
    BEGIN {
        print at() " BMARK - wick 0.1.0 start\n" at() " run - start 17" sprintf("%08d", number * 100) ".0"
        for (i = 0; i < calls; i++) scope("hot", 1, cost, wait)
        for (line = 2; line <= 10; line++) for (i = 0; i < 20; i++) scope("place" line, line, 3000 + 100 * line)
        print at() " stat - scopes 200\n" at() " BMARK - wick end"
    }' > "$1"
}

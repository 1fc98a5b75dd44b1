#!/bin/sh
# SPDX-License-Identifier: MIT
# check tells the truth about a log, and repair mends what it can for both of Context's compilers and says what it cannot.
. "$(dirname "$0")/support.sh"

# A log of ours that says of itself what was recorded: 2 scopes, no loss.
cat > whole.ctxt <<'LOG'
1700000000.000000001 host 7 main BMARK - wick 0.1.0 start
1700000000.000000001 host 7 main run - wick 0.1.0
1700000000.000000001 host 7 main run - start 1700000000.000000001
1700000000.000100000 host 7 main site main:12 scope 12 - - app.c work
1700000000.000100001 host 7 main START main:12 work
1700000000.000200001 host 7 main ENDOK main:12 
1700000000.000200001 host 7 main START main:12 work
1700000000.000300001 host 7 main ENDOK main:12 
1700000000.000400000 host 7 main stat - recorded 2
1700000000.000400000 host 7 main stat - scopes 2
1700000000.000400000 host 7 main stat - dropped_full 0
1700000000.000400000 host 7 main stat - log_lost 0
1700000000.000400000 host 7 main BMARK - wick end
LOG
code 'whole' 0 "$wick" check whole.ctxt
has 'whole' 'fine: whole, balanced, in order, nothing lost, readable by Context' "$out"

# says NAME FINDING SED-COMMAND: the log, changed so, is broken, in either form
says() {
    sed "$3" whole.ctxt > changed.ctxt
    "$wick" export --to wick changed.ctxt -o changed.wick
    for log in changed.ctxt changed.wick; do
        code "$1: $log" 1 "$wick" check $log
        has "$1: $log" "broken  $2" "$out"
        case $out in *fine:*) echo "FAILED: $1: $log is called fine"; failed=1 ;; esac
    done
}
says 'a full ring that no line tells' '5 events were lost that no line' 's/dropped_full 0/dropped_full 5/'
says 'a full disk' '9 lines were lost on the way' 's/log_lost 0/log_lost 9/'
says 'scopes that are not there' '40 scopes that the program recorded are not in the log' 's/scopes 2/scopes 42/'
says 'no end' '1 log has no end' '$d'
says 'a word in capitals' '1 line has an action word that nobody knows' 's/main:12 work$/&/; 7s/START/STRAT/'
says 'one edit from ours' '1 line has an action word that nobody knows' '9s/stat/stats/'
sed 's/scopes 2/scopes 5/; s/- log_lost 0/- left_out 3/' whole.ctxt > filtered.ctxt
code 'left out' 0 "$wick" check filtered.ctxt
has 'left out' 'note    3 scopes were left out by WICK_FILTER or WICK_MIN' "$out"
sed 's/- log_lost 0/- dropped_dead 3/' whole.ctxt > late.ctxt
code 'late events' 0 "$wick" check late.ctxt
case $out in *'nothing lost'*) echo 'FAILED: events that came too late are no loss'; failed=1 ;; esac
sed 's/ 7 main START main:12 work/ 7 main START main:12 begin wick+file:of the text wick+file:whole.ctxt.text#0 5000/' whole.ctxt > long.ctxt
code 'no text file' 1 "$wick" check long.ctxt
has 'no text file' 'broken  2 long texts are missing: whole.ctxt.text is not beside the log' "$out"
head -c 5000 /dev/zero | tr '\0' x > whole.ctxt.text
code 'the text file' 0 "$wick" check long.ctxt

# What Context's compilers do not take, and its repair.
lines() { # NAME LINE...: a foreign log with these lines
    name=$1
    shift
    { echo '1700000000.000001 h 1 m BMARK - s'; printf '1700000000.%b\n' "$@"; echo '1700000009.5 h 1 m BMARK - e'; } > "$name.ctxt"
}
# mends NAME FINDING REST-OF-REPAIRED: check says it, repair mends it, and both say so
mends() {
    code "$1" 1 "$wick" check "$1.ctxt"
    has "$1" "$2" "$out"
    code "$1: repair" 0 "$wick" repair "$1.ctxt" -o "$1.fixed.ctxt"
    has "$1: repair" ' mended: ' "$err"
    same "$1: repaired" "$3" "$(sed '1d; s/^[^ ]* h 1 //' "$1.fixed.ctxt" | grep -v BMARK)"
    code "$1: repaired" 0 "$wick" check "$1.fixed.ctxt"
}
lines lockr '05 h 1 m LOCKR l q' '1 h 1 m START f a' '2 h 1 m ENDOK f '
mends lockr '1 LOCKR is of a lock that its thread does not hold' 'm lockr l q
m START f a
m ENDOK f '
lines nested '1 h 1 m LOCKA l1 a' '2 h 1 m LOCKA l2 b' '3 h 1 m LOCKR l2 b' '4 h 1 m LOCKR l1 a'
mends nested '1 lock is taken while another is held' 'm LOCKA l1 a
m locka l2 b
m lockr l2 b
m LOCKR l1 a'
lines tab '1 h 1 a\tb START f a' '2 h 1 a\tb ENDOK f '
mends tab '2 lines have a node or thread' 'a-b START f a
a-b ENDOK f '
lines nel '1 h 1 a\0302\0205b START f a' '2 h 1 a\0302\0205b ENDOK f '
mends nel '2 lines have a node or thread' 'a-b START f a
a-b ENDOK f '
lines spaces '1 h 1 my own thread START f a' '2 h 1 my own thread ENDOK f '
mends spaces "2 lines have a thread's name with a space" 'my-own-thread START f a
my-own-thread ENDOK f '
lines early '5 h 1 m START f a' '2 h 1 m ENDOK f '
mends early '1 scope ends before it begins' 'm START f a
m ENDOK f '
lines clear '1 h 1 m START f a' '2 h 1 m CLEAR - '
code 'CLEAR' 0 "$wick" repair clear.ctxt -o clear.fixed.ctxt
same 'CLEAR ends for Context, too' 'm START f a
m unfinished f clear
m ENDER f clear
m CLEAR - ' "$(sed 's/^[^ ]* h 1 //' clear.fixed.ctxt | grep -v BMARK)"
lines wait '1 h 1 m LOCKW l q' '2 h 1 m LOCKR l q'
code 'a wait that was given up' 0 "$wick" check wait.ctxt
{ printf '\357\273\277'; cat whole.ctxt; } > mark.ctxt
code 'a byte order mark' 1 "$wick" check mark.ctxt
code 'a byte order mark: repair' 0 "$wick" repair mark.ctxt -o mark.fixed.ctxt
code 'a byte order mark: repaired' 0 "$wick" check mark.fixed.ctxt
lines pid '1 h 4294967295 m START f a' '2 h 4294967295 m ENDOK f '
code 'a large pid' 1 "$wick" check pid.ctxt
has 'a large pid' "2 lines have a process id beyond 2,147,483,647, which Context's Go compiler skips" "$out"
code 'a large pid: repair' 0 "$wick" repair pid.ctxt -o pid.fixed.ctxt
has 'a large pid: repair' 'not mended: 2 lines have a process id' "$err"
exit $failed

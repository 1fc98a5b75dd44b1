#!/bin/sh
# SPDX-License-Identifier: MIT
# Many processes read as one: children below what made them, by fork and by exec; and how many recorded nothing.
# usage: test_processes.sh TOOL PROGRAM
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"
cp "$2" processes
unset WICK_LOG WICK_FORK

code 'run' 0 "$wick" run --no-times ./processes
same 'run: without --processes, what records by itself' 'processes
  main
    main
  processes step
    main
      step' "$err"
code 'run: how many there were' 0 "$wick" run ./processes
has 'run: how many there were' '1 of 2 forked children recorded nothing here' "$err"
code 'run --processes' 0 "$wick" run --processes --no-times ./processes
same 'run --processes' 'processes
  main
    main
  processes
    main
      first child  1 open
    processes
      main
        grandchild
    processes step
      main
        step' "$err"
code 'tree' 0 env WICK_FORK=follow WICK_LOG=all.%p.ctxt ./processes
code 'tree' 0 "$wick" tree all.*.ctxt
has 'tree: pids' "processes  (" "$out"
has 'tree: who recorded nothing' '1 of 2 forked children recorded nothing here' "$out"
code 'report' 0 "$wick" report --by thread --format csv all.*.ctxt
has 'report' 'main of processes step (' "$out"
exit $failed

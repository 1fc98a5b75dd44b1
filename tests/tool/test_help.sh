#!/bin/sh
# SPDX-License-Identifier: MIT
# Help, man page and completion: complete, and of one mind.
. "$(dirname "$0")/support.sh"

code 'help' 0 "$wick" help
commands=$(echo "$out" | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
has 'all commands' 'postmortem' "$commands"
man=$("$wick" help --man)
"$wick" help --completion > completion
for command in $commands; do
    code "help of $command" 0 "$wick" "$command" --help
    has "help of $command" "usage: wick $command" "$out"
    has "help of $command" 'exit codes: 0 fine' "$out"
    has "man page: $command" ".SS wick $command " "$man"
    has "completion: $command" "    $command) options='" "$(cat completion)"
    same "help $command" "$out" "$("$wick" help "$command")"
done
if command -v bash > /dev/null; then
    same 'completion of a command' 'postmortem' "$(bash -c '. ./completion; COMP_WORDS=(wick postm); COMP_CWORD=1; _wick; echo "${COMPREPLY[@]}"')"
    same 'completion of what redis does' 'find' "$(bash -c '. ./completion; COMP_WORDS=(wick redis f); COMP_CWORD=2; _wick; echo "${COMPREPLY[@]}"')"
    same 'completion of an option' '--follow --from --format' "$(bash -c '. ./completion; COMP_WORDS=(wick tree --f); COMP_CWORD=2; _wick; echo "${COMPREPLY[@]}"')"
    same 'completion of a value' 'chrome csv ctxt context' "$(bash -c '. ./completion; COMP_WORDS=(wick export --to c); COMP_CWORD=3; _wick; echo "${COMPREPLY[@]}"')"
fi
if command -v man > /dev/null; then
    "$wick" help --man > wick.1
    warnings=$(LC_ALL=C.UTF-8 man --warnings -l -Tutf8 wick.1 2>&1 > /dev/null)
    same 'man page is good roff' '' "$warnings"
fi
code 'help on nothing' 2 "$wick" help nothing
code 'version' 0 "$wick" --version
has 'version' 'wick 0.' "$out"
exit $failed

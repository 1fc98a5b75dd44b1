/*
 * SPDX-License-Identifier: MIT
 * Where calls of _exit and _Exit go in programs that are linked with -Wl,--wrap=_exit, -Wl,--wrap=_Exit: recording ends first.
 * The names are the linker's.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include <wick/control.h>

WICK_API void __attribute__((noreturn)) __wrap__exit(int status);
WICK_API void __attribute__((noreturn)) __wrap__Exit(int status);

/* Not by _exit: in a static program that is wrapped, too. */
void __wrap__exit(int status)
{
    wick_i_before_exit();
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}

void __wrap__Exit(int status)
{
    __wrap__exit(status);
}

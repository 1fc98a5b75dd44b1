/*
 * SPDX-License-Identifier: MIT
 * Interposes _exit and _Exit, which call no handlers: recording ends first. Must not change what they do.
 */
#include <dlfcn.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <wick/control.h>

static void (*next)(int status);

/* Before main: they may be called in a signal handler, where dlsym is not safe. */
__attribute__((constructor)) static void find_next(void)
{
    void *found = dlsym(RTLD_NEXT, "_exit");

    memcpy(&next, &found, sizeof found);
}

WICK_API void __attribute__((noreturn)) _exit(int status);
WICK_API void __attribute__((noreturn)) _Exit(int status);

void _exit(int status)
{
    wick_i_before_exit();
    if (next) {
        next(status);
    }
    for (;;) { /* as libc does, before the constructor */
        syscall(SYS_exit_group, status);
    }
}

void _Exit(int status)
{
    _exit(status);
}

/*
 * SPDX-License-Identifier: MIT
 * Finding out whether a signal handler runs on this stack. See handler.h.
 * A handler runs with its own signal blocked, and above its frame lies the kernel's: a return address
 * that is the restorer of the signal's action. Threads that block nothing are never searched.
 */
#include "handler.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif

/* glibc: where the main thread's stack begins. */
extern void *__libc_stack_end;

enum { SEARCH_WORDS = 8192, SIGNALS = 64 };

/* The kernel's own view of sigaction: libc hides the restorer. */
struct kernel_action {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

static bool on_signal_stack(void)
{
    stack_t stack;

    return sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK);
}

static uintptr_t restorer_of(int signal_number)
{
    struct kernel_action action;

    memset(&action, 0, sizeof action);
    if (syscall(SYS_rt_sigaction, signal_number, NULL, &action, sizeof action.mask) != 0 ||
        action.handler <= (uintptr_t)SIG_IGN || !(action.flags & SA_RESTORER)) {
        return 0;
    }
    return action.restorer;
}

/* Is the address in the frames above this one? Below it are our own variables, which hold it, too. */
__attribute__((no_sanitize("address"))) static bool stack_has(const uintptr_t *word, uintptr_t address)
{
    /* The thread's control block lies above its stack; the main thread's stack lies above it. */
    uintptr_t top = (uintptr_t)pthread_self();

    if (top < (uintptr_t)word) {
        top = (uintptr_t)__libc_stack_end;
    }
    for (int i = 0; i < SEARCH_WORDS && (uintptr_t)(word + i + 1) < top; i++) {
        if (word[i] == address) {
            return true;
        }
    }
    return false;
}

bool wk_handler_running(void)
{
    uint64_t blocked = 0;

    if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof blocked) != 0 || blocked == 0) {
        return false;
    }
    if (on_signal_stack()) {
        return true;
    }
    for (int signal_number = 1; signal_number <= SIGNALS; signal_number++) {
        uintptr_t restorer = blocked >> (signal_number - 1) & 1 ? restorer_of(signal_number) : 0;

        if (restorer) {
            return stack_has(__builtin_frame_address(0), restorer); /* libc uses one restorer for all */
        }
    }
    return false;
}

/*
 * SPDX-License-Identifier: MIT
 * What a library could disturb in its host. Linked into the programs of tests/e2e, it prints that at exit; run_case
 * compares what the program prints with recording off and on. It uses nothing of wick but wick_flush,
 * if that is there: while the log is being opened, its descriptor has the lowest free number for a moment.
 * Invariant: two runs of one program print the same, unless somebody in the process has changed its state.
 */
#ifndef WICK_TESTS_SUPPORT_HOST_STATE_H
#define WICK_TESTS_SUPPORT_HOST_STATE_H

#if defined(__cplusplus)
extern "C" {
#endif

/* Print, on standard output: open descriptors below 200 and the next free one, the calling thread's signal mask and
 * pending signals, what each signal does, alternate stack, cancellation, umask, timers, floating-point control. */
void host_state(const char *when);

#if defined(__cplusplus)
}
#endif

#endif

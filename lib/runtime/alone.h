/*
 * SPDX-License-Identifier: MIT
 * Detects that all threads of the program have ended. A process lives as long as any of its threads, wick's included:
 * without this check a program whose main thread calls pthread_exit would never end.
 */
#ifndef WICK_LIB_RUNTIME_ALONE_H
#define WICK_LIB_RUNTIME_ALONE_H

#include <stdbool.h>
#include <stdint.h>

/* True when the main thread has ended and only `own` threads, those of wick, are left. Cost: one stat(2), and a
 * readlink(2) when no more threads than that are left. */
bool wk_alone(uint32_t own);

#endif

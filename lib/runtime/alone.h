/*
 * SPDX-License-Identifier: MIT
 * Has the program ended by its threads alone? A process lives as long as any thread of it, ours included:
 * without this a program whose main thread called pthread_exit would never end.
 */
#ifndef WICK_LIB_RUNTIME_ALONE_H
#define WICK_LIB_RUNTIME_ALONE_H

#include <stdbool.h>
#include <stdint.h>

/* True when the main thread has ended and no other thread but `own` ones of ours is left. Cost: one
 * stat(2), and reading a file of /proc only when no more threads than that are left. */
bool wk_alone(uint32_t own);

#endif

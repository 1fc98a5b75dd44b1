/*
 * SPDX-License-Identifier: MIT
 * What other files of the companion may do to the calling thread's shadow of calls.
 */
#ifndef WICK_LIB_FUNCTIONS_SHADOW_H
#define WICK_LIB_FUNCTIONS_SHADOW_H

#include <stdint.h>

/* The thread goes on at this stack pointer: calls that lie below it have been left without a return. */
void wk_shadow_jump(uintptr_t stack_pointer);

#endif

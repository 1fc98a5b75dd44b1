/*
 * SPDX-License-Identifier: MIT
 * The shadow of calls of a thread, as the other files of the companion library may change it.
 */
#ifndef WICK_LIB_FUNCTIONS_SHADOW_H
#define WICK_LIB_FUNCTIONS_SHADOW_H

#include <stdint.h>

/* Execution continues at this stack pointer: end the calls below it, which were left without a return. */
void wk_shadow_jump(uintptr_t stack_pointer);

#endif

/*
 * SPDX-License-Identifier: MIT
 * Several copies of wick in one process (an executable and a plugin, each with the static library): the first one to
 * record claims the process, the others stay off.
 */
#ifndef WICK_LIB_RUNTIME_COPIES_H
#define WICK_LIB_RUNTIME_COPIES_H

#include <stdbool.h>

/* Claim the process for this copy; false: another copy has claimed it. Call under the runtime's `control` lock. */
bool wk_copies_claim(void);

#endif

/*
 * SPDX-License-Identifier: MIT
 * Several copies of wick in one process (an executable and a plugin, each with the static library): the first
 * that records has the process, the others stay off.
 */
#ifndef WICK_LIB_RUNTIME_COPIES_H
#define WICK_LIB_RUNTIME_COPIES_H

#include <stdbool.h>

/* Take the process for this copy; false when another copy has it. Needs the runtime's control lock. */
bool wk_copies_claim(void);

#endif

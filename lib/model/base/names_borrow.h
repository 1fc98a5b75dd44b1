/*
 * SPDX-License-Identifier: MIT
 * A copy of a table of names that shares its strings: for the parts of a log (part.c).
 */
#ifndef WICK_LIB_MODEL_BASE_NAMES_BORROW_H
#define WICK_LIB_MODEL_BASE_NAMES_BORROW_H

#include "mem.h"

/* Create a table as a copy of `from`, whose strings it borrows: `from` must be destroyed later. NULL: no memory. */
struct wick_names *wk_names_borrow(const struct wick_names *from);

#endif

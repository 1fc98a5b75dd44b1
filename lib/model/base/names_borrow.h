/*
 * SPDX-License-Identifier: MIT
 * What the model needs of its names beyond the public functions.
 * Must not be included outside lib/model. Invariant: borrowed strings outlive whoever borrows them.
 */
#ifndef WICK_LIB_MODEL_BASE_NAMES_BORROW_H
#define WICK_LIB_MODEL_BASE_NAMES_BORROW_H

#include "mem.h"

/* A table that begins as a copy; it borrows the strings of `from` until it is destroyed. */
struct wick_names *wk_names_borrow(const struct wick_names *from);

#endif

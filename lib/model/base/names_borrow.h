/*
 * SPDX-License-Identifier: MIT
 * Names that share their strings with their owner: the parts of a log (part.c), the sites of the recorder.
 */
#ifndef WICK_LIB_MODEL_BASE_NAMES_BORROW_H
#define WICK_LIB_MODEL_BASE_NAMES_BORROW_H

#include "mem.h"

/* Create a table as a copy of `from`, whose strings it borrows: `from` must be destroyed later. NULL: no memory. */
struct wick_names *wk_names_borrow(const struct wick_names *from);

/* wick_names_set_site without copies: the strings, none of them NULL, must live as long as the table. */
int wk_names_borrow_site(struct wick_names *names, uint32_t index, const struct wick_site_info *info);

#endif

/*
 * SPDX-License-Identifier: MIT
 * The rows of the selected scopes, and what a row is called.
 * Must not compute numbers: wick_rows_* does. Invariant: a row's key says what its scopes have in common.
 */
#ifndef WICK_TOOLS_WICK_SELECT_SELECTED_ROWS_H
#define WICK_TOOLS_WICK_SELECT_SELECTED_ROWS_H

#include "input/load.h"

/* The argument of --by as enum wick_rows_by; NULL: by path. */
uint32_t rows_by(const char *by);
/* The rows of the scopes that --path selects; the caller frees them. NULL: there is no memory. */
struct wick_rows *rows_select(const struct load *load, uint32_t by);
/* The path, name, thread or location of a row's first node; of WICK_ROWS_ALL: the path. Valid until the next call. */
const char *rows_key(const struct load *load, uint32_t by, uint32_t node);

#endif

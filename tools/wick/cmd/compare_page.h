/*
 * SPDX-License-Identifier: MIT
 * A comparison as one HTML file: the page with both builds' places as one flame graph, and their numbers.
 * Must not compute. Invariant: it holds what `--format json` says.
 */
#ifndef WICK_TOOLS_WICK_CMD_COMPARE_PAGE_H
#define WICK_TOOLS_WICK_CMD_COMPARE_PAGE_H

#include "print/compared.h"

/* 0, or a negative enum wick_error after a message; errors of `to` are its own. */
int compare_page(FILE *to, const struct compared *compared);

#endif

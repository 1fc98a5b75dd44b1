/*
 * SPDX-License-Identifier: MIT
 * Cuts names to a width in the middle, so that names that differ still do: those that would not get a number.
 * Must not be told bytes for characters. Invariant: no result is wider than asked for.
 */
#ifndef WICK_TOOLS_WICK_PRINT_CUT_NAMES_H
#define WICK_TOOLS_WICK_PRINT_CUT_NAMES_H

#include <stdint.h>

/* How many characters a text has. */
int cut_width(const char *text);

/*
 * Cut names that are safe to print to at most `width` characters, at least 8. What is left out becomes an ellipsis: of a path
 * its beginning, of another name its middle. Names that differ, but were cut to the same, end in ~2, ~3 and so on, in the
 * order of the alphabet. NULL: no memory.
 *
 * names      borrows until return; a NULL is an empty name
 * Returns    gives; the caller frees it with cut_names_free
 */
char **cut_names(const char *const *names, uint32_t count, int width);
void cut_names_free(char **cuts, uint32_t count);

#endif

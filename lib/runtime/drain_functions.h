/*
 * SPDX-License-Identifier: MIT
 * Names of instrumented functions for outputs that show a running program: the companion library knows offsets alone. Read from the symbol
 * table of the function's module, by the drain, at the function's first record; a log needs none of this.
 */
#ifndef WICK_LIB_RUNTIME_DRAIN_FUNCTIONS_H
#define WICK_LIB_RUNTIME_DRAIN_FUNCTIONS_H

#include <stdbool.h>

#include <wick/config.h>
#include <wick/names.h>

/* Does an output ask for names: the page, the tree, the mirror? */
bool wk_functions_wanted(const struct wick_config *config);
/* Name a site that is a function, if its module has a name for it; the text lives until the process ends. Called by the drain alone. */
void wk_functions_name(struct wick_site_info *site);

#endif

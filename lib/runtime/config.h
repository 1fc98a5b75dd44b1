/*
 * SPDX-License-Identifier: MIT
 * The effective configuration: default < file < environment < field of wick_config; WICK=off wins.
 * One table says everything about a setting; parser, `wick doctor` and wick(7) come from it.
 */
#ifndef WICK_LIB_RUNTIME_CONFIG_H
#define WICK_LIB_RUNTIME_CONFIG_H

#include <stdbool.h>

#include <wick/config.h>

/* Build the configuration from all sources. `code` may be NULL. Strings of `out` are malloc'ed.
 * What is wrong is said in one line each on stderr and keeps its default.
 * Gives 0, or WICK_E_CONFIG when a field of `code` or the configuration file is bad. */
int wk_config_load(struct wick_config *out, const struct wick_config *code);
void wk_config_fini(struct wick_config *config);

/* Does the configuration ask for any output? */
bool wk_config_wants(const struct wick_config *config);

#endif

/*
 * SPDX-License-Identifier: MIT
 * The effective configuration: default < file < environment < field of wick_config; WICK=off wins.
 * One table describes all settings; the parser, `wick doctor` and wick(7) use it.
 */
#ifndef WICK_LIB_RUNTIME_CONFIG_H
#define WICK_LIB_RUNTIME_CONFIG_H

#include <stdbool.h>

#include <wick/config.h>

/* Build the configuration from all sources. `code` may be NULL. Strings of `out` are malloc'ed.
 * Each bad value is reported by one line on stderr and keeps its default.
 * Returns 0, or WICK_E_CONFIG when a field of `code` or the configuration file is bad. */
int wk_config_load(struct wick_config *out, const struct wick_config *code);
void wk_config_fini(struct wick_config *config);
/* The default of a setting that is a number. */
uint64_t wk_config_default(const char *name);

/* Does this value of WICK switch everything off? NULL does not. */
bool wk_config_is_off(const char *word);
/* Does the configuration ask for any output? */
bool wk_config_wants(const struct wick_config *config);

#endif

/*
 * SPDX-License-Identifier: MIT
 * What the settings ask of a comparison. Rules: from --rule, and from the file .wick-compare of the directory, whose lines come first.
 * Must not know runs. Invariant: a rule that is not understood is an error that names it, and nothing is compared.
 */
#ifndef WICK_TOOLS_WICK_INPUT_RULES_H
#define WICK_TOOLS_WICK_INPUT_RULES_H

#include "stats/compare.h"
#include "tool.h"

struct rules {
    struct wk_rule *items;
    uint32_t count, capacity;
    struct wk_renamings renamings;
    uint32_t renaming_capacity;
    char **texts; /* what globs and names are part of */
    uint32_t text_count, text_capacity;
};

/* 0, or an exit code after a message; rules_free in any case. */
int rules_load(struct rules *rules, const struct settings *settings);
/* What the settings ask of a comparison. Borrows the rules. */
struct wk_compare_options rules_options(const struct settings *settings, struct rules *rules);
void rules_free(struct rules *rules);

#endif

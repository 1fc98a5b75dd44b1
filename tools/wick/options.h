/*
 * SPDX-License-Identifier: MIT
 * The table of options, for those who parse it and those who describe it.
 * Must not be included by subcommands. Invariant: see options.c.
 */
#ifndef WICK_TOOLS_OPTIONS_H
#define WICK_TOOLS_OPTIONS_H

#include <stddef.h>

#include "tool.h"

enum option_type { FLAG, COUNT, TIME, TEXT };

struct option {
    const char *name;
    char letter;
    uint8_t type;
    const char *argument;
    const char *help;
    size_t offset;
    const char *choices; /* separated by spaces; NULL: any text */
};

extern const struct option tool_options[];
extern const size_t tool_option_count;

/* Whether a list of words, separated by spaces, has this one. */
bool tool_has_word(const char *words, const char *word);

#endif

/*
 * SPDX-License-Identifier: MIT
 * The table of options, for its parser and for the file that describes it.
 * Must not be included by a command: commands read struct settings. Invariant: see options.c.
 */
#ifndef WICK_TOOLS_WICK_OPTIONS_H
#define WICK_TOOLS_WICK_OPTIONS_H

#include <stddef.h>

#include "tool.h"

enum option_type { FLAG, COUNT, TIME, TEXT };

struct option {
    const char *name;
    char letter;
    uint8_t type;
    const char *argument;
    const char *help;
    size_t offset; /* of its field in struct settings */
    const char *choices; /* separated by spaces; NULL: any text */
};

extern const struct option tool_options[];
extern const size_t tool_option_count;

/* 0, or an exit code after a message. The caller frees settings->arguments in any case. */
int tool_parse(const struct command *command, int argc, char **argv, struct settings *settings);
/* Is the word one of these, which are separated by spaces? */
bool tool_has_word(const char *words, const char *word);

#endif

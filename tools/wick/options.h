/*
 * SPDX-License-Identifier: MIT
 * The table of options, for its parser and for the file that describes it.
 * Must not be included by a command: commands read struct settings. Invariant: see options.c.
 */
#ifndef WICK_TOOLS_WICK_OPTIONS_H
#define WICK_TOOLS_WICK_OPTIONS_H

#include <stddef.h>

#include "tool.h"

/* MANY: it may be given several times; FILE_OF_FORM: as --output, whose file is of the --format before it;
 * OPTIONAL: a text behind =, or "" */
enum option_type { FLAG, COUNT, TIME, TEXT, SHARE, MANY, FILE_OF_FORM, OPTIONAL };

struct option {
    const char *name;
    char letter;
    uint8_t type;
    const char *argument;
    const char *help;
    size_t offset; /* of its field in struct settings */
    const char *choices; /* separated by spaces; NULL: any text */
    const char *command; /* a row of these commands alone, before that of the others; NULL: of all */
};

extern const struct option tool_options[];
extern const size_t tool_option_count;

/* 0, or an exit code after a message. The caller frees settings->arguments in any case. */
int tool_parse(const struct command *command, int argc, char **argv, struct settings *settings);
/* Does the command take this option, and in this row's form? */
bool tool_takes(const struct command *command, const struct option *option);

#endif

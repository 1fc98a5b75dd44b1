/*
 * SPDX-License-Identifier: MIT
 * The table of commands, and what is printed about them: help, man page, completion.
 * Must not be included by a command. Invariant: whatever is printed about a command or option comes from the tables.
 */
#ifndef WICK_TOOLS_WICK_COMMANDS_H
#define WICK_TOOLS_WICK_COMMANDS_H

#include "tool.h"

/* Ends with a row without a name. */
extern const struct command tool_commands[];
const struct command *tool_find_command(const char *name);

/* describe.c */
void tool_usage(FILE *to);
void tool_help(const struct command *command, FILE *to);
void tool_man(FILE *to);        /* the man page wick(1) */
void tool_completion(FILE *to); /* for bash */

#endif

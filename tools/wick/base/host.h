/*
 * SPDX-License-Identifier: MIT
 * What the tool takes from its host: processor, terminal, clock, the files installed beside it.
 * Must not know logs or commands. Invariant: see host.c.
 */
#ifndef WICK_TOOLS_WICK_BASE_HOST_H
#define WICK_TOOLS_WICK_BASE_HOST_H

#include "tool.h"
#include "wick/config.h"

/* The vector code that this processor can run (enum wick_vector). */
uint32_t tool_vector(void);
/* Threads that work side by side: one per processor, at most TOOL_THREADS_MAX. */
#define TOOL_THREADS_MAX 8u
uint32_t tool_threads(void);
/* Run `work` in this thread and in up to `threads` - 1 more, until it has returned in all of them. More than this thread there need not be. */
void tool_work(uint32_t threads, void *(*work)(void *), void *argument);
/* Is this WICK, and does it switch everything off? */
bool tool_setting_is_off(const struct wick_setting *setting);
/* How large a terminal is; false: it is none. */
bool tool_terminal(FILE *to, uint32_t *rows, uint32_t *columns);
/* Columns of the terminal; of a pipe or file: $COLUMNS, or 100. */
uint32_t tool_columns(FILE *to);
bool tool_colours(const struct settings *settings, FILE *to);
/* Is this the value of --format? Without the option it is "text". */
bool tool_format_is(const struct settings *settings, const char *format);
/* Make room in an array (given by the address of its pointer) for `index`; new items are zero. */
bool tool_grow(void *items, uint32_t *count, uint32_t index, size_t bytes);
int64_t tool_now_ms(void); /* of a clock that is never set */
int64_t tool_wall_ns(void); /* since the epoch */
/*
 * Find a file that is installed with the tool, or built with it: write to `path` the first readable file of this name
 * in the directories, which are relative to that of the tool and end with NULL. false: there is none.
 */
bool tool_find_beside(const char *const *directories, const char *name, char *path, size_t bytes);
/* Let the library find a module that is installed or built with the tool, unless WICK_MODULE_DIR says where. Before any thread. */
void tool_find_module(const char *name);

#endif

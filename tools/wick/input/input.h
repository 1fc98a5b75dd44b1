/*
 * SPDX-License-Identifier: MIT
 * The bytes of a log: from a file or standard input, compressed or not.
 * Must not look at lines. Invariant: see input.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_INPUT_H
#define WICK_TOOLS_WICK_INPUT_INPUT_H

#include "tool.h"

struct input;

/* "-" is standard input. NULL after a message. */
struct input *input_open(const struct settings *settings, const char *path);
void input_close(struct input *input); /* NULL is allowed */
/* The number of bytes read; 0: the end; < 0 after a message. */
long input_read(struct input *input, char *to, size_t bytes);
/* Read a log that may grow: compressed data may end anywhere, for now. */
void input_follow(struct input *input);
/* After reading it to its end: does the log say that it goes on in another file? */
bool input_goes_on(const struct input *input);
/* Is it wire that is not compressed? */
bool input_is_wire(const struct input *input);
/* Can the file be read at any offset? Its size is set in any case, and its descriptor, which the input keeps. */
bool input_is_plain_file(const struct input *input, int *fd, uint64_t *bytes);

#endif

/*
 * SPDX-License-Identifier: MIT
 * Files that commands write. A failure leaves no half of a file, and inputs are not written to.
 * Must not remove anything but regular files. Invariant: see output_file.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_OUTPUT_FILE_H
#define WICK_TOOLS_WICK_PRINT_OUTPUT_FILE_H

#include "tool.h"
#include "wick/json.h"

/* Are these two names of one file? */
bool output_is_same(const char *x, const char *y);
/* Close what was written to --output. false: it is not complete, which is reported, and was removed. */
bool output_close(const struct settings *settings, FILE *to);
/* Remove --output if it is a regular file: a device or a pipe stays. */
void output_remove(const struct settings *settings);

/* A log that appears under its name when it is complete, or standard output. */
struct log_output {
    const struct settings *settings;
    FILE *to;
    char name[4096], part[4200];
};

/* "-" is standard output. What is printed is lines of .ctxt; they become wire if the name says so. false after a message. */
bool log_output_open(struct log_output *output, const struct settings *settings, const char *name);
/* The same for what has its form already. */
bool log_output_open_bytes(struct log_output *output, const struct settings *settings, const char *name);
/* Give the log its name; remove it if `rc` is an error or writing has failed. 0, or an exit code after a message. */
int log_output_close(struct log_output *output, int rc);

#endif

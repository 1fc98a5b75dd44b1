/*
 * SPDX-License-Identifier: MIT
 * Words and numbers as people type and read them: durations, counts, globs, misspelt words, UTF-8.
 * Must not print or know logs. Invariant: no function keeps a pointer to its arguments.
 */
#ifndef WICK_TOOLS_WICK_BASE_WORDS_H
#define WICK_TOOLS_WICK_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ", did you mean 'X'?" with the X of NULL-terminated words that is most like it, or "". Valid until the next call. */
const char *tool_suggest(const char *word, const char *const *words);
/* Parse 1.5ms, 200us, 3 (seconds); false: not a duration. */
bool tool_duration(const char *text, int64_t *duration_ns);
/* Parse 2% or 0.02: 0 .. 1; false: not a share. */
bool tool_share(const char *text, double *share);
/* wick/print.h: "12.3 ms", "1,234", the words for a number, and both: "1 call" and "2 calls" of "call|calls". Each valid
 * until fifteen further calls of any. */
const char *tool_ns_text(int64_t duration_ns);
const char *tool_number_text(uint64_t number);
const char *tool_plural(uint64_t number, const char *forms);
const char *tool_count(uint64_t number, const char *forms);
/* wick_glob_match with one name. */
bool tool_glob(const char *pattern, const char *name);

#endif

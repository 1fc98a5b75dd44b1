/*
 * SPDX-License-Identifier: MIT
 * Hostile names and texts made safe for a log, whichever its form.
 * Must not know lines. Invariant: what comes out is valid UTF-8 without controls.
 */
#ifndef WICK_LIB_MODEL_LOG_CTXT_CTXT_CLEAN_H
#define WICK_LIB_MODEL_LOG_CTXT_CTXT_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

/* Copy `bytes` of anything as a field or text: invalid UTF-8 as U+FFFD, controls and (in a field) white
 * space replaced. At most `most` bytes are written; gives the end. */
char *wk_ctxt_clean_text(char *out, const char *text, size_t bytes, size_t most);
char *wk_ctxt_clean_field(char *out, const char *text, size_t bytes, size_t most);
/* Is a text, when it is cleaned (which may make it longer), at most `most` bytes? */
bool wk_ctxt_text_fits(const char *text, size_t bytes, size_t most);

/* Where the whole of a text is that is too long for a line. In the line stand its first WK_CTXT_KEPT_BYTES, at most, one space,
 * and this reference. `out` has room for them. Gives the end. */
enum { WK_CTXT_KEPT_BYTES = 1000 };
char *wk_ctxt_put_reference(char *out, const char *text, size_t bytes, const char *reference);

#endif

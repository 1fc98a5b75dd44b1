/*
 * SPDX-License-Identifier: MIT
 * Which form a log has, by its beginning.
 */
#ifndef WICK_LIB_MODEL_LOG_FORM_H
#define WICK_LIB_MODEL_LOG_FORM_H

#include "model/log/tables/reader_state.h"

#define WK_FORM_LOOK (64u << 10) /* bytes that always suffice */

/* Decide by the first bytes, behind a byte order mark: enum wk_form; UNKNOWN: more are needed. `all`: no more come.
 * WK_FORM_OTHER: *other says what it is. */
uint8_t wk_form_decide(const char *bytes, size_t count, int all, const char **other);

/* Append bytes of UTF-16 as UTF-8 to u->text, which is emptied first; 0 or WICK_E_NOMEM. */
int wk_form_utf16(struct wk_form_utf16 *u, const struct wick_allocator *a, const char *bytes, size_t count);

#endif

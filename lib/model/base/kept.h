/*
 * SPDX-License-Identifier: MIT
 * Texts one after the other in an array of bytes. A text is named by its position + 1, so that 0 is the empty text.
 */
#ifndef WICK_LIB_MODEL_BASE_KEPT_H
#define WICK_LIB_MODEL_BASE_KEPT_H

#include "mem.h"

#define WK_KEPT_MAX 0x7fff0000u /* bytes of an array of texts */

/* Before each text. */
struct wk_kept_text {
    uint32_t bytes;
    uint32_t matched; /* by the page's search */
};

/* Append a text; returns its position + 1. 0: no memory, or the array is full. */
uint32_t wk_kept_add(struct wk_array *texts, const struct wick_allocator *a, const char *text, uint32_t bytes);
/* Read a text; borrowed until the next wk_kept_add. */
const char *wk_kept_read(const struct wk_array *texts, uint32_t text, uint32_t *bytes);
/* Has the page's search marked a text? 0 for none. */
static inline int wk_kept_matched(const struct wk_array *texts, uint32_t text)
{
    struct wk_kept_text kept = {0, 0};
    if (text) {
        memcpy(&kept, (const char *)texts->items + text - 1, sizeof kept);
    }
    return kept.matched != 0;
}

#endif

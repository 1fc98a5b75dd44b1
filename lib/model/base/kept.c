/*
 * SPDX-License-Identifier: MIT
 * Kept texts. See kept.h.
 */
#include "kept.h"

uint32_t wk_kept_add(struct wk_array *texts, const struct wick_allocator *a, const char *text, uint32_t bytes)
{
    uint32_t at = (texts->count + 3) & ~3u, head = (uint32_t)sizeof(struct wk_kept_text);
    struct wk_kept_text added = {bytes, 0};
    if (at > WK_KEPT_MAX || bytes > WK_KEPT_MAX - at || wk_array_reserve(texts, a, at + head + bytes, 1) < 0) {
        return 0;
    }
    memcpy((char *)texts->items + at, &added, head);
    memcpy((char *)texts->items + at + head, text, bytes);
    texts->count = at + head + bytes;
    return at + 1;
}

const char *wk_kept_read(const struct wk_array *texts, uint32_t text, uint32_t *bytes)
{
    if (!text) {
        *bytes = 0;
        return "";
    }
    const char *at = (const char *)texts->items + text - 1;
    memcpy(bytes, at, sizeof *bytes);
    return at + sizeof(struct wk_kept_text);
}

/*
 * SPDX-License-Identifier: MIT
 * Text helpers. See text.h.
 */
#include "text.h"

size_t wk_text_cut(const char *text, size_t bytes, size_t most)
{
    size_t at = most;

    if (bytes <= most) {
        return bytes;
    }
    /* text[most] exists: step back while it is a continuation byte, at most a character's length. */
    for (int i = 0; i < 4 && at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80; i++) {
        at--;
    }
    return ((unsigned char)text[at] & 0xc0) == 0x80 ? most : at;
}

/*
 * SPDX-License-Identifier: MIT
 * Text helpers. See text.h.
 */
#include "text.h"

#include <string.h>

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

size_t wk_text_shorten(char *to, size_t room, const char *name)
{
    size_t bytes = strlen(name), head, tail = (room - 3) / 2;

    if (bytes < room) {
        memcpy(to, name, bytes + 1);
        return bytes;
    }
    head = wk_text_cut(name, bytes, room - 3 - tail);
    while (((unsigned char)name[bytes - tail] & 0xc0) == 0x80 && tail) {
        tail--;
    }
    memcpy(to, name, head);
    memcpy(to + head, "..", 2);
    memcpy(to + head + 2, name + bytes - tail, tail + 1);
    return head + 2 + tail;
}
